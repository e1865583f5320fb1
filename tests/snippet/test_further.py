"""How the further files come: from where, under which policies, how large, and never at the page's cost."""

import gzip
import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.kit.browser import JSON, SITE, STATIC_JS, Response, Web
from tests.snippet.further import PAGE, have_further, leave, told, visit

pytestmark = pytest.mark.browser

SIZES = {"more": 5376, "vitals": 3968, "identity": 2048}
FORM = "<form><input id=a></form>"


def _newest() -> JSON:
    newest: JSON = json.loads((STATIC_JS / "versions.json").read_text())[0]
    return newest


def _loaded(page: Page) -> list[str]:
    names: list[str] = page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name)")
    return [name for name in names if re.search(r"/(more|vitals)[^/]*js$", name)]


@pytest.fixture
def said(page: Page) -> list[str]:
    """All that reaches the page's console, and errors nobody caught."""
    heard: list[str] = []
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("console", lambda message: heard.append(message.text))
    return heard


@pytest.fixture
def collector(web: Web) -> Iterator[Web]:
    """Another origin that serves the snippet to the pages of `web`."""
    web.pages["/favicon.ico"] = lambda path: (200, "image/png", b"", {})
    other = Web()
    web.tag = other.tag
    yield other
    other.close()


@pytest.mark.parametrize("name", SIZES)
def test_a_further_file_is_small(name: str) -> None:
    assert len(gzip.compress((STATIC_JS / f"{name}.js").read_bytes(), 9)) <= SIZES[name]


def test_all_files_of_a_build_have_one_mark() -> None:
    newest = _newest()
    assert {re.sub(r"versions/(\w+)-.*", r"\1", file) for file in newest["further"]} >= SIZES.keys()
    assert {file.split("-", 1)[1] for file in newest["further"]} == {newest["file"].split("-", 1)[1]}


@pytest.mark.parametrize("name", SIZES)
def test_what_a_strict_policy_forbids_is_not_in_it(name: str) -> None:
    code = (STATIC_JS / f"{name}.js").read_text()
    for word in ("eval(", "innerHTML", "new Function", "document.write", ".cookie", "sessionStorage", "localStorage."):
        assert word not in code.replace("localStorage.footfall", "")


def test_no_value_of_a_field_is_ever_read() -> None:
    assert not re.search(r"\.value\b|FormData", (STATIC_JS / "more.js").read_text())


def test_they_come_from_another_origin(web: Web, collector: Web, page: Page, said: list[str]) -> None:
    visit(web, page, FORM)
    page.locator("#a").press_sequentially("x")
    leave(page)
    assert told(collector, "form") and told(collector, "vitals")
    assert said == []


POLICIES = {
    "host": "script-src {host}",
    "nonce": "script-src 'nonce-tea'",
    "strict-dynamic": "script-src 'nonce-tea' 'strict-dynamic'",
}


@pytest.mark.parametrize("name", POLICIES)
def test_strict_policies_with_trusted_types_are_kept(
    web: Web, collector: Web, page: Page, said: list[str], name: str
) -> None:
    policy = POLICIES[name].format(host=collector.url)
    web.headers = {
        "Content-Security-Policy": f"default-src 'none'; {policy}; connect-src {collector.url}; img-src 'self'; "
        "require-trusted-types-for 'script'; trusted-types 'none'",
    }
    web.tag = web.tag and web.tag.replace("<script ", "<script nonce=tea ")
    visit(web, page, FORM)
    page.locator("#a").press_sequentially("x")
    leave(page)
    assert told(collector, "form") and told(collector, "vitals")
    assert said == []


def test_a_policy_that_refuses_them_leaves_the_clicks(web: Web, collector: Web, page: Page) -> None:
    web.headers = {"Content-Security-Policy": f"script-src {collector.url}/js/footfall.js"}
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    with page.expect_console_message(lambda message: "more.js" in message.text):
        page.goto(web.page(PAGE.format("<button id=x>Buy</button>")))
    page.click("#x")
    leave(page)
    assert told(collector, "click")
    assert errors == []


BROKEN: dict[str, Response] = {
    "missing": (404, "text/plain", b"", {}),
    "failing": (503, "text/plain", b"", {}),
    "no script": (200, "text/html", b"<p>Sign in to this network</p>", {}),
    "broken": (200, "text/javascript", b"export default (kit) => { throw Error('no') }", {}),
    "cut": (200, "text/javascript", b"export default (kit) => {", {}),
}


@pytest.mark.parametrize("name", BROKEN)
def test_files_that_do_not_come_right_do_no_harm(web: Web, page: Page, name: str) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    for file in ("/js/more.js", "/js/vitals.js"):
        web.pages[file] = lambda path: BROKEN[name]
    page.goto(web.page(PAGE.format("<button id=x>Buy</button>")))
    page.wait_for_function("window.footfall?.live")
    page.wait_for_timeout(1500)
    page.click("#x")
    leave(page)
    assert told(web, "click")
    assert errors == []


def test_a_collector_that_is_down_does_no_harm(web: Web, page: Page) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    web.tag = web.tag and web.tag.replace("data-site", "data-endpoint=http://127.0.0.1:1/collect data-site")
    visit(web, page, FORM + "<a id=out href='https://other.example/'>Out</a><script>out.onclick = () => false</script>")
    page.locator("#a").press_sequentially("x")
    page.click("#out")
    page.evaluate("() => { Promise.reject(0) }")
    leave(page)
    assert web.beacons == []
    assert [error for error in errors if error != "0"] == []


def test_nothing_further_is_loaded_where_only_clicks_are_wanted(web: Web, page: Page) -> None:
    web.tag = web.tag and web.tag.replace("data-site", "data-only=clicks data-site")
    page.goto(
        web.page(
            PAGE.format(FORM),
            "/",
        )
        + "?q=tea"
    )
    page.wait_for_function("window.footfall?.live")
    page.wait_for_timeout(1800)
    assert _loaded(page) == []
    page.click("#a")
    page.keyboard.type("x")
    leave(page)
    told(web, "click")
    assert {event["kind"] for event in web.events()} <= {"view", "click", "engagement"}


def _pin(web: Web) -> dict[str, str]:
    """Put the tag that names a version and its hash; return the hashes of its further files by their urls."""
    newest = _newest()
    pin = f'integrity="{newest["integrity"]}" src="{web.url}/js/{newest["file"]}"'
    web.tag = f'<script async crossorigin data-site="{SITE}" {pin}></script>'
    return {
        f"{web.url}/js/{file}": digest for file, digest in newest["further"].items() if re.search("more|vitals", file)
    }


def test_a_pinned_core_takes_the_files_of_its_own_version(web: Web, page: Page) -> None:
    further = _pin(web)
    visit(web, page, FORM)
    assert set(_loaded(page)) == further.keys()


@pytest.mark.parametrize("changed", [False, True])
def test_an_import_map_pins_the_further_files_too(web: Web, page: Page, changed: bool) -> None:
    integrity = _pin(web)
    if changed:
        integrity = dict.fromkeys(integrity, "sha384-" + "A" * 64)
    pins = f"<script type=importmap>{json.dumps({'integrity': integrity})}</script>"
    page.goto(web.page(f"<!doctype html><head>{pins}{web.tag}</head><body>{FORM}</body>"))
    if changed:
        page.wait_for_timeout(2500)
    else:
        have_further(page)
    page.click("#a")
    page.keyboard.type("x")
    leave(page)
    told(web, "click")
    assert bool(web.events("form")) is not changed
