"""What webhooks can be told of."""

from dataclasses import dataclass

from tracker.languages import marked


@dataclass(frozen=True)
class Kind:
    """A kind of happening: `name` is what stands in a message's `type`, `help` when there is one, for people."""

    name: str
    title: str
    help: str


GOAL_COMPLETED = Kind(
    "goal.completed",
    marked("Goals reached"),
    marked("A visitor reached one of the site’s goals, with what it was worth."),
)
STRUGGLE_NEW = Kind(
    "struggle.new",
    marked("New struggles"),
    marked("Several visitors struggle where nobody did before, or not for a month."),
)
ALERT_FIRED = Kind("alert.fired", marked("Alerts"), marked("One of the site’s watches noticed something."))
DELIVERY_SENT = Kind("delivery.sent", marked("Reports sent"), marked("A scheduled report went to all who get it."))
KINDS = (GOAL_COMPLETED, STRUGGLE_NEW, ALERT_FIRED, DELIVERY_SENT)
BY_NAME = {kind.name: kind for kind in KINDS}
TEST = "test"
"""The kind of what somebody sends to try a webhook."""
