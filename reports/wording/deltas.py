"""How numbers changed, in words: in full beside a headline's number, in short beside a row's."""

from dataclasses import dataclass
from math import log, sqrt

from reports.report import Cell
from reports.wording import words
from tracker.languages import gettext, marked, numbers

# Whether more of a number is good. Of what does not stand here, neither more nor less is.
MORE_IS_GOOD = {
    "visitors": True,
    "visits": True,
    "views": True,
    "entries": True,
    "views_per_visit": True,
    "engaged_ms_per_visit": True,
    "engaged_ms_per_view": True,
    "conversions": True,
    "converted_visits": True,
    "conversion_rate": True,
    "revenue": True,
    "bounce_rate": False,
    "unengaged_rate": False,
    "dead_clicks": False,
    "dead_click_rate": False,
    "dead_visit_rate": False,
}
# What became more, and what became less, by the kind of the number.
_MORE_OR_FEWER = (marked("%(size)s more"), marked("%(size)s fewer"))
_IN_FULL = {
    "ms": (marked("%(size)s longer"), marked("%(size)s shorter")),
    "share": (marked("%(size)s higher"), marked("%(size)s lower")),
}
_MANY_TIMES = 10
_Z = 1.96
_CERTAIN = 4  # so many, where there were none, are no chance: e to the −4 is below one in twenty by far


@dataclass(frozen=True)
class Delta:
    """A change in words, with the arrow that goes before it and whether it is for the better."""

    arrow: str
    text: str
    mood: str


def delta(name: str, now: Cell, before: Cell, kind: str) -> Delta:
    """Say how the number of this name changed; shares change by points, others by a share of what they were."""
    if not isinstance(now, int | float) or not isinstance(before, int | float):
        return Delta("", gettext("none before"), "")
    if kind != "share" and before == 0:
        return Delta("", gettext("none before") if now else gettext("none, as before"), "")
    if _is_the_same(now, before, kind):
        return Delta("", gettext("as before"), "")
    up = now > before
    text = gettext(_IN_FULL.get(kind, _MORE_OR_FEWER)[0 if up else 1], size=_size(now, before, kind))
    if _is_many_times(now, before, kind):
        text = gettext("%(times)s times as many", times=numbers.whole(now / before))
    return Delta("▲" if up else "▼", text, _mood(name, now, before, kind))


def short_delta(name: str, now: Cell, before: Cell, kind: str) -> Delta | None:
    """Say it with a sign in place of words: +12%, −3 points, new; None where there is nothing to say."""
    if not isinstance(now, int | float):
        return None
    if not isinstance(before, int | float) or (kind != "share" and before == 0):
        return Delta("", gettext("new"), "") if now and kind == "count" else None
    if _is_the_same(now, before, kind):
        return Delta("", f"±{numbers.whole(0)}", "")
    if _is_many_times(now, before, kind):
        text = f"×{numbers.whole(now / before)}"
    else:
        text = _size(now, before, kind, with_sign=True)
    return Delta("", text, _mood(name, now, before, kind))


def may_be_chance(now: float, before: float) -> bool:
    """Tell whether two counts differ no more than counts of the same do, with 95 % confidence.

    The interval of the ratio of two Poisson counts, by the logarithm's normal approximation: K. J. Rothman,
    Epidemiology: An Introduction (2002).
    """
    if now <= 0 or before <= 0:
        return now + before < _CERTAIN
    return abs(log(now / before)) <= _Z * sqrt(1 / now + 1 / before)


def _size(now: float, before: float, kind: str, *, with_sign: bool = False) -> str:
    if kind == "share":
        return words.point_words(now - before, with_sign=with_sign)
    change = now / before - 1
    return words.plus(change) + numbers.percent(change, 0) if with_sign else numbers.percent(abs(change), 0)


def _is_the_same(now: float, before: float, kind: str) -> bool:
    return not (round(100 * (now - before), 1) if kind == "share" else round(100 * (now / before - 1)))


def _is_many_times(now: float, before: float, kind: str) -> bool:
    """Tell whether a share of what it was would be a number that nobody grasps."""
    return kind != "share" and abs(now / before - 1) >= _MANY_TIMES


def _mood(name: str, now: float, before: float, kind: str) -> str:
    """Say whether a change is for the better or the worse; of a count that may be chance, neither."""
    more_is_good = MORE_IS_GOOD.get(name)
    if more_is_good is None or (kind == "count" and may_be_chance(now, before)):
        return ""
    return "better" if (now > before) == more_is_good else "worse"
