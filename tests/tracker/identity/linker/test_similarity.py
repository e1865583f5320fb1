import csv
import hashlib
import math

from tests.kit.evaluation import REAL, needs_real_data
from tracker.identity.linker.similarity import Judged, SimilarityJudge

PAIRS = REAL / "fpstalker" / "pair_features.csv"
TOLD_BESIDES = {"same_browser", "counter", "days_apart", "endDate", "nbChange"}  # of the pair, of no field


def judge_of_two_fields() -> SimilarityJudge:
    same, other = ({"canvas": 1.0, "fonts": 0.95}, True), ({"canvas": 0.0, "fonts": 0.2}, False)
    return SimilarityJudge([same] * 50 + [other] * 50)


def test_similar_fingerprints_are_of_one_browser_and_others_are_not() -> None:
    judge = judge_of_two_fields()
    assert judge.judge({"canvas": 1.0, "fonts": 0.92}).same
    assert not judge.judge({"canvas": 0.0, "fonts": 0.1}).same


def test_the_evidence_adds_up_and_leaves_out_what_was_not_learned_of() -> None:
    judged = judge_of_two_fields().judge({"canvas": 1.0, "fonts": 0.1, "nonsense": 1.0})
    assert [(item.field, item.outcome) for item in judged.evidence] == [("canvas", "same"), ("fonts", "changed")]
    assert math.isclose(sum(item.bits for item in judged.evidence), judged.bits)


@needs_real_data
def test_changed_pairs_of_real_browsers_are_told_at_an_f1_of_97() -> None:
    """Pairs are split by the digest of their row, in halves; what did not change is left out as too easy."""
    halves: tuple[list[tuple[dict[str, float], bool]], ...] = ([], [])
    with PAIRS.open(newline="") as rows:
        for number, row in enumerate(csv.DictReader(rows)):
            if float(row["counter"]) < 1:
                half = halves[hashlib.sha256(str(number).encode()).digest()[0] % 2]
                fields = {name: float(value) for name, value in row.items() if name not in TOLD_BESIDES}
                half.append((fields, float(row["same_browser"]) == 1))
    learned, held_out = halves
    judge = SimilarityJudge(learned)
    answers: list[tuple[Judged, bool]] = [(judge.judge(fields), same) for fields, same in held_out]
    right = sum(judged.same and same for judged, same in answers)
    f1 = 2 * right / (sum(judged.same for judged, _ in answers) + sum(same for _, same in answers))
    assert len(held_out) > 2_500
    assert f1 >= 0.97
