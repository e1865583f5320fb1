"""Looks for the names under which the core of the snippet is smallest when compressed.

`python -m bench.names [seconds]` changes names of the minified core as long as time lasts, by
simulated annealing from those of names.json, and writes the best there; then run `make snippet`.
Worth doing after a change of the core that must fit its four kibibytes: names.json holds one name
for every binding, in their order, and a core of other bindings is built with the minifier's own.
"""

import gzip
import json
import math
import random
import re
import subprocess
import sys
import time
import zlib
from pathlib import Path

HERE = Path(__file__).parents[1] / "static" / "js"
LETTERS = "etaroinlscdmufhpgybvwxkjqzETAROINLSCDMUFHPGYBVWXKJQZ$_"
PAIRS = [second + first for first in LETTERS[:26] for second in LETTERS[:6] if second + first not in ("do", "in", "if")]
SPLIT = re.compile(r"\$p(\d+)\$")


class Core:
    """The core's text, and the names in it that may be changed: first of bindings, then of properties."""

    def __init__(self, properties: dict[str, str], bindings: list[str]) -> None:
        built = subprocess.run(["node", "build.mjs", "--marked"], cwd=HERE, check=True, capture_output=True)
        told = json.loads(built.stdout)
        self.bound = len(told["names"])
        self.names = [*(bindings if len(bindings) == self.bound else told["names"]), *properties.values()]
        self.taken = set(told["globals"])
        everywhere = range(self.bound, len(self.names))
        self.conflicts = [*map(set, told["conflicts"]), *(set(everywhere) - {place} for place in everywhere)]
        self._texts: list[str] = []
        self._uses: list[int] = []
        for piece, use in zip(told["pieces"], [*told["uses"], None], strict=True):
            first, *others = SPLIT.split(piece)
            self._texts.append(first)
            for mark, text in zip(others[::2], others[1::2], strict=True):
                self._uses.append(self.bound + int(mark))
                self._texts.append(text)
            if use is not None:
                self._uses.append(use)

    def render(self) -> bytes:
        """Return the text with the names as they are."""
        names = [*(self.names[use] for use in self._uses), ""]
        return "".join(text + name for text, name in zip(self._texts, names, strict=True)).encode()

    def size(self) -> int:
        """Return what gzip makes of it, in bytes."""
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        return len(packer.compress(self.render()) + packer.flush()) + 18

    def change(self, one: int, name: str) -> list[tuple[int, str]] | None:
        """Give a name to one that may have it, and its old one to the only one that it is taken from; return what was.

        None where that cannot be.
        """
        old = self.names[one]
        if name in self.taken or name == old:
            return None
        losers = [other for other in self.conflicts[one] if self.names[other] == name]
        if len(losers) > 1:
            return None
        if losers and any(self.names[other] == old for other in self.conflicts[losers[0]] if other != one):
            return None
        before = [(place, self.names[place]) for place in (one, *losers)]
        self.names[one] = name
        for loser in losers:
            self.names[loser] = old
        return before


def main(seconds: float) -> None:
    """Search for so long, and keep what was found."""
    path = HERE / "names.json"
    known = json.loads(path.read_text())
    sources = [*(HERE / "src").glob("*.js"), *(HERE / "src" / "evidence").glob("*.js")]
    keys = sorted({key for source in sources for key in re.findall(r"(?<!\w)_[a-z]+", source.read_text())})
    free = iter([letter for letter in LETTERS if letter not in known["properties"].values()])
    properties = {key: known["properties"].get(key) or next(free) for key in keys}
    path.write_text(_text(properties, known["bindings"]))
    core = Core(properties, known["bindings"])
    dice = random.Random(1)
    size = least = core.size()
    best = core.names[:]
    print(f"{len(gzip.compress(core.render(), 9))} bytes gzipped")
    began = time.monotonic()
    while (left := 1 - (time.monotonic() - began) / seconds) > 0:
        one = dice.randrange(len(core.names))
        is_property = one >= core.bound
        pool = LETTERS if is_property or dice.random() < 0.8 else PAIRS
        name = dice.choice(core.names[: core.bound]) if not is_property and dice.random() < 0.5 else dice.choice(pool)
        before = core.change(one, name)
        if before is None:
            continue
        now = core.size()
        if now <= size or dice.random() < math.exp((size - now) / (2 * left)):
            size = now
            if size < least:
                least, best = size, core.names[:]
        else:
            for place, old in before:
                core.names[place] = old
    core.names = best
    path.write_text(_text(dict(zip(keys, best[core.bound :], strict=True)), best[: core.bound]))
    print(f"{len(gzip.compress(core.render(), 9))} bytes gzipped")


def _text(properties: dict[str, str], bindings: list[str]) -> str:
    return json.dumps({"properties": properties, "bindings": bindings}, indent=1) + "\n"


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 60)
