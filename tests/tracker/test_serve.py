"""`footfall serve` as a process: how it starts, refuses to, stops, and comes back."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from tests.kit.house import Server, view_event
from tracker.database import Database
from tracker.settings import load_settings


def refused(server: Server, *arguments: str, **settings: str) -> str:
    """Run `serve`, which must say one line and exit with 1."""
    ran = server.footfall("serve", *arguments, **settings)
    assert ran.returncode == 1, ran
    assert ran.stderr.count("\n") == 1 and ran.stderr.startswith("footfall: "), ran.stderr
    return ran.stderr


def workers_of(server: Server) -> list[int]:
    assert server.process
    found = subprocess.run(["pgrep", "-P", str(server.process.pid)], capture_output=True, text=True, check=False)
    return [int(one) for one in found.stdout.split()]


def worker_of(server: Server) -> int:
    return workers_of(server)[0]


def memory_mb(pid: int) -> float:
    """Return a process's share of memory, pages that it shares counted in part."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)[1]) / 1024  # type: ignore[index]


def wait_until(condition: object, timeout_s: float = 60) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_taken_port_is_one_line(server: Server, tmp_path: Path) -> None:
    other = Server(tmp_path / "data")
    assert "cannot listen on 127.0.0.1" in refused(other, "--port", str(server.port))


def test_an_address_of_another_machine_is_one_line(tmp_path: Path) -> None:
    assert "cannot listen on 192.0.2.1" in refused(Server(tmp_path / "data"), "--host", "192.0.2.1")


def test_a_second_server_on_a_folder_is_one_line(server: Server) -> None:
    assert "in use by process" in refused(server, FOOTFALL_PORT="0")


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        data = Path("/proc/footfall")  # nobody can make a folder here, root included
    else:
        tmp_path.chmod(0o500)
        data = tmp_path / "data"
    assert "cannot be written" in refused(Server(tmp_path / "unused"), FOOTFALL_DATA=str(data))


def test_a_wrong_geoip_file_is_one_line(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.mmdb"
    wrong.write_text("not a database")
    assert "wrong.mmdb" in refused(Server(tmp_path / "data"), FOOTFALL_GEOIP=str(wrong))


def test_an_event_store_of_a_newer_version_is_one_line(own_server: Server) -> None:
    settings = load_settings({"FOOTFALL_DATA": str(own_server.data)})
    with duckdb.connect(str(settings.store_file)) as connection:
        connection.execute("UPDATE schema_version SET version = 9999")
    assert "version 9999" in refused(own_server)


def test_a_relational_store_of_a_newer_version_is_one_line(own_server: Server) -> None:
    database = Database(load_settings({"FOOTFALL_DATA": str(own_server.data)}))
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    assert "newer Footfall" in refused(own_server)


@pytest.mark.parametrize(
    ("name", "value"), [("FOOTFALL_PORT", "many"), ("FOOTFALL_LOG_LEVEL", "loud"), ("FOOTFALL_SPOOL_CAP_MB", "-1")]
)
def test_a_setting_that_cannot_be_is_one_line(tmp_path: Path, name: str, value: str) -> None:
    assert name in refused(Server(tmp_path / "data"), **{name: value})


def test_a_start_greets_once_and_leaves_small_processes(own_server: Server) -> None:
    own_server.start()
    greeting = own_server.log.read_text()
    assert f"Footfall serves {own_server.url}" in greeting
    link = re.search(r"First run: open (\S+/welcome/\S+) within 24 hours", greeting)
    assert link
    assert own_server.request("GET", link[1].removeprefix(own_server.url))[0] == 200
    assert own_server.process
    used = memory_mb(own_server.process.pid) + memory_mb(worker_of(own_server))
    assert used < 200, f"{used:.0f} MB"
    assert own_server.stop() == 0


def test_the_data_folder_is_for_its_owner_only(server: Server) -> None:
    modes = {path: path.stat().st_mode & 0o077 for path in (server.data, *server.data.rglob("*"))}
    assert {path.name for path in modes} >= {"events.duckdb", "footfall.sqlite", "secret", "spool"}
    assert not {path: oct(mode) for path, mode in modes.items() if mode}


def test_a_worker_that_dies_is_replaced_and_nobody_is_greeted_again(own_server: Server) -> None:
    own_server.start()
    first = worker_of(own_server)
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: workers_of(own_server) not in ([first], []) and own_server.is_ready())
    assert own_server.log.read_text().count("First run") == 1
    assert own_server.stop() == 0


def test_a_worker_without_its_master_stops(own_server: Server) -> None:
    own_server.start()
    assert own_server.process
    own_server.process.kill()
    own_server.process.wait()
    own_server.wait_until_gone()
    own_server.start()
    assert own_server.stop() == 0


def test_a_reload_is_refused(own_server: Server) -> None:
    own_server.start()
    assert own_server.process
    before = worker_of(own_server)
    own_server.process.send_signal(signal.SIGHUP)
    wait_until(lambda: "reload refused" in own_server.log.read_text())
    assert worker_of(own_server) == before and own_server.is_ready()
    assert own_server.stop() == 0


def test_connections_that_say_nothing_do_not_delay_the_stop(own_server: Server) -> None:
    own_server.start()
    idle = [socket.create_connection(("127.0.0.1", own_server.port)) for _ in range(20)]
    for number, connection in enumerate(idle):
        if number % 2:
            connection.sendall(b"POST /collect HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
    assert own_server.stop() == 0
    assert "event=stopped" in own_server.log.read_text()  # drained, not killed
    for connection in idle:
        connection.close()


def test_letters_that_an_address_has_as_they_are_are_read(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as asking:
        asking.sendall("GET /livez?a=ż HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        assert asking.makefile("rb").readline().split()[1] == b"200"


def test_metrics_are_not_for_strangers(server: Server) -> None:
    assert server.request("GET", "/metrics")[0] == 200
    forwarded = {"X-Forwarded-For": "192.0.2.7"}
    assert server.request("GET", "/metrics", headers=forwarded)[0] == 403
    everything = {"Authorization": f"Bearer {server.add_key()}"}
    assert server.request("GET", "/metrics", headers=forwarded | everything)[0] == 200
    one_site = {"Authorization": f"Bearer {server.add_key(server.add_site('Only', 'only.example'))}"}
    assert server.request("GET", "/metrics", headers=forwarded | one_site)[0] == 403


def test_health_tells_both_halves(server: Server) -> None:
    assert server.request("GET", "/livez")[0] == 200
    status, body = server.request("GET", "/readyz")
    assert (status, body) == (200, b'{"ingest":"ready","ready":true,"reports":"ready"}\n')


def test_no_address_is_in_log_or_data(own_server: Server) -> None:
    own_server.environment["FOOTFALL_TRUSTED_PROXIES"] = "1"
    own_server.environment["FOOTFALL_LOG_LEVEL"] = "debug"
    own_server.start()
    site = own_server.add_site()
    view = view_event("https://shop.example/a-page-to-be-found")
    body = b'{"site":"%s","events":[%s]}' % (site.encode(), json.dumps(view).encode())
    headers = {"Origin": "https://shop.example", "X-Forwarded-For": "203.0.113.77", "Content-Type": "text/plain"}
    assert own_server.request("POST", "/collect", body, headers)[0] == 202
    own_server.request("GET", "/nowhere", headers=headers)
    own_server.wait_until_loaded()
    assert own_server.stop() == 0
    kept = {path: path.read_bytes() for path in (own_server.log, *own_server.data.rglob("*")) if path.is_file()}
    assert any(b"/a-page-to-be-found" in content for content in kept.values())
    assert [path for path, content in kept.items() if b"203.0.113.77" in content] == []


def test_a_wsgi_server_can_run_the_app_too(tmp_path: Path) -> None:
    program = (
        "from tracker.house import open_house; from tracker.app import create_app; from tracker.settings import *;"
        f"app = create_app(open_house(load_settings({{'FOOTFALL_DATA': {str(tmp_path / 'data')!r}}})));"
        "print(app.test_client().get('/livez').status)"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout == "200 OK\n"
