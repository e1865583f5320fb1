"""A shop with a mail server and a clock that is moved: `schedule(house, shop)`, then `deliver(house)`."""

from collections.abc import Iterator

import pytest
import time_machine

from tests.kit.ground import at
from tests.kit.pages import EMAIL, PASSWORD, dead_click, load, visit_of
from tests.kit.post import Post
from tracker.house import House
from tracker.models import Schedule
from tracker.schedules import book
from tracker.sites import SiteInfo, create_site, describe
from tracker.users import create_user

SECTIONS = ("struggles", "pages", "bounce-paths", "vitals")


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(at("2026-03-02 12:00"), tick=False) as travelling:
        yield travelling


@pytest.fixture
def shop(house: House, post: Post, clock: time_machine.Traveller) -> SiteInfo:
    """A shop with two weeks of visits, in the second of which a button is dead, and a mail server."""
    house.settings.mail_url, house.settings.public_url = post.url, "https://stats.example.org"
    with house.database.session() as session:
        create_user(session, EMAIL, PASSWORD, owner=True)
        site = describe(create_site(session, "Lamps & <Chairs>", ["shop.example"], "Europe/Warsaw"))
    for day, visits in ((3, 20), (10, 40)):
        clock.move_to(at(f"2026-03-{day:02} 12:00"))
        clicks = [dead_click("#pay", "Pay & go")] if day == 10 else []
        pages = [{"url": f"https://shop.example/{page}"} for page in ("", "basket")]
        load(house, *(visit_of(site, *pages, *clicks) for _ in range(visits)))
    return site


def schedule(house: House, site: SiteInfo, *recipients: str, **changes: object) -> Schedule:
    choices = book.Choices((*SECTIONS, "goals"), ["Phones"], changes.pop("own_hosts", ()))  # type: ignore[arg-type]
    told = {"every": "week", "weekday": 0, "hour": 9, "zone": "Europe/Warsaw", "sections": SECTIONS, **changes}
    name = str(told.pop("name", "Weekly"))
    wanted = book.Wanted(name=name, recipients=recipients or (EMAIL,), **told)  # type: ignore[arg-type]
    with house.database.session() as session:
        return book.create_schedule(session, site.id, wanted, choices, EMAIL)
