"""Charts, drawn here as SVG: a line over time with what it is compared to, and a small line without axes.

No colour and no size of type stands in the picture, only classes; the page's style sheet has them.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from markupsafe import Markup

Format = Callable[[float], str]

_TICKS = 4
_LETTER = 7  # px that one letter of a label takes, about
_MS_STEPS = tuple(
    1000 * s for s in (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400)
)


@dataclass(frozen=True)
class Point:
    """One stretch of time: `label` under the axis, `hover` in full words, its value and the one compared with.

    `day` is the day that it lies in, ISO 8601; `marks` tell what happened then, as that a release came out.
    `imported` are the values of others that counted before, one a line.
    """

    label: str
    hover: str
    value: float | None
    before: float | None = None
    day: str = ""
    marks: Sequence[str] = ()
    imported: Sequence[float | None] = ()


@dataclass(frozen=True)
class Size:
    """A picture's size in px, and the class by which a page shows it where it fits."""

    name: str
    width: int
    height: int


BROAD = Size("broad", 670, 330)
SLIM = Size("slim", 360, 220)


def line_chart(
    points: Sequence[Point], size: Size, *, title: str, kind: str, write: Format, unfinished: bool = False
) -> Markup:
    """Draw values over time; `unfinished` marks the last one, of a stretch that is not over yet.

    `kind` is that of a report's column; it chooses the steps of the axis, `write` their words.
    """
    known = [value for point in points for value in (point.value, point.before, *point.imported) if value is not None]
    ticks = axis(max(known, default=0), kind)
    start = max(len(write(tick)) for tick in ticks) * _LETTER + 14
    plot = _Plot(start, 10, size.width - start - 10, size.height - 40, len(points), ticks[-1])
    parts = [_grid(plot, tick, write) for tick in ticks]
    parts += _labels(plot, points)
    parts += [_line(plot, [point.before for point in points], "before")]
    parts += [_line(plot, values, "imported") for values in zip(*(point.imported for point in points), strict=True)]
    parts += _values(plot, [point.value for point in points], unfinished=unfinished)
    parts += [_mark(plot, number) for number, point in enumerate(points) if point.marks]
    parts += [_hit(plot, number, point) for number, point in enumerate(points)]
    return Markup(
        '<svg class="chart {name}" viewBox="0 0 {width} {height}" role="img" aria-label="{title}" data-plot="{told}">'
        "{parts}</svg>"
    ).format(
        name=size.name,
        width=size.width,
        height=size.height,
        title=title,
        told=_told(plot, points),
        parts=Markup("").join(parts),
    )


def columns(values: Sequence[int], hovers: Sequence[str], *, title: str) -> Markup:
    """Draw a column a value, 0 as the thinnest line; `hovers` tell each in words."""
    top, wide = max(values, default=0) or 1, 1000 / max(len(values), 1)
    column = Markup(
        '<rect class="column" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"><title>{}</title></rect>'
    )
    drawn = []
    for number, (value, hover) in enumerate(zip(values, hovers, strict=True)):
        height = max(0.8, 96 * value / top)
        drawn.append(column.format(number * wide, 100 - height, wide * 0.86, height, hover))
    return Markup(
        '<svg class="columns" viewBox="0 0 1000 100" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>'
    ).format(title, Markup("").join(drawn))


def sparkline(values: Sequence[float]) -> Markup:
    """Draw a small line that stretches to where it is put; to be read along with a number, so hidden from readers."""
    top, last = max(values, default=0) or 1, max(len(values) - 1, 1)
    line = " ".join(f"{100 * n / last:.1f},{38 - 36 * value / top:.1f}" for n, value in enumerate(values))
    return Markup(
        '<svg class="sparkline" viewBox="0 0 100 40" preserveAspectRatio="none" aria-hidden="true">'
        '<polyline points="{}"/></svg>'
    ).format(line)


def bar(share: float) -> Markup:
    """Draw a bar over that share of the place it is put in, behind its words."""
    return Markup('<svg aria-hidden="true"><rect width="{:.1f}%" height="100%"/></svg>').format(100 * share)


def axis(highest: float, kind: str) -> list[float]:
    """Return at most six round values from 0 up, the last at least as high as the highest."""
    if highest <= 0:
        highest = {"share": 0.1, "ms": 4000}.get(kind, _TICKS)
    rough = highest / _TICKS
    if kind == "ms":
        step = next((step for step in _MS_STEPS if step >= rough), 86_400_000 * ceil(rough / 86_400_000))
    else:
        power = 10 ** floor(log10(rough))
        step = next(round_ * power for round_ in (1, 2, 2.5, 5, 10) if round_ * power >= rough * 0.999)
    if kind == "count":
        step = max(1, ceil(step))
    ticks = [n * step for n in range(max(1, ceil(round(highest / step, 6))) + 1)]
    return [float(tick) for tick in ticks]


@dataclass(frozen=True)
class _Plot:
    """Where the lines are: its corner and size in px, how many points, and the value at its top."""

    left: int
    top: int
    width: int
    height: int
    points: int
    highest: float

    def x(self, number: int) -> float:
        return self.left + self.width * (number + 0.5) / self.points

    def y(self, value: float) -> float:
        return self.top + self.height * (1 - value / self.highest)

    def at(self, number: int, value: float) -> str:
        return f"{self.x(number):.1f},{self.y(value):.1f}"


def _told(plot: _Plot, points: Sequence[Point]) -> str:
    """Tell a script where the plot lies in the picture, and the values and days that it shows."""
    return json.dumps(
        {
            "left": plot.left,
            "top": plot.top,
            "breadth": plot.width,
            "height": plot.height,
            "highest": plot.highest,
            "values": [point.value for point in points],
            "days": [point.day for point in points],
        }
    )


def _grid(plot: _Plot, tick: float, write: Format) -> Markup:
    y = plot.y(tick)
    return Markup(
        '<line class="grid-line" x1="{left}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}"/>'
        '<text x="{at}" y="{words:.1f}" text-anchor="end">{text}</text>'
    ).format(left=plot.left, right=plot.left + plot.width, y=y, at=plot.left - 8, words=y + 4, text=write(tick))


def _labels(plot: _Plot, points: Sequence[Point]) -> list[Markup]:
    """Write as many labels under the axis as have room, evenly."""
    if not points:
        return []
    room = max(len(point.label) for point in points) * _LETTER + 24
    every = max(1, ceil(len(points) * room / plot.width))
    text = Markup('<text x="{:.1f}" y="{}" text-anchor="middle">{}</text>')
    y = plot.top + plot.height + 22
    return [text.format(plot.x(n), y, point.label) for n, point in enumerate(points) if n % every == every // 2]


def _values(plot: _Plot, values: Sequence[float | None], *, unfinished: bool) -> list[Markup]:
    """Draw the line with the area under it; its last stretch dotted when that is not over."""
    whole = [*values[:-1], None] if unfinished and len(values) > 1 else values
    parts = []
    for first, run in _runs(whole):
        corners = [plot.at(first + n, value) for n, value in enumerate(run)]
        ground = plot.top + plot.height
        area = [*corners, f"{plot.x(first + len(run) - 1):.1f},{ground}", f"{plot.x(first):.1f},{ground}"]
        parts.append(Markup('<polygon class="area" points="{}"/>').format(" ".join(area)))
    parts.append(_line(plot, whole, "line"))
    if unfinished and len(values) > 1 and values[-1] is not None and values[-2] is not None:
        parts.append(_line(plot, [None] * (len(values) - 2) + list(values[-2:]), "line unfinished"))
    return parts


def _line(plot: _Plot, values: Sequence[float | None], name: str) -> Markup:
    """Draw a line with holes where nothing is known; a value that stands alone is a dot."""
    parts = []
    for first, run in _runs(values):
        if len(run) == 1:
            dot = Markup('<circle class="{}" cx="{:.1f}" cy="{:.1f}" r="3"/>')
            parts.append(dot.format("dot" if name == "line" else name, plot.x(first), plot.y(run[0])))
        else:
            corners = " ".join(plot.at(first + n, value) for n, value in enumerate(run))
            parts.append(Markup('<polyline class="{}" points="{}"/>').format(name, corners))
    return Markup("").join(parts)


def _runs(values: Sequence[float | None]) -> list[tuple[int, list[float]]]:
    """Return the stretches without a hole, each with the number of its first value."""
    runs: list[tuple[int, list[float]]] = []
    for number, value in enumerate(values):
        if value is None:
            continue
        if number == 0 or values[number - 1] is None:
            runs.append((number, []))
        runs[-1][1].append(value)
    return runs


def _mark(plot: _Plot, number: int) -> Markup:
    """Draw a flag where something happened that may explain what the line does."""
    x, top = plot.x(number), plot.top
    return Markup(
        '<line class="mark" x1="{x:.1f}" x2="{x:.1f}" y1="{top}" y2="{ground}"/>'
        '<path class="mark" d="M{x:.1f} {top}h9l-2.5 3.5 2.5 3.5h-9z"/>'
    ).format(x=x, top=top, ground=top + plot.height)


def _hit(plot: _Plot, number: int, point: Point) -> Markup:
    """Lay an unseen stripe over a point, which tells it in words to a pointer that rests there."""
    wide = plot.width / plot.points
    return Markup('<rect class="hit" x="{:.1f}" y="{}" width="{:.1f}" height="{}"><title>{}</title></rect>').format(
        plot.left + number * wide, plot.top, wide, plot.height, point.hover
    )
