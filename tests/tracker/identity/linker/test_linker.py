import math
import statistics
import time

import pytest
from msgspec.structs import replace

from tests.tracker.identity.linker.browsers import DAY_MS, Look, desktop, phone
from tracker.identity.linker.blocking import CAP
from tracker.identity.linker.fields import WORDS
from tracker.identity.linker.linker import Linker
from tracker.identity.linker.links import Link
from tracker.identity.linker.scoring import GAP, TOGETHER
from tracker.identity.linker.weights import load_weights

KNOWN = 60
OURS = 1_000


@pytest.fixture
def linker() -> Linker:
    """Knows sixty desktops; the one of these tests is another."""
    found = Linker(load_weights())
    for browser in range(KNOWN):
        found.learn_of(browser, desktop(browser), 0)
    return found


def said_of(link: Link, field: str) -> tuple[str, float]:
    [item] = [item for item in link.evidence if item.field == field]
    return item.outcome, item.bits


def test_a_browser_that_looks_the_same_again_is_known(linker: Linker) -> None:
    linker.learn_of(OURS, desktop(OURS), 0)
    link = linker.link(desktop(OURS), 3 * DAY_MS)
    assert (link.browser, link.reason) == (OURS, "linked")
    assert link.bits >= link.needed
    assert {item.outcome for item in link.evidence if item.field not in (TOGETHER, GAP)} == {"same"}


def test_a_browser_that_nobody_looks_like_is_unknown(linker: Linker) -> None:
    link = linker.link(desktop(OURS), DAY_MS)
    assert (link.browser, link.reason) == (None, "unknown")


@pytest.mark.parametrize(
    "change",
    [{"version": 142}, {"screen": "2560x1440x32"}, {"version": 142, "canvas": "0123456789abcdef"}],
    ids=" and ".join,
)
def test_a_browser_that_changed_as_browsers_do_is_known(linker: Linker, change: Look) -> None:
    linker.learn_of(OURS, desktop(OURS) | {"version": 141}, 0)
    link = linker.link(desktop(OURS) | {"version": 141} | change, 7 * DAY_MS)
    assert link.browser == OURS
    for field in change:
        assert said_of(link, field)[0] == ("newer" if field == "version" else "changed")


def test_the_evidence_adds_up_to_the_bits_and_has_words_for_each_field(linker: Linker) -> None:
    linker.learn_of(OURS, desktop(OURS), 0)
    look = desktop(OURS) | {"screen": "1x1x1", "fonts": desktop(OURS)["fonts"] + ",Ubuntu"}
    del look["audio"]
    link = linker.link(look, 40 * DAY_MS)
    assert link.evidence
    assert math.isclose(sum(item.bits for item in link.evidence), link.bits)
    assert {item.field for item in link.evidence} - {TOGETHER, GAP} <= set(WORDS)
    assert said_of(link, "audio") == ("missing", 0)
    assert said_of(link, "fonts")[0] == "similar"


def test_two_known_browsers_that_look_the_same_are_not_told_apart(linker: Linker) -> None:
    linker.learn_of(OURS, desktop(OURS), 0)
    linker.learn_of(OURS + 1, desktop(OURS), 0)
    link = linker.link(desktop(OURS), DAY_MS)
    assert (link.browser, link.reason) == (None, "ambiguous")
    assert link.margin == 0


def test_the_one_of_two_that_looks_more_like_it_must_do_so_by_a_margin(linker: Linker) -> None:
    linker.learn_of(OURS, desktop(OURS) | {"timezone": "0", "do_not_track": "no"}, 0)
    linker.learn_of(OURS + 1, desktop(OURS) | {"timezone": "480", "do_not_track": "no"}, 0)
    link = linker.link(desktop(OURS) | {"timezone": "0"}, DAY_MS)
    assert link.browser == OURS
    between = linker.link(desktop(OURS) | {"timezone": "720"}, DAY_MS)
    assert between.browser is None
    assert between.margin < linker.weights.margin


@pytest.mark.parametrize("fields", [("os",), ("os", "browser", "version", "timezone", "language")])
def test_the_second_browser_of_a_new_site_is_not_taken_for_the_first_for_little(fields: tuple[str, ...]) -> None:
    linker = Linker(load_weights())
    linker.learn_of(1, desktop(1), 0)
    link = linker.link({field: desktop(1)[field] for field in fields}, DAY_MS)
    assert (link.browser, link.reason) == (None, "too_common")


def test_a_version_that_goes_down_speaks_against_a_link(linker: Linker) -> None:
    linker.learn_of(OURS, desktop(OURS) | {"version": 141}, 0)
    up, down = (linker.link(desktop(OURS) | {"version": version}, 3 * DAY_MS) for version in (142, 140))
    assert said_of(up, "version")[0] == "newer"
    assert said_of(down, "version")[0] == "older"
    assert said_of(down, "version")[1] < -8
    assert down.bits < up.bits - 5


def test_another_system_is_another_browser(linker: Linker) -> None:
    linker.learn_of(OURS, desktop(OURS) | {"os": "windows"}, 0)
    assert linker.link(desktop(OURS) | {"os": "linux"}, DAY_MS).browser is None


def test_what_went_back_to_what_it_was_is_known_as_such(linker: Linker) -> None:
    at_home, at_work = desktop(OURS) | {"screen": "1x1x1"}, desktop(OURS) | {"screen": "2x2x2"}
    linker.learn_of(OURS, at_home, 0)
    linker.learn_of(OURS, at_work, DAY_MS)
    link = linker.link(at_home | {"version": desktop(OURS)["version"] + 1}, 2 * DAY_MS)
    assert link.browser == OURS
    assert said_of(link, "screen")[0] == "earlier"


def test_a_rare_value_says_more_than_a_common_one(linker: Linker) -> None:
    for browser in range(OURS + 1, OURS + 41):
        linker.learn_of(browser, desktop(browser) | {"audio": "feedfeedfeedfeed"}, 0)
    bits = []
    for audio in ("feedfeedfeedfeed", "1234123412341234"):
        linker.learn_of(OURS, desktop(OURS) | {"audio": audio}, 0)
        bits.append(said_of(linker.link(desktop(OURS) | {"audio": audio}, DAY_MS), "audio")[1])
    assert bits[1] > bits[0] + 1


def test_the_longer_ago_the_less_a_change_says_against_and_the_same_for(linker: Linker) -> None:
    linker.learn_of(OURS, desktop(OURS), 0)
    soon, late = (linker.link(desktop(OURS) | {"canvas": "9" * 16}, days * DAY_MS) for days in (1, 100))
    assert said_of(soon, "canvas")[1] < said_of(late, "canvas")[1]
    assert said_of(soon, "screen")[1] > said_of(late, "screen")[1]


def test_phones_of_which_there_are_more_than_are_looked_into_are_refused() -> None:
    linker = Linker(load_weights())
    for browser in range(CAP + 1):
        linker.learn_of(browser, phone(), 0)
    link = linker.link(phone(), DAY_MS)
    assert (link.browser, link.reason, link.evidence) == (None, "too_common", ())


def test_a_few_phones_alike_are_refused_too() -> None:
    linker = Linker(load_weights())
    for browser in range(5):
        linker.learn_of(browser, phone(), 0)
    assert linker.link(phone(), DAY_MS).browser is None


def test_many_who_are_each_a_little_less_likely_are_likelier_together() -> None:
    def margin(number: int) -> float:
        linker = Linker(replace(load_weights(), distinct=-100.0))
        for browser in range(number):
            linker.learn_of(browser, desktop(OURS) | {"version": 140}, 0)
        linker.learn_of(OURS, desktop(OURS) | {"version": 141}, 0)
        return linker.link(desktop(OURS) | {"version": 141}, DAY_MS).margin

    assert margin(100) < margin(10) < margin(2) < margin(0) == math.inf


def test_the_same_calls_give_the_same_answers() -> None:
    def answers() -> list[Link]:
        linker = Linker(load_weights())
        found = []
        for number in range(120):
            look = desktop(number % 50) | ({"screen": "1x1x1"} if number % 3 == 0 else {})
            found.append(linker.link(look, number * DAY_MS))
            linker.learn_of(number % 50, look, number * DAY_MS)
        return found

    assert answers() == answers()


def test_a_link_changes_nothing_by_itself(linker: Linker) -> None:
    linker.learn_of(OURS, desktop(OURS), 0)
    changed = desktop(OURS) | {"screen": "1x1x1"}
    assert linker.link(changed, DAY_MS) == linker.link(changed, DAY_MS)
    assert len(linker) == KNOWN + 1


def test_a_forgotten_browser_is_unknown(linker: Linker) -> None:
    before = linker.link(desktop(OURS), DAY_MS)
    linker.learn_of(OURS, desktop(OURS), 0)
    linker.learn_of(OURS, desktop(OURS) | {"screen": "1x1x1"}, 0)
    linker.forget(OURS)
    linker.forget(OURS)
    assert OURS not in linker
    assert linker.link(desktop(OURS), DAY_MS) == before


@pytest.mark.parametrize("fields", [(), ("os",), ("canvas",), ("timezone", "language"), ("nonsense",)], ids=repr)
def test_too_little_to_go_by_is_refused(linker: Linker, fields: tuple[str, ...]) -> None:
    look = {field: desktop(1).get(field, "x") for field in fields}
    link = linker.link(look, DAY_MS)
    assert link.browser is None


def test_hostile_values_are_weighed_like_others(linker: Linker) -> None:
    look = desktop(OURS) | {"version": "1" * 256, "platform_version": "٣.٤", "fonts": "," * 256, "cores": -(2**62)}
    linker.learn_of(OURS, look, 0)
    assert linker.link(look, DAY_MS).browser == OURS
    assert linker.link(look | {"version": "", "platform_version": "NaN", "cores": 2**62}, DAY_MS).bits < math.inf


def median_link_s(known: int) -> float:
    """Return how long a link of a stranger takes with so many known, in seconds of the processor."""
    linker = Linker(load_weights())
    for browser in range(known):
        linker.learn_of(browser, desktop(browser) if browser % 2 else phone(), 0)
    took = []
    for browser in range(1, 400, 2):
        began = time.thread_time()
        linker.link(desktop(browser) | {"screen": "1x1x1"}, DAY_MS)
        took.append(time.thread_time() - began)
    return statistics.median(took)


def test_a_link_with_ten_times_as_many_known_costs_no_ten_times_as_much() -> None:
    assert median_link_s(5_000) < 6 * median_link_s(500)
