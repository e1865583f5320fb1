"""The arithmetic of the tables, and the labels that it starts from."""

import pytest

from tests.signals.labels import labels
from tests.signals.measuring import Truth
from tests.signals.score import Case, score, shown, wilson
from tests.signals.survey import Click, choose, read
from tests.signals.table import group


def _click(**fields: object) -> Click:
    basis = {
        "page": "/p.html",
        "path": ["#x"],
        "kind": "native",
        "tag": "button",
        "role": None,
        "text": "Buy",
        "disabled": False,
        "field": False,
        "chosen": False,
        "signature": "",
    }
    return Click(**{**basis, **fields})  # type: ignore[arg-type]


def _cases(right: int, wrong: int, missed: int, passed: int) -> list[Case]:
    outcomes = [(True, True)] * right + [(False, True)] * wrong + [(True, False)] * missed + [(False, False)] * passed
    return [Case(str(number), "native", truth, found) for number, (truth, found) in enumerate(outcomes)]


def test_a_score_counts_what_was_right_and_wrong() -> None:
    counted = score(_cases(8, 2, 4, 6))
    assert counted.precision == pytest.approx(0.8)
    assert counted.recall == pytest.approx(8 / 12)
    assert counted.f1 == pytest.approx(16 / 22)


def test_f1_lies_in_its_interval_which_is_the_same_every_time() -> None:
    cases = _cases(30, 3, 5, 60)
    once, again = score(cases), score(cases)
    assert once.f1_interval is not None and once.f1 is not None
    assert once.f1_interval[0] < once.f1 < once.f1_interval[1]
    assert once == again


def test_wilson_of_a_known_share() -> None:
    low, high = wilson(9, 10) or (0, 0)
    assert (low, high) == (pytest.approx(0.5958, abs=1e-4), pytest.approx(0.9821, abs=1e-4))
    assert wilson(0, 0) is None


def test_nothing_found_has_no_precision() -> None:
    counted = score(_cases(0, 0, 3, 3))
    assert (counted.precision, counted.recall, counted.f1) == (None, 0, 0)
    assert shown(counted.precision, counted.precision_interval) == "–"


@pytest.mark.parametrize(
    ("seen", "dead", "slow"),
    [
        ({}, True, False),
        ({"pixels": 200}, False, False),
        ({"pixels": 2000}, False, True),
        ({"pixels": 4000}, None, True),
        ({"pixels": 2400}, None, True),
        ({"pixels": 1100}, False, None),
        ({"request": 20, "pixels": 3000}, False, True),
    ],
)
def test_labels_of_a_click_whose_reaction_was_delayed(
    seen: dict[str, int], dead: bool | None, slow: bool | None
) -> None:
    told = labels(_click(truths={"delayed": Truth(seen=seen, watched_ms=9000)}), "delayed")
    assert (told["dead"], told["slow"]) == (dead, slow)


def test_what_is_chosen_already_is_not_judged() -> None:
    assert labels(_click(chosen=True, truths={"run": Truth()}), "run")["dead"] is None


def test_a_disabled_control_counts_by_itself() -> None:
    told = labels(_click(disabled=True, truths={"run": Truth()}), "run")
    assert (told["dead"], told["disabled"]) == (None, True)


def test_an_unclear_truth_says_nothing() -> None:
    assert set(labels(_click(truths={"run": Truth(unclear="covered")}), "run").values()) == {None}


def test_a_link_that_plays_a_tab_is_an_aria_control() -> None:
    assert group(_click(tag="a", role="tab")) == "aria"
    assert group(_click(tag="button", role="tab")) == "native"


def test_a_page_gives_a_mixed_few_and_always_the_same() -> None:
    def one(number: int, look: str, kind: str = "native") -> dict[str, object]:
        names = {
            "tag": "button",
            "role": None,
            "text": "",
            "disabled": False,
            "field": False,
            "chosen": False,
            "consent": False,
        }
        return {"path": [f"#b{number}"], "kind": kind, "look": look, "signature": str(number), **names}

    found = [one(number, "plain button") for number in range(20)] + [one(20, "other"), one(21, "text", "plain")]
    clicks = choose("/p.html", found)
    assert [click.path for click in clicks] == [click.path for click in choose("/p.html", found)]
    assert {click.path[0] for click in clicks} >= {"#b20", "#b21"}
    assert sum(click.kind == "native" for click in clicks) <= 4


def test_a_click_is_read_as_it_was_told() -> None:
    click = _click(truths={"run": Truth(seen={"pixels": 20})})
    assert read(click.told()) == click
