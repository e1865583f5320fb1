"""The picture of a funnel: bars as long as the share that is left, and names that are text."""

import re

import pytest

from reports.render.funnel import WIDTHS, Bar, funnel_chart

BARS = [
    Bar("Looks", "1,000 · 100%", 1.0, "750 left here"),
    Bar("Pays", "250 · 25%", 0.25, "250 left here"),
    Bar("Again", "0 · 0%", 0.0, ""),
]


def lengths(chart: str, name: str) -> list[float]:
    return [float(one) for one in re.findall(rf'class="{name}"[^>]* width="([\d.]+)"', chart)]


@pytest.mark.parametrize("place", WIDTHS)
def test_bars_are_as_long_as_their_shares_and_lie_on_what_was_there_before(place: str) -> None:
    chart = str(funnel_chart(BARS, place, title="Funnel"))
    width = WIDTHS[place]
    assert lengths(chart, "kept") == [width, width / 4, 0]
    assert lengths(chart, "lost") == [width, width, width / 4]
    assert "2. Pays" in chart and "250 · 25%" in chart and "750 left here" in chart
    assert 'role="img" aria-label="Funnel"' in chart and "style" not in chart


def test_a_few_of_many_are_seen_to_be_there() -> None:
    assert lengths(str(funnel_chart([Bar("A", "1", 0.000001, "")], "slim", title="")), "kept") == [2]


def test_long_names_are_cut_and_all_names_are_text() -> None:
    chart = str(funnel_chart([Bar("<b>" + "x" * 200, "<i>", 1, "<u>")], "slim", title='"><script>'))
    assert "<b>" not in chart and "<i>" not in chart and "<u>" not in chart and "<script>" not in chart
    assert "x…" in chart and "x" * 60 not in chart
