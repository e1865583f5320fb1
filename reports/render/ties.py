"""Identifiers and what ties them, drawn as SVG: logins on one side, browsers in the middle, looks on the other.

As with the charts, the page's style sheet has the colours and the type; lines differ by their dashes too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTHS = {"broad": 720, "slim": 320}
"""A picture's width in px, by the class with which a page shows it where it fits."""
MOST_ROWS = 10
_ROW = 74
_RADIUS = 15


@dataclass(frozen=True)
class Node:
    """An identifier: its column (0, 1 or 2), two lines of words, and a class: its kind, `elsewhere`, `hub`."""

    key: str
    column: int
    name: str
    small: str
    mood: str = ""


@dataclass(frozen=True)
class Tie:
    """A line between two nodes; `mood` is a class: counts, aside or gone."""

    one: str
    other: str
    mood: str


def draw(nodes: Sequence[Node], ties: Sequence[Tie], place: str, *, title: str) -> Markup:
    """Draw nodes in their columns, at most MOST_ROWS in each, and the ties between those that are drawn."""
    width = WIDTHS[place]
    columns = [[node for node in nodes if node.column == number][:MOST_ROWS] for number in range(3)]
    used = [number for number, column in enumerate(columns) if column]
    rows = max((len(column) for column in columns), default=1)
    height = _ROW * max(rows, 1) + 8
    at: dict[str, tuple[float, float]] = {}
    for place_, number in enumerate(used):
        x = width * (2 * place_ + 1) / (2 * len(used))
        top = (height - _ROW * len(columns[number])) / 2 + 24
        at |= {node.key: (x, top + _ROW * row) for row, node in enumerate(columns[number])}
    lines = [_line(tie, at) for tie in ties if tie.one in at and tie.other in at]
    points = [_point(node, *at[node.key]) for node in nodes if node.key in at]
    return Markup('<svg class="ties chart {}" viewBox="0 0 {} {:.0f}" role="img" aria-label="{}">{}{}</svg>').format(
        place, width, height, title, Markup("").join(lines), Markup("").join(points)
    )


def _line(tie: Tie, at: Mapping[str, tuple[float, float]]) -> Markup:
    """Draw a tie: straight from column to column, bent within one."""
    (x, y), (u, v) = at[tie.one], at[tie.other]
    bend = 46 if x == u else 0
    return Markup('<path class="tie {}" d="M{:.1f} {:.1f} Q{:.1f} {:.1f} {:.1f} {:.1f}"/>').format(
        tie.mood, x, y, (x + u) / 2 + bend, (y + v) / 2, u, v
    )


def _point(node: Node, x: float, y: float) -> Markup:
    """Draw an identifier: a square for a login, so that it is told not by its colour alone."""
    if node.column == 0:
        shape = Markup('<rect x="{:.1f}" y="{:.1f}" width="{}" height="{}" rx="4"/>').format(
            x - _RADIUS, y - _RADIUS, 2 * _RADIUS, 2 * _RADIUS
        )
    else:
        shape = Markup('<circle cx="{:.1f}" cy="{:.1f}" r="{}"/>').format(x, y, _RADIUS)
    return Markup(
        '<g class="{}">{}<text x="{:.1f}" y="{:.1f}">{}</text><text class="small" x="{:.1f}" y="{:.1f}">{}</text></g>'
    ).format(f"node {node.mood}".strip(), shape, x, y + 30, node.name, x, y + 43, node.small)
