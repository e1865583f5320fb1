import xml.etree.ElementTree as ET

import pytest

from reports.render.svg import BROAD, SLIM, Point, axis, bar, line_chart, sparkline

SVG = "{http://www.w3.org/2000/svg}"


def draw(points: list[Point], **fields: object) -> ET.Element:
    settings = {"title": "Visitors", "kind": "count", "write": str, **fields}
    drawn = line_chart(points, BROAD, **settings)  # type: ignore[arg-type]
    return ET.fromstring(str(drawn).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def points(*values: float | None) -> list[Point]:
    return [Point(f"{n} Nov", f"{n} Nov: {value}", value) for n, value in enumerate(values, 1)]


@pytest.mark.parametrize(
    ("highest", "kind", "ticks"),
    [
        (0, "count", [0, 1, 2, 3, 4]),
        (3, "count", [0, 1, 2, 3]),
        (172, "count", [0, 50, 100, 150, 200]),
        (1000, "count", [0, 250, 500, 750, 1000]),
        (0.39, "share", [0, 0.1, 0.2, 0.3, 0.4]),
        (53_000, "ms", [0, 15_000, 30_000, 45_000, 60_000]),
    ],
)
def test_the_axis_has_round_steps_and_reaches_the_highest_value(highest: float, kind: str, ticks: list[float]) -> None:
    assert axis(highest, kind) == pytest.approx(ticks)


@pytest.mark.parametrize("kind", ["count", "share", "ms", "number"])
@pytest.mark.parametrize("highest", [1e-9, 0.013, 1, 7, 99.5, 1234, 5e6, 8e11])
def test_the_axis_is_short_whatever_the_values(highest: float, kind: str) -> None:
    ticks = axis(highest, kind)
    assert 2 <= len(ticks) <= 6
    assert ticks[-1] >= highest * 0.999


def test_every_point_is_told_in_words_and_lies_inside_the_picture() -> None:
    chart = draw(points(3, 0, 12, 7))
    assert chart.get("role") == "img"
    assert chart.get("aria-label") == "Visitors"
    assert [title.text for title in chart.iter(f"{SVG}title")] == ["1 Nov: 3", "2 Nov: 0", "3 Nov: 12", "4 Nov: 7"]
    corners = [corner for line in chart.iter(f"{SVG}polyline") for corner in (line.get("points") or "").split()]
    for x, y in (corner.split(",") for corner in corners):
        assert 0 <= float(x) <= BROAD.width
        assert 0 <= float(y) <= BROAD.height


def test_what_is_not_known_is_a_hole_and_a_lonely_value_a_dot() -> None:
    chart = draw(points(1, 2, None, 4, None, 3, 3))
    lines = [line for line in chart.iter(f"{SVG}polyline") if line.get("class") == "line"]
    assert len(lines) == 2
    assert len(list(chart.iter(f"{SVG}circle"))) == 1


def test_a_stretch_that_is_not_over_is_dotted() -> None:
    chart = draw(points(1, 2, 3), unfinished=True)
    assert [line.get("class") for line in chart.iter(f"{SVG}polyline")] == ["line", "line unfinished"]


def test_labels_have_room() -> None:
    many = [Point(f"{n} Nov", "", n) for n in range(365)]
    drawn = line_chart(many, SLIM, title="", kind="count", write=str)
    assert 2 <= drawn.count(" Nov</text>") <= 6


def test_words_in_a_chart_are_escaped() -> None:
    drawn = line_chart([Point("<b>", "<script>", 1.0)], BROAD, title='"><x', kind="count", write=lambda _: "<i>")
    assert "<script>" not in drawn
    assert "<b>" not in drawn
    assert "<i>" not in drawn
    assert '"><x' not in drawn


def test_nothing_is_drawn_of_nothing_without_failing() -> None:
    assert draw([]).tag == f"{SVG}svg"
    assert "polyline" in sparkline([])
    assert 'width="50.0%"' in bar(0.5)
