"""The picture of ties: every identifier and tie in it once, nothing of it markup."""

import re

import pytest

from reports.render.ties import MOST_ROWS, WIDTHS, Node, Tie, draw

PLACES = pytest.mark.parametrize("place", WIDTHS)


@PLACES
def test_each_identifier_and_tie_is_drawn_inside_the_picture(place: str) -> None:
    nodes = [
        Node("a", 0, "login", "aa"),
        Node("b", 1, "browser id", "bb"),
        Node("c", 1, "browser id", "cc", "elsewhere"),
    ]
    drawn = str(
        draw(nodes, [Tie("a", "b", "counts"), Tie("b", "c", "gone"), Tie("a", "x", "counts")], place, title="T")
    )
    assert (drawn.count("<rect"), drawn.count("<circle"), drawn.count("<path")) == (1, 2, 2)
    assert 'class="tie gone"' in drawn and 'class="node elsewhere"' in drawn
    size = re.search(r'viewBox="0 0 (\d+) (\d+)"', drawn)
    assert size and int(size[1]) == WIDTHS[place]
    places = re.findall(r'<text[^>]* x="([\d.]+)" y="([\d.]+)"', drawn)
    assert len(places) == 6
    assert all(0 < float(x) < int(size[1]) and 0 < float(y) < int(size[2]) for x, y in places)


def test_what_does_not_fit_is_left_out_with_its_ties() -> None:
    nodes = [Node(str(one), 1, "browser id", str(one)) for one in range(MOST_ROWS + 5)]
    drawn = draw(nodes, [Tie("0", str(MOST_ROWS + 1), "counts")], "slim", title="T")
    assert (drawn.count("<circle"), drawn.count("<path")) == (MOST_ROWS, 0)


def test_words_stay_words() -> None:
    drawn = draw([Node("a", 1, "<b>", '"')], [], "slim", title='"><script>')
    assert "&lt;b&gt;" in drawn and "&gt;&lt;script&gt;" in drawn
    assert "<b>" not in drawn and "<script>" not in drawn


def test_nothing_is_a_picture_too() -> None:
    assert draw([], [], "broad", title="Nothing").startswith("<svg")
