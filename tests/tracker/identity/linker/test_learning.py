import json
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.tracker.identity.linker.browsers import DAY_MS, desktop
from tracker.cli import cli
from tracker.errors import FootfallError
from tracker.identity.linker.fields import NAMES
from tracker.identity.linker.learning import learn as learning
from tracker.identity.linker.learning.causes import BACK, CAUSES
from tracker.identity.linker.learning.fit import fit, pairs_of
from tracker.identity.linker.learning.lives import Life, live
from tracker.identity.linker.learning.trial import figures, play, visits_of
from tracker.identity.linker.linker import Linker
from tracker.identity.linker.weights import SHIPPED, FieldWeights, load_weights, save_weights

COUNT = 80
Fitted = tuple[dict[str, FieldWeights], tuple[float, ...], float]


@pytest.fixture(scope="module")
def lives() -> list[Life]:
    return live([desktop(number) for number in range(COUNT)], 1)


@pytest.fixture(scope="module")
def fitted(lives: list[Life]) -> Fitted:
    """What is learned of these lives alone."""
    return fit(pairs_of(lives, 1), BACK)


def test_the_weights_that_come_along_tell_how_good_they_are() -> None:
    weights = load_weights(SHIPPED)
    assert weights.figures["online_precision"] >= 0.997
    assert weights.figures["settled_f1"] >= 0.95
    assert set(weights.fields) == set(NAMES)
    assert "browserforge" in weights.learned_from


def test_every_field_that_a_cause_changes_is_one_of_ours() -> None:
    assert {field for cause in CAUSES for field in cause.fields} <= set(NAMES)
    for cause in CAUSES:
        assert all(slow > fast - 0.001 for slow, fast in pairwise(cause.days_of(rank / 10) for rank in range(11)))


def test_lives_change_and_their_versions_only_go_up(lives: list[Life]) -> None:
    assert sum(len(life.states) for life in lives) > 3 * COUNT
    for life in lives:
        versions = [look["version"] for _, look in life.states]
        assert versions == sorted(versions)
        assert life.at(life.begin) == life.states[0][1]
        assert life.at(life.until) == life.states[-1][1]


def test_a_field_that_changes_often_costs_less_than_one_that_never_does(fitted: Fitted) -> None:
    fields, _, backward = fitted
    assert fields["plugins"].changes[3] > 10 * fields["os"].changes[3]
    assert fields["canvas"].agree < fields["timezone"].agree
    assert list(fields["canvas"].changes) == sorted(fields["canvas"].changes)
    assert backward < 0.001


def test_labelled_pairs_of_the_owner_change_what_is_learned(lives: list[Life], fitted: Fitted) -> None:
    travelled = [(desktop(n), desktop(n) | {"timezone": "elsewhere"}, 2.0, True) for n in range(500)]
    before, _, _ = fitted
    after, _, _ = fit([*pairs_of(lives, 1), *travelled], BACK)
    assert after["timezone"].changes[1] > before["timezone"].changes[1] + 0.2
    assert after["canvas"].changes[1] < before["canvas"].changes[1]


def test_a_small_population_is_followed_over_a_year(lives: list[Life]) -> None:
    online, settled = play(visits_of(lives, 2), load_weights())
    assert online.precision >= 0.98
    assert settled.precision >= 0.98
    assert online.f1 >= 0.9
    assert settled.f1 >= online.f1 - 0.01


def test_figures_are_of_pairs_of_visits() -> None:
    found = figures([1, 1, 1, 2], [7, 7, 8, 8])
    assert (found.precision, found.recall) == (1 / 2, 1 / 3)


def test_what_is_learned_is_written_where_the_server_looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = tmp_path / "pairs.jsonl"
    pairs.write_text(json.dumps([desktop(1), desktop(1), 3, True]) + "\n")
    monkeypatch.setattr(learning, "looks", lambda count, seed: [desktop(seed + n) for n in range(count)])
    monkeypatch.setattr(learning, "HELD_OUT", 20)
    environment = {"FOOTFALL_DATA": str(tmp_path / "data")}
    ran = CliRunner().invoke(cli, ["identity", "learn", "--browsers", "100", "--pairs", str(pairs)], env=environment)
    assert ran.exit_code == 0, ran.output
    assert "1 labelled pairs" in ran.stdout
    weights = load_weights(tmp_path / "data" / "linker-weights.json")
    linker = Linker(weights)
    for browser in range(50):
        linker.learn_of(browser, desktop(browser), 0)
    assert linker.link(desktop(7), DAY_MS).browser == 7


def test_a_pair_that_cannot_be_read_is_told_with_its_line(tmp_path: Path) -> None:
    pairs = tmp_path / "pairs.jsonl"
    pairs.write_text('[{}, {}, 1, true]\n[{}, {}, "soon", true]\n')
    ran = CliRunner().invoke(cli, ["identity", "learn", "--pairs", str(pairs)], env={"FOOTFALL_DATA": str(tmp_path)})
    assert ran.exit_code == 1
    assert "line 2" in ran.output


@pytest.mark.parametrize("text", ["", "{}", "[]"])
def test_a_file_that_holds_no_weights_is_told(tmp_path: Path, text: str) -> None:
    file = tmp_path / "weights.json"
    file.write_text(text)
    with pytest.raises(FootfallError, match="learn them again"):
        load_weights(file)


def test_weights_of_another_format_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "weights.json"
    save_weights(load_weights(), file)
    file.write_text(file.read_text().replace('"format": 1', '"format": 99'))
    with pytest.raises(FootfallError, match="another version"):
        load_weights(file)
