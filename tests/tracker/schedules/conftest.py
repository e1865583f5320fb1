"""A weekly schedule of Ann's and a clock that is moved, on each relational store."""

from collections.abc import Iterator

import pytest
import time_machine

from tests.kit.ground import at
from tests.tracker.schedules.told import ANN, CHOICES, MADE, wanted
from tracker.database import Database
from tracker.models import Schedule
from tracker.schedules import book
from tracker.sites import SiteInfo
from tracker.users import create_user


@pytest.fixture
def database(each_database: Database) -> Database:
    return each_database


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(at(MADE), tick=False) as travelling:
        yield travelling


@pytest.fixture
def weekly(database: Database, site: SiteInfo, clock: time_machine.Traveller) -> Schedule:
    with database.session() as session:
        create_user(session, ANN, "correct horse battery", owner=True)
        return book.create_schedule(session, site.id, wanted(), CHOICES, ANN)
