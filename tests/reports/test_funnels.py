"""Funnels: how far visits get in order, how long that takes, what those who leave met and where they go."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.funnels import LEFT, report
from reports.query.intervals import wilson
from reports.run import ReportAnswer, run_report
from reports.scope import parse_scope
from tests.kit.ground import at
from tests.kit.store import Happening, Loading, Visiting, dead, slow, worked
from tracker.conditions import Condition
from tracker.errors import InvalidInputError
from tracker.funnels import FunnelInfo, StepInfo
from tracker.sites import SiteInfo
from tracker.store.base import EventStore
from tracker.store.duckdb import DuckStore

NOW = "2026-03-10 12:00"
SHOP = SiteInfo(1, "key", "Shop", "UTC", "cookieless", ("shop.example",), frozenset(), enabled=True, sample=False)
Asking = Callable[..., ReportAnswer]


def page(path: str, name: str = "") -> StepInfo:
    return StepInfo(name, Condition("path", path=path))


ORDER = FunnelInfo(
    "Order", (page("/"), page("/shop*"), StepInfo("Added", Condition("element", element="#add")), page("/thanks"))
)


def asked(store: EventStore, site: SiteInfo, *funnels: FunnelInfo, **words: str) -> ReportAnswer:
    scope = parse_scope(replace(site, funnels=funnels), {word: [value] for word, value in words.items()}, at(NOW))
    answer = run_report(report, scope, store)
    assert answer.error is None
    return answer


@pytest.fixture
def ask(store: EventStore, site: SiteInfo) -> Asking:
    return lambda *funnels, **words: asked(store, site, *(funnels or [ORDER]), **words)


def column(answer: ReportAnswer, name: str) -> list[Any]:
    return [row[name] for row in answer.rows]


def test_steps_count_in_order_and_not_next_to_each_other(visit: Visiting, ask: Asking) -> None:
    with visit.at_once():
        visit("2026-03-09 08:00", ["/", "/about", "/shop/a", "/thanks"], [worked("#add", 2)])
        visit("2026-03-09 09:00", ["/", "/shop", "/thanks"])
        visit("2026-03-09 10:00", ["/shop", "/", "/thanks"], [worked("#add", 0)])
        visit("2026-03-09 11:00", ["/thanks", "/", "/shop", "/"], [worked("#add", 0), dead("#add", 2)])
        visit("2026-03-09 12:00", ["/shop", "/thanks"])
        visit("2026-03-09 13:00", ["/"], automated=True)
    answer = ask()
    assert column(answer, "visits") == [4, 3, 1, 1]
    assert column(answer, "share_of_first") == [1, 3 / 4, 1 / 4, 1 / 4]
    assert column(answer, "step_rate") == [None, 3 / 4, 1 / 3, 1]
    assert column(answer, "step_rate_low")[2] == (wilson(1, 3) or (0, 0))[0]
    assert column(answer, "left") == [1, 2, 0, None]
    assert column(answer, "step") == ["/ is seen", "/shop* is seen", "Added", "/thanks is seen"]
    assert answer.notes == ["Funnel: Order."]


def test_the_same_step_twice_wants_two_events(visit: Visiting, ask: Asking) -> None:
    visit("2026-03-09 08:00", ["/a"])
    visit("2026-03-09 09:00", ["/a", "/b", "/a"])
    assert column(ask(FunnelInfo("Again", (page("/a"), page("/a")))), "visits") == [2, 1]


def test_at_one_moment_the_number_in_the_view_decides(visit: Visiting, ask: Asking) -> None:
    told = [Happening("custom", 0, 5, {"name": name}) for name in ("one", "two")]
    visit("2026-03-09 08:00", also=told)
    one, two = (StepInfo("", Condition("event", event=name)) for name in ("one", "two"))
    assert column(ask(FunnelInfo("There", (one, two))), "visits") == [1, 1]
    assert column(ask(FunnelInfo("Back", (two, one))), "visits") == [1, 0]


def test_time_is_the_median_from_the_step_before(visit: Visiting, ask: Asking) -> None:
    for hour, step_s in ((8, [10, 60]), (9, [20, 60]), (10, [90, 60])):
        visit(f"2026-03-09 {hour:02}:00", ["/", "/shop"], step_s=step_s)
    assert column(ask(), "took_ms") == [None, 20_000, None, None]


def test_where_those_went_who_left(visit: Visiting, ask: Asking) -> None:
    with visit.at_once():
        for minute in (0, 5):
            visit(f"2026-03-09 08:{minute:02}", ["/", "/help", "/contact"])
        visit("2026-03-09 08:30", ["/"])
        for minute in (0, 5, 10):
            visit(f"2026-03-09 09:{minute:02}", ["/help", "/", "/shop"])
        visit("2026-03-09 10:00", ["/", "/shop", "/help"], [worked("#add", 2)])
        visit("2026-03-09 11:00", ["/", "/shop", "/about"])
    answer = ask()
    assert column(answer, "visits") == [8, 5, 1, 0]
    assert list(zip(column(answer, "next"), column(answer, "next_visits"), strict=True)) == [
        ("/help", 2),
        (LEFT, 3),
        (LEFT, 1),
        (None, None),
    ]


def test_struggles_of_those_who_left_stand_beside_those_of_the_others(visit: Visiting, ask: Asking) -> None:
    funnel = FunnelInfo("Pay", (page("/cart"), page("/thanks")))
    with visit.at_once():
        for hour in (8, 9, 10):
            visit(f"2026-03-09 {hour:02}:00", ["/cart", "/help"], [dead("#pay"), dead("#pay", 1)])
        visit("2026-03-09 11:00", ["/cart"])
        visit("2026-03-09 12:00", ["/cart", "/thanks"], [slow("#pay")])
        visit("2026-03-09 13:00", ["/", "/cart", "/thanks"], [dead("#menu"), dead("#share", 2)])
    [first, last] = ask(funnel).rows
    assert (first["struggled_on"], first["struggled_left"]) == (1 / 2, 3 / 4)
    assert (last["struggled_on"], last["struggled_left"]) == (None, None)


def test_a_funnel_is_chosen_by_name_and_filters_choose_the_visits(visit: Visiting, ask: Asking) -> None:
    visit("2026-03-09 08:00", ["/", "/shop"], referrer="www.google.com/")
    visit("2026-03-09 09:00", ["/", "/a", "/shop"])
    other = FunnelInfo("Reading", (page("/"), page("/a")))
    assert column(ask(ORDER, other, funnel="Reading"), "visits") == [2, 1]
    assert column(ask(ORDER, other, filter="source:is:Google"), "visits") == [1, 1, 0, 0]
    assert column(ask(ORDER, other, filter="path:is:/a"), "visits") == [1, 1, 0, 0]
    with pytest.raises(InvalidInputError, match="did you mean Reading"):
        ask(ORDER, other, funnel="Readin")


def test_without_funnels_it_says_where_they_are_made(store: EventStore, site: SiteInfo) -> None:
    assert "makes them under “Goals and funnels”" in asked(store, site).notes[0]


def depth(steps: Sequence[str], seen: Iterable[str]) -> int:
    """Return how many steps are met in order, told another way: one walk along what was seen."""
    reached = 0
    for one in seen:
        if reached < len(steps) and one == steps[reached]:
            reached += 1
    return reached


PATHS = ["/a", "/b", "/c"]
CHANCE = Random(7)
TRAILS = [CHANCE.choices(PATHS, k=CHANCE.randrange(1, 12)) for _ in range(60)]


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckStore]:
    """Return a store with a visit along each of TRAILS."""
    folder = tmp_path_factory.mktemp("funnel")
    store = DuckStore(folder / "events.duckdb", [folder])
    store.migrate()
    visit = Visiting(Loading(store, folder), SHOP)
    with visit.at_once():
        for number, trail in enumerate(TRAILS):
            visit(f"2026-03-09 08:{number:02}", trail, step_s=1)
    yield store
    store.close()


@settings(max_examples=25, deadline=None)
@given(steps=st.lists(st.sampled_from(PATHS), min_size=2, max_size=8))
def test_any_funnel_counts_as_one_walk_along_each_visit(walked: DuckStore, steps: list[str]) -> None:
    found = asked(walked, SHOP, FunnelInfo("Any", tuple(page(path) for path in steps)))
    depths = [depth(steps, trail) for trail in TRAILS]
    assert column(found, "visits") == [sum(one > number for one in depths) for number in range(len(steps))]
