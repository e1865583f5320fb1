"""A watch of Ann's and a clock that is moved, on each relational store."""

from collections.abc import Iterator

import pytest
import time_machine

from tests.kit.ground import at
from tracker.alerts import book
from tracker.alerts.incidents import Noticed
from tracker.database import Database
from tracker.models import Watch
from tracker.sites import SiteInfo
from tracker.users import create_user

ANN, BEN = "ann@example.org", "ben@example.com"
CHOICES = book.Choices(["spike", "drop"])
NOW = at("2026-03-04 12:00")


def noticed(subject: str = "", kind: str = "spike", *, once: bool = False) -> Noticed:
    facts = {"range": "2026-03-04..2026-03-04", "report": "overview", "contributing": []}
    return Noticed(kind, subject, NOW, "Twice as many", "Eighty came.", "Because.", facts, once=once)


def wanted(*recipients: str, **changes: object) -> book.Wanted:
    told = {"name": "Usual", "kinds": ["spike", "drop"], **changes}
    return book.Wanted(recipients=recipients or (ANN,), **told)  # type: ignore[arg-type]


@pytest.fixture
def database(each_database: Database) -> Database:
    return each_database


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def watch(database: Database, site: SiteInfo, clock: time_machine.Traveller) -> Watch:
    with database.session() as session:
        create_user(session, ANN, "correct horse battery", owner=True)
        return book.create_watch(session, site.id, wanted(), CHOICES, ANN)
