"""Elements are named by what is written on them and what they are."""

import pytest

from reports.wording.elements import element_in_sentence, element_words
from tracker.languages import language_of, speaking


@pytest.mark.parametrize(
    ("selector", "text", "said"),
    [
        ("main>section>button:nth-of-type(2)", "Buy now", "“Buy now” button"),
        ("nav>a", "Chairs", "“Chairs” link"),
        ("#buy", "Buy now", "“Buy now”"),
        ("#buy", None, "#buy"),
        ("main>figure>img", None, "Picture"),
        ("shop-card>>>button", None, "Button"),
        ("main>form>input[name=card]", None, "“card” field"),
        ("main>form>input", None, "Field"),
        ("", None, "Element"),
    ],
)
def test_elements_are_named_as_a_person_would(selector: str, text: str | None, said: str) -> None:
    assert element_words(selector, text) == said


def test_an_element_in_a_sentence_is_the_one_written_on_or_any() -> None:
    assert element_words("main>button") == "Button"
    assert element_in_sentence("main>button") == "a button"
    assert element_in_sentence("main>button", "Buy now") == "the “Buy now” button"


def test_an_element_of_the_pages_own_making_is_no_word_of_ours() -> None:
    with speaking(language_of("fi")):
        assert element_words("main>events", None) == "Events"
