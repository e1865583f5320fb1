import math

import pytest

from tests.tracker.identity.linker.browsers import DAY_MS, desktop
from tracker.identity.linker.linker import Linker
from tracker.identity.linker.weights import load_weights

OLD, NEW, OTHER = 1_000, 1_001, 1_002


@pytest.fixture
def linker() -> Linker:
    found = Linker(load_weights())
    for browser in range(60):
        found.learn_of(browser, desktop(browser), 0)
    return found


def test_a_browser_that_was_taken_for_new_is_joined_to_the_one_that_went_silent_then(linker: Linker) -> None:
    linker.learn_of(OLD, desktop(OLD), 0)
    linker.learn_of(NEW, desktop(OLD) | {"screen": "1x1x1"}, 5 * DAY_MS)
    again = linker.reconsider()
    [joined] = again.joined
    assert (joined.earlier, joined.later, joined.at_ms) == (OLD, NEW, 5 * DAY_MS)
    assert math.isclose(sum(item.bits for item in joined.evidence), joined.bits)
    assert not again.parted


def test_a_browser_that_is_still_about_is_not_joined(linker: Linker) -> None:
    linker.learn_of(OLD, desktop(OLD), 0)
    linker.learn_of(NEW, desktop(OLD) | {"screen": "1x1x1"}, 5 * DAY_MS)
    linker.learn_of(OLD, desktop(OLD), 6 * DAY_MS)
    assert not linker.reconsider().joined


def test_of_two_that_may_continue_it_neither_is_joined(linker: Linker) -> None:
    linker.learn_of(OLD, desktop(OLD), 0)
    for one, screen in ((NEW, "1x1x1"), (OTHER, "2x2x2")):
        linker.learn_of(one, desktop(OLD) | {"screen": screen}, 5 * DAY_MS)
    assert not linker.reconsider().joined


def test_joined_browsers_are_known_as_the_earlier(linker: Linker) -> None:
    linker.learn_of(OLD, desktop(OLD), 0)
    linker.learn_of(NEW, desktop(OLD) | {"screen": "1x1x1"}, 5 * DAY_MS)
    linker.join(OLD, NEW)
    assert NEW not in linker
    for look in (desktop(OLD), desktop(OLD) | {"screen": "1x1x1"}):
        assert linker.link(look, 6 * DAY_MS).browser == OLD
    assert not linker.reconsider().joined


def test_a_state_that_alternates_with_another_as_no_browser_does_is_taken_back(linker: Linker) -> None:
    ours = desktop(OLD) | {"version": 141}
    others = ours | {"version": 142, "canvas": "feedfeedfeedfeed", "gpu_renderer": "beefbeefbeefbeef", "cores": 2}
    for day in range(10):
        linker.learn_of(OLD, others if day % 2 else ours, day * DAY_MS)
    [parted] = linker.reconsider().parted
    assert (parted.browser, parted.at_ms, dict(parted.looks)) == (OLD, DAY_MS, {**others, "version": 142_000})
    linker.part(OLD, parted.looks, NEW)
    assert linker.link(ours, 11 * DAY_MS).browser == OLD
    assert linker.link(others, 11 * DAY_MS).browser == NEW
    assert not linker.reconsider().parted


def test_a_screen_that_is_plugged_in_and_out_is_no_reason_to_take_anything_back(linker: Linker) -> None:
    for day in range(10):
        linker.learn_of(OLD, desktop(OLD) | {"screen": "1x1x1" if day % 2 else "2x2x2"}, day * DAY_MS)
    assert not linker.reconsider().parted


def test_only_what_is_recent_is_reconsidered(linker: Linker) -> None:
    linker.learn_of(OLD, desktop(OLD), 0)
    linker.learn_of(NEW, desktop(OLD) | {"screen": "1x1x1"}, 5 * DAY_MS)
    assert linker.reconsider(5 * DAY_MS).joined
    assert not linker.reconsider(6 * DAY_MS).joined
