"""What may stand in a question, and what is said where something else does: quickly, with the field and the way out."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.query.filters import Filter, Tree, parse_filters
from reports.question.dimensions import GROUPING, fits
from reports.question.measures import ASKABLE, BY_NAME
from reports.question.reading import Body, read_question, read_words
from reports.question.schema import schema
from reports.question.trees import MOST_CONDITIONS, read_trees
from tests.kit.clock import computed_within
from tests.kit.ground import at
from tests.reports.conftest import GOALS
from tests.reports.question.conftest import Reading
from tracker.errors import InvalidInputError
from tracker.segments import SegmentInfo
from tracker.sites import SiteInfo

CART = ["is", "path", ["/cart"]]
VISITS = {"metrics": ["visits"]}
SITE = SiteInfo(
    1,
    "site",
    "Shop",
    "Europe/Warsaw",
    "cookieless",
    ("shop.example",),
    frozenset(),
    enabled=True,
    sample=False,
    goals=GOALS,
)


def nested(times: int) -> list[Any]:
    found: list[Any] = CART
    for _ in range(times):
        found = ["not", found]
    return found


TOO_LARGE = r"\pL{100}\pN{100}"
NESTED, DEEP = nested(900), nested(8)


@pytest.mark.parametrize(
    ("given", "field", "problem"),
    [
        ({"metrics": []}, "metrics", "name at least one of visitors, visits"),
        ({"metrics": ["visiters"]}, "metrics", "no measure is named 'visiters'; did you mean visitors?"),
        ({"metrics": ["visits", "visits"]}, "metrics", "given twice"),
        ({"metrics": ["visits"] * 21}, "metrics", "at most 20, not 21"),
        ({"dimensions": ["visit:sorce"]}, "dimensions", "'visit:sorce'; did you mean visit:source?"),
        ({"dimensions": ["event:props:a b"]}, "dimensions", "no dimension is named 'event:props:a b'"),
        ({"dimensions": ["time:day", "time:hour"]}, "dimensions", "only one of them can be a time"),
        ({"metrics": ["bounce_rate"], "dimensions": ["path"]}, "metrics", "bounce_rate cannot be asked with path"),
        ({"metrics": ["views"], "dimensions": ["element"]}, "metrics", "it counts views; with element ask"),
        ({"metrics": ["visit_duration"], "dimensions": ["event:page"]}, "metrics",
         "visit_duration cannot be asked with event:page"),
        ({"metrics": ["visits"], "dimensions": ["signal", "title"]}, "metrics", "no measure knows signal and title"),
        ({"date_range": "fortnight"}, "date_range", "'fortnight' is no range"),
        ({"date_range": ["2026-03-01"]}, "date_range", "two days or times, not 1"),
        ({"date_range": ["2026-03-02", "2026-03-01"]}, "date_range", "comes after"),
        ({"date_range": ["2026-03-02T10:00", "2026-03-02T10:00"]}, "date_range", "does not come before"),
        ({"date_range": ["2026-03-02", "2026-03-02T10:00"]}, "date_range", "not one of each"),
        ({"date_range": ["2026-02-30", "2026-03-02"]}, "date_range", "neither a day nor a time"),
        ({"date_range": ["0001-01-01T00:00+14:00", "2026-03-02"]}, "date_range", "neither a day nor a time"),
        ({"date_range": ["1995-01-01", "2099-01-01"]}, "date_range", "at most 3,660 days, not 37,987"),
        ({"date_range": "9999d"}, "date_range", "at most 3,660 days"),
        ({"date_range": "all", "compare": "previous"}, "compare", "nothing comes before"),
        ({"date_range": ["2026-03-02T10:00", "2026-03-02T11:00"], "compare": "year"}, "compare", "whole days"),
        ({"compare": "last"}, "compare", "'last' is unknown"),
        ({"bots": "some"}, "bots", "use one of out, in, only"),
        ({"segment": "Nobody"}, "segment", "there is none"),
        ({"filters": [["has", "path", ["/"]]]}, "filters", "no operation is named 'has'"),
        ({"filters": [["is", "pth", ["/"]]]}, "filters", "did you mean path?"),
        ({"filters": [["is", "path", []]]}, "filters", "1 to 100 values of path, not 0"),
        ({"filters": [["is", "path", ["/"] * 101]]}, "filters", "1 to 100 values of path, not 101"),
        ({"filters": [["is", "path", "/"]]}, "filters", 'a list: ["is", "path", ["/cart"]]'),
        ({"filters": [["is", "path", [{}]]]}, "filters", "a value of path must be a text"),
        ({"filters": [["is", "path", ["\0"]]]}, "filters", "no text may have"),
        ({"filters": [["is", "path", ["/" * 600]]]}, "filters", "longer than 512"),
        ({"filters": [["contains", "path", [""]]]}, "filters", "not empty"),
        ({"filters": [["matches", "path", ["("]]]}, "filters", "no regular expression"),
        ({"filters": [["matches_not", "path", ["("]]]}, "filters", "no regular expression"),
        ({"filters": [["matches", "path", [f"^/{n}" for n in range(11)]]]}, "filters", "10 patterns to match in all"),
        ({"filters": [["matches", "path", ["a" * 129]]]}, "filters", "longer than 128"),
        ({"filters": [["matches", "path", [TOO_LARGE] * 10]]}, "filters", "is too large a pattern; repeat less"),
        ({"filters": [["is", "path", ["/"] * 100]] * 21}, "filters", "at most 2,000 values in all, not 2,100"),
        ({"filters": [["is", "goal", ["Orderd"]]]}, "filters", "did you mean Ordered?"),
        ({"filters": [["not", CART, CART]]}, "filters", "not takes one filter"),
        ({"filters": [["and", []]]}, "filters", "and takes one list"),
        ({"filters": [[]]}, "filters", "each must be a list"),
        ({"filters": [NESTED]}, "filters", "at most 100 conditions"),
        ({"filters": [DEEP]}, "filters", "at most 8 levels"),
        ({"filters": [CART] * 10_000}, "filters", "at most 100 conditions"),
        ({"filters": [["or", [["and", [CART] * 99]] * 99]]}, "filters", "at most 100 conditions"),
        ({"filters": [["or", [CART] * 21]]}, "filters", "at most 20 conditions on"),
        ({"filters": [["is", "returning", ["yes"]]] * 21}, "filters", "at most 20 conditions on"),
        ({"order_by": [["views", "desc"]]}, "order_by", "'views' is not asked for; use one of visits"),
        ({"order_by": [["visits", "desc"]] * 2}, "order_by", "more than is asked for"),
        ({"pagination": {"limit": 0}}, "pagination", "1 to 10000"),
        ({"pagination": {"offset": -1}}, "pagination", "0 to 1000000"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked(read: Reading, given: dict[str, Any], field: str, problem: str) -> None:
    with computed_within(0.2), pytest.raises(InvalidInputError) as raised:
        read(**{**VISITS, **given})
    assert raised.value.field == field
    assert problem in raised.value.problem


@pytest.mark.parametrize(
    ("given", "start", "end"),
    [
        ("day", "2026-03-10", "2026-03-11"),
        ("7d", "2026-03-04", "2026-03-11"),
        ("3d", "2026-03-08", "2026-03-11"),
        ("month", "2026-03-01", "2026-03-11"),
        ("6mo", "2025-10-01", "2026-03-11"),
        ("12mo", "2025-04-01", "2026-03-11"),
        ("year", "2026-01-01", "2026-03-11"),
        ("yesterday", "2026-03-09", "2026-03-10"),
        (["2026-03-01", "2026-03-02"], "2026-03-01", "2026-03-03"),
        ("2026-03-01..2026-03-02", "2026-03-01", "2026-03-03"),
        (["2026-03-01T00:00:00", "2026-03-02T00:00:00"], "2026-03-01", "2026-03-02"),
    ],
)
def test_ranges(read: Reading, given: Any, start: str, end: str) -> None:
    span = read(**VISITS, date_range=given).scope.range
    midnights = [moment.replace(tzinfo=None).isoformat() for moment in (span.start, span.end)]
    assert midnights == [f"{start}T00:00:00", f"{end}T00:00:00"]


def test_a_range_within_the_hour_that_clocks_repeat(read: Reading) -> None:
    span = read(**VISITS, date_range=["2025-10-26T02:30:00+02:00", "2025-10-26T02:15:00+01:00"]).scope.range
    assert span.end.astimezone(UTC) - span.start.astimezone(UTC) == timedelta(minutes=45)
    with pytest.raises(InvalidInputError, match="does not come before"):
        read(**VISITS, date_range=["2025-10-26T02:15:00+01:00", "2025-10-26T02:30:00+02:00"])


@pytest.mark.parametrize(
    "pattern", [r"^/(products|shop)/[a-z0-9-]+/\d{4}-\d\d$", r"(?i)[\pL\pN_-]+@[\pL\pN.-]+", ".{100}"]
)
def test_patterns_of_every_day_are_taken(read: Reading, pattern: str) -> None:
    assert read(**VISITS, filters=[["matches", "path", [pattern]]])


def test_patterns_of_an_address_are_counted_together() -> None:
    with pytest.raises(InvalidInputError, match="10 patterns to match in all, not 11"):
        parse_filters(["path:matches:/1|/2|/3|/4|/5|/6", "or:path:matches:/1|/2|/3|/4|/5"])
    with pytest.raises(InvalidInputError, match="too large a pattern"):
        parse_filters([f"path:matches:{TOO_LARGE}"])


@pytest.mark.parametrize("limit", ["0", "10001", "12345678901", "-1"])
def test_an_address_is_told_of_its_own_word(limit: str) -> None:
    with pytest.raises(InvalidInputError) as raised:
        read_words({"site_id": ["site"], "metrics": ["visits"], "limit": [limit]})
    assert (raised.value.field, raised.value.problem) == ("limit", "must be a whole number from 1 to 10,000")


def test_a_question_says_all_that_it_means(read: Reading) -> None:
    said = read(metrics=["pageviews"], date_range="day").said
    assert (said["metrics"], said["bots"], said["pagination"]) == (["pageviews"], "out", {"limit": 10000, "offset": 0})
    again = read(**{name: value for name, value in said.items() if name != "site_id"})
    assert again.said == said


def test_a_question_from_an_address() -> None:
    found = read_words(
        {
            "site_id": ["site"],
            "metrics": ["visitors,views", "clicks"],
            "dimensions": ["path, time:day"],
            "date_range": ["2026-03-01,2026-03-02"],
            "filter": ["path:is:/a", "or:source:is:"],
            "order_by": ["views:desc,time:day:asc"],
            "include": ["total_rows"],
            "limit": ["5"],
        }
    )
    body = found.body
    assert (body.metrics, body.dimensions) == (["visitors", "views", "clicks"], ["path", "time:day"])
    assert (body.date_range, body.order_by) == (["2026-03-01", "2026-03-02"], [("views", "desc"), ("time:day", "asc")])
    assert (body.include.total_rows, body.pagination.limit) == (True, 5)
    question = read_question(SITE, body, found.filters, at("2026-03-10 12:00"))
    assert [one.texts for one in question.scope.filters] == [("path:is:/a", "or:source:is:")]


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"metrik": ["visits"]}, "metrik"),
        ({"site_id": ["site", "another"]}, "site_id"),
        ({"limit": ["1", "2"]}, "limit"),
        ({"date_range": ["7d", "28d"]}, "date_range"),
        ({"limit": ["-1"]}, "limit"),
        ({"offset": ["1e9"]}, "offset"),
        ({"order_by": ["visits"]}, "order_by"),
        ({"include": ["everything"]}, "include"),
        ({"shape": ["cube"]}, "shape"),
        ({"filter": ["path:like:/"]}, "filter"),
    ],
)
def test_words_that_no_address_takes(words: dict[str, list[str]], field: str) -> None:
    with pytest.raises(InvalidInputError) as raised:
        read_words(words)
    assert raised.value.field == field


def test_problems_name_what_was_written() -> None:
    lost = SegmentInfo("Lost", ("goal:is:Orderd",))
    site, now, goal = replace(SITE, segments=(lost,)), at("2026-03-10 12:00"), ["is", "goal", ["Orderd"]]
    asked = {"site_id": "site", "metrics": ["visits"]}
    for words, filters, field in (
        ({"filters": [goal]}, (), "filters"),
        ({}, parse_filters(["goal:is:Orderd"]), "filter"),
        ({"segment": "Lost", "filters": [CART]}, (), "segment"),
    ):
        with pytest.raises(InvalidInputError, match="did you mean Ordered") as raised:
            read_question(site, msgspec.convert({**asked, **words}, Body), filters, now)
        assert raised.value.field == field


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["is", "not", "and", "path"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=30,
)


@given(st.lists(JSON, max_size=4))
def test_any_filters_are_read_or_refused(filters: list[object]) -> None:
    try:
        read = read_trees(filters)
    except InvalidInputError as error:
        assert error.field == "filters"
    else:
        assert len(read) == len(filters)


TEXTS = st.text(
    st.characters(min_codepoint=32, exclude_characters="\x7f", exclude_categories=["Cs"]), min_size=1, max_size=5
)
LEAVES = st.builds(
    lambda operation, dimension, values: [operation, dimension, values],
    st.sampled_from(["is", "is_not", "contains", "contains_not"]),
    st.sampled_from(["path", "visit:source", "event:page", "device"]),
    st.lists(TEXTS, min_size=1, max_size=3),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["and", "or"]), st.lists(inner, min_size=1, max_size=3)).map(list),
        st.tuples(st.just("not"), inner).map(list),
    ),
    max_leaves=6,
)


@given(TREES)
def test_trees_keep_their_shape(tree: list[Any]) -> None:
    try:
        [found] = read_trees([tree])
    except InvalidInputError as error:
        assert "levels" in error.problem
    else:
        assert _alike(found, tree)


def _alike(found: object, tree: list[Any]) -> bool:
    if isinstance(found, Tree):
        branches = [tree[1]] if tree[0] == "not" else tree[1]
        return found.joined_by == tree[0] and all(map(_alike, found.branches, branches))
    return isinstance(found, Filter) and (found.operation, list(found.values)) == (tree[0], tree[2])


def test_every_name_is_one_measures_alone() -> None:
    names = [name for one in ASKABLE for name in (one.name, *one.aliases)]
    assert len(names) == len(set(names)) == len(BY_NAME)


def test_every_dimension_has_a_measure_and_every_measure_is_told() -> None:
    told = schema()
    for name in GROUPING:
        assert any(name in one.goes_with for one in told.measures), name
    for askable in ASKABLE:
        assert any(fits(variant, ()) for variant in askable.variants)
    assert [one.name for one in told.measures] == [one.name for one in ASKABLE]


@given(st.lists(st.sampled_from(GROUPING), max_size=3, unique=True), st.sampled_from([one.name for one in ASKABLE]))
def test_every_pair_is_asked_or_refused_by_name(dimensions: list[str], measure: str) -> None:
    body = msgspec.convert({"site_id": "site", "metrics": [measure], "dimensions": dimensions}, Body)
    reading: Callable[[], Any] = lambda: read_question(SITE, body, now=at("2026-03-10 12:00"))  # noqa: E731
    try:
        question = reading()
    except InvalidInputError as error:
        assert error.field in ("metrics", "dimensions")
    else:
        assert question.numbers[0].name == measure


def test_the_most_conditions_are_taken() -> None:
    assert len(read_trees([["is", "path", ["/cart"]]] * MOST_CONDITIONS)) == MOST_CONDITIONS
