"""What is usual, how likely counts are, and what is told: laws that hold for all traffic."""

import random
from datetime import UTC, datetime, timedelta
from math import sin
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.alerts.chances import at_least, at_most, between
from tracker.alerts.look import STEPS_A_DAY, Rule, departures, look, track
from tracker.alerts.rules import DROP, SENSITIVITIES, SPIKE, rule_of, rule_of_share
from tracker.alerts.share import learn_share
from tracker.alerts.usual import Hour, learn

NORMAL = SENSITIVITIES[1]
SPIKES, DROPS = rule_of(SPIKE, NORMAL), rule_of(DROP, NORMAL)
counts = st.integers(0, 5000)
means = st.floats(0.1, 5000)
spreads = st.floats(0, 0.5)


def hours(zone: ZoneInfo, begin: datetime, weeks: int, level: float = 100.0, noise: int = 1) -> list[Hour]:
    """Traffic that follows the zone's own clock, with chance."""
    dice = random.Random(noise)
    made: list[Hour] = []
    for at in range(weeks * 168):
        local = (begin + timedelta(hours=at)).astimezone(zone)
        mean = level * (1 + 0.8 * sin((local.hour - 8) / 24 * 6.283)) * (0.6 if local.weekday() > 4 else 1)
        made.append((local, max(0, round(dice.gauss(mean, mean**0.5)))))
    return made


@given(counts, means, spreads)
@settings(deadline=None)
def test_chances_are_chances_and_the_two_tails_meet(count: int, usual: float, spread: float) -> None:
    above, below = at_least(count, usual, spread), at_most(count, usual, spread)
    assert 0 <= above <= 1 and 0 <= below <= 1
    assert above + at_most(count - 1, usual, spread) == pytest.approx(1, abs=1e-6)


@given(st.integers(1, 5000), means, spreads)
@settings(deadline=None)
def test_more_is_less_likely_and_a_wider_spread_makes_it_likelier(count: int, usual: float, spread: float) -> None:
    assert at_least(count + 1, usual, spread) <= at_least(count, usual, spread) + 1e-12
    if count > 2 * usual + 3:
        assert at_least(count, usual, spread) <= at_least(count, usual, spread + 0.1) + 1e-12


def test_what_is_next_to_impossible_is_reckoned_to_its_end() -> None:
    assert 0 <= at_least(2272, 100.0, 0.02) < at_least(2200, 100.0, 0.02) < 1e-300


def test_without_spread_it_is_poissons() -> None:
    assert at_least(3, 1.0, 0) == pytest.approx(0.0803014, rel=1e-3)
    assert at_most(0, 5.0, 0) == pytest.approx(0.0067379, rel=1e-3)
    assert between(100, 0) == (80, 120)


@given(
    st.randoms(use_true_random=False),
    st.integers(0, 60),
    st.floats(0.01, 10),
    st.integers(20, 200),
    st.sampled_from([SPIKE, DROP]),
)
@settings(deadline=None)
def test_below_the_least_volume_nothing_is_told(
    dice: random.Random, most: int, level: float, least: int, side: str
) -> None:
    numbers = [dice.randint(0, most) for _ in range(300)]
    rule = rule_of(side, SENSITIVITIES[2], least)  # type: ignore[arg-type]
    made = track(numbers, [level] * len(numbers), lambda _: 0.01)
    found = look(made, len(numbers), rule)
    if found is not None:
        assert (found.seen if side == SPIKE else found.usual) >= least
        assert found.seen >= rule.ratio * found.usual if side == SPIKE else found.seen <= rule.ratio * found.usual


@given(st.integers(0, 2000), st.floats(1, 500), st.integers(2, 20))
@settings(max_examples=50, deadline=None)
def test_what_is_told_on_a_site_is_told_on_one_with_more_of_the_same(seen: int, level: float, scale: int) -> None:
    def told(factor: int) -> bool:
        numbers = [round(level)] * 400 + [seen // 12] * 12
        made = track([one * factor for one in numbers], [level * factor] * len(numbers), lambda _: 0.02)
        return look(made, len(numbers), SPIKES) is not None

    assert not told(1) or told(scale)


@given(st.sampled_from(["Europe/Helsinki", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]), st.booleans())
@settings(max_examples=4, deadline=None)
def test_traffic_that_follows_the_clock_is_usual_when_clocks_change(name: str, autumn: bool) -> None:
    zone = ZoneInfo(name)
    begin = datetime(2026, 8 if autumn else 1, 5, tzinfo=UTC)
    made = hours(zone, begin, 14)
    for day in range(9 * 7, 14 * 7 - 1):
        usual = learn(made[: day * 24])
        assert usual is not None
        some = made[day * 24 - 48 : day * 24 + 24]
        levels = [usual.at(local) / 12 for local, _ in some for _ in range(12)]
        steps = [(count or 0) * (n + 1) // 12 - (count or 0) * n // 12 for _, count in some for n in range(12)]
        told = track(steps, levels, usual.spread_of)
        for rule in (SPIKES, DROPS):
            assert not [*departures(told, 48 * 12, 72 * 12, rule, 72)]


def test_an_hour_that_was_wild_once_does_not_become_usual() -> None:
    zone = ZoneInfo("UTC")
    made = hours(zone, datetime(2026, 1, 5, tzinfo=UTC), 6)
    plain = learn(made)
    wild = learn([(local, (count or 0) * 20 if 500 < at < 506 else count) for at, (local, count) in enumerate(made)])
    dark = learn([(local, 0 if 500 < at < 506 else count) for at, (local, count) in enumerate(made)])
    assert plain is not None and wild is not None and dark is not None
    for slot, level in enumerate(plain.levels):
        assert wild.levels[slot] == pytest.approx(level, rel=0.35)
        assert dark.levels[slot] == pytest.approx(level, rel=0.2)


def test_two_weeks_are_needed_and_hours_that_are_not_known_do_not_count() -> None:
    made = hours(ZoneInfo("UTC"), datetime(2026, 1, 5, tzinfo=UTC), 3)
    assert learn(made[: 14 * 24 - 1]) is None
    assert learn(made[: 14 * 24]) is not None
    assert learn([(local, None if at < 200 else count) for at, (local, count) in enumerate(made)]) is None


@pytest.mark.parametrize(("factor", "rule"), [(3.0, SPIKES), (0.4, DROPS), (0.0, DROPS)])
def test_what_happens_on_a_busy_site_is_told_within_an_hour(factor: float, rule: Rule) -> None:
    usual = learn(hours(ZoneInfo("UTC"), datetime(2026, 1, 5, tzinfo=UTC), 6, 300))
    assert usual is not None
    steps = [*([25] * 2 * STEPS_A_DAY), *([round(25 * factor)] * 12)]
    made = track(steps, [25.0] * len(steps), usual.spread_of)
    [(found, _)] = departures(made, 2 * STEPS_A_DAY, len(steps), rule, 72)
    assert (found.last - 2 * STEPS_A_DAY) * 5 <= 60


def test_what_was_not_counted_is_no_drop() -> None:
    steps: list[int | None] = [*([25] * 600), *([None] * 24)]
    made = track(steps, [25.0] * len(steps), lambda _: 0.02)
    assert look(made, len(steps), DROPS) is None
    lost = track([0 if one is None else one for one in steps], [25.0] * len(steps), lambda _: 0.02)
    assert look(lost, len(steps), DROPS) is not None


def test_a_share_is_learned_in_spite_of_a_bad_day_and_told_from_some_visits_on() -> None:
    usual = learn_share([(5, 100)] * 20 + [(90, 100)])
    assert usual is not None and usual.share == pytest.approx(0.055, abs=0.01)
    assert learn_share([(5, 100)] * 13) is None
    assert learn_share([(0, 100)] * 20) is not None
    rule = rule_of_share(NORMAL)
    for of, struck, is_told in ((10, 3, True), (10, 1, False), (1, 1, False)):
        counts = [0] * 300 + [struck] * 12
        each = [of] * 300 + [of] * 12
        made = track(counts, [usual.expect(datetime.now(UTC), one, 1) for one in each], usual.spread_of, each)
        assert (look(made, len(counts), rule) is not None) == is_told, (of, struck)
