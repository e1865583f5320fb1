"""Looks for the names under which the core of the snippet is smallest when compressed.

`python -m bench.names [seconds]` swaps names of the minified core as long as time lasts, by
simulated annealing from those of names.json, and writes the best there; then run `make snippet`.
Worth doing after a change of the core that must fit its four kibibytes.
"""

import gzip
import json
import math
import random
import re
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parents[1] / "static" / "js"
LETTERS = "etaroinlscdmufhpgybvwxkjqzETAROINLSCDMUFHPGYBVWXKJQZ$_"
PAIRS = [second + first for first in LETTERS[:26] for second in LETTERS[:6] if second + first not in ("do", "in", "if")]


def main(seconds: float) -> None:
    """Search for so long, and keep what was found."""
    path = HERE / "names.json"
    known = json.loads(path.read_text())
    sources = [*(HERE / "src").glob("*.js"), *(HERE / "src" / "evidence").glob("*.js")]
    keys = sorted({key for source in sources for key in re.findall(r"(?<!\w)_[a-z]+", source.read_text())})
    variables = list(dict.fromkeys([*known["variables"], *LETTERS, *PAIRS]))
    old = known["properties"]
    letters = list(dict.fromkeys([*(old[key] for key in keys if key in old), *LETTERS]))
    keys.sort(key=lambda key: letters.index(old[key]) if key in old else len(letters))
    path.write_text(_text(variables, dict(zip(keys, letters, strict=False))))
    marked = subprocess.run(
        ["node", "build.mjs", "--marked"], cwd=HERE, check=True, capture_output=True
    ).stdout.decode()
    parts = re.split(r"\$([vp]\d+)\$", marked)
    marks = [(mark[0], int(mark[1:])) for mark in parts[1::2]]
    used = max(place for kind, place in marks if kind == "v") + 1

    def render() -> bytes:
        names = [(variables if kind == "v" else letters)[place] for kind, place in marks]
        return "".join(a + b for a, b in zip(parts[::2], [*names, ""], strict=True)).encode()

    dice = random.Random(1)
    size = least = len(gzip.compress(render(), 9))
    best = variables[:], letters[:]
    print(f"{least} bytes gzipped")
    began = time.monotonic()
    while (left := 1 - (time.monotonic() - began) / seconds) > 0:
        pool, kept = (variables, used) if dice.random() < 0.8 else (letters, len(keys))
        one, other = dice.randrange(kept), dice.randrange(min(len(pool), kept + 20))
        pool[one], pool[other] = pool[other], pool[one]
        now = len(gzip.compress(render(), 9))
        if now <= size or dice.random() < math.exp((size - now) / (2 * left)):
            size = now
            if size < least:
                least, best = size, (variables[:], letters[:])
        else:
            pool[one], pool[other] = pool[other], pool[one]
    path.write_text(_text(best[0][: used + 20], dict(zip(keys, best[1], strict=False))))
    print(f"{least} bytes gzipped")


def _text(variables: list[str], properties: dict[str, str]) -> str:
    return json.dumps({"variables": variables, "properties": properties}, indent=1) + "\n"


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 60)
