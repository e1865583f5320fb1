"""A site's own nginx or Caddy hands on what the tag needs, and nothing else, and says who called."""

import http.client
import json
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.kit.browser import SITE
from tests.kit.ground import free_port
from tests.kit.house import Server, view_event
from tests.kit.recipes import recipes

pytestmark = pytest.mark.browser

NGINX = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
events {{ }}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
    uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
    server {{ listen 127.0.0.1:{port}; root {folder}/site; default_type text/html;
{recipe}
    }}
}}
"""
CADDY = """
{{
    admin off
    auto_https off
}}
http://127.0.0.1:{port} {{
    bind 127.0.0.1
    root * {folder}/site
    file_server
{recipe}
}}
"""
COMMANDS: dict[str, Callable[[Path], list[str]]] = {
    "nginx": lambda file: ["nginx", "-e", "stderr", "-c", str(file)],
    "caddy": lambda file: ["caddy", "run", "--adapter", "caddyfile", "--config", str(file)],
}


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A Footfall that believes one proxy."""
    server = Server(tmp_path_factory.mktemp("behind") / "data", FOOTFALL_TRUSTED_PROXIES="1")
    server.start(60)
    yield server
    server.stop()


@pytest.fixture
def shop(request: pytest.FixtureRequest, behind: Server, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The address of a shop behind a proxy, whose page has the tag, and its site's key."""
    name: str = request.param
    if shutil.which(name) is None:
        pytest.skip(f"no {name} here: apt-get install nginx-light caddy")
    key = behind.add_site(name, "127.0.0.1")
    port = free_port()
    [recipe] = recipes("From your own address", name, "")
    [tag] = recipes("From your own address", "html", "")
    (tmp_path / "site").mkdir()
    tmp_path.chmod(0o755)
    (tmp_path / "site" / "index.html").write_text(f"<title>Shop</title>{tag.replace(SITE, key)}<button>Buy</button>")
    file = tmp_path / name
    text = {"nginx": NGINX, "caddy": CADDY}[name]
    file.write_text(
        text.format(folder=tmp_path, port=port, recipe=recipe.replace("127.0.0.1:8600", f"127.0.0.1:{behind.port}"))
    )
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(COMMANDS[name](file), stdout=log, stderr=log, cwd=tmp_path)
    try:
        deadline = time.monotonic() + 20
        while not answers(port):
            assert process.poll() is None and time.monotonic() < deadline, (tmp_path / "log").read_text()
            time.sleep(0.02)
        yield f"http://127.0.0.1:{port}", key
    finally:
        process.terminate()
        process.wait(20)


def answers(port: int) -> bool:
    try:
        return call(port, "GET", "/")[0] == 200
    except OSError:
        return False


def call(
    port: int, method: str, path: str, body: bytes | None = None, source: str = "127.0.0.1", **headers: str
) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20, source_address=(source, 0))
    try:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


@pytest.mark.parametrize("shop", ["nginx", "caddy"], indirect=True)
def test_a_site_counts_from_its_own_address(shop: tuple[str, str], behind: Server, page: Page) -> None:
    url, key = shop
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    with page.expect_response(lambda response: "/more.js" in response.url) as further:
        page.goto(url)
    assert further.value.status == 200
    with page.expect_response(lambda response: response.url.endswith("/hello/collect")) as collected:
        page.get_by_role("button").click()
        page.evaluate("for (let one = 0; one < 10; one++) footfall('tried', { one })")
    assert collected.value.status == 202
    assert {one.partition(url)[0] for one in asked} == {""}, "nothing but the site's own server was asked"

    port = int(url.rpartition(":")[2])
    said = {"Origin": url, "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
    for source, forged in (("127.0.2.1", "8.8.8.8"), ("127.0.3.1", "8.8.8.8"), ("127.0.3.1", "9.9.9.9")):
        view = json.dumps({"site": key, "events": [view_event(f"{url}/two")]}).encode()
        assert call(port, "POST", "/hello/collect", view, source, **said, **{"X-Forwarded-For": forged})[0] == 202
    behind.wait_until_loaded()
    visitors = [one["visitor_id"] for one in behind.events(key) if one.get("path") == "/two"]
    assert len(visitors) == 3 and len(set(visitors)) == 2, "an address is the caller's, whatever it says of itself"

    assert json.loads(call(port, "GET", f"/hello/collect/mode?site={key}", **said)[1])
    for closed in ("/hello/sign-in", "/hello/api/v1/sites", "/hello/metrics", "/hello/"):
        assert call(port, "GET", closed)[0] == 404, closed
