"""Breakdowns: by hand, each row beside its like of the days before."""

from typing import Any

import pytest

from reports import REPORTS, pages
from reports.breakdowns import of_visits
from reports.report import by_name
from tests.kit.store import PHONE, Visiting, dead
from tests.reports.conftest import Asking

BY_NAME = by_name(REPORTS)
WARSAW, RADOM, PARIS = (
    {"country": "PL", "region": "MZ", "city": "Warsaw"},
    {"country": "PL", "region": "MZ", "city": "Radom"},
    {"country": "FR", "region": "IDF", "city": "Paris"},
)


def rows(ask: Asking, name: str, *columns: str, **words: Any) -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in columns) for row in ask(BY_NAME[name], **words).rows]


@pytest.fixture
def some_visits(visit: Visiting) -> None:
    with visit.at_once():
        visit("2026-03-08 10:00", ["/?utm_campaign=spring", "/a"], referrer="www.google.com/", engaged_s=9, **WARSAW)
        visit("2026-03-08 11:00", ["/a"], [dead("#x")], referrer="www.google.com/", user_agent=PHONE, **RADOM)
        visit("2026-03-08 12:00", ["/", "/b"], language="fr", **PARIS)


@pytest.mark.usefixtures("some_visits")
def test_by_hand(ask: Asking) -> None:
    [google, direct] = ask(BY_NAME["sources"]).rows
    assert google == {
        "source": "Google",
        "visitors": 2,
        "visits": 2,
        "views_per_visit": 1.5,
        "bounce_rate": 0.5,
        "engaged_ms_per_visit": 9000,
        "dead_visit_rate": 0.5,
    }
    assert (direct["source"], direct["visitors"]) == (None, 1)
    assert rows(ask, "campaigns", "campaign", "visits") == [(None, 2), ("spring", 1)]
    assert rows(ask, "entry-pages", "entry", "visitors") == [("/", 2), ("/a", 1)]
    assert rows(ask, "exit-pages", "exit", "visitors") == [("/a", 2), ("/b", 1)]
    assert rows(ask, "devices", "device", "visitors") == [("desktop", 2), ("mobile", 1)]
    assert ("fr", 1) in rows(ask, "languages", "language", "visitors")


def test_who_comes_on_two_days_counts_as_in_the_overview(ask: Asking, visit: Visiting) -> None:
    one = visit("2026-03-07 22:30", ["/"], country="PL")  # half an hour before the midnight of Warsaw
    visit("2026-03-08 10:00", ["/"], country="PL", visitor=one)
    visit("2026-03-08 15:00", ["/"], country="PL", visitor=one)
    totals = ask(BY_NAME["overview"]).totals or {}
    assert rows(ask, "countries", "country", "visits", "visitors") == [("PL", 3, 2)]
    assert totals["visitors"] == 2


def test_visits_alone_are_those_of_the_whole_report(ask: Asking, visit: Visiting) -> None:
    with visit.at_once():
        for hour, place in ((9, WARSAW), (10, WARSAW), (11, PARIS), (12, {})):
            visit(f"2026-03-08 {hour:02}:00", **place)
    report = BY_NAME["cities"]
    [paris, *_] = [row for row in ask(of_visits(report)).rows if row["city"] == "Paris"]
    assert paris == {"city": "Paris", "region": "IDF", "country": "FR", "visits": 1}
    names = ("city", "visits")
    assert [[row[name] for name in names] for row in ask(of_visits(report), limit="1").rows] == [["Warsaw", 2]]
    assert [row["visits"] for row in ask(of_visits(report)).rows] == [row["visits"] for row in ask(report).rows]


@pytest.mark.usefixtures("some_visits")
def test_a_city_says_in_which_region_and_country_it_lies(ask: Asking) -> None:
    found = rows(ask, "cities", "city", "region", "country")
    assert sorted(found) == [("Paris", "IDF", "FR"), ("Radom", "MZ", "PL"), ("Warsaw", "MZ", "PL")]
    assert rows(ask, "regions", "region", "visitors") == [("MZ", 2), ("IDF", 1)]
    assert rows(ask, "cities", "city", filter=["country:is:FR"]) == [("Paris",)]


def test_rows_stand_beside_their_like_of_the_days_before(ask: Asking, visit: Visiting) -> None:
    with visit.at_once():
        for _ in range(3):
            visit("2026-03-02 10:00", ["/"], referrer="www.google.com/")
        visit("2026-03-02 11:00", ["/gone"])
        visit("2026-03-08 10:00", ["/"], referrer="www.google.com/")
        visit("2026-03-08 10:00", ["/new"], referrer="duckduckgo.com/")
    answer = ask(BY_NAME["sources"], range="7d", compare="previous", limit="1")
    assert [row["source"] for row in answer.rows] == ["DuckDuckGo"]
    answer = ask(BY_NAME["sources"], range="7d", compare="previous")
    before = {row["source"]: answer.before(row) for row in answer.rows}
    assert before["DuckDuckGo"] == {}
    assert (before["Google"] or {})["visitors"] == 3
    paths = ask(pages.report, range="7d", compare="previous")
    assert [(paths.before(row) or {}).get("views") for row in paths.rows] == [3, None]


def test_nothing_is_new_where_nothing_at_all_was_before(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-08 10:00")
    answer = ask(BY_NAME["sources"], range="7d", compare="previous")
    assert [answer.before(row) for row in answer.rows] == [None]


def test_what_may_stand_below_the_rows_that_are_read_is_not_called_new(
    ask: Asking, visit: Visiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    with visit.at_once():
        visit("2026-03-02 10:00", ["/", "/a", "/a"])
        visit("2026-03-08 10:00", ["/", "/b"])
    monkeypatch.setattr("reports.run.MOST_ROWS", 1)
    answer = ask(pages.report, range="7d", compare="previous")
    before = {row["path"]: answer.before(row) for row in answer.rows}
    assert (before["/"], before["/b"]) == (None, None)
    monkeypatch.undo()
    answer = ask(pages.report, range="7d", compare="previous")
    before = {row["path"]: answer.before(row) for row in answer.rows}
    assert ((before["/"] or {})["views"], before["/b"]) == (1, {})
