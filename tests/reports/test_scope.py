"""Words in, a scope out; hostile words are refused by name and quickly."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from reports.query.filters import texts_of
from reports.scope import WORDS, Scope, parse_scope
from tests.kit.clock import computed_within
from tests.kit.ground import at
from tracker.errors import InvalidInputError
from tracker.segments import SegmentInfo
from tracker.sites import SiteInfo

NOW = at("2026-03-10 12:00")
WARSAW = SiteInfo(1, "key", "Shop", "Europe/Warsaw", "cookieless", ("shop.example",), frozenset(), True, False)


def scope(site: SiteInfo = WARSAW, now: str = "2026-03-10 12:00", **words: Any) -> Scope:
    given = {word: [value] if isinstance(value, str) else value for word, value in words.items()}
    return parse_scope(site, given, at(now))


def refusal(**words: Any) -> InvalidInputError:
    with computed_within(0.5), pytest.raises(InvalidInputError) as caught:
        scope(**words)
    assert len(str(caught.value)) < 700
    return caught.value


@pytest.mark.parametrize(
    ("name", "first", "end_day"),
    [
        ("today", "2026-03-10", "2026-03-11"),
        ("yesterday", "2026-03-09", "2026-03-10"),
        ("7d", "2026-03-04", "2026-03-11"),
        ("28d", "2026-02-11", "2026-03-11"),
        ("month", "2026-03-01", "2026-03-11"),
        ("last_month", "2026-02-01", "2026-03-01"),
        ("year", "2026-01-01", "2026-03-11"),
        ("2026-01-01..2026-01-31", "2026-01-01", "2026-02-01"),
    ],
)
def test_ranges_are_whole_days(name: str, first: str, end_day: str) -> None:
    span = scope(range=name).range
    assert (span.first, span.end_day) == (date.fromisoformat(first), date.fromisoformat(end_day))


def test_the_day_is_the_sites_own() -> None:
    assert scope(range="today", now="2026-03-10 23:30").range.first == date(2026, 3, 11)
    assert scope(range="today", now="2026-03-10 22:30").range.first == date(2026, 3, 10)


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24)])
def test_days_on_which_clocks_change_are_shorter_or_longer(day: str, hours: int) -> None:
    span = scope(range=f"{day}..{day}").range
    assert span.end.timestamp() - span.start.timestamp() == hours * 3600


def test_a_midnight_that_clocks_skip_is_the_moment_they_skip_to() -> None:
    beirut = SiteInfo(1, "key", "Shop", "Asia/Beirut", "cookieless", (), frozenset(), True, False)
    assert scope(beirut, range="2025-03-30..2025-03-30").range.start.isoformat() == "2025-03-30T01:00:00+03:00"


@pytest.mark.parametrize(
    ("range_", "compare", "first", "end_day"),
    [
        ("yesterday", "previous", "2026-03-08", "2026-03-09"),
        ("2026-01-11..2026-01-20", "previous", "2026-01-01", "2026-01-11"),
        ("2026-01-11..2026-01-20", "weekday", "2025-12-28", "2026-01-07"),
        ("2026-01-11..2026-01-20", "year", "2025-01-11", "2025-01-21"),
        ("last_month", "previous", "2026-01-01", "2026-02-01"),
        ("2024-02-29..2024-02-29", "year", "2023-02-28", "2023-03-01"),
    ],
)
def test_comparison(range_: str, compare: str, first: str, end_day: str) -> None:
    other = scope(range=range_, compare=compare).compared
    assert other is not None
    assert (other.first, other.end_day, other.until) == (date.fromisoformat(first), date.fromisoformat(end_day), None)


def test_a_weekday_comparison_begins_on_the_same_weekday() -> None:
    chosen = scope(range="30d", compare="weekday")
    assert chosen.compared is not None
    assert chosen.compared.first.weekday() == chosen.range.first.weekday()


@pytest.mark.parametrize(("range_", "end"), [("today", "2026-03-09"), ("7d", "2026-03-03"), ("month", "2026-02-10")])
def test_a_range_that_runs_is_compared_with_as_much_of_the_other(range_: str, end: str) -> None:
    other = scope(range=range_, compare="previous").compared
    assert other is not None
    assert other.end.isoformat() == f"{end}T13:00:00+01:00"


def test_defaults() -> None:
    chosen = scope()
    assert (chosen.range.name, chosen.filters, chosen.compared, chosen.bots, chosen.limit) == (
        "28d",
        (),
        None,
        "out",
        100,
    )


def test_filters_are_read_and_written_back() -> None:
    text = r"path:is:/a\|b|/c\\d|https\://e"
    [one] = scope(filter=text).filters
    assert one.values == ("/a|b", r"/c\d", "https://e")
    assert str(one) == text
    assert scope(filter=str(one)).filters == (one,)


def test_alternatives_are_read_and_written_back() -> None:
    texts = ["os:is:iOS", "or:path:is:/a|/b", "or:source:is:", "device:is:mobile"]
    first, second = scope(filter=texts).filters
    assert [str(one) for one in first.parts] == ["os:is:iOS", "path:is:/a|/b", "source:is:"]
    assert texts_of([first, second]) == texts
    with pytest.raises(InvalidInputError, match="at most"):
        scope(filter=["os:is:iOS", *["or:os:is:iOS"] * 20])


def test_a_segment_adds_its_filters_after_those_asked_for() -> None:
    shop = replace(WARSAW, segments=(SegmentInfo("Phones", ("device:is:mobile", "path:contains:/a")),))
    chosen = scope(shop, filter="os:is:iOS", segment="Phones")
    assert [str(one) for one in chosen.filters] == ["os:is:iOS", "device:is:mobile", "path:contains:/a"]
    assert chosen.segment == shop.segments[0]


def test_a_colon_in_a_value_and_a_backslash_of_a_pattern_need_no_escape() -> None:
    assert scope(filter="referrer:contains:http://x").filters[0].values == ("http://x",)
    assert scope(filter=r"path:matches:^/p/\d+$").filters[0].values == (r"^/p/\d+$",)


@pytest.mark.parametrize(
    ("words", "field", "hint"),
    [
        ({"rnage": "7d"}, "rnage", "range"),
        ({"range": "fortnight"}, "range", "28d"),
        ({"range": "2026-02-30..2026-03-01"}, "range", "calendar"),
        ({"range": "2026-03-02..2026-03-01"}, "range", "after"),
        ({"range": "1026-03-02..1026-03-03"}, "range", "1995"),
        ({"range": ["7d", "28d"]}, "range", "more than once"),
        ({"compare": "yaer"}, "compare", "year"),
        ({"range": "all", "compare": "year"}, "compare", "before"),
        ({"bots": "yes"}, "bots", "only"),
        ({"segment": "Phones"}, "segment", "none is saved yet"),
        ({"limit": "0"}, "limit", "10,000"),
        ({"limit": "٣"}, "limit", "10,000"),
        ({"limit": "9" * 5000}, "limit", "10,000"),
        ({"filter": "pth:is:/"}, "filter", "path"),
        ({"filter": "path:iz:/"}, "filter", "is"),
        ({"filter": "or:path:is:/"}, "filter", "before it"),
        ({"filter": "path"}, "filter", "is"),
        ({"filter": "path:is"}, "filter", "value"),
        ({"filter": "path:contains:"}, "filter", "value"),
        ({"filter": "path:matches:("}, "filter", "RE2"),
        ({"filter": "path:matches:(a{1000}){1000}"}, "filter", "RE2"),
        ({"filter": "path:is:a\0b"}, "filter", "characters"),
        ({"filter": "path:is:a\ud800b"}, "filter", "characters"),
        ({"filter": "path:is:" + "a" * 600}, "filter", "512"),
        ({"filter": "path:is:" + "a|" * 200}, "filter", "100"),
        ({"filter": "path:is:" + "a" * 1_000_000}, "filter", "4,096"),
        ({"filter": ["path:is:/"] * 10_000}, "filter", "20"),
    ],
)
def test_a_bad_word_is_refused_by_name(words: dict[str, Any], field: str, hint: str) -> None:
    error = refusal(**words)
    assert error.field == field
    assert hint in error.problem


@pytest.mark.parametrize("word", [word for word in WORDS if word != "filter"])
@pytest.mark.parametrize("text", ["'; DROP TABLE event; --", "1 OR 1=1", "\\", '"', "%27", "${x}", "\0", "é" * 9999])
def test_no_word_takes_sql(word: str, text: str) -> None:
    assert refusal(**{word: text}).field == word
