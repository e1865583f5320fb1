"""What is acknowledged survives: kills and stops of the real server while clients post."""

import http.client
import json
import random
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.kit.house import Server, view_event
from tracker.clock import now_ms

KILLS = 4  # `make soak` kills a hundred times, and stops fifty
STOPS = 2
HOST = "shop.example"


class Clients:
    """Post batches until told to stop, sending each again until it is acknowledged, as the snippet does."""

    def __init__(self, server: Server, site: str, count: int = 2) -> None:
        self.acknowledged: set[str] = set()
        self.sent: set[str] = set()
        self.refused: list[tuple[int, bytes]] = []
        self._server = server
        self._site = site
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._post) for _ in range(count)]

    @contextmanager
    def posting(self) -> Iterator[None]:
        for thread in self._threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in self._threads:
                thread.join()

    def _post(self) -> None:
        while not self._stop.is_set():
            view = secrets.token_hex(8)
            events = [{**view_event(f"https://{HOST}/{number}"), "id": f"{view}-{number}"} for number in range(5)]
            self.sent.update(event["id"] for event in events)
            body = json.dumps({"site": self._site, "sent_at": now_ms(), "events": events}).encode()
            while not self._stop.is_set():
                try:
                    status, answer = self._server.request("POST", "/collect", body, {"Origin": f"https://{HOST}"})
                except (OSError, http.client.HTTPException):
                    self._stop.wait(0.05)  # down just now
                    continue
                if status == 202:
                    self.acknowledged.update(event["id"] for event in events)
                    break
                if status not in (429, 503):
                    self.refused.append((status, answer))
                    return
                self._stop.wait(0.05)


def stored_ids(server: Server, site: str) -> list[str]:
    return [f"{int(event['view_id']) % 2**64:016x}-{event['seq']}" for event in server.events(site)]


def check(server: Server, site: str, clients: Clients) -> None:
    server.wait_until_loaded()
    stored = stored_ids(server, site)
    assert not clients.refused
    assert len(stored) == len(set(stored)), "an event is stored twice"
    assert clients.acknowledged <= set(stored), "an acknowledged event is lost"
    assert set(stored) <= clients.sent
    numbers = server.metrics()
    ended = sum(value for name, value in numbers.items() if name.startswith("footfall_events_total"))
    assert numbers["footfall_accepted_events_total"] == ended + numbers["footfall_pending_events"]


@pytest.fixture
def site(own_server: Server) -> str:
    own_server.environment["FOOTFALL_ADDRESS_RATE"] = "0"
    own_server.start()
    return own_server.add_site("Shop", HOST)


@pytest.mark.timeout(300)
def test_kills_under_load_lose_and_double_nothing(own_server: Server, site: str) -> None:
    clients = Clients(own_server, site)
    chance = random.Random(7)
    with clients.posting():
        for _ in range(KILLS):
            enough = len(clients.acknowledged) + 20
            while len(clients.acknowledged) < enough:
                threading.Event().wait(chance.uniform(0.05, 0.6))
            own_server.kill()
            own_server.start()
    check(own_server, site, clients)
    assert own_server.stop() == 0


@pytest.mark.timeout(240)
def test_stops_under_load_end_in_time_and_lose_nothing(own_server: Server, site: str) -> None:
    clients = Clients(own_server, site)
    with clients.posting():
        for _ in range(STOPS):
            enough = len(clients.acknowledged) + 20
            while len(clients.acknowledged) < enough:
                threading.Event().wait(0.05)
            assert own_server.stop() == 0
            own_server.start()
    check(own_server, site, clients)
    assert own_server.stop() == 0
    assert own_server.log.read_text().count("event=stopped") == STOPS + 1
