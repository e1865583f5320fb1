"""Links to other hosts, and downloads."""

import pytest
from playwright.sync_api import Page

from tests.kit.browser import JSON, Web
from tests.snippet.further import leave, told, visit

pytestmark = pytest.mark.browser


def _facts(event: JSON) -> tuple[str, str, bool | None, str | None]:
    return event["element"], event["properties"]["href"], event["properties"].get("download"), event.get("element_text")


def test_links_out_and_downloads_are_told(web: Web, page: Page) -> None:
    body = """<base href='/shop/'><style>a { display: block }</style><body onclick='event.preventDefault()'>
        <a id=out href='https://other.example/tea/green?ref=us&token=geheim#part'><b>Other</b> shop</a>
        <a id=in href='/next'>Next</a><a id=mail href='mailto:jo@example.org'>Mail</a><a id=none>None</a>
        <a id=sheet href='sheet.PDF?user=geheim'>Sheet</a><a id=named href=/export download='geheim.csv'>Export</a>
        <a id=made href='blob:http://x/7d4f2c1e-9b3a-4c5d-8e6f-0a1b2c3d4e5f' download>Made</a>
        <a id=profile href='https://other.example/user/jo@example.org/600700800'>Profile</a>
        <div data-private><a id=mine href='https://files.example/geheim-kowalska'>geheim</a></div>"""
    visit(web, page, body)
    for link in ("out", "in", "mail", "none", "sheet", "named", "made", "profile", "mine"):
        page.click("#" + link)
    page.click("#out", button="middle")
    page.click("#out", button="right")
    page.evaluate("document.getElementById('out').click()")
    leave(page)
    host = web.url.removeprefix("http://")
    assert [_facts(link) for link in told(web, "link", 7)] == [
        ("#out", "other.example/tea/green", None, "Other shop"),
        ("#sheet", host + "/shop/sheet.PDF", True, "Sheet"),
        ("#named", host + "/export", True, "Export"),
        ("#made", "blob:", True, "Made"),
        ("#profile", "other.example/user/:id/:id", None, "Profile"),
        ("#mine", "files.example", None, None),
        ("#out", "other.example/tea/green", None, "Other shop"),
    ]
    sent = b"".join(beacon.raw for beacon in web.beacons).decode()
    assert [secret for secret in ("geheim", "jo@example", "600700800", "kowalska") if secret in sent] == []


def test_a_link_that_is_followed_is_told(web: Web, page: Page) -> None:
    other = Web()
    other.tag = None
    other.page("<body>Other</body>", "/there")
    visit(web, page, f"<a id=x href='{other.url}/there'>There</a>")
    page.click("#x")
    page.wait_for_url(other.url + "/there")
    assert told(web, "link")[0]["properties"]["href"] == other.url.removeprefix("http://") + "/there"
    other.close()
