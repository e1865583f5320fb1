"""What changed, and what to mend first: sentences made from figures, never without their number."""

from dataclasses import dataclass
from math import exp, log, sqrt

from reports.query.proportions import Pair, difference
from reports.report import Row
from reports.run import ReportAnswer
from reports.wording import words
from reports.wording.cells import element_words
from tracker.signal_book import BY_NAME

LEAST_VISITS = 30
"""Below so many visits a week tells of single people, not of a site."""
_Z = 1.96

_TRENDS = {
    "worse": "it happens more often than before, beyond chance",
    "better": "it happens less often than before, beyond chance",
    "new": "it never happened before",
}


@dataclass(frozen=True)
class Findings:
    """Two short paragraphs; `headline` is the first one's news in a few words, for a subject."""

    headline: str
    changed: str
    mend: str


def find(overview: ReportAnswer, struggles: ReportAnswer) -> Findings:
    """Say what an overview, compared or not, and the list of struggles come to."""
    now = overview.totals or {}
    before = (overview.comparison.totals if overview.comparison else None) or {}
    visitors = _whole(now, "visitors")
    if not visitors:
        lost = _whole(before, "visitors")
        news = "Nobody came" + (f", after {_people(lost)} in the days before." if lost else ".")
        return Findings("nobody came", news, "")
    headline = _people(visitors)
    parts = [f"{_people(visitors)} came, in {_many(_whole(now, 'visits'), 'visit')}"]
    if then := _whole(before, "visitors"):
        change = count_change(visitors, then)
        parts[0] += f": {change}."
        headline += f", {change.partition(' (')[0]}"
    else:
        parts[0] += "."
    parts += _share_changes(now, before)
    return Findings(headline, " ".join(parts), mend_first(struggles, _whole(now, "visits")))


def count_change(now: int, before: int) -> str:
    """Say how a count changed; where the two may well differ by chance, that.

    The interval of the ratio of two Poisson counts, by the logarithm's normal approximation: K. J. Rothman,
    Epidemiology: An Introduction (2002).
    """
    if not now:
        return f"none, after {words.count(before)}"
    ratio, spread = now / before, _Z * sqrt(1 / now + 1 / before)
    told = f"{words.count(before)} before"
    if exp(log(ratio) - spread) <= 1 <= exp(log(ratio) + spread):
        return f"about as many as before ({told}; so small a difference may be chance)"
    if ratio >= 2:
        return f"{words.number(round(ratio, 1))} times as many ({told})"
    return f"{abs(100 * (ratio - 1)):.0f}% {'more' if ratio > 1 else 'fewer'} ({told})"


def mend_first(struggles: ReportAnswer, visits: int) -> str:
    """Name the greatest struggle with how many it meets, and the interval of the share of views."""
    if struggles.error:
        return "What people struggle with could not be found out this time."
    if not struggles.rows:
        return f"In these {_many(visits, 'visit')} nobody was seen to struggle."
    row = struggles.rows[0]
    told = f"Mend first: {BY_NAME[str(row['signal'])].title.lower()} {_place(row)}. "
    told += f"{_people(_whole(row, 'visitors'))} met it"
    rate, low, high = (row.get(name) for name in ("struck_view_rate", "struck_view_rate_low", "struck_view_rate_high"))
    if isinstance(rate, float) and isinstance(low, float) and isinstance(high, float):
        told += (
            f", in {words.share(rate)} of {_many(_whole(row, 'views'), 'view')} "
            f"(between {words.share(low)} and {words.share(high)})"
        )
    trend = _TRENDS.get(str(row.get("trend")))
    told += f"; {trend}." if trend else "."
    if visits < LEAST_VISITS:
        told += f" With {_many(visits, 'visit')} in all, take it as a hint."
    return told


def _place(row: Row) -> str:
    path = row.get("path")
    if row.get("element"):
        place = f"on the {element_words(str(row['element']), row.get('element_text'))}"
        return place + (f" of {path}" if path else "")
    return f"on {path}" if path else "on the whole site"


def _share_changes(now: Row, before: Row) -> list[str]:
    """Say of bounces and of dead clicks whether their share of visits changed beyond chance."""
    visits, then = _whole(now, "visits"), _whole(before, "visits")
    told = []
    for name, more, fewer in (
        ("bounce_rate", "More visits bounced", "Fewer visits bounced"),
        ("dead_visit_rate", "More visits met a dead click", "Fewer visits met a dead click"),
    ):
        share, earlier = now.get(name), before.get(name)
        if not isinstance(share, float) or not isinstance(earlier, float):
            continue
        found = difference(Pair(round(share * visits), visits, round(earlier * then), then))
        if found is not None and (found.low > 0 or found.high < 0):
            told.append(
                f"{more if found.value > 0 else fewer}: {words.share(share)} of {words.count(visits)}, "
                f"after {words.share(earlier)} of {words.count(then)}."
            )
    return told


def _people(number: int) -> str:
    return _many(number, "visitor")


def _many(number: int, what: str) -> str:
    return f"{words.count(number)} {what}{'' if number == 1 else 's'}"


def _whole(row: Row, name: str) -> int:
    value = row.get(name)
    return int(value) if isinstance(value, int | float) else 0
