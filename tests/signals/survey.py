"""Which clicks the corpus holds, and the truth of each under every condition."""

import asyncio
import hashlib
import math
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import TypeVar

from playwright.async_api import Error
from playwright.async_api import Page as Tab

from tests.signals.measuring import JSON, Truth, Windows, candidates, measure, restless
from tests.signals.pages import Page
from tests.signals.web import CorpusWeb

CONTROLS = 4
LINKS = 1  # of a page's controls, so that the corpus is not one of links
ALIKE = 2
PLAIN = 1
DELAYS = (1500, 2000, 3000, 4000, 5000)
NATIVE = {"navigation", "download", "popup", "picker", "field"}  # answers that no script can delay
SCRIPTS = ("run", "blocked", "delayed")

T = TypeVar("T")


@dataclass
class Click:
    """One element of one page, and what truly follows a click on it for each of `SCRIPTS`.

    `chosen`: it is the option, tab or page that is on already. `restless`: the page moves by
    itself, so that pixels alone tell nothing.

    `blocked_by` tells how the page's scripts are kept from answering: "policy" when they are
    never loaded, "cut" when they build the page and are then not told of the visitor's input.
    """

    page: str
    path: list[str]
    kind: str
    tag: str
    role: str | None
    text: str
    disabled: bool
    field: bool
    chosen: bool
    signature: str
    consent: bool = False
    restless: bool = False
    delay: int = 0
    blocked_by: str = "policy"
    truths: dict[str, Truth] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """A short name that stays the same from run to run."""
        return hashlib.sha1("|".join([self.page, *self.path]).encode(), usedforsecurity=False).hexdigest()[:8]

    def told(self) -> JSON:
        return asdict(self)


def read(told: JSON) -> Click:
    """Return a click as `Click.told` wrote it."""
    return Click(**{**told, "truths": {name: Truth(**truth) for name, truth in told["truths"].items()}})


def choose(page: str, found: Sequence[JSON]) -> list[Click]:
    """Take a mixed few of a page's elements, always the same."""
    taken: dict[str, int] = {}
    chosen = {"control": [], "plain": []}  # type: dict[str, list[JSON]]

    def mixed(one: JSON) -> tuple[int, str]:
        key = hashlib.sha1("|".join([page, *one["path"]]).encode(), usedforsecurity=False).hexdigest()
        return (sum(other["look"] == one["look"] for other in found[: found.index(one)]), key)

    for one in sorted(found, key=mixed):
        plain = one["kind"] == "plain"
        group = chosen["plain" if plain else "control"]
        link = one["tag"] == "a" and one["kind"] == "native" and not one["role"]
        if (plain and len(group) >= PLAIN) or (not plain and len(group) >= CONTROLS):
            continue
        if (not plain and taken.get(one["look"], 0) >= ALIKE) or (link and taken.get("link", 0) >= LINKS):
            continue
        taken[one["look"]] = taken.get(one["look"], 0) + 1
        taken["link"] = taken.get("link", 0) + link
        group.append(one)
    names = ("path", "kind", "tag", "role", "text", "disabled", "field", "chosen", "consent", "signature")
    return [Click(page=page, **{name: one[name] for name in names}) for one in (*chosen["control"], *chosen["plain"])]


async def gather(works: Iterable[Callable[[], Awaitable[T]]], together: int) -> list[T]:
    """Run works, so many at once."""
    gate = asyncio.Semaphore(together)

    async def one(work: Callable[[], Awaitable[T]]) -> T:
        async with gate:
            return await work()

    return await asyncio.gather(*(one(work) for work in works))


class Survey:
    """Finds clicks and their truth in one browser."""

    def __init__(self, windows: Windows, web: CorpusWeb, judge: Tab) -> None:
        self.windows, self.web, self.judge = windows, web, judge

    async def clicks(self, page: Page) -> list[Click]:
        """Return a page's clicks without their truth; none where the page does not come up."""
        try:
            url = f"{self.web.url}/t/survey{page.path}"
            clicks = choose(page.path, await candidates(self.windows, url))
            moves = await restless(self.windows, url)
        except Error as error:
            print(f"{page.name}: {str(error).splitlines()[0]}", flush=True)
            return []
        for click in clicks:
            click.restless = moves
        return clicks

    async def tell(self, click: Click, only: Sequence[str] = SCRIPTS) -> Click:
        """Measure a click's truths."""
        for scripts in only:
            truth = await self._truth(click, scripts)
            if truth is not None:
                click.truths[scripts] = truth
        return click

    async def _truth(self, click: Click, scripts: str) -> Truth | None:
        if scripts == "run":
            return await self._measure(click)
        if scripts == "blocked":
            self.web.shut.add("shut" + click.name)
            found, truth = await self._try(click, "shut" + click.name)
            if found is not None and (found["signature"], found["kind"]) == (click.signature, click.kind):
                return truth
            click.blocked_by = "cut"
            return await self._measure(click, math.inf)
        lively = click.truths.get("run")
        if click.kind == "plain" or lively is None or not lively.seen or lively.seen.keys() & NATIVE:
            return None
        click.delay = DELAYS[int(click.name, 16) % len(DELAYS)]
        return await self._measure(click, click.delay, late=True)

    async def _measure(self, click: Click, delay: float | None = None, *, late: bool = False) -> Truth:
        return (await self._try(click, "truth" + click.name, delay, late=late))[1]

    async def _try(
        self, click: Click, trial: str, delay: float | None = None, *, late: bool = False
    ) -> tuple[JSON | None, Truth]:
        url = f"{self.web.url}/t/{trial}{click.page}"
        try:
            return await measure(self.windows, self.judge, url, click.path, delay, late=late)
        except Error as error:
            return None, Truth(unclear=str(error).splitlines()[0])
