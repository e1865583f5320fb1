"""Rows come each once and none is missed, wherever an answer breaks off, and as late as a server asks for."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.utils import format_datetime

import pytest

from tests.kit.store import Visiting
from tests.tracker.client.faulty import Script, refusing, row, rows, saying, serving
from tracker.client import (
    BrokenOffError,
    BusyError,
    Client,
    InvalidRequestError,
    NotReachedError,
    ProblemError,
    Rows,
    Site,
    SiteInfo,
)
from tracker.client import wire as wires
from tracker.clock import utc_now

WHOLE = len(row(1))


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits that a client would have made."""
    found: list[float] = []
    monkeypatch.setattr(wires, "sleep", found.append)
    return found


@contextmanager
def asking(script: Script, retries: int = 4) -> Iterator[Site]:
    with serving(script) as url, Client(url, "ff_x", retries=retries) as client:
        yield Site(client._wire, SiteInfo("shop", "Shop", "UTC", []))


def numbers(found: Rows) -> list[int]:
    return [one["number"] for one in found]


@pytest.mark.usefixtures("waits")
@pytest.mark.parametrize("framed", ["chunked", "length", "end"])
@pytest.mark.parametrize("cut", [0, 5, WHOLE, 2 * WHOLE, 2 * WHOLE + 5, 3 * WHOLE - 1])
def test_no_row_is_missed_and_none_comes_twice(framed: str, cut: int) -> None:
    script = Script(rows(4, cut=cut, framed=framed), rows(6, cut=WHOLE + 3, framed=framed), rows(6, framed=framed))
    with asking(script) as site:
        events = site.events()
        assert numbers(events) == [1, 2, 3, 4, 5, 6]
        assert events.cursor == "c6"


@pytest.mark.usefixtures("waits")
@pytest.mark.parametrize("framed", ["chunked", "length", "end"])
def test_no_more_come_than_were_asked_for(framed: str) -> None:
    script = Script(rows(9, cut=2 * WHOLE + 1, framed=framed), rows(9, framed=framed))
    with asking(script) as site:
        events = site.events(limit=4, range="7d")
        assert numbers(events) == [1, 2, 3, 4]
        assert script.asked == [{"limit": "4", "range": "7d"}, {"limit": "2", "range": "7d", "cursor": "c2"}]
        assert numbers(site.events(cursor=events.cursor)) == [5, 6, 7, 8, 9]


def test_after_the_last_try_the_error_is_raised_and_going_on_tries_again(waits: list[float]) -> None:
    script = Script(rows(3, cut=WHOLE), *[rows(3, cut=0)] * 3, rows(3))
    with asking(script, retries=2) as site:
        events = site.events()
        assert next(events)["number"] == 1
        with pytest.raises(BrokenOffError):
            next(events)
        assert (len(waits), events.cursor) == (2, "c1")
        assert numbers(events) == [2, 3]


@pytest.mark.usefixtures("noon")
def test_a_busy_server_is_asked_again_when_it_says(waits: list[float]) -> None:
    soon = format_datetime(utc_now() + timedelta(seconds=30), usegmt=True)
    script = Script(refusing(503, Retry_After="7"), refusing(429, Retry_After=soon), refusing(503), rows(2))
    with asking(script) as site:
        assert numbers(site.visits()) == [1, 2]
    assert waits == [7, 30, wires.FIRST_WAIT_S * 4]


def test_a_wait_that_is_too_long_is_an_error_that_tells_it(waits: list[float]) -> None:
    with (
        asking(Script(refusing(503, Retry_After="600", X_Request_Id="r-17"))) as site,
        pytest.raises(BusyError) as busy,
    ):
        site.goals()
    assert (busy.value.status, busy.value.retry_after_s, busy.value.request_id) == (503, 600, "r-17")
    assert waits == []


def test_what_is_wrong_is_not_tried_again(waits: list[float]) -> None:
    script = Script(refusing(422))
    with asking(script) as site, pytest.raises(InvalidRequestError):
        next(site.profiles())
    assert (len(script.asked), waits) == (1, [])


def test_a_redirect_is_not_followed_for_the_key_would_go_along(waits: list[float]) -> None:
    script = Script(refusing(302, Location="https://elsewhere.example/"))
    with asking(script) as site, pytest.raises(ProblemError, match=r"leads to https://elsewhere\.example/"):
        site.goals()
    assert len(script.asked) == 1


@pytest.mark.usefixtures("waits")
@pytest.mark.parametrize("body", [b"<html>", b"{}", b'{"goals": 7}', b"\xff\xfe"])
def test_an_answer_that_is_none_of_footfalls_says_so(body: bytes) -> None:
    with asking(Script(saying(body))) as site, pytest.raises(BrokenOffError, match="address"):
        site.goals()
    with asking(Script(saying(body)), retries=0) as site, pytest.raises(BrokenOffError, match="address"):
        next(site.events())


def test_a_connection_that_breaks_before_the_answer_is_tried_again(waits: list[float]) -> None:
    script = Script(lambda handler: handler.connection.close(), saying(b'{"goals": []}'))
    with asking(script) as site:
        assert site.goals() == []
    assert len(waits) == 1
    with asking(Script(lambda handler: handler.connection.close()), retries=1) as site, pytest.raises(NotReachedError):
        site.goals()


def test_a_client_that_is_left_lets_go_of_what_it_reads() -> None:
    with asking(Script(rows(9))) as site:
        with site.events() as events:
            assert next(events)["number"] == 1
        assert list(events) == []
        assert events.cursor == "c1"


def test_the_rows_of_a_site_come_once_and_then_only_what_is_new(reached: Site, visit_own: Visiting) -> None:
    assert list(reached.events()) == []
    with visit_own.at_once():
        visit_own("2026-03-01 10:00", ["/a", "/b"])
        visit_own("2026-03-02 10:00", ["/c"])
    events = reached.events()
    assert [one["path"] for one in events] == ["/a", "/b", "/c"]
    assert list(reached.events(cursor=events.cursor)) == []
    visit_own("2026-02-01 10:00", ["/late"])
    assert [one["path"] for one in reached.events(cursor=events.cursor)] == ["/late"]
    assert [one["entry"] for one in reached.visits(range="2026-03-02..2026-03-02")] == ["/c"]
    assert len(list(reached.profiles())) == 3
