"""How far from what is usual something must be before it is told, by how much one wants to hear.

The figures are those at which bench/alerts.py finds what it puts into a year of traffic, and little else.
"""

from dataclasses import dataclass
from typing import Literal

from tracker.alerts.look import Rule
from tracker.languages import marked

LEAST_VOLUME = 20
LEAST_OF_SHARE, LEAST_HITS = 50, 8


@dataclass(frozen=True)
class Sensitivity:
    """One choice: so many times what is usual, up or down, and the false alarms of a rule allowed in a month."""

    name: Literal["low", "normal", "high"]
    more: float
    fewer: float
    false_a_month: float


SENSITIVITIES = (
    Sensitivity("low", 3.0, 0.3, 0.05),
    Sensitivity("normal", 2.0, 0.5, 0.15),
    Sensitivity("high", 1.5, 0.7, 1.5),
)
SAID = {"low": marked("low"), "normal": marked("normal"), "high": marked("high")}
BY_NAME: dict[str, Sensitivity] = {one.name: one for one in SENSITIVITIES}
SPIKE: Literal["spike"] = "spike"
DROP: Literal["drop"] = "drop"


def rule_of(side: Literal["spike", "drop"], sensitivity: Sensitivity, least: int = LEAST_VOLUME) -> Rule:
    """Return the rule for counts that rise or fall."""
    if side == SPIKE:
        return Rule(above=True, ratio=sensitivity.more, least=least, false_a_month=sensitivity.false_a_month)
    return Rule(above=False, ratio=sensitivity.fewer, least=least, false_a_month=sensitivity.false_a_month)


def rule_of_share(sensitivity: Sensitivity, least: int = LEAST_VOLUME) -> Rule:
    """Return the rule for a share that rises: of some visits or views at least, and some that were struck."""
    return Rule(
        above=True,
        ratio=sensitivity.more,
        least=max(least, LEAST_OF_SHARE),
        false_a_month=sensitivity.false_a_month,
        stretches=(12, 48, 288),
        adapts=False,
        hits=LEAST_HITS,
    )
