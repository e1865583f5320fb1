"""The strips of a story: as wide as their place, words over lines, nothing beyond the edges."""

import re
from xml.etree import ElementTree

import pytest

from reports.render.strip import WIDTHS, Mark, strip

MARKS = [
    Mark(0, "/", "step"),
    Mark(9000, "/a-page-with-a-name-too-long-for-a-strip", "step"),
    Mark(9100, "Dead click", "struggle"),
    Mark(10_000, "/thanks", "step"),
]


@pytest.mark.parametrize("place", WIDTHS)
def test_words_begin_inside_the_strip_and_stand_over_the_lines(place: str) -> None:
    drawn = str(strip(MARKS, 10_000, place, title="The visit", write=str))
    picture = ElementTree.fromstring(drawn)
    assert picture.get("class") == f"strip chart {place}"
    starts = [float(one.get("x", "")) for one in picture.iter("text")]
    assert len(starts) >= len(MARKS)
    assert all(0 <= start <= WIDTHS[place] for start in starts)
    assert drawn.rindex("<line") < drawn.index("Dead click")
    assert re.search("/a-page-with-a-name-too-l…", drawn)
