"""An owner at the desk: opens the overlay, and looks into its closed shadow root as far as anybody can.

What it says is read from the accessibility tree, what it draws from pixels.
"""

import struct
import zlib
from typing import Any

from playwright.sync_api import BrowserContext, CDPSession, Page

from tests.kit.browser import Web

PATIENCE = 600  # looks, 50 ms apart


def open_overlay(desk: BrowserContext, web: Web, site: str, path: str = "/lamps", **words: str) -> Page:
    """Press the button of the heatmap's page and return the live page that it opens, drawn."""
    page = desk.new_page()
    query = "&".join(f"{name}={value}" for name, value in {"bots": "in", "range": "today", **words}.items())
    page.goto(f"/sites/{site}/heatmap?path={path}&{query}")
    page.get_by_label("See it on the live page").fill(web.url + path)
    with desk.expect_page() as opened:
        page.get_by_role("button", name="Open on the live page").click()
    found = opened.value
    page.close()
    wait_for_words(found, "Views: ")
    return found


def nodes_of(page: Page) -> list[dict[str, Any]]:
    session: CDPSession = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    return [node for node in nodes if not node.get("ignored") and "value" in node.get("name", {})]


def words_of(page: Page) -> list[str]:
    """Return the names in the accessibility tree."""
    return [str(node["name"]["value"]) for node in nodes_of(page)]


def wait_for_words(page: Page, *wanted: str) -> list[str]:
    for _ in range(PATIENCE):
        found = words_of(page)
        if all(any(one in name for name in found) for one in wanted):
            return found
        page.wait_for_timeout(50)
    raise AssertionError(f"{wanted} not in {found}")


def press(page: Page, name: str) -> None:
    """Press a button of the panel, as a pointer would."""
    page.mouse.click(*place_of(page, name))


def place_of(page: Page, name: str) -> tuple[float, float]:
    """Return the middle of a button of the panel."""
    [node, *_] = [
        one for one in nodes_of(page) if one["role"]["value"] == "button" and one["name"]["value"].startswith(name)
    ]
    session = page.context.new_cdp_session(page)
    box = session.send("DOM.getBoxModel", {"backendNodeId": node["backendDOMNodeId"]})["model"]["content"]
    session.detach()
    return (box[0] + box[4]) / 2, (box[1] + box[5]) / 2


def colour_at(page: Page, selector: str) -> tuple[int, int, int]:
    """Return the colour on the screen at the middle of an element, which is scrolled there."""
    found = page.locator(selector)
    found.evaluate("element => element.scrollIntoView({block: 'center', behavior: 'instant'})")
    wait_for_drawing(page)
    box = found.bounding_box()
    assert box
    return colour_on_screen(page, box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def wait_for_drawing(page: Page) -> None:
    """Wait until all is drawn that was asked for so far: the overlay draws before a frame, and then it is shown."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def colour_on_screen(page: Page, x: float, y: float) -> tuple[int, int, int]:
    wait_for_drawing(page)
    png = page.screenshot(clip={"x": int(x), "y": int(y), "width": 1, "height": 1})
    data, at = b"", 8
    while at < len(png):
        [size] = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            data += png[at + 8 : at + 8 + size]
        at += 12 + size
    red, green, blue = zlib.decompress(data)[1:4]
    return red, green, blue


def is_hot(colour: tuple[int, int, int]) -> bool:
    """Tell a colour of the scale from white, grey and the page's own blue."""
    red, green, blue = colour
    return max(colour) - min(colour) > 25 and (red > blue or red > green + 20)
