"""A shop with four weeks of visits behind it, a watch of Ann's on it, a mail server and a clock that is moved."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from reports.alerts import KINDS
from reports.alerts.watching import watch_all
from reports.mail.post import deliver
from tests.kit.ground import at
from tests.kit.house import furnish
from tests.kit.pages import EMAIL, PASSWORD
from tests.kit.post import Post
from tests.kit.traffic import Traffic
from tracker.alerts import book
from tracker.clock import utc_now
from tracker.house import House, open_house
from tracker.models import Alert, Watch
from tracker.settings import Settings, load_settings
from tracker.sites import SiteInfo, create_site, describe
from tracker.uptime import note_uptime
from tracker.users import create_user

BEGIN, NOW = at("2026-02-02 00:00"), at("2026-03-02 12:00")  # a Monday, as the days after it in other weeks
USUAL = 40
NAMES = [one.name for one in KINDS]


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def shop(house: House, post: Post, clock: time_machine.Traveller) -> SiteInfo:
    house.settings.mail_url, house.settings.public_url = post.url, "https://stats.example.org"
    with house.database.session() as session:
        create_user(session, EMAIL, PASSWORD, owner=True)
        return describe(create_site(session, "Lamps & <Chairs>", ["shop.example"], "Europe/Warsaw"))


@pytest.fixture(scope="session")
def usual_month(tmp_path_factory: pytest.TempPathFactory, bare_house: list[Path]) -> Path:
    """An event store with the usual until NOW of the first site, to be copied: 27,000 visits take a second to load."""
    settings = load_settings({"FOOTFALL_DATA": str(tmp_path_factory.mktemp("usual-month"))})
    furnish(settings.data, bare_house)
    house = open_house(settings)
    with house.database.session() as session:
        site = describe(create_site(session, "Shop", ["shop.example"], "Europe/Warsaw"))
    Traffic(house.store, settings.batch_folder, site)(BEGIN, NOW, USUAL, source="Google")
    house.close()
    return settings.store_file


@pytest.fixture
def settings(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    """A data folder that holds the usual month where a test asks for `traffic`, before its house is opened."""
    if "traffic" in request.fixturenames:
        shutil.copyfile(request.getfixturevalue("usual_month"), settings.store_file)
    return settings


@pytest.fixture
def traffic(house: House, shop: SiteInfo) -> Traffic:
    """The usual until NOW, and what comes after it."""
    return Traffic(house.store, house.settings.batch_folder, shop, first=1_000_000)


def wanted(*recipients: str, **changes: object) -> book.Wanted:
    told = {"name": "Usual", "kinds": ["drop", "spike"], **changes}
    return book.Wanted(recipients=recipients or (EMAIL,), **told)  # type: ignore[arg-type]


def watch(house: House, site: SiteInfo, *recipients: str, own_hosts: tuple[str, ...] = (), **changes: object) -> Watch:
    with house.database.session() as session:
        choices = book.Choices(NAMES, own_hosts)
        return book.create_watch(session, site.id, wanted(*recipients, **changes), choices, EMAIL)


def alerts(house: House) -> list[Alert]:
    with house.database.session() as session:
        return list(session.query(Alert).order_by(Alert.id))


def go_round(house: House) -> int:
    """Do what the jobs do at this moment."""
    note_uptime(house, utc_now())
    made = watch_all(house, utc_now())
    deliver(house)
    return made


def pass_by(house: House, clock: time_machine.Traveller, **time: float) -> None:
    """Let time pass, with the jobs' turns in it."""
    end = utc_now() + timedelta(**time)
    while utc_now() < end:
        clock.shift(min(timedelta(minutes=10), end - utc_now()))
        go_round(house)
