"""What a watch may say, and what is said when it may not."""

from datetime import date

import pytest

from tests.kit.ground import at
from tests.tracker.alerts.conftest import ANN, CHOICES, wanted
from tracker.alerts import book
from tracker.alerts.quiet import is_day_off, is_quiet
from tracker.database import Database
from tracker.errors import InvalidInputError
from tracker.models import Watch
from tracker.sites import SiteInfo

WRONG: tuple[tuple[str, dict[str, object]], ...] = (
    ("name", {"name": " "}),
    ("name", {"name": "a\x00b"}),
    ("name", {"name": "Usual"}),
    ("kinds", {"kinds": []}),
    ("kinds", {"kinds": ["weather"]}),
    ("sensitivity", {"sensitivity": "enormous"}),
    ("least", {"least": 4}),
    ("cool_down_hours", {"cool_down_hours": 0}),
    ("quiet_from", {"quiet_from": 24, "quiet_until": 7}),
    ("quiet_until", {"quiet_from": 22}),
    ("days_off", {"days_off": ["02-30"]}),
    ("days_off", {"days_off": ["20260406"]}),
    ("days_off", {"days_off": ["2026-W01-1"]}),
    ("days_off", {"days_off": ["12-25"] * 101}),
    ("language", {"language": "tlh"}),
)


def test_what_cannot_be_names_its_field(database: Database, site: SiteInfo, watch: Watch) -> None:
    made = [(field, wanted(**{"name": "Other", **changes})) for field, changes in WRONG]
    made.append(("recipients", wanted("nobody", name="Other")))
    for field, one in made:
        with pytest.raises(InvalidInputError) as told, database.session() as session:
            book.create_watch(session, site.id, one, CHOICES, ANN)
        assert told.value.field == field, one


def test_a_watch_speaks_english_until_another_language_is_chosen(
    database: Database, site: SiteInfo, watch: Watch
) -> None:
    assert watch.language == "en"
    with database.session() as session:
        book.change_watch(session, session.get_one(Watch, watch.id), wanted(language="fa"), CHOICES)
    with database.session() as session:
        assert session.get_one(Watch, watch.id).language == "fa"


def test_quiet_hours_go_over_midnight_or_not() -> None:
    assert [hour for hour in range(24) if is_quiet(at(f"2026-03-04 {hour:02}:30"), 22, 7)] == [*range(7), 22, 23]
    assert [hour for hour in range(24) if is_quiet(at(f"2026-03-04 {hour:02}:30"), 12, 14)] == [12, 13]
    assert not any(is_quiet(at(f"2026-03-04 {hour:02}:30"), 5, 5) for hour in range(24))
    assert not is_quiet(at("2026-03-04 12:00"), None, None)


def test_a_day_off_is_of_one_year_or_of_all() -> None:
    days = ["12-25", "2026-04-06", "02-29"]
    found = [date(2026, 12, 25), date(2027, 12, 25), date(2026, 4, 6), date(2027, 4, 6), date(2028, 2, 29)]
    assert [is_day_off(day, days) for day in found] == [True, True, True, False, True]
