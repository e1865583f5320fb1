"""Counts are kept, replaced, listed and let go."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from tracker.database import Database
from tracker.errors import FootfallError, InvalidInputError
from tracker.imports import book
from tracker.imports.book import ImportInfo, WantedImport, imports_by_site, keep, remove
from tracker.imports.counts import LARGEST_SUM, Count, Numbers
from tracker.imports.formats import FORMATS
from tracker.imports.past import Past
from tracker.imports.taking import MOST_COUNTS
from tracker.imports.titles import TITLES
from tracker.models import AuditEntry, Base, Import, ImportedCount, Site
from tracker.sites import SiteInfo, create_site, describe

DAY = date(2026, 2, 9)
LATER = DAY + timedelta(days=1)
END = date(2026, 3, 1)
OURS = WantedImport("plausible", "export.zip", "ann@example.org")


def count(kind: str = "days", day: date = DAY, name: str = "", **numbers: int) -> Count:
    return Count(kind, day, name, Numbers(**numbers))


def days(database: Database, site: SiteInfo) -> list[tuple[str, str, int | None]]:
    found = Past(database, site.id).by_day(date(2026, 1, 1), END)
    return [(one["day"].isoformat(), one["product"], one["visits"]) for one in found]


def stored(database: Database) -> int:
    with database.session() as session:
        return session.scalar(select(func.count()).select_from(ImportedCount)) or 0


def breaks_off(database: Database, site: SiteInfo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Import, and break off in the last moment before it counts."""

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
        broken.setattr("tracker.audit.note", stopped)
        keep(database, site.id, OURS, [count(visits=9), count("pages", name="/", views=9)])


def removal_breaks_off(database: Database, site: SiteInfo, monkeypatch: pytest.MonkeyPatch) -> ImportInfo:
    """Import, and fail to remove what it replaces."""

    def locked(*_: object) -> None:
        raise OperationalError("DELETE", None, Exception("database is locked"))

    with monkeypatch.context() as broken:
        broken.setattr(book, "_empty", locked)
        return keep(database, site.id, OURS, [count(visits=7), count("pages", name="/", views=7)])


def test_every_product_has_a_title() -> None:
    assert {one.name for one in FORMATS} == set(TITLES)


def test_what_is_kept_is_read_again(database: Database, site: SiteInfo) -> None:
    made = keep(database, site.id, OURS, [count(visits=3, visitors=2), count("pages", name="/teas", views=5)])
    assert (made.first_day, made.last_day, made.rows, made.files) == (DAY, DAY, 2, "export.zip")
    past = Past(database, site.id)
    [day] = past.by_day(DAY, END)
    assert (day["visits"], day["visitors"], day["views"]) == (3, 2, None)
    [page] = past.by_name("pages", DAY, END, 10)
    assert (page["name"], page["views"], page["visits"]) == ("/teas", 5, None)
    with database.session() as session:
        assert imports_by_site(session) == {site.id: (made,)}


def test_counts_of_one_thing_add_up_however_many_there_are(
    database: Database, site: SiteInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(book, "_KEYS_AT_ONCE", 2)
    names = ["a", "b", "a", "c", "a"]
    keep(database, site.id, OURS, [count("sources", name=name, visits=1) for name in names])
    found = Past(database, site.id).by_name("sources", DAY, END, 2)
    assert [(one["name"], one["visits"]) for one in found] == [("a", 3), ("b", 1)]


def test_the_same_again_takes_the_place_of_what_was_there(
    database: Database, site: SiteInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(book, "_GONE_AT_ONCE", 1)
    keep(database, site.id, OURS, [count(visits=3), count("pages", name="/", views=1)])
    keep(database, site.id, OURS, [count(visits=4), count(day=LATER, visits=5)])
    assert days(database, site) == [("2026-02-09", "plausible", 4), ("2026-02-10", "plausible", 5)]
    with database.session() as session:
        older, newer = imports_by_site(session)[site.id]
    assert (older.rows, newer.rows) == (1, 2)
    keep(database, site.id, OURS, [count("pages", name="/", views=2)])
    with database.session() as session:
        assert [one.rows for one in imports_by_site(session)[site.id]] == [2, 1]
    assert stored(database) == 3


def test_products_do_not_replace_each_other(database: Database, site: SiteInfo) -> None:
    keep(database, site.id, OURS, [count(visits=3)])
    keep(database, site.id, OURS._replace(product="matomo"), [count(visits=4)])
    assert days(database, site) == [("2026-02-09", "matomo", 4), ("2026-02-09", "plausible", 3)]


def test_an_import_that_breaks_off_leaves_what_was_there(database: Database, site: SiteInfo) -> None:
    def breaks() -> Iterator[Count]:
        yield count(visits=9)
        raise FootfallError("the file ends too early")

    keep(database, site.id, OURS, [count(visits=3)])
    with pytest.raises(FootfallError, match="too early"):
        keep(database, site.id, OURS, breaks())
    with pytest.raises(FootfallError, match="nothing in it was counted"):
        keep(database, site.id, OURS, [])
    assert days(database, site) == [("2026-02-09", "plausible", 3)]
    assert stored(database) == 1


def test_an_import_that_breaks_off_while_it_takes_its_place_leaves_what_was_there(
    database: Database, site: SiteInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(database, site.id, OURS, [count(visits=3), count(day=LATER, visits=4)])
    breaks_off(database, site, monkeypatch)
    assert days(database, site) == [("2026-02-09", "plausible", 3), ("2026-02-10", "plausible", 4)]
    assert stored(database) == 2


def test_what_is_replaced_counts_no_more_even_if_its_removal_breaks_off_and_goes_with_the_next_import(
    database: Database, site: SiteInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(database, site.id, OURS, [count(visits=3)])
    keep(database, site.id, OURS, [count("pages", name="/", views=1), count("pages", LATER, "/", views=2)])
    made = removal_breaks_off(database, site, monkeypatch)
    assert days(database, site) == [("2026-02-09", "plausible", 7)]
    with database.session() as session:
        older, newer = imports_by_site(session)[site.id]
    assert (older.first_day, older.rows, newer) == (LATER, 1, made)
    assert stored(database) == 5
    monkeypatch.setattr(book, "_SURELY_OVER", timedelta())
    keep(database, site.id, OURS._replace(product="matomo"), [count(visits=1)])
    assert stored(database) == 4


def test_an_import_leaves_one_that_is_still_being_written(database: Database, site: SiteInfo) -> None:
    def meanwhile() -> Iterator[Count]:
        yield count(visits=3)
        keep(database, site.id, OURS, [count(visits=4), count(day=LATER, visits=5)])

    keep(database, site.id, OURS, meanwhile())
    assert days(database, site) == [("2026-02-09", "plausible", 3), ("2026-02-10", "plausible", 5)]


def test_an_import_is_let_go_of_by_its_number_and_noted(database: Database, site: SiteInfo) -> None:
    made = keep(database, site.id, OURS, [count(visits=3)])
    assert remove(database, site.id, str(made.number), "bob@example.org") == made
    assert (days(database, site), stored(database)) == ([], 0)
    with database.session() as session:
        told = [(one.who, one.action, one.subject) for one in session.scalars(select(AuditEntry))]
    assert told == [
        ("ann@example.org", "import-counts", "plausible"),
        ("bob@example.org", "remove-import", "plausible"),
    ]


@pytest.mark.parametrize("given", ["1", "0", "-1", "one", "", "9" * 30, "²"])
def test_only_an_import_of_the_site_can_be_let_go(database: Database, site: SiteInfo, given: str) -> None:
    made = keep(database, site.id, OURS, [count(visits=3)])
    with pytest.raises(InvalidInputError, match="no import has the number"):
        remove(database, site.id + 1 if given == str(made.number) else site.id, given, "bob@example.org")
    assert stored(database) == 1


def test_with_its_site_all_of_it_goes(database: Database, site: SiteInfo) -> None:
    keep(database, site.id, OURS, [count(visits=3)])
    with database.session() as session:
        session.delete(session.get_one(Site, site.id))
    with database.session() as session:
        assert session.scalar(select(func.count()).select_from(Import)) == 0
    assert stored(database) == 0


def test_postgresql_keeps_the_same(postgres: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    Base.metadata.create_all(postgres.engine)
    with postgres.session() as session:
        site = describe(create_site(session, "Shop", ["shop.example"]))
    keep(postgres, site.id, OURS, [count(visits=2**40), count("pages", name="/", views=1, visits=3)])
    keep(postgres, site.id, OURS, [count("pages", name="/", views=2)])
    assert days(postgres, site) == [("2026-02-09", "plausible", 2**40)]
    [page] = Past(postgres, site.id).by_name("pages", DAY, END, 10)
    assert (page["views"], page["visits"], type(page["views"])) == (2, None, int)
    breaks_off(postgres, site, monkeypatch)
    assert days(postgres, site) == [("2026-02-09", "plausible", 2**40)]
    later = keep(postgres, site.id, OURS, [count(day=LATER, visits=8)])
    removal_breaks_off(postgres, site, monkeypatch)
    assert days(postgres, site) == [("2026-02-09", "plausible", 7), ("2026-02-10", "plausible", 8)]
    remove(postgres, site.id, str(later.number), "bob@example.org")
    assert days(postgres, site) == [("2026-02-09", "plausible", 7)]


def test_however_many_equal_rows_are_added_up_a_report_can_add_up_their_sums(
    database: Database, site: SiteInfo
) -> None:
    rows = [count("pages", day, "/", duration_ms=LARGEST_SUM) for day in (DAY, LATER) for _ in range(20)]
    keep(database, site.id, OURS, rows)
    [told] = Past(database, site.id).by_name("pages", DAY, END, 10)
    assert told["duration_ms"] == 2 * LARGEST_SUM
    assert MOST_COUNTS * LARGEST_SUM < 2**63
