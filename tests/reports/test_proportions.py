"""Differences of shares: published figures, by hand, and what must hold of any."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.query.proportions import Pair, chance, difference, discoveries, excess


@pytest.mark.parametrize(
    ("pair", "low", "high"),
    [
        # R. G. Newcombe (1998), table II, method 10
        (Pair(56, 70, 48, 80), 0.0524, 0.3339),
        (Pair(9, 10, 3, 10), 0.1705, 0.8090),
        (Pair(6, 7, 2, 7), 0.0582, 0.8062),
        (Pair(5, 56, 0, 29), -0.0381, 0.1926),
        (Pair(0, 10, 0, 20), -0.1611, 0.2775),
        (Pair(10, 10, 0, 20), 0.6791, 1.0),
    ],
)
def test_the_interval_of_a_difference_as_published(pair: Pair, low: float, high: float) -> None:
    found = difference(pair)
    assert found is not None
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


def test_nothing_is_known_where_nothing_was_tried() -> None:
    assert difference(Pair(0, 0, 1, 2)) is None
    assert difference(Pair(1, 2, 0, 0)) is None
    assert excess([]) is None


def test_the_excess_adds_up_over_strata_that_say_enough() -> None:
    found = excess([Pair(8, 10, 20, 100), Pair(5, 10, 50, 100), Pair(4, 4, 0, 100), Pair(10, 10, 0, 4)])
    assert found is not None
    assert found.value == pytest.approx(10 * (0.8 - 0.2) + 10 * (0.5 - 0.5))
    assert found.low < found.value < found.high
    fewer_seen = excess([Pair(8, 10, 4, 20), Pair(5, 10, 10, 20)])
    assert fewer_seen is not None
    assert fewer_seen.high - fewer_seen.low > found.high - found.low


pairs = st.builds(
    lambda tries, others, hits, other_hits: Pair(min(hits, tries), tries, min(other_hits, others), others),
    *([st.integers(1, 10_000)] * 4),
)


@given(pairs)
def test_a_difference_lies_within_its_interval_and_turns_with_its_sides(pair: Pair) -> None:
    found, turned = difference(pair), difference(Pair(pair.other_hits, pair.other_tries, pair.hits, pair.tries))
    assert found is not None and turned is not None
    assert -1 - 1e-9 <= found.low <= found.value <= found.high <= 1 + 1e-9
    assert (turned.low, turned.high) == (pytest.approx(-found.high), pytest.approx(-found.low))
    assert 0 <= chance(pair) <= 1


def test_chance_by_hand() -> None:
    assert chance(Pair(5, 10, 50, 100)) == 1.0
    assert chance(Pair(0, 10, 0, 10)) == 1.0
    # chi-squared with N - 1: 29 * (7*5 - 2*... )² worked out: 15/20 against 3/10
    assert chance(Pair(15, 20, 3, 10)) == pytest.approx(0.0197, abs=5e-4)


def test_few_of_many_chances_are_believed() -> None:
    # Y. Benjamini and Y. Hochberg (1995), section 4.1: 15 comparisons, four rejected
    published = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240]
    published += [0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    assert discoveries(published) == [True] * 4 + [False] * 11
    assert discoveries([0.9, 0.01]) == [False, True]
    assert discoveries([]) == []
