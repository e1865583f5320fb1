"""Every signal: its name, its words, and how much it weighs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from tracker.languages import counted, gettext, numbers
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
    return gettext("%(n)s s", n=numbers.decimal(ms / 1000, 3, 0))


SIGNALS: tuple[Signal, ...] = (
    Signal(
        "dead",
        "Dead click",
        "element",
        lambda limits: gettext(
            "A click on a control after which nothing that it caused happened within %(time)s.", time=_s(limits.silence)
        ),
        0.5,
        0.1,
    ),
    Signal(
        "disabled",
        "Disabled click",
        "element",
        lambda limits: gettext(
            "A dead click on a control that was switched off: nothing told the visitor what is missing."
        ),
        0.3,
        0.1,
    ),
    Signal(
        "false_affordance",
        "False affordance",
        "element",
        lambda limits: gettext(
            "A dead click on what only looks like a control; plain content when three visitors do it."
        ),
        0.3,
        0.1,
    ),
    Signal(
        "slow",
        "Slow click",
        "element",
        lambda limits: gettext(
            "A click that was answered only after %(least)s to %(most)s.",
            least=_s(limits.slow),
            most=_s(limits.watched),
        ),
        0.3,
        0.1,
    ),
    Signal(
        "error_click",
        "Error click",
        "element",
        lambda limits: gettext(
            "A click after which a script failed within %(script)s, or a request that it started within %(request)s.",
            script=_s(limits.error),
            request=_s(limits.failed_request),
        ),
        0.7,
        0.1,
    ),
    Signal(
        "rage",
        "Rage click",
        "element",
        lambda limits: counted(
            "%(n)s click on the same thing within %(time)s; %(fewer)s when one of them was dead, slow or in error. "
            "Not on what is made to be clicked repeatedly.",
            "%(n)s clicks on the same thing within %(time)s; %(fewer)s when one of them was dead, slow or in error. "
            "Not on what is made to be clicked repeatedly.",
            limits.rage_clicks,
            time=_s(limits.rage),
            fewer=numbers.whole(limits.rage_struggling),
        ),
        0.7,
        0.05,
    ),
    Signal(
        "quick_back",
        "Quick back",
        "page",
        lambda limits: gettext(
            "A page left for the one before within %(time)s, without a click or input on it that worked.",
            time=_s(limits.quick_back),
        ),
        0.3,
        0.2,
    ),
    Signal(
        "loop",
        "Loop",
        "page",
        lambda limits: gettext("To and fro between two pages, twice in a row."),
        0.3,
        0.1,
    ),
    Signal(
        "scroll_hunt",
        "Scroll hunt",
        "page",
        lambda limits: counted(
            "%(n)s or more turn of the scrolling direction within %(time)s, "
            "each after %(leg)s px or half a screen, without a click or input between.",
            "%(n)s or more turns of the scrolling direction within %(time)s, "
            "each after %(leg)s px or half a screen, without a click or input between.",
            limits.hunt_reversals,
            time=_s(limits.hunt),
            leg=numbers.whole(limits.hunt_leg),
        ),
        0.2,
        0.1,
    ),
    Signal(
        "form_abandon",
        "Form abandoned",
        "element",
        lambda limits: gettext("A form that was begun and not sent with success before the visitor left or went idle."),
        0.4,
        0.3,
    ),
    Signal(
        "form_resubmit",
        "Form sent again",
        "element",
        lambda limits: gettext("A form that had to be sent more than once, or was refused for what stood in a field."),
        0.3,
        0.2,
    ),
    Signal(
        "dead_swipe",
        "Dead swipe",
        "element",
        lambda limits: gettext(
            "A finger moved by more than %(way)s px, and nothing moved with it.", way=numbers.whole(limits.swipe)
        ),
        0.3,
        0.1,
    ),
    Signal(
        "script_error",
        "Script error",
        "page",
        lambda limits: gettext("An uncaught error or an unhandled rejection of the page's own scripts."),
        0.4,
        0.1,
    ),
)

BY_NAME = {signal.name: signal for signal in SIGNALS}
