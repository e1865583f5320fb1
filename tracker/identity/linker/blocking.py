"""Where candidates are looked for: browsers that share a combination of values with the one that came."""

from collections.abc import Iterator

from tracker.identity.linker.fields import FIELDS, PLACE, Values

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
"""Browsers in a block above which nobody is looked for in it."""


class Blocks:
    """Known browsers by what they share."""

    def __init__(self) -> None:
        # most blocks hold one browser, which stands there without a set of its own
        self._blocks: dict[int, int | dict[int, None]] = {}

    def add(self, browser: int, values: Values) -> None:
        """File a browser under each of its blocks."""
        for key in _keys(values):
            held = self._blocks.get(key)
            if held is None:
                self._blocks[key] = browser
            elif isinstance(held, int):
                if held != browser:
                    self._blocks[key] = {held: None, browser: None}
            else:
                held[browser] = None

    def remove(self, browser: int, values: Values) -> None:
        """Take a browser out of the blocks that it was filed under with these values."""
        for key in _keys(values):
            held = self._blocks.get(key)
            if isinstance(held, dict):
                held.pop(browser, None)
                if not held:
                    del self._blocks[key]
            elif held == browser:
                del self._blocks[key]

    def candidates(self, values: Values, enough: int) -> tuple[dict[int, None], bool]:
        """Return who may look like this, and whether a block was too large to look into.

        The smallest blocks come first, and no more once there are `enough`.
        """
        found: dict[int, None] = {}
        many: list[dict[int, None]] = []
        for key in _keys(values):
            held = self._blocks.get(key)
            if isinstance(held, int):
                found[held] = None
            elif held is not None:
                many.append(held)
        many.sort(key=len)
        for block in many:
            if len(found) >= enough:
                break
            if len(block) > CAP:
                return found, True
            found.update(block)
        return found, False


def _keys(values: Values) -> Iterator[int]:
    """Yield a key for each block whose fields are there.

    Two blocks under one key do no harm: who does not fit is weighed and found wanting.
    """
    for number, places in enumerate(_BLOCKS):
        key = [values[place] for place in places]
        if None not in key[len(_FIXED) :]:
            yield hash((number, *key))
