"""What the snippet costs a page: its size, and the main thread's time, also with a CPU four times slower.

A click's cost is told in two: what the page and the visitor wait for, in the handlers of the
press, the release and the click, and what is done when the browser is idle. Beside it stands
what it costs alone to listen to the same events, measured the same way: a script whose
listeners do nothing.

Run `python -m bench.snippet`; it prints a table in Markdown. Times are those of Chromium's own
trace: compiling and running the script at load, and every call into it around a click.
"""

import gzip
import json
import statistics
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.chromium import FLAGS, ensure
from tests.kit.browser import STATIC_JS, Web

LOADS = 9
CLICKS = 40
PRESS_MS = 80  # people hold a button for so long
RATES = (1, 4)
CATEGORIES = ["devtools.timeline", "disabled-by-default-v8.compile", "v8"]
BUTTONS = "".join(f"<section><div><button>Buy {n}</button></div></section>" for n in range(200))
BODY = f"""<body><div id=clock>0</div><main>{BUTTONS}<p id=out></p></main><script>
setInterval(() => {{ clock.textContent = Date.now() }}, 100)
for (const button of document.querySelectorAll('button'))
    button.onclick = () => {{ out.textContent = button.textContent }}
</script></body>"""
# What a page hears of a click that the snippet listens to.
EVENTS = ["pointermove", "pointerdown", "pointerup", "click", "focusin", "selectionchange"]
NOTHING = f"for (const name of {EVENTS}) addEventListener(name, () => {{}}, true); window.footfall = {{ live: 1 }}"
OURS = ("footfall.js", "more.js", "vitals.js")

Trace = list[dict[str, Any]]


def _slow(page: Page, rate: int) -> None:
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": rate})


def _trace(browser: Browser, page: Page, work: Callable[[], None]) -> Trace:
    browser.start_tracing(page=page, categories=CATEGORIES)
    work()
    events: Trace = json.loads(browser.stop_tracing())["traceEvents"]
    return events


def _spent_ms(trace: Trace, *, waiting: bool | None = None) -> list[float]:
    """Return the thread's own time in each outermost stretch that the snippet ran.

    With `waiting` only of those inside an event's handlers, or only of those outside.
    """
    handlers = [(one["ts"], one["ts"] + one["dur"]) for one in trace if one["name"] == "EventDispatch" and "dur" in one]
    ours = sorted(
        (event["ts"], event["ts"] + event["dur"], event.get("tdur") or event["dur"])
        for event in trace
        if event.get("dur") and any(name in json.dumps(event.get("args", {})) for name in OURS)
        and event["name"] in ("EvaluateScript", "v8.compile", "FunctionCall")
    )  # fmt: skip
    spent: list[float] = []
    end = 0.0
    for start, stop, thread in ours:
        if start >= end:
            inside = any(began <= start and stop <= ended for began, ended in handlers)
            if waiting is None or waiting is inside:
                spent.append(float(thread) / 1000)
            end = stop
    return spent


def _load_ms(browser: Browser, url: str, rate: int) -> float:
    context = browser.new_context()
    page = context.new_page()
    _slow(page, rate)

    def load() -> None:
        page.goto(url)
        page.wait_for_function("window.footfall?.live")

    trace = _trace(browser, page, load)
    context.close()
    return sum(_spent_ms(trace))


def _clicks_ms(browser: Browser, url: str, rate: int) -> tuple[list[float], list[float]]:
    context = browser.new_context()
    page = context.new_page()
    _slow(page, rate)
    page.goto(url)
    page.wait_for_function("window.footfall?.live")
    buttons = page.locator("button")
    page.wait_for_timeout(1500)
    waited, idle = [], []
    for number in range(CLICKS):
        button = buttons.nth(number)
        box = button.bounding_box()
        assert box
        x, y = box["x"] + 5, box["y"] + 5
        page.mouse.move(x, y)

        def click(x: float = x, y: float = y) -> None:
            page.mouse.click(x, y, delay=PRESS_MS)
            page.wait_for_timeout(50)

        trace = _trace(browser, page, click)
        waited.append(sum(_spent_ms(trace, waiting=True)))
        idle.append(sum(_spent_ms(trace, waiting=False)))
        page.mouse.wheel(0, box["height"])
    context.close()
    return waited, idle


def main() -> None:
    """Measure, and print the table."""
    code = (STATIC_JS / "footfall.js").read_bytes()
    web = Web()
    urls = {
        "": web.page(BODY),
        ", listeners that do nothing": web.page(
            BODY.replace("<body>", '<body data-site><script src="/nothing/footfall.js"></script>'), "/nothing"
        ),
    }
    web.pages["/nothing/footfall.js"] = lambda _: (200, "text/javascript", NOTHING.encode(), {})
    print("| snippet | CPU | median | p95 |")
    print("|---|---|---|---|")
    print(f"| size, bytes | | {len(code)} | {len(gzip.compress(code, 9))} gzipped |")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=ensure(), args=FLAGS)
        for rate in RATES:
            for what, url in urls.items():
                loads = [_load_ms(browser, url, rate) for _ in range(LOADS)]
                waited, idle = _clicks_ms(browser, url, rate)
                for name, costs in (("load", loads), ("a click", waited), ("a click, idle", idle)):
                    p95 = sorted(costs)[int(len(costs) * 0.95)]
                    print(f"| main thread, ms, {name}{what} | 1/{rate} | {statistics.median(costs):.2f} | {p95:.2f} |")
        browser.close()
    web.close()


if __name__ == "__main__":
    main()
