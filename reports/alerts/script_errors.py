"""More views than usual in which a script fails, or an error that was never seen before and meets several visitors."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from reports import script_errors
from reports.alerts import telling
from reports.alerts.counting import FAILED_VIEWS, counts_views
from reports.alerts.departing import learned
from reports.alerts.kind import Departure, Kind, Looking, Seen, Words
from reports.report import Row
from reports.run import run_report
from reports.scope import parse_scope
from reports.wording import words
from reports.wording.places import isolated
from tracker.alerts.incidents import Noticed
from tracker.alerts.rules import rule_of_share
from tracker.errors import UnreachableError
from tracker.languages import counted, dates, gettext, marked
from tracker.sites import SiteInfo

VISITORS = {"low": 20, "normal": 5, "high": 2}
"""How many visitors a new error must meet, by sensitivity."""
MOST_NEW = 3
_LONGEST = 300


def tell(seen: Seen) -> Words:
    """Say in what share of views a script failed, and in what share one usually does."""
    return Words(
        gettext("%(times)s times as many script errors as usual", times=telling.times(seen)),
        counted(
            "In %(share)s of %(n)s view %(when)s a script failed; usually it is %(usual)s.",
            "In %(share)s of %(n)s views %(when)s a script failed; usually it is %(usual)s.",
            seen.off.of or 0,
            share=telling.share_of(seen),
            when=telling.stretch(seen.begin, seen.end),
            usual=telling.usual_share(seen),
        ),
        counted(
            "Told from %(ratio)s times the usual share on, of at least %(n)s view. %(limit)s",
            "Told from %(ratio)s times the usual share on, of at least %(n)s views. %(limit)s",
            seen.rule.least,
            ratio=words.number(seen.rule.ratio),
            limit=telling.limit(seen),
        ),
    )


def departures(_site: SiteInfo) -> Sequence[Departure]:
    """Return the one series there is."""
    return (_rate(),)


def _rate() -> Departure:
    title = gettext("Views with a script error, by hour")
    return Departure("", FAILED_VIEWS, title, rule_of_share, telling.learn_days, tell)


def new_errors(looking: Looking) -> Sequence[Noticed]:
    """Return errors of yesterday and today that the site never had before; none while everything is new."""
    if learned(_rate(), looking) is None:
        return ()
    today = looking.site.day_of(looking.until)
    days = f"{today - timedelta(days=1)}..{today}"
    scope = parse_scope(looking.site, {"range": [days]}, looking.until)
    answer = run_report(script_errors.report, scope, looking.store)
    if answer.error:
        raise UnreachableError(answer.error)
    least = VISITORS[looking.sensitivity.name]
    people = "views" if counts_views(looking.site) else "visitors"
    new = [one for one in answer.rows if one["age"] == "new" and _whole(one[people]) >= least]
    noticed = [_noticed(one, people, least, days) for one in new]
    # Those that were told already may not keep their places.
    return [one for one in noticed if (one.kind, one.subject) not in looking.told][:MOST_NEW]


def _noticed(row: Row, people: str, least: int, days: str) -> Noticed:
    message, script = str(row["message"])[:_LONGEST], str(row["script"] or gettext("a script in the page"))
    first = datetime.fromisoformat(str(row["first_seen"]))
    return Noticed(
        kind=kind.name,
        subject=hashlib.sha256(f"{row['message']}\0{row['script']}".encode()).hexdigest()[:32],
        began_at=first.astimezone(UTC),
        headline=gettext("A new script error"),
        told=_met(people, _whole(row[people]), message, script, first, str(row["path"] or words.NONE)),
        why=_why(people, least),
        facts={
            "seen": _whole(row[people]),
            "from": first.isoformat(),
            "report": kind.report,
            "range": days,
            "contributing": [],
        },
        once=True,
    )


def _met(people: str, number: int, message: str, script: str, first: datetime, path: str) -> str:  # noqa: PLR0917
    """Say how many visitors, or views, met an error since when, and where most of them did."""
    told = {
        "message": isolated(message),
        "script": isolated(script),
        "time": dates.clock(first),
        "on_sunday": telling.on_day(first),
        "day": dates.day(first),
        "path": isolated(path),
    }
    if people == "views":
        return counted(
            "“%(message)s” in %(script)s met %(n)s view since %(time)s %(on_sunday)s, %(day)s; most often on %(path)s.",
            "“%(message)s” in %(script)s met %(n)s views since %(time)s %(on_sunday)s, %(day)s; "
            "most often on %(path)s.",
            number,
            **told,
        )
    return counted(
        "“%(message)s” in %(script)s met %(n)s visitor since %(time)s %(on_sunday)s, %(day)s; most often on %(path)s.",
        "“%(message)s” in %(script)s met %(n)s visitors since %(time)s %(on_sunday)s, %(day)s; most often on %(path)s.",
        number,
        **told,
    )


def _why(people: str, least: int) -> str:
    if people == "views":
        return counted(
            "An error that the site never had before is told once, from %(n)s view on.",
            "An error that the site never had before is told once, from %(n)s views on.",
            least,
        )
    return counted(
        "An error that the site never had before is told once, from %(n)s visitor on.",
        "An error that the site never had before is told once, from %(n)s visitors on.",
        least,
    )


def _whole(cell: object) -> int:
    return int(cell) if isinstance(cell, int | float) else 0


kind = Kind(
    name="script-errors",
    title=marked("Script errors"),
    help=marked(
        "Scripts fail in more views than usual, or an error that was never seen before meets several visitors."
    ),
    report="script-errors",
    every=timedelta(minutes=15),
    departures=departures,
    others=new_errors,
)
