"""A page's heatmap as SVG: a map of its clicks by their places, and bars for the twentieths of its height.

As in all our pictures, colours stand in the page's style sheet; PAINT has those of a file.
"""

from collections.abc import Callable, Sequence
from math import ceil, sqrt

from markupsafe import Markup

from reports.heatmap import PARTS, Heatmap
from tracker.languages import gettext, marked, numbers

LAYERS = {
    "clicks": marked("Clicks"),
    "dead": marked("Dead clicks"),
    "rage": marked("Rage clicks"),
    "scroll": marked("Scrolling"),
    "attention": marked("Attention"),
}
"""What of a page can be drawn: numbers of clicks by their places, and how its height was read."""

MAPS = {
    "clicks": marked("Where on the page the clicks were"),
    "dead": marked("Where on the page the dead clicks were"),
    "rage": marked("Where on the page the rage clicks were"),
}
"""What a map of each number of clicks is called."""

STEPS = 5  # of the colour scale, faint to strong
WIDTHS = {"small": 390, "medium": 800, "large": 1280, "wide": 1680, "all": 1280}  # px that a page is drawn with
TALLEST = 12_000

PAINT = (
    ".paper{fill:#fff;stroke:#e4e0d9}.track{fill:#f3f1ed}.grid-line{stroke:#e4e0d9}"
    "text{fill:#5a6169;font-family:system-ui,'DejaVu Sans',sans-serif}"
    ".heat-1{fill:#f6a21c}.heat-2{fill:#e35933}.heat-3{fill:#b4325a}.heat-4{fill:#761b6d}.heat-5{fill:#2f0a5b}"
    "circle{fill-opacity:.78}"
)
"""The light colours, for pictures that have no page around them."""

_ROW, _LABEL, _BAR, _VALUE = 22, 74, 220, 80
_SMALLEST, _LARGEST = 11, 44
_MARGIN = 40
_SHOWN = 900  # px that a page shows of a map's height, at most
_READABLE = 11  # px that its words shall have then
_GUTTER = 4.5  # of the words' size: the room beside the map for the depths


def click_map(heatmap: Heatmap, number: str) -> Markup:
    """Draw where on the page one number of its clicks fell; what stays in place on the screen is left out."""
    width = WIDTHS[heatmap.screen]
    cells = [cell for one in heatmap.elements if not one.fixed for cell in one.cells if getattr(cell, number)]
    cells = sorted((cell for cell in cells if 0 <= cell.page_y <= TALLEST), key=lambda cell: getattr(cell, number))
    most = max((getattr(cell, number) for cell in cells), default=0) or 1
    height = max((cell.page_y for cell in cells), default=0) + 2 * _MARGIN
    scale = width / WIDTHS["large"] if width < WIDTHS["large"] else 1
    dots = [
        Markup('<circle class="heat-{}" cx="{:.0f}" cy="{}" r="{:.1f}"><title>{}</title></circle>').format(
            step(getattr(cell, number) / most),
            cell.page_x * width / 1000,
            cell.page_y,
            scale * (_SMALLEST + (_LARGEST - _SMALLEST) * sqrt(getattr(cell, number) / most)),
            gettext(
                "%(number)s at %(across)s across, %(down)s px down",
                number=numbers.whole(getattr(cell, number)),
                across=numbers.percent(cell.page_x / 1000, 0),
                down=numbers.whole(cell.page_y),
            ),
        )
        for cell in cells
    ]
    every = 250 * max(1, ceil(height / 2500))
    size = ceil(max(width / 36, height * _READABLE / _SHOWN))
    lines = [_depth_line(depth, width, size) for depth in range(every, height, every)]
    parts = [_paper(width, height), *lines, *dots]
    box = f"{-ceil(_GUTTER * size)} 0 {width + ceil(_GUTTER * size)} {height}"
    return _picture(box, gettext(MAPS[number]), parts, "map")


def bands(values: Sequence[float], write: Callable[[float], str], title: str, full: float | None = None) -> Markup:
    """Draw one bar for each twentieth of a page's height, its top first; `full` is the value of a whole bar."""
    most = full or max(values, default=0) or 1
    width, height = _LABEL + _BAR + _VALUE, _ROW * len(values) + 8
    parts = [_band(number, value, value / most, write(value)) for number, value in enumerate(values)]
    return _picture(f"0 0 {width} {height}", title, parts, "bands")


def step(share: float) -> int:
    """Return the step of the colour scale for a share of the greatest."""
    return max(1, min(STEPS, ceil(share * STEPS)))


def part_name(number: int) -> str:
    """Name a twentieth: 0–5%, of the page's height from its top."""
    size = 100 // PARTS
    return f"{numbers.whole(number * size)}–{numbers.percent((number + 1) * size / 100, 0)}"


def _band(number: int, value: float, share: float, text: str) -> Markup:
    y = 4 + number * _ROW
    return Markup(
        '<text x="{label}" y="{base}" text-anchor="end">{name}</text>'
        '<rect class="track" x="{x}" y="{y}" width="{bar}" height="{tall}"/>'
        '<rect class="heat-{heat}" x="{x}" y="{y}" width="{wide:.1f}" height="{tall}"/>'
        '<text x="{after}" y="{base}">{text}</text>'
    ).format(
        label=_LABEL - 10,
        base=y + 14,
        name=part_name(number),
        x=_LABEL,
        y=y,
        bar=_BAR,
        tall=_ROW - 4,
        heat=step(share),
        wide=_BAR * min(1.0, share) if value else 0,
        after=_LABEL + _BAR + 10,
        text=text,
    )


def _depth_line(depth: int, width: int, size: int) -> Markup:
    """Draw a line across the map, and how many px down it is beside."""
    return Markup(
        '<line class="grid-line" x1="0" x2="{width}" y1="{depth}" y2="{depth}"/>'
        '<text x="{end}" y="{base}" font-size="{size}" text-anchor="end">{told}</text>'
    ).format(
        width=width,
        depth=depth,
        told=gettext("%(n)s px", n=numbers.whole(depth)),
        end=-size // 2,
        base=depth + size // 3,
        size=size,
    )


def _paper(width: int, height: int) -> Markup:
    return Markup('<rect class="paper" width="{}" height="{}"/>').format(width, height)


def _picture(box: str, title: str, parts: Sequence[Markup], name: str) -> Markup:
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="heat {name}" viewBox="{box}" role="img" '
        'font-size="13" aria-label="{title}">{parts}</svg>'
    ).format(name=name, box=box, title=title, parts=Markup("").join(parts))
