"""A site whose visitors agreed, on each engine, and asking it for profiles."""

from dataclasses import replace
from typing import Any

import pytest

from reports.profiles.asking import ask_of
from reports.profiles.listing import Listing, find_profiles
from reports.profiles.one import find_profile
from reports.profiles.shapes import ProfileShape, Timeline
from reports.profiles.timeline import find_timeline
from reports.report import Ask
from reports.scope import parse_scope
from tests.kit.ground import at
from tests.kit.people import People
from tracker.database import Database
from tracker.sites import SiteInfo
from tracker.store.base import EventStore

NOW = "2026-03-10 12:00"


@pytest.fixture
def people(database: Database, store: EventStore, site: SiteInfo) -> People:
    return People(database, store, replace(site, privacy_mode="stitched"))


class Asking:
    """Asks for lists, profiles and timelines as pages and API do."""

    def __init__(self, people: People) -> None:
        self._people = people

    @property
    def ask(self) -> Ask:
        return ask_of(self._people.store)

    def list(self, order: str = "newest", who: str = "all", **words: Any) -> Listing:
        given = {word: [value] if isinstance(value, str) else value for word, value in words.items()}
        with self._people.database.session() as session:
            return find_profiles(session, self.ask, parse_scope(self._people.site, given, at(NOW)), order, who)

    def one(self, profile: int) -> ProfileShape | None:
        with self._people.database.session() as session:
            return find_profile(session, self.ask, self._people.site, profile)

    def timeline(self, profile: int, **when: Any) -> Timeline:
        with self._people.database.session() as session:
            return find_timeline(session, self.ask, self._people.site, profile, **when)


@pytest.fixture
def asking(people: People) -> Asking:
    return Asking(people)
