"""How well fingerprints are linked to browsers, and how fast: `python -m bench.identity [--seeds N …] [--quick]`.

229 browsers with the real timelines and joint changes of FP-Stalker's public sample and made-up values
(../shared/bench/identity_replay.py, whose `exact` and `rules` stand beside ours); pairwise over visits, mean and
worst of ten seeds. *Online* are the answers at the visits, with a reconsideration once a week as the product has
one; *settled* is what stands in the end. 1,000 browsers with phones among them; real pairs of fingerprints as
similarities (F1 on changed pairs held out, split by the digest of the row); and the time for a link with 100,000
known, a third of them phones. The time of ours in the replay holds its reconsidering.
Needs `pip install -e '.[learn]' rapidfuzz pandas`.

`PYTHONPATH=. python ../shared/bench/identity_replay.py --linker bench.identity:make_linker` runs the same by itself.
"""

import argparse
import csv
import hashlib
import importlib
import random
import resource
import statistics
import sys
import time
from itertools import count
from pathlib import Path
from typing import Any

from tests.kit.evaluation import SHARED
from tracker.identity.linker.linker import Linker
from tracker.identity.linker.scoring import DAY_MS
from tracker.identity.linker.similarity import SimilarityJudge
from tracker.identity.linker.weights import load_weights

PAIRS = SHARED / "data/fpstalker/pair_features.csv"
AGAIN_DAYS = 7.0
LOOKED_BACK = 30
KNOWN = 100_000
ALIKE = 4
TOLD_BESIDES = {"same_browser", "counter", "days_apart", "endDate", "nbChange"}  # of the pair, of no field


class Following:
    """The linker as the product uses it: learns of what it links, reconsiders once a week."""

    def __init__(self) -> None:
        self._linker = Linker(load_weights())
        self._made = count()
        self._next_day = 0.0
        self._known_as: dict[int, int] = {}

    def link(self, fingerprint: dict[str, str | int], at_days: float) -> int:
        """Answer the id of the browser that this is, an old or a new one."""
        at_ms = int(at_days * DAY_MS)
        if at_days >= self._next_day:
            self._next_day = at_days + AGAIN_DAYS
            self._reconsider(at_ms - LOOKED_BACK * DAY_MS)
        link = self._linker.link(fingerprint, at_ms)
        browser = next(self._made) if link.browser is None else link.browser
        if link.reason != "too_common":
            self._linker.learn_of(browser, fingerprint, at_ms)
        return browser

    def settle(self) -> dict[int, int]:
        """Answer which ids have come to be known by which."""
        self._reconsider(0)
        return {browser: self._now(browser) for browser in self._known_as}

    def _reconsider(self, since_ms: int) -> None:
        again = self._linker.reconsider(since_ms)
        for parted in again.parted:
            self._linker.part(parted.browser, parted.looks, next(self._made))
        for joined in again.joined:
            earlier = self._now(joined.earlier)
            self._linker.join(earlier, joined.later)
            self._known_as[joined.later] = earlier

    def _now(self, browser: int) -> int:
        while browser in self._known_as:
            browser = self._known_as[browser]
        return browser


def make_linker() -> Following:
    """Return a fresh linker for the replay."""
    return Following()


def replay_module() -> Any:
    """Return the replay; ends the bench with what to install where something is missing."""
    if not (SHARED / "bench/identity_replay.py").exists():
        sys.exit("../shared/bench/identity_replay.py is not there; see the module's text")
    sys.path.insert(0, str(SHARED / "bench"))
    for module in ("browserforge", "rapidfuzz", "pandas"):
        try:
            importlib.import_module(module)
        except ImportError:
            sys.exit(
                f"{module} is missing: pip install browserforge==1.2.4 apify_fingerprint_datapoints pandas rapidfuzz"
            )
    return importlib.import_module("identity_replay")


def scores(replay: Any, browsers: int, seeds: list[int], every: float, *, mobile: bool) -> dict[str, list[dict]]:
    """Return each linker's figures by seed."""
    found: dict[str, list[dict]] = {}
    makers = {"exact hash": replay.Exact, "rules": replay.Rules, "ours": make_linker}
    for seed in seeds:
        played = replay.visits(replay.population(browsers, seed, mobile), every)
        for name, make in makers.items():
            print(f"{browsers} browsers, every {every:g} days, seed {seed}: {name}…", file=sys.stderr)
            linker, began = make(), time.perf_counter()
            ids = [linker.link(fingerprint, day) for day, _, fingerprint in played]
            took = time.perf_counter() - began
            online = f"{name}, online" if hasattr(linker, "settle") else name
            found.setdefault(online, []).append(replay.score(played, ids, every, took))
            if hasattr(linker, "settle"):
                known_as = linker.settle()
                ids = [known_as.get(browser, browser) for browser in ids]
                found.setdefault(f"{name}, settled", []).append(replay.score(played, ids, every, took))
    return found


def table(found: dict[str, list[dict]], what: str) -> None:
    """Print means, and the worst of the seeds in brackets."""
    print(f"\n{what}\n\n| | precision | recall | F1 | days followed | ms a link |\n|---|---|---|---|---|---|")
    for name, one in found.items():
        cells = [f"{statistics.mean(s[key] for s in one):.3f} ({min(s[key] for s in one):.3f})" for key in
                 ("precision", "recall", "f1")]  # fmt: skip
        days = statistics.mean(s["average_days"] for s in one)
        print(f"| {name} | {' | '.join(cells)} | {days:.1f} | {statistics.mean(s['ms'] for s in one):.2f} |")


def pair_test() -> None:
    """Print F1 on changed pairs of the half that was not learned from."""
    halves: tuple[list, list] = ([], [])
    with PAIRS.open(newline="") as rows:
        for number, row in enumerate(csv.DictReader(rows)):
            if float(row["counter"]) < 1:
                fields = {name: float(value) for name, value in row.items() if name not in TOLD_BESIDES}
                half = hashlib.sha256(str(number).encode()).digest()[0] % 2
                halves[half].append((fields, float(row["same_browser"]) == 1))
    judge = SimilarityJudge(halves[0])
    answers = [(judge.judge(fields).same, same) for fields, same in halves[1]]
    right = sum(said and same for said, same in answers)
    f1 = 2 * right / (sum(said for said, _ in answers) + sum(same for _, same in answers))
    print(f"\nPairs of real fingerprints that changed, as similarities: F1 {f1:.3f} on {len(answers):,} held out.")


def timing(known: int) -> None:
    """Print the time for a link with so many known: half the questions changed, a quarter new, a quarter as known."""
    from tracker.identity.linker.learning.lives import live  # noqa: PLC0415
    from tracker.identity.linker.learning.population import looks  # noqa: PLC0415

    asked = 4_000
    print(f"making up {known:,} browsers…", file=sys.stderr)
    rng = random.Random(5)
    made = looks((known + asked // 4) // ALIKE, 5)
    # of each look there are some more, in other places and with other drawings
    crowd = [
        look | {"timezone": rng.choice(made)["timezone"], "canvas": rng.choice([look["canvas"], f"{number:016x}"])}
        for number, look in enumerate(made * ALIKE)
    ]
    linker = Linker(load_weights())
    began, held = time.thread_time(), resident()
    for browser, look in enumerate(crowd[:known]):
        linker.learn_of(browser, look, rng.randrange(90 * DAY_MS))
    took, mib = time.thread_time() - began, (resident() - held) / 2**20
    step = 4 * known // asked
    changed = [life.at(life.begin + 14) for life in live(crowd[1 : known : step // 2], 6)]
    times = []
    for look in [*crowd[:known:step], *changed, *crowd[known:]]:
        began = time.thread_time()  # of the processor: what else runs here does not count
        linker.link(look, 100 * DAY_MS)
        times.append((time.thread_time() - began) * 1000)
    times.sort()
    p50, p95, p99 = (times[int(len(times) * part)] for part in (0.5, 0.95, 0.99))
    print(
        f"\nWith {known:,} known, a third of them phones: a link takes {p50:.2f} ms at the median, {p95:.2f} ms "
        f"at p95, {p99:.2f} ms at p99 and {times[-1]:.1f} ms at most ({len(times):,} links). "
        f"Learning of them took {took:.1f} s (times of the processor); they hold {mib:.0f} MiB, "
        f"{mib * 1024 / known:.1f} KiB each."
    )


def resident() -> int:
    """Return the bytes of memory that this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def main() -> None:
    """Replay, judge, time, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=list(range(1, 11)))
    parser.add_argument("--quick", action="store_true", help="two seeds, no phones, 10,000 known")
    chosen = parser.parse_args()
    seeds = chosen.seeds[:2] if chosen.quick else chosen.seeds
    replay = replay_module()
    for every in (3, 7):
        what = f"229 browsers, a visit every {every} days; mean of {len(seeds)} seeds (the worst):"
        table(scores(replay, 229, seeds, every, mobile=False), what)
    if not chosen.quick:
        what = "1,000 browsers with phones and tablets, a visit every 3 days; mean of 2 seeds (the worst):"
        table(scores(replay, 1000, seeds[:2], 3, mobile=True), what)
    pair_test()
    timing(KNOWN // 10 if chosen.quick else KNOWN)


if __name__ == "__main__":
    main()
