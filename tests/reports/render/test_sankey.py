"""The picture of a flow: nothing overlaps, thickness is weight, words stay in their column."""

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from reports.render.sankey import WIDTH, Layout, Node, Ribbon, draw, lay_out, mirrored, shortened

MOST_SLIP = 1e-6


def node(key: tuple[int, int], weight: int, **more: object) -> Node:
    told = {"name": f"/{key}", "small": str(weight), "said": f"{key}: {weight}", "mood": "page", **more}
    return Node(key=key, column=key[0], weight=weight, **told)  # type: ignore[arg-type]


@st.composite
def flows(draw_: st.DrawFn) -> tuple[list[Node], list[Ribbon]]:
    """Visits as walks through columns, so that what enters a node leaves it or ends there."""
    columns = draw_(st.integers(2, 6))
    step = st.integers(0, 4)
    walks = draw_(st.lists(st.lists(step, min_size=1, max_size=columns), min_size=1, max_size=60))
    weights: dict[tuple[int, int], int] = {}
    moves: dict[tuple[tuple[int, int], tuple[int, int]], int] = {}
    for walk in walks:
        keys = list(enumerate(walk))
        for key in keys:
            weights[key] = weights.get(key, 0) + 1
        for move in pairwise(keys):
            moves[move] = moves.get(move, 0) + 1
    nodes = [node(key, weight) for key, weight in sorted(weights.items(), key=lambda pair: (pair[0][0], -pair[1]))]
    return nodes, [Ribbon(*move, weight, "", "calm") for move, weight in moves.items()]


def spans(layout: Layout, key: object, *, leaving: bool) -> list[tuple[float, float]]:
    found = [
        (band.y, band.y + band.thick) if leaving else (band.to_y, band.to_y + band.thick)
        for band in layout.bands
        if (band.ribbon.source if leaving else band.ribbon.target) == key
    ]
    return sorted(found)


@given(flows())
def test_nothing_overlaps_and_all_is_inside(flow: tuple[list[Node], list[Ribbon]]) -> None:
    layout = lay_out(*flow)
    scales = {round(bar.height / bar.node.weight, 6) for bar in layout.bars}
    assert len(scales) == 1, "a visit is as thick everywhere"
    for column in {bar.node.column for bar in layout.bars}:
        stacked = [bar for bar in layout.bars if bar.node.column == column]
        for one, other in pairwise(stacked):
            assert one.y + max(one.height, one.slot) <= other.y
    for bar in layout.bars:
        assert 0 <= bar.x < WIDTH
        assert bar.y + bar.slot <= layout.height
        for leaving in (True, False):
            found = spans(layout, bar.node.key, leaving=leaving)
            for one, other in pairwise(found):
                assert one[1] <= other[0] + MOST_SLIP
            if found:
                assert found[0][0] >= bar.y - MOST_SLIP
                assert found[-1][1] <= bar.y + bar.height + MOST_SLIP


@given(st.text(max_size=80), st.integers(20, 300))
def test_a_label_fits_its_room(text: str, room: int) -> None:
    short = shortened(text, room)
    if short != text:
        assert "…" in short
        first, _, last = short.partition("…")
        assert text.startswith(first)
        assert text.endswith(last)
        assert len(short) <= max(1, room / 7.2)


def test_words_are_words_and_nodes_that_lead_somewhere_are_links() -> None:
    evil = '"><script>alert(1)</script>'
    nodes = [node((0, 0), 3, name=evil, said=evil, link="/flow?path=%22", struck=0.5), node((1, 0), 3, mood="left")]
    drawn = draw(lay_out(nodes, [Ribbon((0, 0), (1, 0), 3, evil, "much")]), ["Start", "Step 2"], evil)
    assert "<script" not in drawn
    assert len(re.findall(r"<a class=", drawn)) == 1
    assert re.findall(r'class="ribbon (\w+)"', drawn) == ["much"]
    assert "/flow?path=%22" in drawn


def test_from_right_to_left_columns_begin_on_the_right_and_words_end_at_their_bars() -> None:
    nodes = [node((0, 0), 3), node((1, 0), 3)]
    layout = mirrored(lay_out(nodes, [Ribbon((0, 0), (1, 0), 3, "", "much")]))
    first, second = (bar.x for bar in layout.bars)
    assert (first, second) == (WIDTH / 2, 0)
    [band] = layout.bands
    assert band.x > band.to_x
    drawn = draw(layout, ["Start", "Step 2"], "")
    assert f'<text class="heading" x="{WIDTH:.1f}" y="14" text-anchor="end">Start</text>' in drawn
    assert drawn.count('text-anchor="end"') == 2 + 2 * len(nodes)


def test_nothing_is_a_picture_of_nothing() -> None:
    assert lay_out([], []).bars == []
