"""Damaged files: never stuck, every undamaged row is given, the damaged are named with their events.

Single faults can cost one row at most, for nothing but a row's own bytes is needed to find it.
FOOTFALL_SOAK=1 cuts at every byte and flips 1,000 bits.
"""

import os
import random
import shutil
from concurrent.futures import wait
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.spool import Row, SegmentReader, Spool, files

SOAK = "FOOTFALL_SOAK" in os.environ
CUTS = range(1, 4097, 1 if SOAK else 64)
FLIPS = range(1000 if SOAK else 100)
SIZES = (10, 350, 350, 350, 900, 3900, 4061, 4300, 9000, 30_000)


def bodies(count: int) -> list[tuple[bytes, int]]:
    chance = random.Random(7)
    return [(b"%d " % number + chance.randbytes(chance.choice(SIZES)), chance.randrange(12)) for number in range(count)]


def write(folder: Path, kept: list[tuple[bytes, int]], *, close: bool) -> Path:
    """Write a segment in several commits; without `close` it is left as by a process that was killed."""
    spool = Spool(folder)
    for start in range(0, len(kept), 16):
        wait([spool.submit(body, events) for body, events in kept[start : start + 16]])
    (path,) = files(folder)
    if close:
        spool.close()
        return path
    killed = folder.with_name(f"{folder.name} killed")
    killed.mkdir()
    for part in folder.iterdir():
        if not part.name.endswith(".lock"):
            shutil.copy(part, killed / part.name)
    spool.close()
    return killed / path.name


@pytest.fixture(scope="module")
def kept() -> list[tuple[bytes, int]]:
    return bodies(300)


@pytest.fixture(scope="module", params=["closed", "killed"])
def pristine(
    request: pytest.FixtureRequest, kept: list[tuple[bytes, int]], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    return write(tmp_path_factory.mktemp("pristine") / "spool", kept, close=request.param == "closed")


def copy(path: Path, folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(path.parent, folder)
    return folder / path.name


def read_through(path: Path) -> list[Row]:
    """Read as the loader does, in pieces, until there is no more."""
    rows: list[Row] = []
    with SegmentReader(path) as reader:
        while more := reader.read(len(rows), 37):
            rows += more
            assert len(rows) < 10_000, "stuck"
        assert reader.total().events == sum(events for _, events, _ in rows)
        assert reader.total().rows == len(rows)
    return rows


def lost(rows: list[Row], kept: list[tuple[bytes, int]]) -> list[int]:
    """Return the numbers of rows that did not come back; whatever came must be as it was written."""
    assert [number for number, _, _ in rows] == list(range(1, len(rows) + 1))
    for number, events, body in rows:
        assert body is None or (body, events) == kept[number - 1]
    there = {number for number, _, body in rows if body is not None}
    return [number for number in range(1, len(kept) + 1) if number not in there]


def test_an_undamaged_file_gives_all(pristine: Path, kept: list[tuple[bytes, int]], tmp_path: Path) -> None:
    assert lost(read_through(copy(pristine, tmp_path / "copy")), kept) == []


@pytest.mark.parametrize("end", ["", "-wal"])
def test_cut_at_any_byte_of_the_last_4_kib_only_what_was_cut_is_lost(
    end: str, pristine: Path, kept: list[tuple[bytes, int]], tmp_path: Path
) -> None:
    if not pristine.with_name(pristine.name + end).exists():
        assert end == "-wal", "only a closed file has no log"
        return
    for cut in CUTS:
        path = copy(pristine, tmp_path / "copy")
        part = path.with_name(path.name + end)
        size = part.stat().st_size
        os.truncate(part, max(0, size - cut))
        gone = lost(read_through(path), kept)
        assert len(gone) <= len(SIZES), f"cut of {cut} bytes lost {gone}"


@pytest.mark.parametrize("seed", FLIPS)
def test_one_flipped_bit_costs_at_most_one_row(
    seed: int, pristine: Path, kept: list[tuple[bytes, int]], tmp_path: Path
) -> None:
    chance = random.Random(seed)
    path = copy(pristine, tmp_path / "copy")
    parts = [part for part in path.parent.iterdir() if not part.name.endswith("-shm") and part.stat().st_size]
    part = chance.choice(parts)
    data = bytearray(part.read_bytes())
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    part.write_bytes(data)
    rows = read_through(path)
    gone = lost(rows, kept)
    assert len(gone) <= 1
    if gone and gone[0] < len(kept):
        assert rows[gone[0] - 1][1:] == (kept[gone[0] - 1][1], None), "its events are known from its neighbours"


FAULT = st.tuples(st.sampled_from(["", "-wal", "-shm"]), st.floats(0, 1), st.binary(max_size=500), st.integers(0, 20))


@settings(max_examples=40, deadline=None)
@given(faults=st.lists(FAULT, max_size=8))
def test_whatever_is_overwritten_the_rest_comes_back_as_it_was(
    faults: list[tuple[str, float, bytes, int]],
    pristine: Path,
    kept: list[tuple[bytes, int]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = copy(pristine, tmp_path_factory.mktemp("damaged") / "copy")
    for end, place, content, replaced in faults:
        part = path.with_name(path.name + end)
        data = part.read_bytes() if part.exists() else b""
        start = int(place * len(data))
        part.write_bytes(data[:start] + content + data[start + replaced * 25 :])
    lost(read_through(path), kept)


@pytest.mark.parametrize("page", [1, 2])
def test_head_and_root_of_the_tree_are_not_needed(
    page: int, pristine: Path, kept: list[tuple[bytes, int]], tmp_path: Path
) -> None:
    path = copy(pristine, tmp_path / "copy")
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(bytes(4096))
    assert lost(read_through(path), kept) == []


def test_an_empty_or_foreign_file_holds_nothing(tmp_path: Path) -> None:
    for number, content in enumerate((b"", b"\0" * 5000, b"not a database " * 1000, random.Random(1).randbytes(9000))):
        path = tmp_path / f"{number}.spool"
        path.write_bytes(content)
        with SegmentReader(path) as reader:
            assert reader.read(0, 10) == []
            assert (reader.total().rows, reader.events_until(5)) == (0, 0)


def test_a_file_that_cannot_be_closed_loses_nothing_and_stops_nobody(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.submit(b"good", 1).result(10)
    segment = spool._segment
    assert segment is not None
    segment._connection.close()
    spool.turn()
    assert spool._segment is None
    descriptor = os.open(tmp_path / "another", os.O_RDWR | os.O_CREAT)
    segment.abandon()  # whatever has the number of its lock by now stays open
    os.close(descriptor)
    spool.submit(b"better", 1).result(10)
    assert [body for file in files(tmp_path) for _, _, body in read_through(file)] == [b"good", b"better"]
    spool.close()
