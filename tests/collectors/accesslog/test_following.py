"""A log is followed through whatever is done to it: each of its lines comes once."""

import shutil
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collectors.accesslog.following import QUIET_S, Follower
from collectors.accesslog.lines import Lines
from collectors.accesslog.marks import read_marks, write_marks
from collectors.accesslog.tail import Tail


class Log:
    """A log in a folder, and what is done to it; `lines` are what came of it so far."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "access.log"
        self.path.touch()
        self.now = 0.0
        self.lines: list[bytes] = []
        self.rotated = 0
        self.follower = self.open()

    def open(self, *marks: object) -> Follower:
        return Follower(self.path, sign=bytes.hex, marks=list(marks), clock=lambda: self.now)  # type: ignore[arg-type]

    def write(self, text: str, path: Path | None = None) -> None:
        with (path or self.path).open("ab") as log:
            log.write(text.encode())

    def read(self) -> list[str]:
        """Read until nothing more comes, and return what came."""
        came: list[bytes] = []
        while lines := self.follower.read():
            came += lines
        self.lines += came
        return [line.decode() for line in came]

    def older(self) -> Path:
        self.rotated += 1
        return self.folder / f"access.log.{self.rotated}"

    def rename(self) -> Path:
        self.path.touch()
        older = self.older()
        self.path.rename(older)
        return older

    def copy_and_cut(self) -> Path:
        older = self.older()
        shutil.copyfile(self.path, older)
        with self.path.open("r+b") as log:
            log.truncate(0)
        return older

    def restart(self) -> None:
        marks = self.follower.marks()
        self.follower.close()
        file = self.folder / "marks" / "marks.json"
        write_marks(file, marks)
        assert read_marks(file) == marks
        self.follower = self.open(*marks)


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(tmp_path)


def test_lines_come_as_they_are_finished(log: Log) -> None:
    log.write("one\ntw")
    assert log.read() == ["one"]
    log.write("o\r\nthree\n")
    assert log.read() == ["two", "three"]
    assert log.read() == []


def test_a_renamed_file_is_read_on_beside_the_new_one(log: Log) -> None:
    log.write("one\n")
    log.read()
    older = log.rename()
    assert log.read() == []  # there is no new one yet
    log.write("two\n", older)
    log.write("four\n")
    assert log.read() == ["two", "four"]
    log.write("three\nlast without an end", older)
    assert log.read() == ["three"]
    log.now = QUIET_S + 1
    assert log.read() == ["last without an end"]
    log.write("too late\n", older)
    assert log.read() == []


def test_of_a_file_that_was_copied_and_cut_the_copy_is_read_to_its_end(log: Log) -> None:
    log.write("first line\n")
    log.read()
    log.write("second line\nthird")
    log.copy_and_cut()
    log.write("fourth line\n")
    assert log.read() == ["fourth line", "second line"]
    log.now = QUIET_S + 1
    assert log.read() == ["third"]


def test_a_file_that_was_cut_and_is_longer_again_is_read_from_its_beginning(log: Log) -> None:
    log.write("first\n")
    log.read()
    log.path.write_bytes(b"another\nand one more\n")
    assert log.read() == ["another", "and one more"]


def test_lines_that_were_read_just_before_the_file_was_cut_are_not_lost(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.write("one\n")
    log.read()
    read, cuts = Tail.read, [log.copy_and_cut]

    def read_and_cut(tail: Tail) -> list[bytes]:
        lines = read(tail)
        if lines and cuts:
            cuts.pop()()
            log.write("three\n")
        return lines

    monkeypatch.setattr(Tail, "read", read_and_cut)
    log.write("two\n")
    assert log.read() == ["two", "three"]
    assert not cuts


def test_a_log_that_was_cut_and_taken_away_is_waited_for(log: Log) -> None:
    log.write("one\n")
    log.read()
    log.path.write_bytes(b"")
    log.path.unlink()
    assert log.read() == []
    log.write("two\n")
    assert log.read() == ["two"]
    log.follower.close()


def test_a_mark_is_of_what_was_read_and_not_of_what_took_its_place(log: Log) -> None:
    log.write("one\n")
    log.read()
    log.copy_and_cut()
    log.write("none of this log's\n" * 9, log.folder / "error.log")
    log.restart()
    assert log.read() == []
    log.write("two\n")
    assert log.read() == ["two"]


def test_a_restart_goes_on_where_it_was(log: Log) -> None:
    log.write("first\nsecond\nthi")
    log.read()
    log.restart()
    assert [line for lines in log.follower.run_up() for line in lines] == [b"first", b"second"]
    log.write("rd\n")
    assert log.read() == ["third"]


def test_a_restart_finds_what_was_renamed_meanwhile(log: Log) -> None:
    log.write("first\n")
    log.read()
    log.write("second\n")
    log.rename()
    log.write("third\n")
    log.rename()
    log.write("fourth\n")
    (log.folder / "access.log.0.gz").write_bytes(b"\x1f\x8b")
    (log.folder / "error.log").write_text("of another log\n")
    log.restart()
    assert log.read() == ["second", "third", "fourth"]
    log.restart()
    assert log.read() == []


def test_a_copy_beside_the_log_is_not_read_as_well(log: Log) -> None:
    log.write("first\n")
    log.read()
    log.write("second\n")
    shutil.copyfile(log.path, log.folder / "access.log.bak")
    log.restart()
    assert log.read() == ["second"]


def test_it_says_when_what_was_read_is_gone(log: Log) -> None:
    log.write("first\n")
    log.read()
    log.rename().unlink()
    log.write("second\n")
    log.restart()
    assert log.follower.lost
    assert log.read() == ["second"]


def test_damaged_marks_are_none(tmp_path: Path) -> None:
    (tmp_path / "marks.json").write_bytes(b'[{"head": 5')
    assert read_marks(tmp_path / "marks.json") == []


@given(text=st.binary(max_size=300), cuts=st.lists(st.integers(0, 300)))
def test_however_bytes_are_cut_the_lines_are_the_same(text: bytes, cuts: list[int]) -> None:
    lines, came = Lines(), []
    places = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    for start, end in pairwise(places):
        came += lines.feed(text[start:end])
        assert lines.unfinished == len(text[:end].rpartition(b"\n")[2])
    came += lines.finish()
    assert came == [line.rstrip(b"\r") for line in text.removesuffix(b"\n").split(b"\n")] or not text.strip(b"\n")


def test_a_line_without_an_end_takes_no_more_memory_than_any(log: Log) -> None:
    lines = Lines()
    for _ in range(100):
        assert lines.feed(b"a" * 65_536) == []
    assert lines.unfinished == 6_553_600
    (long,) = lines.feed(b"\n")
    assert len(long) == 65_536
    assert lines.feed(b"next\n") == [b"next"]


# What may happen to a log, in any order: so many bytes are written, it is read, renamed, copied and cut, or we restart.
happenings = st.lists(st.integers(1, 90) | st.sampled_from(["read", "rename", "cut", "restart"]), max_size=30)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(happened=happenings)
def test_whatever_happens_each_line_comes_once(
    happened: list[int | str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    log = Log(tmp_path_factory.mktemp("log"))
    text = iter("".join(f"line {number} of a log\n" for number in range(400)))
    for what in happened:
        if isinstance(what, int):
            log.write("".join(next(text) for _ in range(what)))
        elif what == "rename":
            log.read()
            log.write("and one that is not read\n")
            log.rename()
            log.path.touch()
        elif what == "cut" and b"\n" in log.path.read_bytes():
            log.read()
            log.write("neither is this\n")
            log.copy_and_cut()
        elif what == "restart":
            log.restart()
        log.read()
    log.now = QUIET_S + 1
    log.read()
    files = [path.read_bytes() for path in log.folder.iterdir() if path.is_file() and path != log.path]
    written = Counter(line for content in files for line in content.split(b"\n") if line)
    written += Counter(line for line in log.path.read_bytes().split(b"\n")[:-1] if line)
    assert Counter(line for line in log.lines if line) == written
