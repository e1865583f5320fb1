"""The flow: columns of steps with their ends, forwards and backwards, and what of them is told apart."""

from collections import Counter, defaultdict
from random import Random
from statistics import median
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.flow.columns import put_together
from reports.flow.reading import FlowAsked, parse_flow, read_flow
from reports.flow.shapes import Flow
from reports.query.steps import DIRECTIONS, Start
from reports.scope import parse_scope
from tests.kit.ground import at
from tests.kit.store import Visiting, dead, failed, slow, worked
from tests.reports.conftest import NOW
from tracker.errors import InvalidInputError
from tracker.sites import SiteInfo
from tracker.store.base import EventStore


@pytest.fixture
def flow(store: EventStore, site: SiteInfo) -> Any:
    def reading(
        path: str | None = None, direction: Any = "forward", steps: int = 3, branches: int = 5, **words: list[str]
    ) -> Flow:
        asked = FlowAsked(Start(path, direction), steps, branches)
        found = read_flow(parse_scope(site, words, at(NOW)), asked, store)
        assert found.error is None
        return found

    return reading


def nodes(found: Flow) -> list[list[tuple[str, int]]]:
    """Each column's nodes: a page by its path, else its kind, with the number of visits."""
    return [[(node.place.path or node.place.kind, node.visits) for node in one.nodes] for one in found.columns]


def links(found: Flow) -> list[tuple[str, str, int, int]]:
    return [
        (one.source.path or one.source.kind, one.target.path or one.target.kind, one.visits, one.struggled)
        for one in found.links
    ]


@pytest.fixture
def five(visit: Visiting) -> None:
    with visit.at_once():
        visit("2026-03-08 10:00", ["/", "/a", "/b"], [dead("#x", view=1)], engaged_s=[10, 20, 5])
        visit("2026-03-08 11:00", ["/", "/", "/a"], [slow("#y", view=1)], engaged_s=[1, 2, 40])
        visit("2026-03-08 12:00", ["/", "/b", "/a", "/c"], engaged_s=4)
        visit("2026-03-08 13:00", ["/"], [failed("#z"), dead("#x")], engaged_s=7)
        visit("2026-03-08 14:00", ["/a", "/", "/a"], [worked("#x")])


@pytest.mark.usefixtures("five")
def test_a_flow_forwards_from_the_start_of_visits(flow: Any) -> None:
    found = flow()
    assert (found.visits, found.steps) == (5, 3)
    assert nodes(found) == [
        [("/", 4), ("/a", 1)],
        [("/a", 2), ("/", 1), ("/b", 1), ("left", 1)],
        [("/a", 2), ("/b", 1), ("left", 1)],
    ]
    assert links(found) == [
        ("/", "/a", 2, 1),
        ("/", "/b", 1, 0),
        ("/", "left", 1, 1),
        ("/a", "/", 1, 0),
        ("/a", "/b", 1, 1),
        ("/a", "left", 1, 0),
        ("/", "/a", 1, 0),
        ("/b", "/a", 1, 0),
    ]
    home = found.columns[0].nodes[0]
    assert (home.share, home.struggled, home.struggle_rate) == (0.8, 2, 0.5)
    assert (home.dead, home.slow, home.error) == (1, 1, 1)
    assert home.engaged_ms == 5500, "the median of 10, 1 + 2, 4 and 7 seconds, a repeated page counted once"
    assert found.links[0].share == 0.5


@pytest.mark.usefixtures("five")
def test_a_flow_forwards_from_a_page_begins_where_a_visit_first_saw_it(flow: Any) -> None:
    found = flow("/a", steps=2)
    assert nodes(found) == [[("/a", 4)], [("/", 1), ("/b", 1), ("/c", 1), ("left", 1)]]
    assert found.columns[0].nodes[0].engaged_ms == 12_000


@pytest.mark.usefixtures("five")
def test_a_flow_backwards_tells_what_came_before(flow: Any) -> None:
    found = flow("/a", "backward")
    assert nodes(found) == [
        [("/a", 4)],
        [("/", 3), ("/b", 1)],
        [("/", 1), ("/a", 1), ("came", 2)],
    ]
    assert links(found) == [
        ("/", "/b", 1, 0),
        ("/a", "/", 1, 0),
        ("came", "/", 2, 0),
        ("/", "/a", 3, 1),
        ("/b", "/a", 1, 0),
    ]


@pytest.mark.usefixtures("five")
def test_a_flow_backwards_from_the_end_of_visits(flow: Any) -> None:
    found = flow(direction="backward", steps=2)
    assert nodes(found) == [
        [("/a", 2), ("/", 1), ("/b", 1), ("/c", 1)],
        [("/", 2), ("/a", 2), ("came", 1)],
    ]


@pytest.mark.usefixtures("five")
def test_pages_beyond_the_branches_are_one_but_a_single_one_is_listed(flow: Any) -> None:
    found = flow(branches=1)
    assert nodes(found) == [
        [("/", 4), ("/a", 1)],
        [("/a", 2), ("rest", 2), ("left", 1)],
        [("/a", 2), ("/b", 1), ("left", 1)],
    ]
    [rest] = [node for node in found.columns[1].nodes if node.place.kind == "rest"]
    assert (rest.pages, rest.share) == (2, 0.4)


@pytest.mark.usefixtures("five")
def test_the_scope_holds(flow: Any) -> None:
    assert flow(filter=["entry:is:/a"]).visits == 1
    assert flow(range=["2026-03-01..2026-03-07"]).visits == 0
    assert flow("/nowhere").columns == []


def test_a_repeated_page_is_one_step_with_the_signals_of_all_its_views(flow: Any, visit: Visiting) -> None:
    visit("2026-03-08 10:00", ["/a"] * 4 + ["/b"], [slow("#x", view=1), failed("#x", view=3)], engaged_s=3)
    found = flow()
    [first] = found.columns[0].nodes
    assert (first.slow, first.error, first.dead, first.struggled, first.engaged_ms) == (1, 1, 0, 1, 12_000)
    assert nodes(found)[1:] == [[("/b", 1)], [("left", 1)]]


@given(
    trails=st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=6), min_size=1, max_size=30),
    steps=st.integers(2, 6),
    forward=st.booleans(),
)
def test_what_comes_into_a_page_goes_on_or_ends(trails: list[list[str]], steps: int, forward: bool) -> None:
    counted: dict[tuple[int, str, str | None], int] = {}
    for trail in trails:
        walk = trail if forward else trail[::-1]
        for n, path in enumerate(walk[:steps]):
            beyond = n + 1 if forward else n - 1
            to = walk[beyond] if 0 <= beyond < len(walk) and not (forward and n + 1 == steps) else None
            counted[n + 1, path, to] = counted.get((n + 1, path, to), 0) + 1
    ranks = {"a": 1, "b": 2, "c": 0}
    listed = [["a", "b"]] * steps
    records = [
        {
            "step": step, "rank": ranks[path], "to_rank": None if to is None else ranks[to],
            "visits": n, "dead": 0, "slow": 0, "error": 0, "struggled": n // 2, "engaged_ms": 1000.0,
        }
        for (step, path, to), n in sorted(counted.items(), key=str)
    ]  # fmt: skip
    columns, links_ = put_together(records, listed, [3] * steps, "forward" if forward else "backward")
    assert columns[0].visits == len(trails)
    for column in columns:
        assert sum(node.visits for node in column.nodes) == column.visits
        assert sum(node.share for node in column.nodes) == pytest.approx(1)
        for node in column.nodes:
            came = sum(link.visits for link in links_ if link.target == node.place)
            went = sum(link.visits for link in links_ if link.source == node.place)
            first, last = (1, len(columns)) if forward else (len(columns), 1)
            if column.step != first and node.place.kind != "came":
                assert came == node.visits
            if column.step != last and node.place.kind != "left":
                assert went == node.visits


def test_the_words_of_a_flow() -> None:
    assert parse_flow({}) == FlowAsked(Start(None, "forward"), 4, 5)
    asked = FlowAsked(Start("/a", "backward"), 2, 12)
    assert parse_flow({"path": "/a", "direction": "backward", "steps": "2", "branches": "12"}) == asked
    for wrong in ({"path": "a"}, {"direction": "up"}, {"steps": "1"}, {"steps": "７"}, {"branches": "13"}):
        with pytest.raises(InvalidInputError) as refused:
            parse_flow(wrong)
        assert refused.value.field in wrong


def walked(trail: list[str], start: Start) -> list[list[int]]:
    """Return a walk in plain code: each step as the places of its views in the trail; nothing without a start."""
    runs: list[list[int]] = []
    for place, path in enumerate(trail):
        if runs and trail[runs[-1][0]] == path:
            runs[-1].append(place)
        else:
            runs.append([place])
    walk = runs if start.direction == "forward" else runs[::-1]
    if start.path is None:
        return walk
    first = next((n for n, run in enumerate(walk) if trail[run[0]] == start.path), None)
    return [] if first is None else walk[first:]


@pytest.mark.parametrize("start", [Start(path, way) for path in (None, "/a") for way in DIRECTIONS])
def test_it_is_what_plain_code_counts(start: Start, store: EventStore, site: SiteInfo, visit: Visiting) -> None:
    dice, steps, told = Random(18), 4, []
    with visit.at_once():
        for number in range(60):
            trail = [f"/{dice.choice('aabcd')}" for _ in range(dice.randint(1, 9))]
            engaged = [dice.randint(1, 50) for _ in trail]
            clicks = [dead("#x", view=n) if dice.random() < 0.2 else worked("#x", view=n) for n in range(len(trail))]
            visit(f"2026-03-0{1 + number % 8} 10:{number % 60:02}", trail, clicks, engaged_s=engaged)
            told.append((trail, engaged, ["mutation_ms" not in one.evidence for one in clicks]))
    pages: dict[tuple[int, str], list[tuple[int, bool]]] = defaultdict(list)
    moves: Counter[tuple[int, str, str]] = Counter()
    for trail, engaged, is_dead in told:
        walk = walked(trail, start)[:steps]
        for step, run in enumerate(walk, 1):
            path = trail[run[0]]
            pages[step, path].append((sum(engaged[n] for n in run), any(is_dead[n] for n in run)))
            if step > 1:
                moves[step - 1, trail[walk[step - 2][0]], path] += 1
    found = read_flow(parse_scope(site, {}, at(NOW)), FlowAsked(start, steps, 12), store)
    nodes_ = [node for column in found.columns for node in column.nodes if node.place.kind == "page"]
    assert {
        (node.place.step, node.place.path): (node.visits, node.dead, node.struggled, node.engaged_ms) for node in nodes_
    } == {
        key: (len(seen), struck := sum(one for _, one in seen), struck, round(1000 * median(ms for ms, _ in seen)))
        for key, seen in pages.items()
    }
    ways = {
        (one.source, one.target): one.visits for one in found.links if {one.source.kind, one.target.kind} == {"page"}
    }
    forward = start.direction == "forward"
    assert {(a.step, a.path, b.path) if forward else (b.step, b.path, a.path): n for (a, b), n in ways.items()} == dict(
        moves
    )
