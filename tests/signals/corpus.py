"""The whole corpus in one browser: find the clicks, measure their truth, and let the detectors watch."""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from playwright.async_api import async_playwright

from tests.chromium import FLAGS, ensure
from tests.signals import hard, rage, verdicts
from tests.signals.measuring import COMPARE, JSON, Truth, Windows, measure
from tests.signals.pages import PAGES, Page
from tests.signals.survey import Click, Survey, gather, read
from tests.signals.trials import ALL, CONDITIONS, Condition, Outcome, run
from tests.signals.web import CorpusWeb

TOGETHER = 8
BURSTS = 4  # a busy machine gets so many tries at a burst of clicks
BURSTS_TOGETHER = 3
# Nobody but our own web answers, and pages of one site share a few processes.
QUIET = ("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--renderer-process-limit=10")
HARD = (Condition("hard", "hard cases", "run"), Condition("hard-moving", "hard cases, moving", "run", moving=True))


@dataclass
class Result:
    """What was said of one click under one condition.

    `found` are signals by detector, of those in `watching` that found any; ours are always there.
    """

    click: Click
    condition: str
    unclear: str
    found: dict[str, list[str]]
    evidence: list[JSON] = field(default_factory=list)
    watching: list[str] = field(default_factory=list)

    def told(self) -> JSON:
        return asdict(self)

    def with_ours(self, ours: "Result") -> "Result":
        """Return what the others said here, and what ours said in `ours`."""
        return replace(ours, found={**self.found, **ours.found}, watching=self.watching)


@dataclass
class Rage:
    """What was said of one burst of clicks."""

    name: str
    rage: bool
    unclear: str
    found: dict[str, list[str]]


class Corpus:
    """A browser and a web to run the corpus in; made by `opened`."""

    def __init__(self, windows: Windows, web: CorpusWeb, survey: Survey, together: int) -> None:
        self.windows, self.web, self.survey, self.together = windows, web, survey, together

    async def clicks(self, pages: Sequence[Page] = PAGES) -> list[Click]:
        """Find the clicks of pages, each with its truth under every condition."""
        found = await self._each("pages", pages, self.survey.clicks)
        clicks = [click for of_page in found for click in of_page]
        return await self._each("truths", clicks, self.survey.tell)

    def hard_clicks(self) -> list[Click]:
        """The cases whose truth is told by hand."""
        return hard.serve(self.web.pages)  # type: ignore[arg-type]

    async def truths(self, things: Sequence[tuple[str, list[str]]]) -> list[Truth]:
        """Measure what follows a click on each (page, path)."""

        async def one(thing: tuple[str, list[str]]) -> Truth:
            page, path = thing
            return (await measure(self.windows, self.survey.judge, self.web.url + page, path))[1]

        return await self._each("truths", things, one)

    async def watch(
        self, clicks: Sequence[Click], conditions: Sequence[Condition] = CONDITIONS, detectors: Sequence[str] = ALL
    ) -> list[Result]:
        """Click everything under every condition that its truth is known of."""
        return await self.watch_all([(condition, clicks) for condition in conditions], detectors)

    async def watch_all(
        self, pairs: Sequence[tuple[Condition, Sequence[Click]]], detectors: Sequence[str] = ALL
    ) -> list[Result]:
        """Click these things under these conditions, and ask the detectors."""
        todo = [
            (click, condition) for condition, clicks in pairs for click in clicks if condition.scripts in click.truths
        ]

        async def one(pair: tuple[Click, Condition]) -> Outcome:
            return await run(self.windows, self.web, *pair, detectors)

        outcomes = await self._each("clicks", todo, one)
        told, _ = verdicts.judge(self.web.beacons)
        results = []
        for (click, condition), outcome in zip(todo, outcomes, strict=True):
            rows = told.get(outcome.trial, [])
            found = dict(outcome.found)
            if "footfall" in detectors:
                found["footfall"] = sorted({word for row in rows for word in row["found"]})
            evidence = [verdicts.evidence(row) for row in rows]
            results.append(Result(click, condition.name, outcome.unclear, found, evidence, list(detectors)))
        return results

    async def burst(self, detectors: Sequence[str] = ALL) -> list[Rage]:
        """Click in bursts."""

        async def one(burst: rage.Burst) -> Outcome:
            for attempt in range(BURSTS):
                outcome = await run(
                    self.windows, self.web, burst.click, burst.condition(attempt), detectors, burst.gaps_ms
                )
                if "busy" not in outcome.unclear:
                    break
            return outcome

        bursts = rage.serve(self.web.pages)  # type: ignore[arg-type]
        outcomes = await self._each("bursts", bursts, one, BURSTS_TOGETHER)
        _, struggles = verdicts.judge(self.web.beacons)
        results = []
        for burst, outcome in zip(bursts, outcomes, strict=True):
            ours = [row["signal"] for row in struggles.get(outcome.trial, []) if row["signal"] == "rage"]
            results.append(Rage(burst.name, burst.rage, outcome.unclear, {**outcome.found, "footfall": ours}))
        return results

    async def _each(self, what: str, things: Sequence[Any], work: Callable[[Any], Any], together: int = 0) -> list[Any]:
        began, done = time.monotonic(), 0

        async def one(thing: Any) -> Any:
            nonlocal done
            result = await work(thing)
            done += 1
            if done % 20 == 0 or done == len(things):
                print(f"{what}: {done} of {len(things)}, {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
            return result

        return await gather([lambda thing=thing: one(thing) for thing in things], together or self.together)  # type: ignore[misc]


@asynccontextmanager
async def opened(together: int = TOGETHER, loading: int = 0) -> AsyncIterator[Corpus]:
    """Start a browser and the corpus' web. Raises `packages.MissingError`.

    So many pages are open `together`; of those as many may be `loading` at a time, or all.
    """
    web = CorpusWeb()
    try:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=ensure(), args=[*FLAGS, *QUIET])
            judge = await browser.new_page()
            await judge.evaluate(COMPARE)
            windows = Windows(browser, loading or together)
            yield Corpus(windows, web, Survey(windows, web, judge), together)
            await browser.close()
    finally:
        await asyncio.to_thread(web.close)


def save(file: Path, clicks: Iterable[Click], results: Iterable[Result], bursts: Iterable[Rage]) -> None:
    """Keep all that was measured, so that a table can be made of it again."""
    told = {
        "clicks": [click.told() for click in clicks],
        "results": [result.told() for result in results],
        "bursts": [asdict(burst) for burst in bursts],
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(told))


def saved(file: Path) -> tuple[list[Click], list[Result], list[Rage]]:
    """Return what `save` kept."""
    told = json.loads(file.read_text())
    return (
        [read(click) for click in told["clicks"]],
        [Result(**{**result, "click": read(result["click"])}) for result in told["results"]],
        [Rage(**burst) for burst in told["bursts"]],
    )
