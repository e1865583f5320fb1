"""A rate lets calls through up to its burst, then at its average, and says what is left."""

from tests.kit.clock import Clock
from tracker.rate import Left, Rate


def test_a_rate_allows_ten_seconds_worth_at_once_then_its_average() -> None:
    clock = Clock()
    rate = Rate(5, clock=clock)
    assert [rate.wait_s("a") for _ in range(51)] == [0] * 50 + [1]
    assert rate.wait_s("b") == 0
    clock.now += 1
    assert [rate.wait_s("a") for _ in range(6)] == [0] * 5 + [1]
    clock.now += 3600
    assert [rate.wait_s("a") for _ in range(51)] == [0] * 50 + [1]


def test_zero_sets_no_limit() -> None:
    rate = Rate(0)
    assert not any(rate.wait_s("a") for _ in range(10_000))
    assert rate.left("a") is None


def test_what_is_left_is_told_without_counting() -> None:
    clock = Clock()
    rate = Rate(0.5, burst_s=60, clock=clock)
    assert rate.left("a") == rate.left("a") == Left(30, 0)
    for _ in range(10):
        rate.wait_s("a")
    assert rate.left("a") == Left(20, 20)
    clock.now += 3
    assert rate.left("a") == Left(21, 17)
    assert [rate.wait_s("a") for _ in range(22)] == [0] * 21 + [1]
    assert rate.left("a") == Left(0, 59)
