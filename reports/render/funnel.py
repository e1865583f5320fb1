"""A funnel as SVG: a bar a step, as long as the share of the first step's visits that reached it.

As with the charts, the page's style sheet has the colours and the type.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from tracker.languages import gettext, numbers

WIDTHS = {"broad": 1080, "slim": 360}
"""A picture's width in px, by the class with which a page shows it where it fits."""
_ROW, _BAR, _BELOW = 76, 24, 28
_LETTER = 7.5  # px that one letter of a name takes, about
_LEAST_PX = 2  # so that a few visits of many are seen to be there


@dataclass(frozen=True)
class Bar:
    """A step: its name, how many reached it, the share of the first step's (0 to 1), and what is said of it below."""

    name: str
    figure: str
    share: float
    said: str


def funnel_chart(bars: Sequence[Bar], place: str, *, title: str) -> Markup:
    """Draw the steps one below the other, each before what was lost since the one above."""
    width = WIDTHS[place]
    rows = [_row(number, bar, bars[number - 1].share if number else 1.0, width) for number, bar in enumerate(bars)]
    return Markup('<svg class="chart funnel {}" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>').format(
        place, width, _ROW * len(bars) - _BELOW, title, Markup("").join(rows)
    )


def _row(number: int, bar: Bar, before: float, width: int) -> Markup:
    top = number * _ROW
    room = int((width - len(bar.figure) * _LETTER - 24) / _LETTER) - 3
    name = bar.name if len(bar.name) <= room else f"{bar.name[: room - 1]}…"
    long = max(_LEAST_PX, width * bar.share) if bar.share else 0
    return Markup(
        '<text class="name" x="0" y="{words}">{number} {name}</text>'
        '<text class="name" x="{width}" y="{words}" text-anchor="end">{figure}</text>'
        '<rect class="lost" x="0" y="{y}" width="{lost:.1f}" height="{high}" rx="3"/>'
        '<rect class="kept" x="0" y="{y}" width="{long:.1f}" height="{high}" rx="3"/>'
        '<text x="0" y="{below}">{said}</text>'
    ).format(
        words=top + 13,
        number=gettext("%(n)s.", n=numbers.whole(number + 1)),
        name=name,
        width=width,
        figure=bar.figure,
        y=top + 20,
        lost=width * before,
        long=long,
        high=_BAR,
        below=top + 20 + _BAR + 15,
        said=bar.said,
    )  # fmt: skip
