"""Many more visits than usual at this hour of the week."""

from collections.abc import Sequence

from reports.alerts import telling
from reports.alerts.contributing import contributing
from reports.alerts.counting import ARRIVALS, counts_views
from reports.alerts.kind import Departure, Kind, Seen, Words
from reports.wording import words
from tracker.alerts.look import Rule
from tracker.alerts.rules import SPIKE, Sensitivity, rule_of
from tracker.languages import counted, gettext, marked
from tracker.sites import SiteInfo


def rule(sensitivity: Sensitivity, least: int) -> Rule:
    """Return from where on a rise is told."""
    return rule_of(SPIKE, sensitivity, least)


def tell(seen: Seen) -> Words:
    """Say how many came, and how many usually do."""
    times = telling.times(seen)
    if counts_views(seen.looking.site):
        headline = gettext("%(times)s times as many views as usual", times=times)
    else:
        headline = gettext("%(times)s times as many visits as usual", times=times)
    return Words(headline, telling.arrivals(seen), _why(seen), contributing(seen))


def _why(seen: Seen) -> str:
    ratio, least = words.number(seen.rule.ratio), seen.rule.least
    if counts_views(seen.looking.site):
        return counted(
            "A spike is told from %(ratio)s times the usual on, and from %(n)s view on. %(limit)s",
            "A spike is told from %(ratio)s times the usual on, and from %(n)s views on. %(limit)s",
            least,
            ratio=ratio,
            limit=telling.limit(seen),
        )
    return counted(
        "A spike is told from %(ratio)s times the usual on, and from %(n)s visit on. %(limit)s",
        "A spike is told from %(ratio)s times the usual on, and from %(n)s visits on. %(limit)s",
        least,
        ratio=ratio,
        limit=telling.limit(seen),
    )


def departures(_site: SiteInfo) -> Sequence[Departure]:
    """Return the one series there is."""
    return (Departure("", ARRIVALS, gettext("Visits by hour"), rule, telling.learn_hours, tell),)


kind = Kind(
    name="spike",
    title=marked("Spike of visits"),
    help=marked("Many more visits than usual at this hour of the week: a mention somewhere, a campaign, or bots."),
    report="overview",
    departures=departures,
)
