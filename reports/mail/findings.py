"""What changed, and what to mend first: sentences made from figures, never without their number."""

from dataclasses import dataclass

from reports.query.proportions import Pair, difference
from reports.report import Row
from reports.run import ReportAnswer
from reports.wording import words
from reports.wording.deltas import may_be_chance
from reports.wording.places import struck_at
from tracker.languages import counted, gettext, marked, numbers
from tracker.languages.letters import first_lower
from tracker.signal_book import BY_NAME

LEAST_VISITS = 30
"""Below so many visits a week tells of single people, not of a site."""

_TRENDS = {
    "worse": marked("%(met)s; it happens more often than before, beyond chance."),
    "better": marked("%(met)s; it happens less often than before, beyond chance."),
    "new": marked("%(met)s; it never happened before."),
}


@dataclass(frozen=True)
class Findings:
    """Two short paragraphs; `lead`, where there is one, goes before the second and stands out.

    `headline` is the first one's news in a few words, for a subject.
    """

    headline: str
    changed: str
    mend: str
    lead: str = ""

    @property
    def mend_in_full(self) -> str:
        """The second paragraph with its lead, for where nothing can stand out."""
        return " ".join(part for part in (self.lead, self.mend) if part)


def find(overview: ReportAnswer, struggles: ReportAnswer) -> Findings:
    """Say what an overview, compared or not, and the list of struggles come to."""
    now = overview.totals or {}
    before = (overview.comparison.totals if overview.comparison else None) or {}
    visitors, then = _whole(now, "visitors"), _whole(before, "visitors")
    if not visitors:
        return Findings(gettext("nobody came"), _nobody(then), "")
    visits = _whole(now, "visits")
    news = " ".join((_came(visitors, visits, then), *_share_changes(now, before)))
    lead, mend = mend_first(struggles, visits)
    return Findings(_headline(visitors, then), news, mend, lead)


def _nobody(before: int) -> str:
    if not before:
        return gettext("Nobody came.")
    return counted(
        "Nobody came, after %(n)s visitor in the days before.",
        "Nobody came, after %(n)s visitors in the days before.",
        before,
    )


def _headline(visitors: int, before: int) -> str:
    if not before:
        return _people(visitors)
    change = short_change(visitors, before)
    return counted("%(n)s visitor, %(change)s", "%(n)s visitors, %(change)s", visitors, change=change)


def _came(visitors: int, visits: int, before: int) -> str:
    told = counted("%(n)s visit", "%(n)s visits", visits)
    if not before:
        return counted(
            "%(n)s visitor came, in %(visits)s.", "%(n)s visitors came, in %(visits)s.", visitors, visits=told
        )
    return counted(
        "%(n)s visitor came, in %(visits)s: %(change)s.",
        "%(n)s visitors came, in %(visits)s: %(change)s.",
        visitors,
        visits=told,
        change=count_change(visitors, before),
    )


def count_change(now: int, before: int) -> str:
    """Say how a count changed; where the two may well differ by chance, that."""
    then = words.count(before)
    if not now:
        return gettext("none, after %(before)s", before=then)
    if may_be_chance(now, before):
        return gettext("about as many as before (%(before)s before; so small a difference may be chance)", before=then)
    return gettext("%(change)s (%(before)s before)", change=short_change(now, before), before=then)


def short_change(now: int, before: int) -> str:
    """Say in a few words how a count changed that is not zero."""
    ratio = now / before
    if may_be_chance(now, before):
        return gettext("about as many as before")
    if ratio >= 2:
        return gettext("%(times)s times as many", times=words.number(round(ratio, 1)))
    share = numbers.percent(abs(ratio - 1), 0)
    return gettext("%(share)s more", share=share) if ratio > 1 else gettext("%(share)s fewer", share=share)


def mend_first(struggles: ReportAnswer, visits: int) -> tuple[str, str]:
    """Name the greatest struggle with how many it meets, and the interval of the share of views.

    Returns the words that go before it and stand out, none where nobody struggles, and the rest.
    """
    if struggles.error:
        return "", gettext("What people struggle with could not be found out this time.")
    if not struggles.rows:
        return "", counted(
            "In this %(n)s visit nobody was seen to struggle.",
            "In these %(n)s visits nobody was seen to struggle.",
            visits,
        )
    row = struggles.rows[0]
    title = gettext(BY_NAME[str(row["signal"])].title)
    told = f"{struck_at(first_lower(title), row)}. {_met(row)}"
    if visits < LEAST_VISITS:
        told += " " + counted(
            "With %(n)s visit in all, take it as a hint.", "With %(n)s visits in all, take it as a hint.", visits
        )
    return gettext("Mend first:"), told


def _met(row: Row) -> str:
    """Say how many met what a row tells of, in which share of views, and whether that is more than before."""
    met = _met_by(row)
    trend = _TRENDS.get(str(row.get("trend")))
    return gettext(trend, met=met) if trend else f"{met}."


def _met_by(row: Row) -> str:
    visitors = _whole(row, "visitors")
    rate, low, high = (row.get(name) for name in ("struck_view_rate", "struck_view_rate_low", "struck_view_rate_high"))
    if not (isinstance(rate, float) and isinstance(low, float) and isinstance(high, float)):
        return counted("%(n)s visitor met it", "%(n)s visitors met it", visitors)
    return counted(
        "%(n)s visitor met it, in %(share)s of %(views)s (between %(low)s and %(high)s)",
        "%(n)s visitors met it, in %(share)s of %(views)s (between %(low)s and %(high)s)",
        visitors,
        share=words.share(rate),
        views=counted("%(n)s view", "%(n)s views", _whole(row, "views")),
        low=words.share(low),
        high=words.share(high),
    )


def _share_changes(now: Row, before: Row) -> list[str]:
    """Say of bounces and of dead clicks whether their share of visits changed beyond chance."""
    visits, then = _whole(now, "visits"), _whole(before, "visits")
    told = []
    for name, more, fewer in (
        (
            "bounce_rate",
            marked("More visits bounced: %(share)s of %(visits)s, after %(earlier)s of %(then)s."),
            marked("Fewer visits bounced: %(share)s of %(visits)s, after %(earlier)s of %(then)s."),
        ),
        (
            "dead_visit_rate",
            marked("More visits met a dead click: %(share)s of %(visits)s, after %(earlier)s of %(then)s."),
            marked("Fewer visits met a dead click: %(share)s of %(visits)s, after %(earlier)s of %(then)s."),
        ),
    ):
        share, earlier = now.get(name), before.get(name)
        if not isinstance(share, float) or not isinstance(earlier, float):
            continue
        found = difference(Pair(round(share * visits), visits, round(earlier * then), then))
        if found is not None and (found.low > 0 or found.high < 0):
            told.append(
                gettext(
                    more if found.value > 0 else fewer,
                    share=words.share(share),
                    visits=words.count(visits),
                    earlier=words.share(earlier),
                    then=words.count(then),
                )
            )
    return told


def _people(number: int) -> str:
    return counted("%(n)s visitor", "%(n)s visitors", number)


def _whole(row: Row, name: str) -> int:
    value = row.get(name)
    return int(value) if isinstance(value, int | float) else 0
