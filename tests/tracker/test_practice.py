"""`footfall demo`: the practice shop, beside a server and with one of its own."""

import re
import signal
import subprocess
import time
import urllib.request
from pathlib import Path

from tests.kit.ground import free_port
from tests.kit.house import FOOTFALL, Server


def serve_shop(server: Server) -> tuple["subprocess.Popen[bytes]", int]:
    port = free_port()
    with server.log.open("ab") as log:
        shop = subprocess.Popen([FOOTFALL, "demo", "--port", str(port)], env=server.environment, stdout=log, stderr=log)
    return shop, port


def page_of(shop: "subprocess.Popen[bytes]", port: int, log: Path) -> str:
    """Return the shop's first page once it is there."""
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as response:
                return str(response.read().decode())
        except OSError:
            assert shop.poll() is None and time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)


def test_the_shop_brings_a_server_and_takes_it_away_again(own_server: Server) -> None:
    shop, port = serve_shop(own_server)
    page = page_of(shop, port, own_server.log)
    assert own_server.is_ready()
    key = re.search(r'src="([^"]+)" data-site="([^"]+)"', page)
    assert key and key[1] == f"{own_server.url}/js/footfall.js"
    assert f"{key[2]}  Practice shop" in own_server.footfall("site", "list").stdout
    assert "First run: open" in own_server.log.read_text()
    shop.send_signal(signal.SIGTERM)
    assert shop.wait(60) == 0
    assert not own_server.is_ready()


def test_the_shop_joins_a_server_that_runs(server: Server) -> None:
    shop, port = serve_shop(server)
    page_of(shop, port, server.log)
    shop.send_signal(signal.SIGINT)
    assert shop.wait(60) == 0
    assert server.is_ready()


def test_a_taken_port_is_one_line(server: Server) -> None:
    ran = server.footfall("demo", "--port", str(server.port))
    assert ran.returncode == 1
    assert "the shop cannot listen on" in ran.stderr.splitlines()[-1]
