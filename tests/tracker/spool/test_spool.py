"""The writer: what its future promises is on disk, and what it cannot take it refuses with a reason."""

import threading
import time
from concurrent.futures import wait
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.spool import SegmentReader, Spool, SpoolRefusedError, Total, files, is_closed, remove


def read_all(folder: Path) -> list[tuple[int, bytes | None]]:
    rows = []
    for path in files(folder):
        with SegmentReader(path) as reader:
            rows += [(events, body) for _, events, body in reader.read(0, 1_000_000)]
    return rows


def test_a_body_can_be_read_as_soon_as_its_future_ends(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    for number in range(3):
        spool.submit(b"body %d" % number, number).result(10)
        assert read_all(tmp_path)[-1] == (number, b"body %d" % number)
    spool.close()


@settings(max_examples=25, deadline=None)
@given(bodies=st.lists(st.tuples(st.binary(max_size=9_000), st.integers(0, 100)), max_size=400))
def test_all_bodies_come_back_in_order_across_segments(
    bodies: list[tuple[bytes, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("spool")
    spool = Spool(folder, segment_bytes=20_000)
    wait([spool.submit(body, events) for body, events in bodies])
    spool.close()
    assert read_all(folder) == [(events, body) for body, events in bodies]
    totals = [SegmentReader(path).total() for path in files(folder)]
    assert sum(total.rows for total in totals) == len(bodies)
    assert sum(total.events for total in totals) == sum(events for _, events in bodies)
    assert all(is_closed(path) for path in files(folder))


def test_many_threads_share_commits(tmp_path: Path) -> None:
    spool = Spool(tmp_path)

    def send(name: int) -> None:
        for number in range(100):
            spool.submit(b"%d %d" % (name, number), 1).result(10)

    threads = [threading.Thread(target=send, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spool.close()
    assert sorted(read_all(tmp_path)) == sorted(
        (1, b"%d %d" % (name, number)) for name in range(8) for number in range(100)
    )
    assert spool.statistics.accepted_rows == spool.statistics.accepted_events == 800
    assert spool.statistics.commits < 800
    assert sum(spool.statistics.commits_by_ms) == spool.statistics.commits


def test_one_call_tells_a_listener_of_a_whole_commit(tmp_path: Path) -> None:
    told: list[list[int]] = []
    first = threading.Event()
    go_on = threading.Event()
    done = threading.Event()

    class Ears:
        def settle(self, tickets: list[int], refused: SpoolRefusedError | None) -> None:
            assert refused is None
            told.append(list(tickets))
            first.set()
            go_on.wait(10)  # the writer thread stands still while the others queue up
            if sum(map(len, told)) == 6:
                done.set()

    spool = Spool(tmp_path)
    ears = Ears()
    spool.submit_for([(b"first", 1)], ears, 0)
    assert first.wait(10)
    for ticket in range(1, 6):
        spool.submit_for([(b"later", 1)], ears, ticket)
    assert spool.pending_rows == 5
    go_on.set()
    assert done.wait(10)
    assert told == [[0], [1, 2, 3, 4, 5]]
    spool.close()


def test_pending_is_the_total_less_what_stands_before_the_mark(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    for events in (3, 5, 7):
        spool.submit(b"x", events).result(10)
    (path,) = files(tmp_path)
    with SegmentReader(path) as reader:
        assert reader.total() == Total(3, 15)
        assert [reader.events_until(row) for row in range(4)] == [0, 3, 8, 15]
    assert not is_closed(path)
    spool.close()
    assert is_closed(path)
    with SegmentReader(path) as reader:
        assert reader.total() == Total(3, 15)
        assert reader.read(3, 10) == []


def test_a_file_is_closed_when_it_is_full_or_old(tmp_path: Path) -> None:
    spool = Spool(tmp_path, segment_bytes=1000)
    spool.submit(b"x" * 1000, 1).result(10)
    spool.submit(b"y", 1).result(10)
    assert [is_closed(path) for path in files(tmp_path)] == [True, False]
    spool.close()
    aged = tmp_path / "aged"
    spool = Spool(aged, segment_s=0.0)
    spool.submit(b"x", 1).result(10)
    spool.submit(b"y", 1).result(10)
    assert is_closed(files(aged)[0])
    spool.close()


def test_an_idle_spool_makes_no_file(tmp_path: Path) -> None:
    Spool(tmp_path).close()
    assert list(tmp_path.iterdir()) == []


def test_remove_takes_all_that_belongs_to_a_file(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.submit(b"x", 1).result(10)
    (path,) = files(tmp_path)
    reader = SegmentReader(path)
    reader.read(0, 10)
    spool.close()
    reader.close()
    remove(path)
    remove(path)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(FileNotFoundError):
        SegmentReader(path).read(0, 10)


def test_logs_without_their_file_go_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "1.spool-wal").touch()
    (tmp_path / "1.spool-shm").touch()
    Spool(tmp_path).close()
    assert list(tmp_path.iterdir()) == []


def test_several_writers_share_a_folder(tmp_path: Path) -> None:
    spools = [Spool(tmp_path) for _ in range(3)]
    for number, spool in enumerate(spools):
        spool.submit(b"%d" % number, 1).result(10)
    assert len(files(tmp_path)) == 3
    assert sorted(read_all(tmp_path)) == [(1, b"0"), (1, b"1"), (1, b"2")]
    for spool in spools:
        spool.close()


def reason_of(spool: Spool) -> str:
    with pytest.raises(SpoolRefusedError) as refused:
        spool.submit(b"x", 1).result(10)
    assert refused.value.retry_after_s > 0
    return refused.value.reason


def until_taken(spool: Spool) -> None:
    """Wait for the spool's own look at its disk, which it takes once a second."""
    until = time.monotonic() + 60
    while spool.refusing is not None and time.monotonic() < until:
        time.sleep(0.05)
    spool.submit(b"x", 1).result(10)


def test_too_little_space_refuses_and_heals(tmp_path: Path) -> None:
    free = [0]
    spool = Spool(tmp_path, floor_bytes=1, free_space=lambda folder: free[0])
    assert reason_of(spool) == "no_space"
    free[0] = 1
    until_taken(spool)
    spool.close()


def test_the_cap_refuses_until_the_loader_took_something_away(tmp_path: Path) -> None:
    other = tmp_path / "0.spool"
    other.write_bytes(bytes(1000))
    spool = Spool(tmp_path, cap_bytes=1000)
    assert reason_of(spool) == "spool_full"
    remove(other)
    spool._cap_bytes = 10**9
    until_taken(spool)
    spool.close()


def test_a_full_queue_refuses(tmp_path: Path) -> None:
    spool = Spool(tmp_path, queue_limit=0)
    assert reason_of(spool) == "queue_full"
    spool.close()


def test_a_closed_spool_refuses(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.close()
    spool.close()
    assert reason_of(spool) == "closing"


def test_what_waits_at_the_close_is_committed(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    waiting = [spool.submit(b"%d" % number, 1) for number in range(500)]
    spool.close()
    assert all(future.done() for future in waiting)
    assert len(read_all(tmp_path)) == 500


def test_a_failed_commit_is_told_and_the_next_goes_to_a_new_file(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.submit(b"good", 1).result(10)
    assert spool._segment is not None
    spool._segment._connection.execute("PRAGMA max_page_count=1")
    with pytest.raises(SpoolRefusedError, match="commit_failed"):
        spool.submit(b"x" * 100_000, 1).result(10)
    spool.submit(b"better", 1).result(10)
    assert spool.statistics.failed_commits == 1
    assert len(files(tmp_path)) == 2
    assert read_all(tmp_path) == [(1, b"good"), (1, b"better")]
    spool.close()


def test_the_bodies_of_one_request_are_kept_together_or_not_at_all(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.submit(b"good", 1).result(10)
    assert spool._segment is not None
    spool._segment._connection.execute("PRAGMA max_page_count=1")
    with pytest.raises(SpoolRefusedError, match="commit_failed"):
        spool.submit_all([(b"small", 1), (b"x" * 100_000, 2)]).result(10)
    spool.submit_all([(b"small", 1), (b"again", 2)]).result(10)
    assert read_all(tmp_path) == [(1, b"good"), (1, b"small"), (2, b"again")]
    assert (spool.statistics.accepted_rows, spool.statistics.accepted_events) == (3, 4)
    spool.close()


def test_a_folder_that_cannot_be_written_refuses_and_leaves_nothing(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    (tmp_path / "spool").rmdir()
    assert reason_of(spool) == "commit_failed"
    (tmp_path / "spool").mkdir()
    until_taken(spool)
    spool.close()
    assert read_all(tmp_path / "spool") == [(1, b"x")]


def test_who_asks_for_a_turn_need_not_wait_for_the_next_glance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.spool.writer._TICK_S", 3600.0)
    spool = Spool(tmp_path)
    spool.submit(b"one", 1).result(10)
    spool.turn(timeout_s=3600.0)
    assert [is_closed(file) for file in files(tmp_path)] == [True]
    spool.close()
