"""Exit paths: the last pages of visits that had gone on, what failed before the end, and nobody who only looked in."""

from reports import exit_paths
from tests.kit.store import Visiting, dead, worked
from tests.reports.conftest import Asking


def test_ends_are_counted_and_shared_by_exit(ask: Asking, visit: Visiting) -> None:
    with visit.at_once():
        visit("2026-03-08 10:00", ["/", "/a", "/b", "/cart"], engaged_s=10)
        visit("2026-03-08 11:00", ["/sale", "/a", "/b", "/b", "/cart"], engaged_s=[1, 2, 3, 4, 10])
        visit("2026-03-08 12:00", ["/a", "/cart"], [dead("#pay", view=1), dead("#menu", view=0)], engaged_s=15)
        visit("2026-03-08 13:00", ["/cart"], [dead("#pay")])
        visit("2026-03-08 14:00", ["/cart", "/"])
    answer = ask(exit_paths.report, filter=["exit:is:/cart"])
    assert answer.rows == [
        {
            "exit": "/cart",
            "trail": ["/a", "/b", "/cart"],
            "last_signal": None,
            "last_signal_element": None,
            "visits": 2,
            "share": 0.5,
            "engaged_ms": 30_000,
        },
        {
            "exit": "/cart",
            "trail": ["/a", "/cart"],
            "last_signal": "dead",
            "last_signal_element": "#pay",
            "visits": 1,
            "share": 0.25,
            "engaged_ms": 30_000,
        },
    ]
    assert answer.totals == {"visits": 3, "share": 0.75}


def test_a_signal_on_an_earlier_page_is_not_the_last(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-08 10:00", ["/", "/a"], [dead("#buy", view=0), worked("#go", view=1)])
    [row] = ask(exit_paths.report).rows
    assert (row["trail"], row["last_signal"]) == (["/", "/a"], None)


def test_a_page_loaded_again_is_one_page_and_ties_are_in_order(ask: Asking, visit: Visiting) -> None:
    with visit.at_once():
        visit("2026-03-08 10:00", ["/a", "/a"])
        visit("2026-03-08 11:00", ["/b", "/a"])
        visit("2026-03-08 12:00", ["/c", "/b", "/a"])
        visit("2026-03-08 13:00", ["/a"])
    answer = ask(exit_paths.report)
    assert [row["trail"] for row in answer.rows] == [["/a"], ["/b", "/a"], ["/c", "/b", "/a"]]
    assert ask(exit_paths.report, limit="1").rows == answer.rows[:1]
    assert answer.totals == {"visits": 3, "share": 0.75}
