"""The linker's weights: how often fields change, how often two browsers agree, and how sure a link must be."""

import math
from bisect import bisect_left
from pathlib import Path

import msgspec

from tracker.errors import FootfallError

SHIPPED = Path(__file__).with_name("weights.json")
FORMAT = 1


class FieldWeights(msgspec.Struct, frozen=True):
    """What is known of one field, as probabilities.

    `changes`: that one browser shows another value after a gap, by Weights.gaps_days. `updated`:
    that it does when the browser's version went up in that gap. Of changed values, `back` is the
    share that return to an earlier one and `similar` that of texts nearly the same (a version:
    that of the next whole one). `agree`: that two browsers share a value; `beside`: that they do
    where they share those of Field.beside; `chance`: that their different texts are nearly the same.
    `systems`: the same as `beside` among browsers of one kind of system, as phones are more alike.
    `novel` is the share of changed values that no other browser has; `novel_similar` that of
    those nearly the same.
    """

    changes: tuple[float, ...]
    updated: tuple[float, ...]
    back: float
    similar: float
    agree: float
    beside: float
    systems: dict[str, float]
    chance: float
    novel: float
    novel_similar: float


class Weights(msgspec.Struct, frozen=True):
    """All that the linker has learned, with where it comes from.

    `gaps_days` are upper ends of the gaps that `changes` go by, the last one open. Beside the bits
    that tell one browser from all known ones, a look must have `distinct` bits to be linked at all,
    by which so many more browsers would have to be about until another looks just like it; and a
    link needs `sure` bits (fewer than nothing, as changes are counted dear), and `margin` bits over
    the runner-up; `sure_later` is for links that are made afterwards. `together`: bits for so many
    fields changed at once, by their number from 0 on. `backward`: that a version goes down.
    `silence`: days, and the power by which a return grows unlikely with the gap counted in them.
    """

    format: int
    version: str
    learned_at: str
    learned_from: str
    figures: dict[str, float]
    distinct: float
    sure: float
    sure_later: float
    margin: float
    gaps_days: tuple[float, ...]
    together: tuple[float, ...]
    backward: float
    silence: tuple[float, float]
    fields: dict[str, FieldWeights]

    def gap(self, days: float) -> int:
        """Return the place of a gap in FieldWeights.changes."""
        return bisect_left(self.gaps_days, days)


def load_weights(path: Path = SHIPPED) -> Weights:
    """Read weights; FootfallError when the file is none of ours."""
    try:
        weights = msgspec.json.decode(path.read_bytes(), type=Weights)
    except (OSError, msgspec.DecodeError) as error:
        raise FootfallError(f"{path} holds no weights of the linker ({error}); learn them again") from error
    places = len(weights.gaps_days) + 1
    if (
        not {"version", "os"} <= set(weights.fields)
        or weights.format != FORMAT
        or any(len(one.changes) != places or len(one.updated) != places for one in weights.fields.values())
    ):
        raise FootfallError(f"{path} is of another version of the linker; learn the weights again")
    return weights


def save_weights(weights: Weights, path: Path) -> None:
    """Write weights so that two versions can be compared line by line."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(weights), indent=1) + b"\n")


def bits(probability: float) -> float:
    """Return log2 of a probability, which is held away from zero."""
    return math.log2(max(probability, 1e-6))
