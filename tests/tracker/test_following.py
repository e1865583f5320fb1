"""`footfall import accesslog` with a log that grows: rotated, broken off and started again, and through a pipe."""

import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner
from sqlalchemy import select

from collectors.accesslog.sources import FileSource, PipeSource
from collectors.footprints import Taken
from tracker.cli import cli
from tracker.clock import utc_now
from tracker.commands import following
from tracker.commands.following import follow
from tracker.errors import FootfallError
from tracker.house import House
from tracker.models import Site
from tracker.settings import Settings
from tracker.sites import SiteInfo, create_site, describe
from tracker.store.schema import event

LINE = '203.0.113.7 - - [01/Mar/2026:10:00:{:02} +0000] "GET /{} HTTP/1.1" 200 512 "-" "Mozilla/5.0 Firefox/140.0"\n'
Step = Callable[[], object]
Follow = Callable[..., Taken]


class KilledError(Exception):
    """Ends a run where nothing of it can be done any more."""


def lines(*numbers: int) -> str:
    return "".join(LINE.format(number, number) for number in numbers)


def told_to_stop() -> None:
    signal.raise_signal(signal.SIGTERM)


def killed() -> None:
    raise KilledError


@pytest.fixture
def shop(house: House) -> SiteInfo:
    with house.database.session() as session:
        made = describe(create_site(session, "Shop", ["shop.example"]))
    house.sites.forget()
    return made


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "access.log"


@pytest.fixture
def run(settings: Settings, log: Path, monkeypatch: pytest.MonkeyPatch) -> Follow:
    """Follow the log beside an open house; whenever nothing more comes, the next of these steps is done."""
    monkeypatch.setattr(following, "_EVERY_S", 0)
    read = FileSource.read

    def run(*steps: Step) -> Taken:
        left = list(steps)

        def read_or_go_on(source: FileSource) -> list[bytes]:
            came = read(source)
            if not came:
                left.pop(0)()
            return came

        monkeypatch.setattr(FileSource, "read", read_or_go_on)
        return follow(settings, log, None)

    return run


def paths(house: House) -> list[str]:
    house.loader.run_once()
    return sorted(row[0] for row in house.store.query(select(event.c.path)).rows)


def append(log: Path, text: str) -> None:
    with log.open("a") as more:
        more.write(text)


def test_each_line_counts_once_through_a_kill_and_rotations(
    run: Follow, house: House, shop: SiteInfo, log: Path
) -> None:
    log.write_text(lines(1, 2, 2)[:-1])  # the third line has no end yet
    with pytest.raises(KilledError):
        run(killed)
    assert paths(house) == ["/1", "/2"]
    append(log, "\n" + lines(2, 3))
    log.rename(log.with_name("access.log.1"))
    log.write_text(lines(4))

    def copy_and_cut() -> None:
        append(log, lines(5))
        shutil.copyfile(log, log.with_name("access.log.0"))
        log.write_text(lines(6) + "no line of a log\n")

    summary = run(copy_and_cut, told_to_stop)
    assert (summary.rows, summary.taken, summary.bad) == (7, 6, {"format": 1})
    assert paths(house) == ["/1", "/2", "/2", "/2", "/3", "/4", "/5", "/6"]


def test_what_was_kept_and_not_yet_marked_counts_once(
    run: Follow, house: House, shop: SiteInfo, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.write_text(lines(1, 1))
    with monkeypatch.context() as broken:
        broken.setattr(FileSource, "done", lambda source: killed())
        with pytest.raises(KilledError):
            run()
    assert paths(house) == ["/1", "/1"]
    append(log, lines(1))
    run(told_to_stop)
    assert paths(house) == ["/1", "/1", "/1"]


def test_a_visitor_is_the_same_after_a_restart(run: Follow, house: House, shop: SiteInfo, log: Path) -> None:
    with time_machine.travel(utc_now().replace(hour=12)):  # else the day might end meanwhile
        log.write_text(lines(1))
        run(told_to_stop)
        append(log, lines(2))
        run(told_to_stop)
        house.loader.run_once()
    visitors = [row[0] for row in house.store.query(select(event.c.visitor_id)).rows]
    assert len(visitors) == 2 and len(set(visitors)) == 1 and None not in visitors


def test_nothing_is_taken_for_a_site_that_is_switched_off(run: Follow, house: House, shop: SiteInfo, log: Path) -> None:
    with house.database.session() as session:
        session.get_one(Site, shop.id).enabled = False
    log.write_text(lines(1, 2))
    summary = run(told_to_stop)
    assert (summary.rows, summary.skipped) == (2, {"site switched off": 2})
    assert paths(house) == []


def test_no_address_is_in_the_marks(run: Follow, shop: SiteInfo, log: Path, settings: Settings) -> None:
    log.write_text(lines(1))
    run(told_to_stop)
    (marks,) = (settings.data / "following").iterdir()
    assert b"203.0.113" not in marks.read_bytes()


@pytest.mark.parametrize(
    ("content", "says"), [(b"\x1f\x8bpacked", "is gzipped"), (b"no log\n" * 100, "no line of it is in the common")]
)
def test_what_cannot_be_followed_is_said(content: bytes, says: str, run: Follow, shop: SiteInfo, log: Path) -> None:
    log.write_bytes(content)
    with pytest.raises(FootfallError, match=says):
        run()


def test_a_pipe_gives_lines_as_they_come() -> None:
    end, beginning = os.pipe()
    pipe = PipeSource(end)
    assert pipe.read() == []
    os.write(beginning, b"one\ntw")
    assert pipe.read() == [b"one"]
    os.write(beginning, b"o")
    assert pipe.read() == []
    os.close(beginning)
    assert pipe.read() == [b"two"]
    assert pipe.read() is None
    os.close(end)


def test_what_comes_through_a_pipe_is_loaded_at_its_end(
    bare_house: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    for file in bare_house:
        shutil.copyfile(file, data / file.name)
    end, beginning = os.pipe()
    os.write(beginning, lines(1, 2)[:-1].encode())
    os.close(beginning)
    monkeypatch.setattr(following, "_STANDARD_INPUT", end)
    results = [
        CliRunner().invoke(cli, arguments, env={"FOOTFALL_DATA": str(data)})
        for arguments in (
            ["site", "add", "Shop", "--host", "shop.example"],
            ["import", "accesslog", "-"],
            ["export", "events", "--format", "csv"],
        )
    ]
    os.close(end)
    assert [result.exit_code for result in results] == [0, 0, 0]
    assert results[1].stdout == "2 lines: 2 views\n"
    assert len(results[2].stdout.splitlines()) == 3


def test_what_was_in_the_log_before_is_imported_and_what_comes_is_not_also_after_a_restart(
    run: Follow, house: House, shop: SiteInfo, log: Path
) -> None:
    log.write_text(lines(1, 2))
    with time_machine.travel("2026-03-01T10:00:05Z", tick=False) as clock:
        run(lambda: append(log, lines(6)), told_to_stop)
        append(log, lines(7))
        clock.shift(60)
        run(told_to_stop)
    house.loader.run_once()
    found = house.store.query(select(event.c.path).where(event.c.imported))
    assert sorted(row[0] for row in found.rows) == ["/1", "/2"]
    assert paths(house) == ["/1", "/2", "/6", "/7"]
