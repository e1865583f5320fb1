"""A picture of flows between columns, as SVG: bars for nodes, ribbons between them as thick as what they carry.

The layout is a plain function of weights. As with the charts, the page's style sheet has the colours.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from unicodedata import east_asian_width

from markupsafe import Markup

WIDTH = 1080
_TALL = 320  # px for the heaviest column, without what lies between its nodes
_BAR = 10
_BETWEEN = 4  # px from where a node's words may reach to the next column
_SLOT = 40  # px that a node has at least, for its two lines of words
_GAP = 10
_TOP = 28  # for the columns' headings
_LETTER, _WIDE_LETTER = 7.2, 13.0  # px that one letter of a label takes, about


@dataclass(frozen=True)
class Node:
    """A bar in a column, counted from 0: two lines of words, what is `said` of it at length, and where it leads.

    `struck` is the share of it that is drawn as struggling; `mood` is a class.
    """

    key: object
    column: int
    weight: int
    name: str
    small: str
    said: str
    mood: str
    link: str = ""
    struck: float = 0


@dataclass(frozen=True)
class Ribbon:
    """What goes from one node to another in a later column; `mood` is a class."""

    source: object
    target: object
    weight: int
    said: str
    mood: str


@dataclass(frozen=True)
class Bar:
    """Where a node stands, in px; `slot` is the height that is its own, words included."""

    node: Node
    x: float
    y: float
    height: float
    slot: float


@dataclass(frozen=True)
class Band:
    """Where a ribbon lies, in px: from its upper edge at the source to that at the target."""

    ribbon: Ribbon
    x: float
    y: float
    to_x: float
    to_y: float
    thick: float


@dataclass(frozen=True)
class Layout:
    """Bars and bands in a picture of `height` px, with `pitch` px from column to column, the first on the left.

    Where it is `mirrored` the first is on the right, as one reads from there.
    """

    bars: Sequence[Bar]
    bands: Sequence[Band]
    height: float
    pitch: float
    mirrored: bool = False


def lay_out(nodes: Sequence[Node], ribbons: Sequence[Ribbon]) -> Layout:
    """Place nodes in their columns in the order given, and ribbons so that those at one node do not overlap."""
    weights: dict[int, int] = defaultdict(int)
    for node in nodes:
        weights[node.column] += node.weight
    scale = _TALL / max(weights.values(), default=1)
    pitch = WIDTH / (max(weights, default=0) + 1)
    bars, down = {}, dict.fromkeys(weights, float(_TOP))
    for node in nodes:
        height = node.weight * scale
        slot = max(height, _SLOT)
        bars[node.key] = Bar(node, node.column * pitch, down[node.column], height, slot)
        down[node.column] += slot + _GAP
    leaving = _stacked(ribbons, bars, scale, "source", "target")
    coming = _stacked(ribbons, bars, scale, "target", "source")
    bands = [
        Band(one, bars[one.source].x + _BAR, leaving[one], bars[one.target].x, coming[one], one.weight * scale)
        for one in ribbons
    ]
    return Layout([*bars.values()], bands, max(down.values(), default=_TOP), pitch)


def mirrored(layout: Layout) -> Layout:
    """Return a layout that goes from right to left."""
    bars = [replace(one, x=WIDTH - one.x - layout.pitch) for one in layout.bars]
    bands = [replace(one, x=WIDTH - one.x, to_x=WIDTH - one.to_x) for one in layout.bands]
    return replace(layout, bars=bars, bands=bands, mirrored=True)


def draw(layout: Layout, headings: Sequence[str], title: str) -> Markup:
    """Draw a layout, with a heading over each column; nodes that lead somewhere are links."""
    parts = [_heading(number, text, layout) for number, text in enumerate(headings)]
    parts += [_band(band) for band in layout.bands]
    parts += [_bar(bar, layout) for bar in layout.bars]
    return Markup('<svg class="sankey" viewBox="0 0 {} {:.0f}" role="group" aria-label="{}">{}</svg>').format(
        WIDTH, layout.height, title, Markup("").join(parts)
    )


def shortened(text: str, room: float) -> str:
    """Shorten a text in its middle so that it takes about so many px: the end of a path tells most."""
    widths = [_WIDE_LETTER if east_asian_width(letter) in "WF" else _LETTER for letter in text]
    if sum(widths) <= room:
        return text
    first, last, taken = 0, len(text), _LETTER
    while first < last:
        from_start = first * 2 < len(text) - last  # a third from its beginning
        letter = widths[first] if from_start else widths[last - 1]
        if taken + letter > room:
            break
        taken += letter
        first, last = (first + 1, last) if from_start else (first, last - 1)
    return f"{text[:first]}…{text[last:]}"


def _stacked(
    ribbons: Sequence[Ribbon], bars: dict[object, Bar], scale: float, here: str, there: str
) -> dict[Ribbon, float]:
    """Return where each ribbon's upper edge meets its bar at one end: in the order of the bars at the other."""
    down: dict[object, float] = {}
    found = {}
    for one in sorted(ribbons, key=lambda ribbon: bars[getattr(ribbon, there)].y):
        bar = bars[getattr(one, here)]
        found[one] = down.get(bar.node.key, bar.y)
        down[bar.node.key] = found[one] + one.weight * scale
    return found


def _heading(number: int, text: str, layout: Layout) -> Markup:
    x = number * layout.pitch
    return Markup('<text class="heading" x="{:.1f}" y="14"{}>{}</text>').format(
        WIDTH - x if layout.mirrored else x, _anchor(layout), text
    )


def _anchor(layout: Layout) -> Markup:
    """Return what lets words end where they would begin."""
    return Markup(' text-anchor="end"') if layout.mirrored else Markup("")


def _band(band: Band) -> Markup:
    middle = (band.x + band.to_x) / 2
    return Markup(
        '<path class="ribbon {mood}" d="M{x:.1f} {y:.1f}C{m:.1f} {y:.1f} {m:.1f} {v:.1f} {u:.1f} {v:.1f}'
        'V{w:.1f}C{m:.1f} {w:.1f} {m:.1f} {z:.1f} {x:.1f} {z:.1f}Z"><title>{said}</title></path>'
    ).format(
        mood=band.ribbon.mood,
        said=band.ribbon.said,
        x=band.x,
        y=band.y,
        z=band.y + max(band.thick, 1),
        m=middle,
        u=band.to_x,
        v=band.to_y,
        w=band.to_y + max(band.thick, 1),
    )


def _bar(bar: Bar, layout: Layout) -> Markup:
    """Draw a bar with its words, which can never stand over the next column: what is too long is cut off."""
    node, room, wide = bar.node, layout.pitch - _BAR - 10, layout.pitch - _BETWEEN
    height, edge = max(bar.height, 2), wide - _BAR if layout.mirrored else 0
    struck = Markup('<rect class="struck" x="{:.1f}" y="{:.1f}" width="{}" height="{:.1f}"/>').format(
        edge, height * (1 - node.struck), _BAR, height * node.struck
    )
    drawn = Markup(
        '<svg x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{slot:.1f}"><title>{said}</title>'
        '<rect class="hit" width="{wide:.1f}" height="{slot:.1f}"/>'
        '<rect class="bar" x="{edge:.1f}" width="{bar}" height="{height:.1f}"/>{struck}'
        '<text x="{at:.1f}" y="15"{anchor}>{name}</text>'
        '<text class="small" x="{at:.1f}" y="31"{anchor}>{small}</text></svg>'
    ).format(
        x=bar.x + _BETWEEN if layout.mirrored else bar.x,
        y=bar.y,
        wide=wide,
        edge=edge,
        anchor=_anchor(layout),
        slot=bar.slot,
        said=node.said,
        bar=_BAR,
        height=height,
        struck=struck if node.struck else "",
        at=edge - 6 if layout.mirrored else _BAR + 6,
        name=shortened(node.name, room),
        small=shortened(node.small, room),
    )
    if node.link:
        return Markup('<a class="stage {}" href="{}">{}</a>').format(node.mood, node.link, drawn)
    return Markup('<g class="stage {}">{}</g>').format(node.mood, drawn)
