"""All that is on the pages and not ours to translate."""

from collections.abc import Iterator
from zoneinfo import available_timezones

from sqlalchemy import String, select

from reports.profiles.ids import short
from tests.kit.pages import EMAIL
from tracker.house import House
from tracker.imports.titles import OF_EVENTS, TITLES
from tracker.languages import LANGUAGES
from tracker.models import IdentityEdge
from tracker.sites import SiteInfo
from tracker.store.schema import event, visit

# Of products, files and engines, and what is typed as it stands.
NAMES = ("Footfall", "EUR", "value", "intranet.example.org", "shop.example", "CSV", "JSON", "PDF", "PNG", "API", EMAIL)
TYPED = ("page, category",)
# What the tests call what they make, and whom they invite.
GIVEN = ("Usual", "Weekly", "Board", "Agency", "Frame")
HELPER, BEN, CARL = "helper@example.org", "ben@example.com", "carl@example.com"


def names_of(house: House, *sites: SiteInfo) -> Iterator[str]:
    """Yield all that is not ours to translate: names, what visitors brought, zones."""
    yield from (*NAMES, *TYPED)
    yield from available_timezones()
    yield from (language.name for language in LANGUAGES)
    yield from (HELPER, BEN, CARL, *GIVEN)
    yield from ("shop.zip", "website_event.csv", *TITLES.values(), *OF_EVENTS.values())
    for site in sites:
        yield from (site.name, *site.hosts)
        yield from (one.name for one in (*site.goals, *site.funnels, *site.segments, *site.releases))
        yield from (step.name for funnel in site.funnels for step in funnel.steps)
    for table in (event, visit):
        for column in (one for one in table.c if isinstance(one.type, String)):
            yield from (row[0] for row in house.store.query(select(column).distinct()).rows if row[0])
    with house.database.session() as session:
        for end in (IdentityEdge.a, IdentityEdge.b):
            yield from map(short, session.scalars(select(end).where(IdentityEdge.site_id.in_(one.id for one in sites))))
