"""How often the signals are right, and others' on the same clicks: labelled clicks on real libraries' pages.

`python -m bench.corpus` runs the whole corpus of tests/signals, which takes about an hour, and keeps what it
measured in .venv/corpus/results.json; `--table` makes the tables from that again, `--pages WORD` takes only
pages with the word in their path, `--misjudged` adds every click that Footfall got wrong. `--ours`, for work on
the snippet, clicks all of that again with Footfall alone, and keeps the truth and what the others said.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tests.signals import corpus, packages, table
from tests.signals.pages import PAGES
from tests.signals.trials import CONDITIONS, Condition

BY_NAME = {condition.name: condition for condition in (*CONDITIONS, *corpus.HARD)}
RESULTS = packages.CACHE / "results.json"


async def measure(file: Path, word: str, together: int) -> None:
    """Run the corpus and keep what it gives."""
    async with corpus.opened(together) as running:
        clicks = await running.clicks([page for page in PAGES if word in page.path])
        results = await running.watch(clicks)
        results += await running.watch(running.hard_clicks(), corpus.HARD)
        bursts = await running.burst()
    corpus.save(file, clicks, results, bursts)


async def measure_ours(file: Path, together: int, conditions: Sequence[Condition]) -> None:
    """Watch the clicks of `file` again with Footfall alone, and keep that after every condition."""
    clicks, results, bursts = corpus.saved(file)
    ours = ("footfall",)
    async with corpus.opened(together) as running:
        for condition in conditions:
            theirs = running.hard_clicks() if condition in corpus.HARD else clicks
            news = {one.click.name: one for one in await running.watch(theirs, [condition], ours)}
            before = [one for one in results if one.condition == condition.name]
            results = [one for one in results if one.condition != condition.name]
            results += [one.with_ours(news.pop(one.click.name)) for one in before if one.click.name in news]
            results += news.values()
            corpus.save(file, clicks, results, bursts)
        said = {burst.name: burst for burst in await running.burst(ours)}
        bursts = [replace(burst, found={**burst.found, **said[burst.name].found}) for burst in bursts]
    corpus.save(file, clicks, results, bursts)


def main() -> None:
    """Measure unless told not to, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--table", action="store_true", help="only make the tables, of what was measured before")
    parser.add_argument("--ours", action="store_true", help="measure Footfall alone, on the clicks of before")
    parser.add_argument("--conditions", nargs="*", choices=BY_NAME, default=[*BY_NAME], help="only these, with --ours")
    parser.add_argument("--misjudged", action="store_true", help="list what Footfall got wrong")
    parser.add_argument("--pages", default="", help="only pages with this in their path")
    parser.add_argument("--together", type=int, default=corpus.TOGETHER, help="clicks at the same time")
    parser.add_argument("--file", type=Path, default=RESULTS, help="where the measurements are kept")
    given = parser.parse_args()
    if not given.table:
        try:
            if given.ours:
                asyncio.run(measure_ours(given.file, given.together, [BY_NAME[name] for name in given.conditions]))
            else:
                asyncio.run(measure(given.file, given.pages, given.together))
        except packages.MissingError as error:
            sys.exit(f"The corpus cannot be had here: {error}")
    clicks, results, bursts = corpus.saved(given.file)
    controls = sum(click.kind != "plain" for click in clicks)
    pages = len({click.page for click in clicks})
    print(f"{pages} pages, {controls} controls, {len(clicks) - controls} plain texts and pictures, and hard cases.\n")
    print(table.report(results, bursts))
    wrong = table.misjudged(results)
    if given.misjudged:
        print("\n**What Footfall got wrong**\n\n" + "\n".join(f"- {line}" for line in wrong))


if __name__ == "__main__":
    main()
