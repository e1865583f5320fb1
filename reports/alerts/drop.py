"""Far fewer visits than usual at this hour of the week, or none: the tag is gone, or the site is."""

from collections.abc import Sequence

from reports.alerts import telling
from reports.alerts.contributing import contributing
from reports.alerts.counting import ARRIVALS, counts_views
from reports.alerts.kind import Departure, Kind, Seen, Words
from tracker.alerts.look import Rule
from tracker.alerts.rules import DROP, Sensitivity, rule_of
from tracker.languages import counted, dates, gettext, marked, numbers
from tracker.sites import SiteInfo


def rule(sensitivity: Sensitivity, least: int) -> Rule:
    """Return from where on a fall is told."""
    return rule_of(DROP, sensitivity, least)


def tell(seen: Seen) -> Words:
    """Say how few came, and what to look at where nobody did."""
    told = telling.arrivals(seen)
    if seen.silent_since is not None:
        told = gettext(
            "%(told)s Since %(time)s there were none at all: look whether the site answers, and whether the tag is "
            "still in its pages.",
            told=told,
            time=dates.clock(seen.silent_since),
        )
    return Words(_headline(seen), told, _why(seen), () if seen.silent_since else contributing(seen))


def _headline(seen: Seen) -> str:
    views = counts_views(seen.looking.site)
    if seen.silent_since is not None:
        time = dates.clock(seen.silent_since)
        return (
            gettext("No views since %(time)s", time=time) if views else gettext("No visits since %(time)s", time=time)
        )
    share = telling.below(seen)
    if views:
        return gettext("%(share)s fewer views than usual", share=share)
    return gettext("%(share)s fewer visits than usual", share=share)


def _why(seen: Seen) -> str:
    share, least = numbers.percent(1 - seen.rule.ratio, 0), seen.rule.least
    if counts_views(seen.looking.site):
        return counted(
            "A drop is told from %(share)s below the usual on, where at least %(n)s view is usual. %(limit)s",
            "A drop is told from %(share)s below the usual on, where at least %(n)s views are usual. %(limit)s",
            least,
            share=share,
            limit=telling.limit(seen),
        )
    return counted(
        "A drop is told from %(share)s below the usual on, where at least %(n)s visit is usual. %(limit)s",
        "A drop is told from %(share)s below the usual on, where at least %(n)s visits are usual. %(limit)s",
        least,
        share=share,
        limit=telling.limit(seen),
    )


def departures(_site: SiteInfo) -> Sequence[Departure]:
    """Return the one series there is."""
    return (Departure("", ARRIVALS, gettext("Visits by hour"), rule, telling.learn_hours, tell),)


kind = Kind(
    name="drop",
    title=marked("Drop of visits"),
    help=marked(
        "Far fewer visits than usual at this hour of the week, or none: the tag or the whole site may be gone."
    ),
    report="overview",
    departures=departures,
)
