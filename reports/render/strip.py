"""A strip of time, drawn as SVG: marks with words along one line, as few rows of words as they need.

As with the charts, the page's style sheet has the colours and the type.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTHS = {"broad": 720, "slim": 320}
"""A strip's width in px, by the class with which a page shows it where it fits."""
_LETTER = 6.6  # px that one letter of a label takes, about
_ROW = 18
_EDGE = 12
_LONGEST = 26
_MOST_ROWS = 4


@dataclass(frozen=True)
class Mark:
    """Something at `at_ms`; `mood` is a class: step, struggle or answer."""

    at_ms: int
    text: str
    mood: str


def strip(marks: Sequence[Mark], until_ms: int, place: str, *, title: str, write: Callable[[float], str]) -> Markup:
    """Draw marks from the first one's time to `until_ms`; `write` writes a length of time for the two ends."""
    width = WIDTHS[place]
    begin = min((mark.at_ms for mark in marks), default=0)
    span = max(until_ms, max((mark.at_ms for mark in marks), default=0)) - begin or 1
    rows: list[float] = []
    points: list[Markup] = []
    texts: list[Markup] = []
    for mark in sorted(marks, key=lambda mark: mark.at_ms):
        x = _EDGE + (width - 2 * _EDGE) * (mark.at_ms - begin) / span
        text = mark.text if len(mark.text) <= _LONGEST else mark.text[: _LONGEST - 1] + "…"
        wide = len(text) * _LETTER + 10
        start = min(x, width - wide)
        row = next((number for number, end in enumerate(rows) if end <= start), len(rows))
        if row < _MOST_ROWS:
            rows[row : row + 1] = [start + wide]
            texts.append(_words(mark, text, start, row))
        points.append(_point(mark, x, min(row, _MOST_ROWS - 1)))
    height = 44 + _ROW * max(len(rows), 1)
    ends = Markup('<text x="{}" y="14">{}</text><text x="{}" y="14" text-anchor="end">{}</text>').format(
        _EDGE, write(0), width - _EDGE, write(span)
    )
    line = Markup('<line class="axis" x1="{}" x2="{}" y1="26" y2="26"/>').format(_EDGE, width - _EDGE)
    return Markup('<svg class="strip chart {}" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}</svg>').format(
        place, width, height, title, ends, line, Markup("").join(points + texts)
    )


def _point(mark: Mark, x: float, row: int) -> Markup:
    """Draw where a mark is: a square for a struggle, so that it is told not by its colour alone."""
    stem = Markup('<line class="stem" x1="{0:.1f}" x2="{0:.1f}" y1="26" y2="{1}"/>').format(x, 40 + _ROW * row)
    if mark.mood == "struggle":
        return stem + Markup('<rect class="struggle" x="{:.1f}" y="19" width="14" height="14" rx="2"/>').format(x - 7)
    return stem + Markup('<circle class="{}" cx="{:.1f}" cy="26" r="5"/>').format(mark.mood, x)


def _words(mark: Mark, text: str, x: float, row: int) -> Markup:
    return Markup('<text class="{}" x="{:.1f}" y="{}">{}</text>').format(mark.mood, x, 54 + _ROW * row, text)
