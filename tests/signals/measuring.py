"""What truly follows a click, seen from outside the page: pixels, accessibility tree, navigation, network, focus."""

import asyncio
import math
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, CDPSession, Error, Page

HERE = Path(__file__).parent
ELEMENTS = (HERE / "page" / "elements.js").read_text()
INPUT = (HERE / "page" / "input.js").read_text()
COMPARE = (HERE / "page" / "compare.js").read_text()
AWAY = (1, 699)
AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
SETTLE_MS = 400
LOOKS = 8
TOO_MUCH = 30_000  # px that move by themselves, behind which much may hide
# Between looks, each of which costs a picture: answers are dense at first, and may come late.
PAUSES_MS = (80, 250, 500, 800, 1300)
LATE_PAUSES_MS = (250,) * 28
ENOUGH_MS = 700  # an answer that was seen by then needs no more looking, but for errors
RESTLESS_LOOKS, RESTLESS_MS = 10, 800
FADED_MS = 900  # by then the looks of being pressed have faded
ROUND = 10  # px around a control where only its own looks change: rings and shadows
LEAVING = ("document", "fetch", "xhr", "websocket", "eventsource", "ping")

JSON = dict[str, Any]


@dataclass
class Truth:
    """What followed: `seen` maps each kind of evidence to the ms after the click at which it was first seen.

    A reaction that no picture could time, because it lay within the control's own looks, has -1.
    `unclear` says why nothing can be said.
    """

    seen: dict[str, int] = field(default_factory=dict)
    errors: list[int] = field(default_factory=list)
    unclear: str = ""
    watched_ms: int = 0

    @property
    def first_ms(self) -> int | None:
        """When the first reaction came; None when none did."""
        return min(self.seen.values(), default=None)


class Windows:
    """A browser that loads every page in a window of its own, with a fresh profile.

    Of tabs in one window only the first has frames at a screen's pace; the others get one a
    second, and hurry when they are touched, which no visitor ever sees. So many load at a time:
    a page that loads has the machine at work, and holds up the clocks of those that are watched.
    """

    def __init__(self, browser: Browser, loading: int) -> None:
        self._browser, self._loading = browser, asyncio.Semaphore(loading)

    @asynccontextmanager
    async def page(
        self,
        url: str,
        delay: float | None = None,
        scripts: Sequence[str] = (),
        found: Callable[[str, str], object] | None = None,
    ) -> AsyncIterator[Page]:
        """Load a page, its listeners late by `delay` ms (inf: never).

        `scripts` run before the page's own; `found` hears what detectors in the page find.
        """
        window = await self._browser.new_context(viewport={"width": 1000, "height": 700}, user_agent=AGENT)
        try:
            async with self._loading:
                page = await self._load(window, url, delay, scripts, found)
            yield page
        finally:
            with suppress(Error):
                await window.close()

    async def _load(
        self,
        window: BrowserContext,
        url: str,
        delay: float | None,
        scripts: Sequence[str],
        found: Callable[[str, str], object] | None,
    ) -> Page:
        window.set_default_timeout(30_000)
        if found:
            await window.expose_function("__found", found)
        page = await window.new_page()
        if delay is not None:
            late = "Infinity" if delay == math.inf else delay
            await page.add_init_script(f"({INPUT.rstrip().rstrip(';')})({late})")
        for script in scripts:
            await page.add_init_script(script)
        await page.goto(url, wait_until="load")
        with suppress(Error):
            await page.wait_for_load_state("networkidle", timeout=6000)
        await page.wait_for_timeout(SETTLE_MS)
        await page.evaluate(ELEMENTS)
        return page


async def locate(page: Page, path: Sequence[str]) -> JSON | None:
    """Scroll an element into view; return what it is, its box and a point on it, or None.

    Pages that are built by scripts get some time for it, and a second look tells where the
    element came to rest.
    """
    found: JSON | None = None
    for _ in range(LOOKS):
        found = await page.evaluate("(path) => __corpus.locate(path)", list(path))
        if found:
            break
        await page.wait_for_timeout(300)
    await page.wait_for_timeout(150)
    return found and await page.evaluate("(path) => __corpus.locate(path)", list(path))


class Watch:
    """Looks at one page from outside."""

    def __init__(self, page: Page, cdp: CDPSession, judge: Page, path: Sequence[str]) -> None:
        self.page, self.cdp, self.judge, self.path = page, cdp, judge, list(path)
        self.truth = Truth()
        self.start = 0.0
        page.on("request", self._request)
        page.on("framenavigated", lambda frame: self.note("navigation"))
        page.on("download", lambda download: self.note("download"))
        page.on("dialog", self._dialog)
        page.on("filechooser", lambda chooser: self.note("picker"))
        page.on("pageerror", lambda error: self._failed())
        page.on("response", self._response)
        page.on("popup", self._popup)

    def note(self, kind: str) -> None:
        if self.start:
            self.truth.seen.setdefault(kind, self.now_ms())

    def now_ms(self) -> int:
        return int((asyncio.get_running_loop().time() - self.start) * 1000)

    async def picture(self) -> str:
        shot = await self.cdp.send("Page.captureScreenshot", {"format": "png", "optimizeForSpeed": True})
        return str(shot["data"])

    async def tree(self) -> dict[int, str]:
        """The accessibility tree: what each node is and says, without who has the focus."""
        found = await self.cdp.send("Accessibility.getFullAXTree")
        return {
            node["backendDOMNodeId"]: " ".join(
                str(part)
                for part in (
                    node.get("role", {}).get("value"),
                    node.get("name", {}).get("value"),
                    node.get("value", {}).get("value"),
                    sorted(
                        (one["name"], str(one["value"].get("value")))
                        for one in node.get("properties", ())
                        if one["name"] not in ("focused", "focusable", "url", "busy")
                    ),
                )
            )
            for node in found["nodes"]
            if not node.get("ignored")
            and node.get("backendDOMNodeId")
            and node.get("role", {}).get("value") not in ("InlineTextBox", "RootWebArea")
        }

    async def state(self) -> JSON:
        state: JSON = await self.page.evaluate("(path) => __corpus.state(path)", self.path)
        return state

    async def differ(self, stills: Sequence[str], after: str, box: Sequence[float]) -> JSON:
        if after == stills[-1]:
            return {"inside": 0, "outside": 0, "moving": 0}
        result: JSON = await self.judge.evaluate(
            "([stills, after, box]) => __compare(stills, after, box)", [list(stills), after, list(box)]
        )
        return result

    def _request(self, request: Any) -> None:
        if request.resource_type in LEAVING and not request.url.endswith("/favicon.ico"):
            self.note("navigation" if request.is_navigation_request() else "request")

    def _response(self, response: Any) -> None:
        if response.status >= 400 and response.request.resource_type in ("fetch", "xhr"):
            self._failed()

    def _failed(self) -> None:
        if self.start:
            self.truth.errors.append(self.now_ms())

    async def _dialog(self, dialog: Any) -> None:
        self.note("dialog")
        with suppress(Error):
            await dialog.dismiss()

    async def _popup(self, page: Page) -> None:
        self.note("popup")
        with suppress(Error):
            await page.close()


async def measure(
    windows: Windows, judge: Page, url: str, path: Sequence[str], delay: float | None = None, *, late: bool = False
) -> tuple[JSON | None, Truth]:
    """Click one element of a freshly loaded page; return what it was and what followed."""
    async with windows.page(url, delay) as page:
        return await _measure(page, judge, path, LATE_PAUSES_MS if late else PAUSES_MS)


async def _measure(page: Page, judge: Page, path: Sequence[str], pauses_ms: Sequence[int]) -> tuple[JSON | None, Truth]:
    await page.mouse.move(*AWAY)
    found = await locate(page, path)
    if found is None:
        return None, Truth(unclear="not there, or covered")
    watch = Watch(page, await page.context.new_cdp_session(page), judge, path)
    before = await _before(watch, found)
    await page.mouse.down()
    watch.start = asyncio.get_running_loop().time()
    await page.wait_for_timeout(50)
    await page.mouse.up()
    truth = watch.truth
    try:
        await _after(watch, before, pauses_ms, field=found["field"] and not found["disabled"])
    except Error:
        # The page went away under us, which is an answer.
        watch.note("navigation")
    truth.watched_ms = watch.now_ms()
    if not truth.seen and before.moving > TOO_MUCH:
        truth.unclear = "too much of the page moves by itself"
    return found, truth


@dataclass
class Before:
    """How a page was before a click: with the mouse away and over the control, several times each."""

    box: list[float]
    away: list[str]
    stills: list[str]
    trees: list[dict[int, str]]
    state: JSON
    moving: int

    @property
    def restless(self) -> set[int]:
        """Nodes of the tree that changed before anybody clicked."""
        first, second = self.trees
        return {node for node in {**first, **second} if first.get(node) != second.get(node)}


async def _before(watch: Watch, found: JSON) -> Before:
    page = watch.page
    away = [await watch.picture()]
    trees = [await watch.tree()]
    await page.wait_for_timeout(500)
    away.append(await watch.picture())
    await page.mouse.move(*found["at"], steps=3)
    stills = []
    for pause in (600, 500, 700):
        await page.wait_for_timeout(pause)
        stills.append(await watch.picture())
    if len(set(stills)) == 1:
        stills = stills[-1:]
    trees.append(await watch.tree())
    x, y, width, height = found["box"]
    box = [x - ROUND, y - ROUND, width + 2 * ROUND, height + 2 * ROUND]
    moving = (await watch.differ(stills, stills[0], box))["moving"]
    return Before(box, away, stills, trees, await watch.state(), moving)


async def _after(watch: Watch, before: Before, pauses_ms: Sequence[int], *, field: bool) -> None:
    """Look again and again; what is seen goes into the watch's truth."""
    seen = watch.truth.seen
    picture, told = before.stills[-1], 0
    late = ""
    for pause in pauses_ms:
        if seen and watch.now_ms() > ENOUGH_MS:
            break
        await watch.page.wait_for_timeout(pause)
        at = watch.now_ms()
        picture = await _look(watch, before, picture, at)
        if not told and not seen and _changed(before.trees[1], await watch.tree(), before.restless):
            told = at
        late = late or (picture if at > FADED_MS else "")
        if field:
            seen.setdefault("field", at)
    if told and seen:
        seen.setdefault("tree", told)
    if not seen and (await watch.differ([picture], late or picture, before.box))["inside"]:
        # It showed something for a while, such as a word that all is done.
        seen["flash"] = -1
    if not seen:
        await _look_after(watch, before)
        # A tab counts as selected while it has the focus: what goes with the focus is no answer.
        if told and _changed(before.trees[0], await watch.tree(), before.restless):
            seen["tree"] = told


async def _look(watch: Watch, before: Before, last: str, at: int) -> str:
    """Note what is seen now, at so many ms after the click; return the picture of it."""
    seen = watch.truth.seen
    picture = await watch.picture()
    if picture != last and (await watch.differ(before.stills, picture, before.box))["outside"]:
        seen.setdefault("pixels", at)
    now = await watch.state()
    for kind in ("focus", "scroll", "media", "title"):
        if now[kind] != before.state[kind] and (now[kind] or kind != "focus"):
            seen.setdefault(kind, at)
    return picture


def _changed(before: dict[int, str], after: dict[int, str], restless: set[int]) -> bool:
    """Tell whether a node came to be or say something else.

    Nodes that come or go count by their pixels alone: Chromium shows what is hidden from the
    tree as soon as the focus is in it.
    """
    return any(after[node] != before[node] for node in (before.keys() & after.keys()) - restless)


async def _look_after(watch: Watch, before: Before) -> None:
    """Leave the control: what still looks otherwise than before is no mere look of being pressed."""
    await watch.page.mouse.move(*AWAY)
    await watch.page.evaluate("() => __corpus.blur()")
    await watch.page.wait_for_timeout(700)
    changed = await watch.differ(before.away, await watch.picture(), before.box)
    if changed["inside"] or changed["outside"]:
        watch.truth.seen["looks"] = -1


async def restless(windows: Windows, url: str) -> bool:
    """Tell whether a page that nobody touches looks otherwise after a while."""
    async with windows.page(url) as page:
        cdp = await page.context.new_cdp_session(page)
        pictures = set()
        for _ in range(RESTLESS_LOOKS):
            shot = await cdp.send("Page.captureScreenshot", {"format": "png", "optimizeForSpeed": True})
            pictures.add(shot["data"])
            await page.wait_for_timeout(RESTLESS_MS)
        return len(pictures) > 1


async def candidates(windows: Windows, url: str) -> list[JSON]:
    """All that a page has to be clicked on, and its plain text and pictures, in the order of the document."""
    async with windows.page(url) as page:
        found: list[JSON] = await page.evaluate("() => __corpus.candidates()")
        return found
