"""What the snippet costs a page: its size, and the main thread's time, also with a CPU four times slower.

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
RATES = (1, 4)
CATEGORIES = ["devtools.timeline", "disabled-by-default-v8.compile", "v8"]
BUTTONS = "".join(f"<section><div><button>Buy {n}</button></div></section>" for n in range(200))
BODY = f"""<body><div id=clock>0</div><main>{BUTTONS}<p id=out></p></main><script>
setInterval(() => {{ clock.textContent = Date.now() }}, 100)
for (const button of document.querySelectorAll('button'))
    button.onclick = () => {{ out.textContent = button.textContent }}
</script></body>"""

Trace = list[dict[str, Any]]


def _slow(page: Page, rate: int) -> None:
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": rate})


def _trace(browser: Browser, page: Page, work: Callable[[], None]) -> Trace:
    browser.start_tracing(page=page, categories=CATEGORIES)
    work()
    events: Trace = json.loads(browser.stop_tracing())["traceEvents"]
    return events


def _spent_ms(trace: Trace) -> list[float]:
    """Return the thread's own time in each outermost stretch that the snippet ran."""
    ours = sorted(
        (event["ts"], event["ts"] + event["dur"], event.get("tdur", event["dur"]))
        for event in trace
        if event.get("dur") and "footfall.js" in json.dumps(event.get("args", {}))
        and event["name"] in ("EvaluateScript", "v8.compile", "FunctionCall")
    )  # fmt: skip
    spent: list[float] = []
    end = 0.0
    for start, stop, thread in ours:
        if start >= end:
            spent.append(thread / 1000)
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


def _clicks_ms(browser: Browser, url: str, rate: int) -> list[float]:
    context = browser.new_context()
    page = context.new_page()
    _slow(page, rate)
    page.goto(url)
    page.wait_for_function("window.footfall?.live")
    buttons = page.locator("button")
    costs = []
    for number in range(CLICKS):
        button = buttons.nth(number)
        box = button.bounding_box()
        assert box
        x, y = box["x"] + 5, box["y"] + 5
        page.mouse.move(x, y)

        def click(x: float = x, y: float = y) -> None:
            page.mouse.click(x, y)
            page.wait_for_timeout(50)

        costs.append(sum(_spent_ms(_trace(browser, page, click))))
        page.mouse.wheel(0, box["height"])
    context.close()
    return costs


def main() -> None:
    """Measure, and print the table."""
    code = (STATIC_JS / "footfall.js").read_bytes()
    web = Web()
    url = web.page(BODY)
    print("| snippet | CPU | median | p95 |")
    print("|---|---|---|---|")
    print(f"| size, bytes | | {len(code)} | {len(gzip.compress(code, 9))} gzipped |")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=ensure(), args=FLAGS)
        for rate in RATES:
            loads = [_load_ms(browser, url, rate) for _ in range(LOADS)]
            for name, costs in (("load", loads), ("a click", _clicks_ms(browser, url, rate))):
                p95 = sorted(costs)[int(len(costs) * 0.95)]
                print(f"| main thread, ms, {name} | 1/{rate} | {statistics.median(costs):.2f} | {p95:.2f} |")
        browser.close()
    web.close()


if __name__ == "__main__":
    main()
