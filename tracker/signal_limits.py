"""The limits that a site may move, each with its bounds: how far the stored evidence can tell.

A click is watched for seven seconds, so no limit of what follows it reaches further.
"""

from dataclasses import dataclass
from typing import Literal

from tracker.errors import InvalidInputError
from tracker.languages import counted, gettext, marked, numbers
from tracker.signals import THRESHOLDS, Thresholds

Unit = Literal["ms", "px", "clicks", "turns"]
_UNITS: dict[Unit, str] = {"ms": marked("ms"), "px": marked("px"), "clicks": marked("clicks"), "turns": marked("turns")}

# What a click is decides whether it makes a rage of several, and whether it worked on a page quickly left.
_UNANSWERED = ("dead", "disabled", "false_affordance", "rage", "quick_back")
_QUICK = ("dead", "disabled", "false_affordance", "slow", "rage", "quick_back")
_LATE = ("slow", "dead", "disabled", "false_affordance", "rage")
_FAILED = ("error_click", "dead", "disabled", "false_affordance", "rage", "quick_back")


@dataclass(frozen=True)
class Limit:
    """A number of `signals.Thresholds` that a site may move, from `least` to `most`, both allowed.

    `signals` are those that it can change; it is shown with the first. `fine` marks what
    hardly anybody has a reason to move.
    """

    name: str
    title: str
    unit: Unit
    least: int
    most: int
    help: str
    signals: tuple[str, ...]
    fine: bool = False

    @property
    def usual(self) -> int:
        """What it is on a site that never moved it."""
        return self.of(THRESHOLDS)

    def of(self, limits: Thresholds) -> int:
        """What it is among some limits."""
        return int(getattr(limits, self.name))

    @property
    def unit_in_words(self) -> str:
        """Its unit, as it stands behind a field."""
        return gettext(_UNITS[self.unit])

    def told(self, value: int) -> str:
        """Write a value of it with its unit: 7,000 ms."""
        if self.unit == "clicks":
            return counted("%(n)s click", "%(n)s clicks", value)
        if self.unit == "turns":
            return counted("%(n)s turn", "%(n)s turns", value)
        if self.unit == "px":
            return gettext("%(n)s px", n=numbers.whole(value))
        return gettext("%(n)s ms", n=numbers.whole(value))


LIMITS: tuple[Limit, ...] = (
    Limit(
        "silence",
        marked("Silence after a click"),
        "ms",
        100,
        7000,
        marked("A click is dead when nothing that it caused happens for so long. Less finds more dead clicks."),
        _UNANSWERED,
    ),
    Limit(
        "request",
        marked("Request in time"),
        "ms",
        0,
        7000,
        marked("A request to a server counts as an answer to the click when it starts within this."),
        _UNANSWERED,
        fine=True,
    ),
    Limit(
        "scroll",
        marked("Scrolling in time"),
        "ms",
        0,
        7000,
        marked("The page's scrolling counts as an answer within this; later, the visitor scrolls on."),
        _QUICK,
        fine=True,
    ),
    Limit(
        "selection",
        marked("Marking text in time"),
        "ms",
        0,
        7000,
        marked("Text marked within this shows that the click was meant to mark it."),
        _QUICK,
        fine=True,
    ),
    Limit(
        "hidden",
        marked("Leaving the tab"),
        "ms",
        0,
        7000,
        marked("The tab being hidden or left so shortly before or after the click counts as an answer."),
        _QUICK,
        fine=True,
    ),
    Limit(
        "slow",
        marked("Slow from"),
        "ms",
        100,
        6000,
        marked("The first answer to a click is slow when it comes later than this."),
        _LATE,
    ),
    Limit(
        "watched",
        marked("Slow until"),
        "ms",
        1000,
        7000,
        marked("An answer later than this is none: nobody takes it for the click's."),
        _LATE,
        fine=True,
    ),
    Limit(
        "error",
        marked("Script error after a click"),
        "ms",
        100,
        7000,
        marked("A script that fails within this is blamed on the click."),
        _FAILED,
    ),
    Limit(
        "failed_request",
        marked("Failed request after a click"),
        "ms",
        100,
        7000,
        marked("A request that the click started and that fails within this is blamed on the click."),
        _FAILED,
    ),
    Limit(
        "rage_clicks",
        marked("Clicks of a burst"),
        "clicks",
        2,
        20,
        marked("So many clicks on the same thing are rage."),
        ("rage",),
    ),
    Limit(
        "rage_struggling",
        marked("Clicks of a burst that fails"),
        "clicks",
        2,
        20,
        marked("So many are enough when one of them was dead, slow or in error."),
        ("rage",),
    ),
    Limit(
        "rage",
        marked("Length of a burst"),
        "ms",
        200,
        10_000,
        marked("From the first to the last click of a burst."),
        ("rage",),
    ),
    Limit(
        "rage_radius",
        marked("Same place"),
        "px",
        1,
        500,
        marked("How near clicks lie together where there is no control to tell that they meant the same thing."),
        ("rage",),
        fine=True,
    ),
    Limit(
        "quick_back",
        marked("Back within"),
        "ms",
        1000,
        60_000,
        marked("Less than this on a page, and back to the one before, is a quick back."),
        ("quick_back",),
    ),
    Limit(
        "redirect",
        marked("No visit below"),
        "ms",
        0,
        5000,
        marked("Less than this on a page is no visit to it: the site led on by itself."),
        ("quick_back", "loop"),
        fine=True,
    ),
    Limit(
        "hunt_reversals",
        marked("Turns of a hunt"),
        "turns",
        4,
        30,
        marked("So many times the scrolling turns round."),
        ("scroll_hunt",),
    ),
    Limit(
        "hunt_leg",
        marked("Way between two turns"),
        "px",
        150,
        3000,
        marked("How far the page scrolls between two turns, or half of a screen where that is less."),
        ("scroll_hunt",),
    ),
    Limit(
        "hunt",
        marked("Length of a hunt"),
        "ms",
        1000,
        30_000,
        marked("From its first turn to its last."),
        ("scroll_hunt",),
    ),
    Limit(
        "swipe",
        marked("Way of the finger"),
        "px",
        30,
        500,
        marked("A finger that moves further than this, and nothing moves with it, is a dead swipe."),
        ("dead_swipe",),
    ),
)

BY_NAME = {limit.name: limit for limit in LIMITS}

# pairs of which the first must stay below the second, or (where the flag says so) may equal it
_ORDERED = (("slow", "watched", False), ("rage_struggling", "rage_clicks", True), ("redirect", "quick_back", False))


def read_limit(limit: Limit, value: object) -> int:
    """Return a limit from a whole number, or what was typed; InvalidInputError when it is not within its bounds."""
    if isinstance(value, str):
        value = numbers.read_whole(value)
    if isinstance(value, bool) or not isinstance(value, int) or not limit.least <= value <= limit.most:
        problem = gettext(
            "%(limit)s must be a whole number from %(least)s to %(most)s",
            limit=gettext(limit.title),
            least=limit.least,
            most=limit.told(limit.most),
        )
        raise InvalidInputError(limit.name, problem)
    return value


def check_together(limits: Thresholds) -> None:
    """Raise InvalidInputError where limits contradict each other."""
    for low, high, may_equal in _ORDERED:
        below, above = BY_NAME[low], BY_NAME[high]
        if below.of(limits) > above.of(limits) or (below.of(limits) == above.of(limits) and not may_equal):
            told = {
                "low": gettext(below.title),
                "low_value": below.told(below.of(limits)),
                "high": gettext(above.title),
                "high_value": above.told(above.of(limits)),
            }
            if may_equal:
                problem = gettext("%(low)s (%(low_value)s) must not be above %(high)s (%(high_value)s)", **told)
            else:
                problem = gettext("%(low)s (%(low_value)s) must be below %(high)s (%(high_value)s)", **told)
            raise InvalidInputError(low, problem)
