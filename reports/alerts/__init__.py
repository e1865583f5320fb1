"""What can be watched for. A new kind is a module that ends in `kind = Kind(...)`, and a line here."""

from reports.alerts import drop, goal, script_errors, spike, struggle_rate, vitals, worse_since_release
from reports.alerts.kind import Kind

KINDS: tuple[Kind, ...] = (
    drop.kind,
    spike.kind,
    goal.kind,
    struggle_rate.kind,
    script_errors.kind,
    vitals.kind,
    worse_since_release.kind,
)
BY_NAME = {kind.name: kind for kind in KINDS}
