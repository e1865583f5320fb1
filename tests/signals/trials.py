"""A click with the detectors watching: what each of them says of it."""

import asyncio
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Error
from playwright.async_api import Page as Tab

from tests.signals.measuring import AWAY, Windows, locate
from tests.signals.survey import Click
from tests.signals.web import CorpusWeb

MOVING = (Path(__file__).parent / "page" / "moving.js").read_text()
TICKS = (100, 250, 500, 1000)
SLIDES = (700, 1300, 2000, 3000)
HELD_MS = 30
TWICE_MS = 500
STRETCHED_MS = 350
WATCHED_MS = 3300
QUICK_MS = 3200  # enough for what is ours, when the page is hidden then
FINAL_MS = 7200  # then what is ours is final
COME_S = 10
FULL_MS = 8500  # enough for everybody's last word, and for what comes late
RIVALS = ("posthog", "datadog", "amplitude", "mixpanel", "sentry")
ALL = ("footfall", *RIVALS)


@dataclass(frozen=True)
class Condition:
    """How a page is when it is clicked; `scripts` is one of `survey.SCRIPTS`."""

    name: str
    title: str
    scripts: str
    moving: bool = False


CONDITIONS = (
    Condition("as-is", "as it is", "run"),
    Condition("moving", "beside a clock and a carousel", "run", moving=True),
    Condition("blocked", "scripts blocked", "blocked"),
    Condition("blocked-moving", "scripts blocked, beside a clock and a carousel", "blocked", moving=True),
    Condition("delayed", "reactions delayed", "delayed"),
)


@dataclass
class Outcome:
    """What the others said of a click: signals by detector. Ours is told by the beacons of the site `trial`."""

    trial: str
    found: dict[str, list[str]] = field(default_factory=dict)
    unclear: str = ""


def moving_script(click: Click) -> str:
    """A clock and a carousel whose pace depends on the click alone."""
    number = int(click.name, 16)
    settings = f"{{ tick: {TICKS[number % 4]}, slide: {SLIDES[number // 4 % 4]} }}"
    return f"({MOVING.rstrip().rstrip(';')})({settings})"


async def run(
    windows: Windows,
    web: CorpusWeb,
    click: Click,
    condition: Condition,
    detectors: Sequence[str] = ALL,
    gaps_ms: Sequence[int] = (),
) -> Outcome:
    """Click an element of a freshly loaded page, and again after each of `gaps_ms`."""
    trial = f"{condition.name}-{click.name}{'x' * (detectors != ALL)}"
    web.detectors[trial] = detectors
    outcome = Outcome(trial)
    delay = None
    if condition.scripts == "blocked":
        if click.blocked_by == "policy":
            web.shut.add(trial)
        else:
            delay = math.inf
    elif condition.scripts == "delayed":
        delay = float(click.delay)
    scripts = [moving_script(click)] if condition.moving else []

    def heard(detector: str, signal: str) -> None:
        outcome.found.setdefault(detector, []).append(signal)

    try:
        async with windows.page(f"{web.url}/t/{trial}{click.page}", delay, scripts, heard) as page:
            await _reach(page, click, detectors)
            await _press(page, gaps_ms)
            await page.wait_for_timeout(_watched_ms(condition, detectors))
            await page.goto("about:blank")
            await asyncio.sleep(0.3)
            if "footfall" in detectors:
                await _come(web, trial, len(gaps_ms) + 1)
    except LookupError as error:
        outcome.unclear = str(error)
    except Error as error:
        outcome.unclear = str(error).splitlines()[0]
    return outcome


async def _come(web: CorpusWeb, trial: str, clicks: int) -> None:
    """Wait until so many clicks of a page that was left have come, for its window would take them along as it closes.

    Some clicks are never told, such as those whose element goes at the press: those are waited for in vain.
    """
    clock = asyncio.get_running_loop().time
    deadline = clock() + COME_S
    while clock() < deadline:
        told = [beacon.body["events"] for beacon in web.beacons if beacon.body["site"] == trial]
        if sum(event["kind"] == "click" for events in told for event in events) >= clicks:
            return
        await asyncio.sleep(0.05)


def _watched_ms(condition: Condition, detectors: Sequence[str]) -> int:
    """Ours has its last word when the page is hidden; what moves by itself takes time to tell."""
    if tuple(detectors) != ("footfall",) or condition.scripts == "delayed":
        return FULL_MS
    return FINAL_MS if condition.moving else QUICK_MS


async def _reach(page: Tab, click: Click, detectors: Sequence[str]) -> None:
    """Let some time pass, and move the mouse to the element. Raises LookupError when it is not there."""
    if "footfall" in detectors:
        for _ in range(100):
            if await page.evaluate("() => !!window.footfall?.live"):
                break
            await page.wait_for_timeout(100)
        else:
            raise LookupError("the snippet did not start")
    found = await locate(page, click.path)
    if found is None:
        raise LookupError("not there, or covered")
    if click.signature and found["signature"] != click.signature:
        raise LookupError("another element stands there")
    await page.mouse.move(*AWAY)
    await page.wait_for_timeout(WATCHED_MS)
    await page.mouse.move(*found["at"], steps=5)
    await page.wait_for_timeout(400)


async def _press(page: Tab, gaps_ms: Sequence[int]) -> None:
    """Click, and again after each gap. Raises LookupError when a busy machine stretched the gaps."""
    clock = asyncio.get_running_loop().time
    began, count = clock(), 0
    # A person does not wait for the page between two clicks, so nothing is waited for here.
    pressed: list[asyncio.Task[None]] = []
    for gap in (0, *gaps_ms):
        await asyncio.sleep(gap / 1000)
        # As a browser counts them: a click soon after another is the second of a double click.
        count = count + 1 if gap < TWICE_MS else 1
        pressed.append(asyncio.create_task(page.mouse.down(click_count=count)))
        await asyncio.sleep(HELD_MS / 1000)
        pressed.append(asyncio.create_task(page.mouse.up(click_count=count)))
    await asyncio.gather(*pressed)
    meant = sum(gaps_ms) + HELD_MS * (len(gaps_ms) + 1)
    if gaps_ms and (clock() - began) * 1000 > meant + STRETCHED_MS:
        raise LookupError("the machine was too busy for a burst of clicks")
