"""What becomes a struggle and what does not, on each engine."""

from typing import Any

import pytest
from sqlalchemy import select

from tests.kit.store import (
    Visiting,
    click,
    dead,
    failed,
    failure,
    form,
    hunt,
    search,
    slow,
    stored,
    swipe,
    worked,
)
from tracker.store.base import EventStore
from tracker.store.schema import struggle

DAY = "2026-03-01 10:00"


def told(store: EventStore) -> dict[int, list[tuple[Any, ...]]]:
    """Return what was found of each visitor: (signal, repetitions, duration_ms, path, element, detail)."""
    c = struggle.c
    columns = (c.visitor_id, c.signal, c.repetitions, c.duration_ms, c.path, c.element, c.detail)
    found: dict[int, list[tuple[Any, ...]]] = {}
    for visitor, *rest in store.query(select(*columns).order_by(c.occurred_at, c.seq, c.signal)).rows:
        found.setdefault(visitor, []).append(tuple(rest))
    return found


def check(store: EventStore, visit: Visiting, cases: list[tuple[str, dict[str, Any], list[str]]], only: str) -> None:
    """Load each case as a visitor's visit, and compare the signals whose names begin with one of `only`."""
    names = {}
    with visit.at_once():
        for name, given, _ in cases:
            names[visit(DAY, **given)] = name
    found = told(store)
    signals = {
        name: [row[0] for row in found.get(visitor, []) if row[0] in only.split()] for visitor, name in names.items()
    }
    assert signals == {name: expected for name, _, expected in cases}


CLICKS = [
    ("one that worked", [worked()], []),
    ("dead", [dead()], ["dead"]),
    ("disabled", [dead(disabled=True)], ["disabled"]),
    ("looks like a link", [dead(affordance="link")], ["false_affordance"]),
    ("a disabled thing that looks like a link", [dead(affordance="link", disabled=True)], ["disabled"]),
    ("plain content", [dead(affordance="none")], ["in_vain"]),
    ("slow", [slow()], ["slow"]),
    ("in error", [failed()], ["error_click"]),
    ("in error, and else dead", [failed(disabled=True)], ["error_click"]),
    ("in error and slow", [failed(mutation_ms=3000)], ["error_click", "slow"]),
    ("answered after three seconds", [dead(mutation_ms=3000)], ["slow"]),
    ("by a script", [dead(trusted=None)], []),
]


def test_a_click_is_listed_once_for_what_was_wrong(store: EventStore, visit: Visiting):
    cases = [(name, {"clicks": clicks}, expected) for name, clicks, expected in CLICKS]
    check(store, visit, cases, "dead disabled false_affordance in_vain slow error_click")


def burst(count: int, gap_ms: int = 200, begin_s: float = 5, **evidence: Any) -> list[Any]:
    given = {"mutation_ms": 5, **evidence}
    return [click(after_s=begin_s + number * gap_ms / 1000, **given) for number in range(count)]


def moving(count: int, step_x: int, step_y: int) -> list[Any]:
    return [
        click(after_s=5 + n / 5, affordance="none", page_x=100 + n * step_x, page_y=n * step_y) for n in range(count)
    ]


RAGES = [
    ("three quick clicks that work", burst(3), []),
    ("four", burst(4), ["rage"]),
    ("four in a second and a bit", burst(4, 334), []),
    ("four in a second", burst(4, 333), ["rage"]),
    ("three, one of them dead", [*burst(2), dead(after_s=5.4)], ["rage"]),
    ("three, one of them slow", [*burst(2), slow(after_s=5.4)], ["rage"]),
    ("three, one of them in error", [*burst(2), failed(after_s=5.4)], ["rage"]),
    ("two dead ones", burst(2, mutation_ms=None), []),
    ("twenty", burst(20), ["rage"]),
    ("two bursts", [*burst(4), *burst(4, begin_s=20)], ["rage", "rage"]),
    ("on two things in turn", [click(f"#{n % 2}", after_s=5 + n / 5, mutation_ms=5) for n in range(4)], []),
    ("a stepper", burst(6, repeats=True), []),
    ("a text field", burst(6, exempt="input"), []),
    ("by a script", burst(6, trusted=None), []),
    ("marking text", [*burst(1, affordance="none"), *burst(3, 200, 5.2, affordance="none", selection_ms=20)], []),
    ("marking a control's words", [*burst(1), *burst(3, begin_s=5.2, selection_ms=20)], ["rage"]),
    ("scrolling on", burst(6, scroll_ms=100), []),
    ("scrolling after it", [*burst(3), click(after_s=5.6, mutation_ms=5, scroll_ms=100)], ["rage"]),
    ("plain content, in one place", moving(4, 5, 5), ["rage"]),
    ("plain content, here and there", moving(4, 0, 31), []),
    ("plain content, across", moving(4, 90, 0), []),
    ("in two views", [*burst(2), *(click(view=1, after_s=0.1 + n / 5, mutation_ms=5) for n in range(2))], []),
]


def test_rage_is_many_clicks_on_one_thing_in_no_time(store: EventStore, visit: Visiting):
    cases = [
        (name, {"trail": ["/", "/a"], "step_s": [5.5 if "views" in name else 60, 60], "clicks": clicks}, expected)
        for name, clicks, expected in RAGES
    ]
    check(store, visit, cases, "rage")


def test_a_burst_is_one_incident_with_its_clicks_and_its_length(store: EventStore, visit: Visiting):
    visit(DAY, ["/"], [click(after_s=3), *burst(12), click(after_s=9)], visitor=7)
    [found] = [row for row in told(store)[7] if row[0] == "rage"]
    assert found == ("rage", 12, 2200, "/", "#thing", None)


ABA = ["/a", "/b", "/a"]
BACKS = [
    ("back at once", {"trail": ABA, "step_s": 3}, ["quick_back"]),
    ("the browser said back", {"trail": ABA, "step_s": 3, "navigations": [None, None, "back_forward"]}, ["quick_back"]),
    ("from memory", {"trail": ABA, "step_s": 3, "navigations": ["navigate", "navigate", "bfcache"]}, ["quick_back"]),
    ("by a link, as the browser says", {"trail": ABA, "step_s": 3, "navigations": ["navigate"] * 3}, []),
    ("by a link that was clicked", {"trail": ABA, "step_s": 3, "clicks": [worked(view=1, after_s=1)]}, []),
    ("after a dead click", {"trail": ABA, "step_s": 3, "clicks": [dead(view=1, after_s=1)]}, ["quick_back"]),
    ("after a search", {"trail": ABA, "step_s": 3, "also": [search(view=1, after_s=1)]}, []),
    ("after seven seconds", {"trail": ABA, "step_s": [3, 7, 3]}, []),
    ("just before seven", {"trail": ABA, "step_s": [3, 6.999, 3]}, ["quick_back"]),
    ("a redirect", {"trail": ABA, "step_s": [3, 0.499, 3]}, []),
    ("half a second", {"trail": ABA, "step_s": [3, 0.5, 3]}, ["quick_back"]),
    ("over a redirect", {"trail": ["/a", "/r", "/b", "/a"], "step_s": [3, 0.1, 3, 3]}, ["quick_back"]),
    ("on to a third", {"trail": ["/a", "/b", "/c"], "step_s": 3}, []),
    ("the same again", {"trail": ["/a", "/a", "/a"], "step_s": 3}, []),
    ("from a page of an hour ago", {"trail": ABA, "step_s": [3600, 3, 3]}, []),
    ("to and fro, slowly", {"trail": ["/a", "/b", "/a", "/b"], "step_s": 60}, ["loop"]),
    ("on and on", {"trail": ["/a", "/b"] * 4, "step_s": 60}, ["loop"]),
    ("half a loop", {"trail": ABA, "step_s": 60}, []),
    ("to and fro for hours", {"trail": ["/a", "/b", "/a", "/b"], "step_s": 700}, []),
]  # fmt: skip


def test_ways_back_and_loops(store: EventStore, visit: Visiting):
    check(store, visit, BACKS, "quick_back loop")


def test_a_way_back_tells_the_page_left_and_the_one_before(store: EventStore, visit: Visiting):
    visit(DAY, ["/a", "/b", "/a", "/b"], step_s=3, visitor=7)
    assert told(store)[7] == [
        ("loop", 1, 9000, "/b", None, "/a"),
        ("quick_back", 1, 3000, "/b", None, "/a"),
        ("quick_back", 1, 3000, "/a", None, "/b"),
    ]


OTHERS = [
    ("a hunt", [hunt()], ["scroll_hunt"]),
    ("too few turns", [hunt(reversals=3)], []),
    ("too long", [hunt(span_ms=30_001)], []),
    ("short legs", [hunt(leg_px=299, leg_permille=499)], []),
    ("short legs of half a small screen", [hunt(leg_px=200, leg_permille=500)], ["scroll_hunt"]),
    ("a list that grows", [hunt(grows=True)], []),
    ("a short page", [hunt(pages_permille=1099)], []),
    ("numbers that nobody can count", [hunt(reversals=1e300)], ["scroll_hunt"]),
    ("nothing told", [hunt(reversals=None, span_ms=None)], []),
    ("a swipe", [swipe()], ["dead_swipe"]),
    ("a touch", [swipe(distance_px=30)], []),
    ("an error", [failure()], ["script_error"]),
]


def test_hunts_swipes_and_errors(store: EventStore, visit: Visiting):
    check(store, visit, [(n, {"also": also}, e) for n, also, e in OTHERS], "scroll_hunt dead_swipe script_error")


def test_what_else_tells_them_apart(store: EventStore, visit: Visiting):
    visit(DAY, also=[hunt(), swipe(after_s=30), failure(after_s=40), failure("y", None, after_s=50)], visitor=7)
    assert told(store)[7] == [
        ("scroll_hunt", 5, 12_000, "/", None, None),
        ("dead_swipe", 1, 0, "/", "#gallery", "left"),
        ("script_error", 1, 0, "/", None, "x is not defined\nshop.example/app.js:10"),
        ("script_error", 1, 0, "/", None, "y\ninline:10"),
    ]


FORMS = [
    ("sent", [form()], []),
    ("left", [form(outcome="left")], ["form_abandon"]),
    ("idle", [form(outcome="idle")], ["form_abandon"]),
    ("still open", [form(outcome="open")], ["form_abandon"]),
    ("open, then sent", [form(outcome="open"), form(after_s=50)], []),
    ("idle, then sent", [form(outcome="idle"), form(after_s=50)], []),
    ("open, then left", [form(outcome="open"), form(outcome="left", after_s=50)], ["form_abandon"]),
    ("another one sent", [form("#a", "left"), form("#b", after_s=50)], ["form_abandon"]),
    ("left, and begun again", [form(outcome="left"), form(after_s=50)], ["form_abandon"]),
    ("never begun", [form(outcome="left", fields=0, started_ms=None)], []),
    ("sent twice", [form(submits=2)], ["form_resubmit"]),
    ("refused", [form(invalid=1)], ["form_resubmit"]),
    ("refused and left", [form(outcome="left", invalid=2)], ["form_abandon", "form_resubmit"]),
    ("refused, then sent", [form(outcome="open", invalid=1), form(invalid=1, after_s=50)], ["form_resubmit"]),
]


def test_forms(store: EventStore, visit: Visiting):
    check(store, visit, [(n, {"also": also, "step_s": 90}, e) for n, also, e in FORMS], "form_abandon form_resubmit")


def test_a_form_is_known_by_its_name_and_where_it_was_left(store: EventStore, visit: Visiting):
    visit(DAY, also=[form("#order", "left", submits=3)])
    c = struggle.c
    columns = (c.signal, c.element, c.element_text, c.detail, c.repetitions, c.duration_ms, c.occurred_at)
    expected = ("#order", "order", "#order [name=b]")
    assert store.query(select(*columns).order_by(c.signal)).rows == [
        ("form_abandon", *expected, 1, 30_000, stored("2026-03-01 10:00:40")),
        ("form_resubmit", *expected, 3, 30_000, stored("2026-03-01 10:00:40")),
    ]


def test_of_visitors_that_nobody_tells_apart_there_are_struggles_and_no_ways(store: EventStore, visit: Visiting):
    visit(DAY, ABA, [dead(), *burst(4, begin_s=1)], step_s=3, visitor=None)
    assert sorted(row[0] for row in told(store)[None]) == ["dead", "rage"]  # type: ignore[index]


@pytest.mark.parametrize("given", [{"user_agent": "Googlebot/2.1 (+http://www.google.com/bot.html)"}, {}])
def test_bots_are_labelled(store: EventStore, visit: Visiting, given: dict[str, str]):
    visit(DAY, clicks=[dead()], **given)
    [(label,)] = store.query(select(struggle.c.label)).rows
    assert (label is not None) == bool(given)
