"""The usability score: by hand, what must hold of any, and its reports."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import usability, usability_elements
from reports.query.intervals import wilson
from reports.struggle.scoring import score
from tests.kit.store import Visiting, dead, slow, worked
from tests.reports.conftest import Asking
from tracker.signal_book import BY_NAME, SIGNALS

struck = st.dictionaries(st.sampled_from([signal.name for signal in SIGNALS]), st.integers(0, 1000))


def test_by_hand() -> None:
    dead_, slow_ = BY_NAME["dead"], BY_NAME["slow"]
    found = score({"dead": 50, "slow": 10}, 1000)
    assert found is not None
    kept = (1 - dead_.weight * 0.05 / dead_.cap) * (1 - slow_.weight * 0.01 / slow_.cap)
    assert found.value == pytest.approx(100 * (1 - kept))


def test_the_interval_of_one_signal_is_that_of_its_share() -> None:
    signal = BY_NAME["dead"]
    found, bounds = score({"dead": 5}, 1000), wilson(5, 1000)
    assert found is not None and bounds is not None
    assert [found.low, found.high] == [pytest.approx(100 * signal.weight * one / signal.cap) for one in bounds]


def test_nothing_struck_is_the_best_and_no_view_no_score() -> None:
    assert score({}, 100) == (0, 0, 0)
    assert score({"dead": 3}, 0) is None


@given(struck, st.integers(1, 1000))
def test_it_lies_between_0_and_100_and_in_its_interval(struck: dict[str, int], views: int) -> None:
    found = score(struck, views)
    assert found is not None
    assert 0 <= found.low <= found.value + 1e-9 and found.value <= found.high + 1e-9 and found.high <= 100


@given(struck, st.sampled_from(SIGNALS), st.integers(1, 100), st.integers(1, 1000))
def test_more_struggles_never_make_it_better(struck: dict[str, int], signal: object, more: int, views: int) -> None:
    name = signal.name  # type: ignore[attr-defined]
    before, after = score(struck, views), score({**struck, name: struck.get(name, 0) + more}, views)
    assert before is not None and after is not None
    assert after.value >= before.value - 1e-9


@given(st.integers(1, 20))
def test_more_views_make_it_surer(times: int) -> None:
    few, many = score({"dead": 2, "rage": 1}, 50), score({"dead": 4 * times, "rage": 2 * times}, 100 * times)
    assert few is not None and many is not None
    assert many.value == pytest.approx(few.value)
    assert many.high - many.low < few.high - few.low


def test_pages_and_elements(ask: Asking, visit: Visiting) -> None:
    with visit.at_once():
        for hour in range(10, 14):
            visit(f"2026-03-09 {hour}:00", ["/a", "/b"], [dead("#x"), slow("#y", 1), worked("#z", 1, 15)])
        visit("2026-03-09 15:00", ["/a"], [slow("#y")])
    pages = ask(usability.report).rows
    assert [(row["path"], row["visitors"], row["incidents"], row["views"]) for row in pages] == [
        ("/a", 5, 5, 5),
        ("/b", 4, 4, 4),
    ]
    assert pages[0]["parts"] == ["Dead click 80 %", "Slow click 20 %"]
    assert pages[0]["score"] == pytest.approx(100 * (1 - 0.5 * 0.7))
    elements = ask(usability_elements.report).rows
    assert [(row["path"], row["element"], row["visitors"]) for row in elements] == [
        ("/a", "#x", 4),
        ("/b", "#y", 4),
        ("/a", "#y", 1),
    ]
    assert elements[0]["score"] == pytest.approx(50)
