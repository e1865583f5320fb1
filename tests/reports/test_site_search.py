"""Site search: queries, what they found, and what came after."""

from reports import site_search
from tests.kit.store import Visiting, search
from tests.reports.conftest import Asking


def test_one_query_by_hand(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-08 10:00", ["/", "/found", "/boots"], also=[search("Boots", 5, view=1)])
    visit("2026-03-08 11:00", ["/found"], also=[search("boots", 0)])
    visit("2026-03-08 12:00", ["/found", "/found"], also=[search(" BOOTS "), search("shoes", 7, view=1)])
    visit("2026-03-09 12:00", ["/found"], also=[search("boots", 3)], visitor=None)
    answer = ask(site_search.report)
    boots, shoes = answer.rows
    assert boots == {
        "query": "boots",
        "searches": 4,
        "visitors": 3,
        "without_result": 1,
        "without_result_rate": 1 / 3,
        "last_results": 3,
        "least_results": 0,
        "exits": 1,
        "exit_rate": 1 / 3,
        "searched_again": 1,
        "again_rate": 1 / 3,
    }
    assert (shoes["exits"], shoes["searched_again"], shoes["last_results"]) == (1, 0, 7)
    assert answer.totals == {"searches": 5, "visitors": 3, "without_result": 1, "without_result_rate": 1 / 4}


def test_where_the_page_does_not_say_results_are_unknown(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-08 10:00", ["/found"], also=[search("boots")])
    [row] = ask(site_search.report).rows
    assert [row[name] for name in ("last_results", "least_results", "without_result_rate")] == [None] * 3
    assert row["exit_rate"] == 1.0


def test_the_same_query_again_is_no_other_search(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-08 10:00", ["/found", "/found?page=2"], also=[search("boots"), search("Boots", view=1)])
    [row] = ask(site_search.report).rows
    assert (row["searches"], row["exits"], row["searched_again"]) == (2, 1, 0)


def test_what_follows_counts_whatever_is_filtered_by(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-08 10:00", ["/a", "/b"], also=[search("boots"), search("shoes", view=1)])
    [row] = ask(site_search.report, filter=["path:is:/a"]).rows
    assert (row["query"], row["exits"], row["searched_again"]) == ("boots", 0, 1)


def test_another_visit_of_the_same_visitor_is_another_story(ask: Asking, visit: Visiting) -> None:
    who = visit("2026-03-08 10:00", ["/a"], also=[search("boots", after_s=50)])
    visit("2026-03-08 12:00", ["/a"], also=[search("shoes")], visitor=who)
    assert {(row["query"], row["exits"], row["searched_again"]) for row in ask(site_search.report).rows} == {
        ("boots", 1, 0),
        ("shoes", 1, 0),
    }


def test_a_search_told_of_as_the_next_page_begins_is_of_the_page_before(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-08 10:00", ["/found", "/boots"], also=[search("boots", after_s=60)])
    [row] = ask(site_search.report).rows
    assert row["exits"] == 0
