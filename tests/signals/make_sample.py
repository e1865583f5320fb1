"""Chooses the suite's sample from what `python -m bench corpus` kept: `python -m tests.signals.make_sample [FILE]`.

Taken is what has a truth, whatever any detector says of it: by the clicks' names, one a page.
"""

import json
import sys
from pathlib import Path

from bench.corpus import RESULTS
from tests.signals import corpus
from tests.signals.labels import labels
from tests.signals.survey import Click
from tests.signals.trials import CONDITIONS

# how many of each condition: dead, live, and plain
QUOTAS = {"as-is": (2, 8, 1), "moving": (1, 5, 2), "blocked": (7, 1, 1), "blocked-moving": (9, 1, 2)}
DATED = ("calendar", "datepicker")  # pages that show another month after a while
SAMPLE = Path(__file__).with_name("sample.json")


def sample(clicks: list[Click]) -> list[dict[str, object]]:
    """Return the chosen clicks, each with its condition."""
    chosen: list[dict[str, object]] = []
    used: set[str] = set()
    lasting = [click for click in clicks if not any(word in click.page for word in DATED)]
    for condition in CONDITIONS:
        wanted = dict(zip(("dead", "live", "plain"), QUOTAS.get(condition.name, ()), strict=False))
        for click in sorted(lasting, key=lambda click: click.name):
            dead = labels(click, condition.scripts)["dead"]
            kind = "plain" if click.kind == "plain" and dead else "dead" if dead else "live"
            plain_that_answers = click.kind == "plain" and not dead
            if dead is None or click.page in used or plain_that_answers or not wanted.get(kind):
                continue
            wanted[kind] -= 1
            used.add(click.page)
            kept = {**click.told(), "truths": {condition.scripts: click.told()["truths"][condition.scripts]}}
            chosen.append({"condition": condition.name, "click": kept})
    return chosen


if __name__ == "__main__":
    clicks, _, _ = corpus.saved(Path(sys.argv[1]) if sys.argv[1:] else RESULTS)
    SAMPLE.write_text(json.dumps(sample(clicks), indent=1, ensure_ascii=False) + "\n")
