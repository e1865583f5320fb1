"""Every signal: its name, its words, and how much it weighs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from tracker.signals import Thresholds


@dataclass(frozen=True)
class Signal:
    """One kind of struggle.

    `name` is what stands in `struggle.signal`, in JSON and in addresses. `of` says where it
    is counted: at an element, or of a whole page. `definition` tells, for the limits in
    force, in a sentence or two when it is one. `weight` (0 to 1) and `cap` (incidents a view)
    make its part of the usability score: see docs/signals.md.
    """

    name: str
    title: str
    of: Literal["element", "page"]
    definition: Callable[[Thresholds], str]
    weight: float
    cap: float


def _s(ms: int) -> str:
    return f"{ms / 1000:g} s"


SIGNALS: tuple[Signal, ...] = (
    Signal(
        "dead",
        "Dead click",
        "element",
        lambda limits: f"A click on a control after which nothing that it caused happened within {_s(limits.silence)}.",
        0.5,
        0.1,
    ),
    Signal(
        "disabled",
        "Disabled click",
        "element",
        lambda limits: "A dead click on a control that was switched off: nothing told the visitor what is missing.",
        0.3,
        0.1,
    ),
    Signal(
        "false_affordance",
        "False affordance",
        "element",
        lambda limits: "A dead click on what only looks like a control; plain content when three visitors do it.",
        0.3,
        0.1,
    ),
    Signal(
        "slow",
        "Slow click",
        "element",
        lambda limits: f"A click that was answered only after {_s(limits.slow)} to {_s(limits.watched)}.",
        0.3,
        0.1,
    ),
    Signal(
        "error_click",
        "Error click",
        "element",
        lambda limits: (
            f"A click after which a script failed within {_s(limits.error)}, "
            f"or a request that it started within {_s(limits.failed_request)}."
        ),
        0.7,
        0.1,
    ),
    Signal(
        "rage",
        "Rage click",
        "element",
        lambda limits: (
            f"{limits.rage_clicks} clicks on the same thing within {_s(limits.rage)}; {limits.rage_struggling} "
            "when one of them was dead, slow or in error. Not on what is made to be clicked repeatedly."
        ),
        0.7,
        0.05,
    ),
    Signal(
        "quick_back",
        "Quick back",
        "page",
        lambda limits: (
            f"A page left for the one before within {_s(limits.quick_back)}, "
            "without a click or input on it that worked."
        ),
        0.3,
        0.2,
    ),
    Signal(
        "loop",
        "Loop",
        "page",
        lambda limits: "To and fro between two pages, twice in a row.",
        0.3,
        0.1,
    ),
    Signal(
        "scroll_hunt",
        "Scroll hunt",
        "page",
        lambda limits: (
            f"{limits.hunt_reversals} or more turns of the scrolling direction within {_s(limits.hunt)}, "
            f"each after {limits.hunt_leg} px or half a screen, without a click or input between."
        ),
        0.2,
        0.1,
    ),
    Signal(
        "form_abandon",
        "Form abandoned",
        "element",
        lambda limits: "A form that was begun and not sent with success before the visitor left or went idle.",
        0.4,
        0.3,
    ),
    Signal(
        "form_resubmit",
        "Form sent again",
        "element",
        lambda limits: "A form that had to be sent more than once, or was refused for what stood in a field.",
        0.3,
        0.2,
    ),
    Signal(
        "dead_swipe",
        "Dead swipe",
        "element",
        lambda limits: f"A finger moved by more than {limits.swipe} px, and nothing moved with it.",
        0.3,
        0.1,
    ),
    Signal(
        "script_error",
        "Script error",
        "page",
        lambda limits: "An uncaught error or an unhandled rejection of the page's own scripts.",
        0.4,
        0.1,
    ),
)

BY_NAME = {signal.name: signal for signal in SIGNALS}
