"""What a fingerprint costs a page that consented: the main thread's time, and the longest piece in one go.

Run `python -m bench.fingerprint`; each time in a window of its own, with nothing in the caches of the page.
"""

import gzip
import statistics

from playwright.sync_api import Browser, sync_playwright

from tests.chromium import FLAGS, ensure
from tests.kit.browser import STATIC_JS, Web

TIMES = 15
# Every call for idle time is timed to the end of its task, with all that follows in the same one.
SPENT = """async () => {
    const { default: describe } = await import('/js/fingerprint.js?' + Math.random())
    const ends = window.requestIdleCallback
    const slices = []
    window.requestIdleCallback = (work) => ends(async () => {
        const began = performance.now(); work()
        const { port1, port2 } = new MessageChannel()
        await new Promise((done) => { port1.onmessage = done; port2.postMessage(0) })
        slices.push(performance.now() - began) })
    await describe()
    await new Promise((done) => setTimeout(done, 50))
    return slices }"""


def spent(web: Web, browser: Browser) -> list[float]:
    """Return the ms of each slice of one fingerprint."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(web.page("<body>Hello</body>"))
    page.wait_for_timeout(300)
    slices: list[float] = page.evaluate(SPENT)
    context.close()
    return slices


def main() -> None:
    """Print the table."""
    web = Web()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=ensure(), args=FLAGS)
        times = [spent(web, browser) for _ in range(TIMES)]
        browser.close()
    web.close()
    size = len(gzip.compress((STATIC_JS / "fingerprint.js").read_bytes(), 9, mtime=0))
    print("| fingerprint | median | most |\n|---|---|---|")
    print(f"| size, bytes gzipped | {size:,} | |")
    for name, of in (("main thread, ms", sum), ("longest piece, ms", max)):
        found = [of(one) for one in times]
        print(f"| {name} | {statistics.median(found):.1f} | {max(found):.1f} |")


if __name__ == "__main__":
    main()
