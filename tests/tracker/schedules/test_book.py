"""What a schedule may say, and what is said when it may not."""

import pytest

from tests.tracker.schedules.told import ANN, CHOICES, wanted
from tracker.database import Database
from tracker.errors import InvalidInputError
from tracker.models import Schedule
from tracker.schedules import book
from tracker.schedules.recipients import recipients_of
from tracker.sites import SiteInfo


def create(database: Database, site: SiteInfo, one: book.Wanted) -> Schedule:
    with database.session() as session:
        return book.create_schedule(session, site.id, one, CHOICES, ANN)


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("name", {"name": " "}),
        ("name", {"name": "a\x00b"}),
        ("name", {"name": "x" * 65}),
        ("every", {"every": "hour"}),
        ("weekday", {"weekday": 7}),
        ("weekday", {"weekday": None}),
        ("hour", {"hour": 24}),
        ("zone", {"zone": "Mars/Olympus"}),
        ("zone", {"zone": "../etc/passwd"}),
        ("sections", {"sections": []}),
        ("sections", {"sections": ["nothing"]}),
        ("attached", {"attached": ["exe"]}),
        ("segment", {"segment": "Tablets"}),
        ("compare", {"compare": "mars"}),
        ("language", {"language": "tlh"}),
    ],
)
def test_what_cannot_be_names_its_field(
    database: Database, site: SiteInfo, field: str, changes: dict[str, object]
) -> None:
    with pytest.raises(InvalidInputError) as told:
        create(database, site, wanted(**changes))  # type: ignore[arg-type]
    assert told.value.field == field


@pytest.mark.parametrize(
    "address", ["ann", "ann@", "@example.org", "ann@example", "a b@example.org", "ann@example.org\nBcc:x@y.z",
                "<ann@example.org>", "a" * 65 + "@example.org", "ann@[127.0.0.1]",
                "a..b@example.org", "jörg@example.org"]
)  # fmt: skip
def test_an_address_that_is_none_is_named(database: Database, site: SiteInfo, address: str) -> None:
    with pytest.raises(InvalidInputError, match="is no address such as ann"):
        create(database, site, wanted(address))


def test_a_name_is_one_schedules_own(database: Database, site: SiteInfo) -> None:
    create(database, site, wanted())
    with pytest.raises(InvalidInputError, match="is another schedule's"):
        create(database, site, wanted())


def test_what_is_no_more_on_the_list_is_gone_and_an_address_twice_is_one(database: Database, site: SiteInfo) -> None:
    made = create(database, site, wanted(ANN, "ben@EXAMPLE.com", "Ben@example.com"))
    with database.session() as session:
        assert [one.address for one in recipients_of(session, made)] == ["Ben@example.com", ANN]
        book.change_schedule(session, session.get_one(Schedule, made.id), wanted("cid@example.org"), CHOICES)
    with database.session() as session:
        assert [one.address for one in recipients_of(session, made)] == ["cid@example.org"]
        assert book.find_schedule(session, site.id + 1, made.id) is None
