from datetime import UTC, datetime

import pytest

from reports.wording import words
from reports.wording.links import Address


@pytest.mark.parametrize(
    ("ms", "said"),
    [
        (0, "0 s"),
        (820, "820 ms"),
        (1000, "1 s"),
        (4600, "4.6 s"),
        (12_400, "12 s"),
        (60_000, "1 min"),
        (200_000, "3 min 20 s"),
        (3_600_000, "1 h"),
        (3_900_000, "1 h 5 min"),
    ],
)
def test_lengths_of_time_are_said_shortly(ms: int, said: str) -> None:
    assert words.duration(ms) == said


@pytest.mark.parametrize(
    ("value", "said"), [(0, "0%"), (0.3692, "36.9%"), (0.5, "50%"), (1, "100%"), (0.9999, "100%"), (0.004, "0.4%")]
)
def test_shares_are_percent(value: float, said: str) -> None:
    assert words.share(value) == said


@pytest.mark.parametrize(
    ("value", "said"), [(0, "0"), (9_999, "9,999"), (12_345, "12.3K"), (2_000_000, "2M"), (3.2e9, "3.2B")]
)
def test_big_numbers_are_short_in_headlines(value: float, said: str) -> None:
    assert words.short_count(value) == said


@pytest.mark.parametrize(
    ("kind", "values", "said"),
    [
        ("share", [0.971, 1.0, None], ["97.1%", "100.0%", "–"]),
        ("share", [0.5, 1.0, 0], ["50%", "100%", "0%"]),
        ("number", [26.7, 7.83, 19], ["26.7", "7.8", "19.0"]),
        ("number", [1.25, 7, 0.5], ["1.25", "7.00", "0.50"]),
        ("count", [1200, 7], ["1,200", "7"]),
        ("number", [None], ["–"]),
    ],
)
def test_the_figures_of_a_column_stand_in_line(kind: str, values: list[float | None], said: list[str]) -> None:
    write = words.in_line(kind, values)
    assert [write(value) for value in values] == said


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/lamp", "/lamp"),
        ("/product/river-mug", "/product/<wbr>river-mug"),
        ("main>form.pay>input[name=card]", "main&gt;<wbr>form<wbr>.pay&gt;<wbr>input<wbr>[name=card]"),
        ("shop-card>>>button", "shop-card&gt;&gt;&gt;<wbr>button"),
        ("/<script>", "/&lt;script&gt;"),
    ],
)
def test_paths_break_between_their_steps(path: str, said: str) -> None:
    assert str(words.breakable(path)) == said


def test_countries_have_names_and_the_lack_of_a_value_has_words() -> None:
    assert words.name_of("country", "PL") == "Poland"
    assert words.name_of("country", "T1") == "T1"
    assert words.name_of("source", None) == "Direct or unknown"
    assert words.name_of("campaign", "") == "No campaign"


def test_times_of_day_are_told_and_midnights_are_days() -> None:
    assert words.moment(datetime(2026, 11, 3, tzinfo=UTC)) == "Tue 3 Nov"
    assert words.moment(datetime(2026, 11, 3, 14, 5, tzinfo=UTC)) == "3 Nov, 14:05"


def test_a_link_changes_one_thing_and_keeps_the_rest() -> None:
    here = Address("/s/", (("range", "7d"), ("filter", "path:is:/a"), ("filter", "device:is:mobile")))
    assert str(here.having(range="28d")) == "/s/?filter=path%3Ais%3A%2Fa&filter=device%3Ais%3Amobile&range=28d"
    assert str(here.without_filter(0)) == "/s/?range=7d&filter=device%3Ais%3Amobile"
    assert str(here.filtered("path", "/b")) == "/s/?range=7d&filter=device%3Ais%3Amobile&filter=path%3Ais%3A%2Fb"
    assert here.filtered("title", "a:b|c\\d").words[-1] == ("filter", r"title:is:a\:b\|c\\d")
    assert here.filtered("source", None).words[-1] == ("filter", "source:is:")
