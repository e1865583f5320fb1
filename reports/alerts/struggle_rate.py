"""A greater share of visits than usual that met a dead, rage or error click."""

from collections.abc import Sequence

from reports.alerts import telling
from reports.alerts.counting import STRUCK_VISITS
from reports.alerts.kind import Departure, Kind, Seen, Words
from reports.alerts.worst import worst_places
from reports.wording import words
from tracker.alerts.rules import rule_of_share
from tracker.languages import counted, gettext, marked
from tracker.sites import SiteInfo


def tell(seen: Seen) -> Words:
    """Say what share of visits struggled, what share usually does, and where."""
    return Words(
        gettext("%(times)s times as many visits struggle as usual", times=telling.times(seen)),
        counted(
            "%(share)s of %(n)s visit %(when)s met a dead, rage or error click; usually it is %(usual)s.",
            "%(share)s of %(n)s visits %(when)s met a dead, rage or error click; usually it is %(usual)s.",
            seen.off.of or 0,
            share=telling.share_of(seen),
            when=telling.stretch(seen.begin, seen.end),
            usual=telling.usual_share(seen),
        ),
        counted(
            "Told from %(ratio)s times the usual share on, of at least %(n)s visit. %(limit)s",
            "Told from %(ratio)s times the usual share on, of at least %(n)s visits. %(limit)s",
            seen.rule.least,
            ratio=words.number(seen.rule.ratio),
            limit=telling.limit(seen),
        ),
        worst_places(seen),
    )


def departures(_site: SiteInfo) -> Sequence[Departure]:
    """Return the one series there is."""
    title = gettext("Visits that struggled, by hour")
    return (Departure("", STRUCK_VISITS, title, rule_of_share, telling.learn_days, tell),)


kind = Kind(
    name="struggle-rate",
    title=marked("More visits struggle"),
    help=marked("The share of visits with a dead, rage or error click is well above what it usually is."),
    report="struggles",
    departures=departures,
)
