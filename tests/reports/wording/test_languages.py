"""The same words in other languages: numbers and days by CLDR, arrows and lists as one reads there."""

from zoneinfo import ZoneInfo

import pytest

from reports.mail.sections import cell_of
from reports.person import written
from reports.wording import words
from reports.wording.shown import Shown
from tracker.languages import LANGUAGES, Language, language_of, speaking


@pytest.mark.parametrize(
    ("tag", "said"), [("en", "26.8 points"), ("fi", "26,8 "), ("fa", "۲۶٫۸ "), ("fa-u-nu-latn", "26.8 ")]
)
def test_points_have_the_decimals_of_the_language(tag: str, said: str) -> None:
    with speaking(language_of(tag)):
        assert words.point_words(0.268).startswith(said)


def test_one_point_is_no_points() -> None:
    assert [words.point_words(one, with_sign=True) for one in (0.01, -0.03, 0.015)] == [
        "+1 point",
        "−3 points",
        "+1.5 points",
    ]


def test_arrows_point_the_way_one_reads() -> None:
    assert words.steps(["/", "/cart"]) == "/ → /cart"
    with speaking(language_of("fa")):
        assert words.steps(["/", "/cart"]) == "/ ← /cart"


def test_trails_point_the_same_way_on_a_persons_page_and_in_letters() -> None:
    item, path = {"trail": ["/", "/cart"], "given": {"a": 1, "b": 2}}, Shown("trail", "", parts=["/", "/cart"])
    with speaking(language_of("fa")):
        assert [said for _, said in written(ZoneInfo("UTC"), item)] == ["/ ← /cart", "a: 1، b: 2"]
        assert cell_of(path, is_number=False).text == "/ ← /cart"


# What visitors brought, beside the words of ours.
_BROUGHT = {"country": ["PL", "IR"], "medium": ["visits", "page"]}


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.tag)
@pytest.mark.parametrize("dimension", ["medium", "device", "screen", "country"])
def test_what_is_said_of_a_value_is_understood_again(language: Language, dimension: str) -> None:
    stored = [*words.NAMED.get(dimension, ()), "", *_BROUGHT.get(dimension, ())]
    with speaking(language):
        said = {value: words.name_of(dimension, value) for value in stored}
        assert {words.value_of(dimension, text): text for text in said.values()} == said


def test_what_visitors_bring_is_no_word_of_ours() -> None:
    with speaking(language_of("fi")):
        assert words.name_of("medium", "visits") == "Visits"
