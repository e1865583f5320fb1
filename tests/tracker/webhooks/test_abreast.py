"""Webhooks are sent to abreast: one that is slow holds up no other, and those of a site no other site."""

import queue as queues
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

from tests.tracker.webhooks.conftest import ANN, HERE, Queue, messages
from tracker.database import Database
from tracker.models import Webhook
from tracker.outgoing.abreast import AT_ONCE, AT_ONCE_OF_A_SITE
from tracker.outgoing.posting import Answer
from tracker.sites import SiteInfo, create_site, describe
from tracker.webhooks import book, sending
from tracker.webhooks.sending import send_waiting


class Receivers:
    """Stands for everybody who is posted to: who is at `/slow` answers when `over` is set, everybody else at once.

    `sent` are the paths of what was answered, `most` how many of the slow ones were waited for at a time.
    """

    def __init__(self) -> None:
        self.over, self.waited_for = threading.Event(), threading.Semaphore(0)
        self.sent: queues.SimpleQueue[str] = queues.SimpleQueue()
        self.going = self.most = 0
        self._lock = threading.Lock()

    def exchange(self, url: str, *_: object) -> Answer:
        path = urlsplit(url).path
        if path.startswith("/slow"):
            with self._lock:
                self.going += 1
                self.most = max(self.most, self.going)
            self.waited_for.release()
            assert self.over.wait(20)
            with self._lock:
                self.going -= 1
        self.sent.put(path)
        return Answer("127.0.0.1", 204, "")


@pytest.fixture
def receivers(monkeypatch: pytest.MonkeyPatch) -> Receivers:
    made = Receivers()
    monkeypatch.setattr(sending, "exchange", made.exchange)
    monkeypatch.setattr(sending, "LOOK_AGAIN_S", 0.02)
    return made


def subscribe(database: Database, site: SiteInfo, path: str) -> Webhook:
    with database.session() as session:
        wanted = book.WantedWebhook(f"http://127.0.0.1{path}", ["alert.fired"])
        return book.create_webhook(session, site.id, wanted, HERE, ANN)


def test_while_one_is_slow_the_others_go_on_with_what_comes_meanwhile(
    database: Database, site: SiteInfo, queue: Queue, receivers: Receivers
) -> None:
    slow, quick = subscribe(database, site, "/slow"), subscribe(database, site, "/quick")
    queue("one", "two", to=slow)
    with ThreadPoolExecutor(1) as threads:
        going = threads.submit(send_waiting, database, HERE)
        try:
            assert receivers.waited_for.acquire(timeout=10)
            for happenings in (("one", "two"), ("three",)):
                queue(*happenings, to=quick)
                assert [receivers.sent.get(timeout=10) for _ in happenings] == ["/quick"] * len(happenings)
            assert (receivers.going, going.done()) == (1, False)
        finally:
            receivers.over.set()
        assert going.result(10) == 5
    assert receivers.most == 1  # one after the other
    assert {one.state for one in messages(database)} == {"sent"}


def test_webhooks_of_a_site_that_are_all_slow_leave_room_for_other_sites(
    database: Database, site: SiteInfo, queue: Queue, receivers: Receivers
) -> None:
    for number in range(AT_ONCE + 1):
        queue("one", to=subscribe(database, site, f"/slow{number}"))
    with database.session() as session:
        other = describe(create_site(session, "Other", ["other.example"]))
    with ThreadPoolExecutor(1) as threads:
        going = threads.submit(send_waiting, database, HERE)
        try:
            assert receivers.waited_for.acquire(timeout=10) and receivers.waited_for.acquire(timeout=10)
            queue("one", to=subscribe(database, other, "/quick"))
            assert receivers.sent.get(timeout=10) == "/quick"
        finally:
            receivers.over.set()
        assert going.result(10) == AT_ONCE + 2
    assert receivers.most == AT_ONCE_OF_A_SITE
