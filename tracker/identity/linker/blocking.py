"""Where candidates are looked for: browsers that share a combination of values with the one that came."""

from collections.abc import Iterator
from itertools import islice

from tracker.identity.linker.fields import FIELDS, PLACE, Values
from tracker.identity.linker.groups import Groups

_FIXED = tuple(place for place, field in enumerate(FIELDS) if field.kind == "fixed")
_BLOCKS = tuple(
    (*_FIXED, *(PLACE[name] for name in names))
    for names in (
        ("fonts", "gpu_renderer"),
        ("screen", "gpu_renderer", "timezone"),
        ("canvas", "timezone"),
        ("canvas", "screen"),
        ("fonts", "timezone"),
        ("fonts", "screen"),
        ("model", "timezone", "screen"),
        ("audio", "screen", "timezone"),
        ("plugins", "timezone", "screen"),
        ("timezone",),
        (),
    )
)
CAP = 200
"""Browsers in a block above which not all of them are looked at."""
SAMPLED = 24
"""Browsers that are looked at in such a block instead: they tell how many there look alike."""

Candidates = dict[int, float]
"""Browsers that may be meant, and for how many each of them stands."""


class Blocks:
    """Known browsers by what they share."""

    def __init__(self) -> None:
        self._blocks = Groups()

    def add(self, browser: int, values: Values) -> None:
        """File a browser under each of its blocks."""
        for key in _keys(values):
            self._blocks.add(key, browser)

    def remove(self, browser: int, values: Values) -> None:
        """Take a browser out of the blocks that it was filed under with these values."""
        for key in _keys(values):
            self._blocks.remove(key, browser)

    def candidates(self, values: Values, enough: int) -> tuple[Candidates, bool]:
        """Return who may look like this, and whether a block was too large to look at all of it.

        The smallest blocks come first, and no more once there are `enough`. Of one that is too
        large those that changed last are taken, each for many.
        """
        found: Candidates = {}
        for block in sorted((self._blocks.of(key) for key in _keys(values)), key=len):
            if len(found) >= enough:
                break
            if len(block) > CAP:
                sample = dict.fromkeys(islice(reversed(block), SAMPLED), len(block) / SAMPLED)
                return sample | found, True
            found.update(dict.fromkeys(block, 1.0))
        return found, False


def _keys(values: Values) -> Iterator[int]:
    """Yield a key for each block whose fields are there.

    Two blocks under one key do no harm: who does not fit is weighed and found wanting.
    """
    for number, places in enumerate(_BLOCKS):
        key = [values[place] for place in places]
        if None not in key[len(_FIXED) :]:
            yield hash((number, *key))
