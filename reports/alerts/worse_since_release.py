"""Pages on which visitors struggle more since the newest release, beyond chance."""

from collections.abc import Sequence
from datetime import UTC, timedelta

from reports import releases
from reports.alerts.kind import Kind, Looking
from reports.query.proportions import Pair, chance
from reports.release import comparing
from reports.report import Row
from reports.run import run_report
from reports.scope import parse_scope
from reports.wording import words
from reports.wording.places import isolated, struck_at
from tracker.alerts.incidents import Noticed
from tracker.errors import UnreachableError
from tracker.languages import counted, gettext, marked
from tracker.signal_book import BY_NAME

CHANCES = {"low": 0.0001, "normal": 0.001, "high": 0.01}
"""Below which chance a change is told, by sensitivity: far below one in twenty, for it is looked at again and again."""
MOST_DAYS = timedelta(days=comparing.MOST_DAYS)
MOST_TOLD = 5


def look(looking: Looking) -> Sequence[Noticed]:
    """Return one for the newest release if anything is worse since; it is told once."""
    out = [one for one in looking.site.releases if looking.until - MOST_DAYS <= one.at <= looking.until]
    if not out:
        return ()
    newest = out[-1]
    at = newest.at.astimezone(looking.site.tzinfo)
    days = f"{at.date()}..{looking.site.day_of(looking.until)}"
    scope = parse_scope(looking.site, {"range": [days], "release": [newest.name]}, looking.until)
    answer = run_report(releases.report, scope, looking.store)
    if answer.error:
        raise UnreachableError(answer.error)
    worse = [one for one in answer.rows if one["change"] == "worse" and _is_sure(one, looking)]
    if not worse:
        return ()
    return [
        Noticed(
            kind=kind.name,
            subject=newest.name,
            began_at=newest.at.astimezone(UTC),
            headline=counted(
                "%(n)s thing became worse since %(release)s",
                "%(n)s things became worse since %(release)s",
                len(worse),
                release=isolated(newest.name),
            ),
            told=counted(
                "Since the release %(release)s of %(moment)s %(n)s thing became worse. %(worst)s",
                "Since the release %(release)s of %(moment)s %(n)s things became worse. %(worst)s",
                len(worse),
                release=isolated(newest.name),
                moment=words.moment(at),
                worst=_told(worse[0]),
            ),
            why=gettext(
                "Told once for a release, where the share of views that it strikes is greater than before beyond its "
                "interval of 95%%, and by chance alone in less than 1 of %(cases)s cases.",
                cases=words.count(1 / chance_of(looking)),
            ),
            facts={
                "release": newest.name,
                "from": at.isoformat(),
                "report": kind.report,
                "range": days,
                "contributing": [_told(one) for one in worse[1:MOST_TOLD]],
            },
            once=True,
        )
    ]


def _is_sure(row: Row, looking: Looking) -> bool:
    tries, other = int(_number(row["views"])), int(_number(row["views_before"]))
    hits, other_hits = _number(row["struck_view_rate"]) * tries, _number(row["struck_view_rate_before"]) * other
    pair = Pair(round(hits), tries, round(other_hits), other)
    return tries >= looking.least and chance(pair) <= chance_of(looking)


def chance_of(looking: Looking) -> float:
    """Return the chance below which a change is told."""
    return CHANCES[looking.sensitivity.name]


def _told(row: Row) -> str:
    # Said before: those who gather the words lose a plural that has another message in it.
    struck = struck_at(gettext(BY_NAME[str(row["signal"])].title), row)
    return counted(
        "%(struck)s: in %(now)s of %(n)s view, before in %(before)s of %(earlier)s "
        "(between %(low)s and %(high)s points more).",
        "%(struck)s: in %(now)s of %(n)s views, before in %(before)s of %(earlier)s "
        "(between %(low)s and %(high)s points more).",
        _number(row["views"]),
        struck=struck,
        now=words.share(_number(row["struck_view_rate"])),
        before=words.share(_number(row["struck_view_rate_before"])),
        earlier=words.count(_number(row["views_before"])),
        low=words.points(_number(row["difference_low"])),
        high=words.points(_number(row["difference_high"])),
    )


def _number(cell: object) -> float:
    return float(cell) if isinstance(cell, int | float) else 0.0


kind = Kind(
    name="worse-since-release",
    title=marked("Worse since a release"),
    help=marked("A release that you marked made a page harder to use, beyond chance."),
    report="releases",
    every=timedelta(hours=1),
    others=look,
)
