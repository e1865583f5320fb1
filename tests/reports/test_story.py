"""Examples of struggles and their stories, on both engines, and in words."""

import pytest

from reports.dashboard import telling
from reports.scope import parse_scope
from reports.struggle.examples import check_place, find_examples
from reports.struggle.story import find_story
from tests.kit.ground import at
from tests.kit.store import dead, failed, slow, worked
from tracker.errors import InvalidInputError

NOW = "2026-03-10 12:00"


@pytest.fixture
def told(store, site):
    """The newest example of a signal, and its story."""

    def find(signal: str, path: str | None = None, element: str | None = None, **words: str):
        scope = parse_scope(site, {word: [value] for word, value in words.items()}, at(NOW))
        examples = find_examples(store, scope, check_place(signal, path, element))
        if not examples:
            return None, None
        newest = examples[0]
        return newest, find_story(store, site, newest.id, signal)

    return find


def test_a_dead_click_tells_what_came_before_and_after(visit, told):
    visit(
        "2026-03-09 10:00",
        ["/", "/basket", "/help"],
        [worked("#sort", 0), dead("#coupon", 1, element_text="Apply coupon", any_mutation_ms=300)],
        engaged_s=[20, 40, 5],
    )
    example, story = told("dead")
    assert example.trail == ["/", "/basket"]
    assert example.views_after == 1
    assert (story.signal, story.path, story.element) == ("dead", "/basket", "#coupon")
    assert story.about["entry"] == "/"
    assert telling.headline(story) == "Dead click: the “Apply coupon” on /basket"
    done = [telling.done(moment) for moment in story.moments]
    assert done == [
        "Opened /",
        "Clicked a #sort",
        "Opened /basket",
        "Clicked the “Apply coupon”",
        "Opened /help",
    ]
    it = next(moment for moment in story.moments if moment.is_it)
    assert it.signals == ["dead"]
    assert it.offset_ms == 0
    assert telling.followed(it) == ["Nothing happened for 7 s, but for what had been moving by itself before"]
    assert [moment.engaged_ms for moment in story.moments if moment.kind == "view"] == [20_000, 40_000, 5_000]
    assert telling.ending(story) == "The visitor went on to 1 more page."


def test_what_followed_is_told_in_order(visit, told):
    visit("2026-03-09 10:00", ["/"], [slow("#cost"), failed("#pay", after_s=9, request_ms=5)])
    _, story = told("slow")
    followed = [telling.followed(moment) for moment in story.moments if moment.kind == "click"]
    assert followed == [
        ["10 ms later a request went out", "2 s later the page changed"],
        ["5 ms later a request went out", "20 ms later a script failed"],
    ]
    assert told("error_click")[1].moments[2].signals == ["error_click"]


def test_who_left_from_it_is_told(visit, told):
    visit("2026-03-09 10:00", ["/", "/pay"], [dead("#buy", 1)], engaged_s=[4, 30])
    example, story = told("dead")
    assert example.views_after == 0
    assert telling.ending(story) == "The visitor stayed on the page for 25 s more, and left the site from it."


def test_examples_are_of_one_place_and_range(visit, told):
    visit("2026-03-09 10:00", ["/"], [dead("#one")])
    visit("2026-03-08 10:00", ["/other"], [dead("#two")])
    visit("2025-01-08 10:00", ["/old"], [dead("#old")])
    assert told("dead")[0].element == "#one"
    assert told("dead", "/other")[0].element == "#two"
    assert told("dead", "/other", "#one") == (None, None)
    assert told("dead", "/old") == (None, None)
    assert told("slow") == (None, None)


def test_without_visitors_the_one_view_is_told(visit, told):
    visit("2026-03-09 10:00", ["/pay"], [dead("#buy")], visitor=None)
    example, story = told("dead")
    assert (example.trail, example.views_after) == ([], None)
    assert story.about == {}
    assert [telling.done(moment) for moment in story.moments] == ["Opened /pay", "Clicked a #buy"]
    assert "not told apart" in telling.ending(story)


def test_a_long_visit_is_told_around_its_struggle(visit, told):
    visit("2026-03-09 10:00", [f"/{n}" for n in range(300)], [dead("#buy", 150)], step_s=2)
    _, story = told("dead")
    assert story.cut
    assert len(story.moments) == 240
    assert [moment.path for moment in story.moments if moment.is_it] == ["/150"]


def test_an_event_without_struggle_has_no_story(store, site, visit):
    visit("2026-03-09 10:00", ["/"], [worked("#fine")])
    assert find_story(store, site, "0" * 15 + "1-0") is None
    assert find_story(store, site, "no event") is None


def test_an_unknown_signal_is_named():
    with pytest.raises(InvalidInputError, match="did you mean dead"):
        check_place("ded", None, None)
