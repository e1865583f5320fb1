"""What is true of a click under a condition, signal by signal, from the evidence that was measured outside."""

from collections.abc import Mapping

from tests.signals.measuring import Truth
from tests.signals.survey import Click

PIXELS = {"pixels", "looks", "flash"}  # what may be the page's own doing where it moves by itself
DEAD_MS = 2500
SLOW_MS = 1000
WATCHED_MS = 7000
DOUBT_MS = 350  # a busy machine times no better: what falls so near to a limit is left out
FAILED_MS = 5000
LOOKS = -1  # of an answer that no picture timed


def labels(click: Click, scripts: str) -> Mapping[str, bool | None]:
    """Return each signal's truth; None where nothing can be said, and `dead` counts no disabled control.

    `dead`: no answer at all; one after 2.5 s is late for some and none for others, so it is
    left open. `disabled`: dead, on a control that is switched off. `slow`: the first that a
    visitor could see of an answer came after 1 s and before 7 s; only where reactions were
    delayed on purpose can that be told from a busy machine.
    """
    truth = click.truths.get(scripts)
    moved = click.restless and truth is not None and truth.seen and truth.seen.keys() <= PIXELS
    if truth is None or truth.unclear or moved:
        return {"dead": None, "disabled": None, "slow": None, "error": None}
    # What fails on the page that a click leads to is that page's own.
    there = min(FAILED_MS - DOUBT_MS, truth.seen.get("navigation", FAILED_MS))
    error = any(ms <= there for ms in truth.errors)
    # What is chosen already cannot be chosen again, and a consent banner is nobody's struggle.
    dead = None if (click.chosen or click.consent) and not truth.seen else _dead(truth, error)
    meant = scripts == "delayed" or "hand" in truth.seen
    return {
        "dead": None if click.disabled else dead,
        "disabled": dead if click.disabled else False,
        "slow": _slow(truth, meant),
        "error": error,
    }


def _dead(truth: Truth, error: bool) -> bool | None:
    first = truth.first_ms
    if first is None:
        return not error
    if first == LOOKS and truth.watched_ms > 2 * DEAD_MS:
        # It came to look otherwise at a time that nobody can tell.
        return None
    return None if first > DEAD_MS - DOUBT_MS else False


def _slow(truth: Truth, meant: bool) -> bool | None:
    shown = min((ms for kind, ms in truth.seen.items() if kind != "request"), default=None)
    if shown is None:
        return False
    if shown == LOOKS:
        return None if meant else False
    if abs(shown - SLOW_MS) < DOUBT_MS or abs(shown - WATCHED_MS) < DOUBT_MS:
        return None
    slow = SLOW_MS < shown < WATCHED_MS
    return slow if meant or not slow else None
