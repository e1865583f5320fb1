"""Where something happened, said in a sentence."""

import pytest

from reports.report import Row
from reports.wording.places import isolated, struck_at
from tracker.languages import language_of, speaking


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"path": "/cart", "element": "#pay", "element_text": "Pay"}, "Dead click on the “Pay” of /cart"),
        ({"path": None, "element": "button", "element_text": "Pay"}, "Dead click on the “Pay” button"),
        ({"path": "/cart", "element": None}, "Dead click on /cart"),
        ({"path": None, "element": None}, "Dead click on the whole site"),
    ],
)
def test_a_place_is_named_as_closely_as_it_is_known(row: Row, words: str) -> None:
    assert struck_at("Dead click", row) == words


def test_a_name_is_kept_apart_only_where_lines_go_the_other_way() -> None:
    assert isolated("/cart") == "/cart"
    with speaking(language_of("fa")):
        assert isolated("/cart") == "\u2068/cart\u2069"
