"""Finds the sound rows of a damaged segment in its raw pages, without trusting SQLite's tree or its log's checksums.

Format: https://www.sqlite.org/fileformat2.html. Rows are never changed or moved to another
number, so any copy of a row, in the file or in any frame of its log, is good when its seal
holds; what tells nothing but the way to a row (page types, counts, tree) is not needed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from tracker.spool.layout import COLUMNS, PAGE_BYTES, companions, seal

_LOG_HEADER_BYTES = 32
_FRAME_HEADER_BYTES = 24
_LEAF_HEADER_BYTES = 8
_MAX_LOCAL = PAGE_BYTES - 35
_MIN_LOCAL = (PAGE_BYTES - 12) * 32 // 255 - 23
_MAX_PAYLOAD = 16 * 2**20
_INTEGER_BYTES = {0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8, 8: 0, 9: 0}
_MISSES = 8  # pointers in a row that lead nowhere end a page's list
_CHAINS = 64  # ways through doubtful overflow pages that are tried for one row

Images = dict[int, list[bytes]]


@dataclass(frozen=True, slots=True)
class Found:
    """A sound row."""

    events: int
    until: int
    body: bytes


def salvage(path: Path) -> dict[int, Found]:
    """Return every row of a closed segment whose seal holds, by number, the closing row included.

    Only for files without a live writer: closing a file drops the locks that SQLite holds
    on it in the same process.
    """
    images = _read_images(path)
    found: dict[int, Found] = {}
    for pages in list(images.values()):
        for page in pages:
            for number, row in _rows_of(page, images):
                found.setdefault(number, row)
    return found


def _read_images(path: Path) -> Images:
    """Return all copies of each page by its number, those of the log's present round first."""
    file, log = (part.read_bytes() if part.exists() else b"" for part in companions(path)[:2])
    newest: list[tuple[int, bytes]] = []
    stale: list[tuple[int, bytes]] = []
    salts = log[16:24]
    step = _FRAME_HEADER_BYTES + PAGE_BYTES
    for start in range(_LOG_HEADER_BYTES, len(log), step):
        header = log[start : start + _FRAME_HEADER_BYTES]
        page = log[start + _FRAME_HEADER_BYTES : start + step].ljust(PAGE_BYTES, b"\0")
        number = int.from_bytes(header[:4])
        (newest if header[8:16] == salts else stale).append((number, page))
    folded_in = [
        (number, file[start : start + PAGE_BYTES].ljust(PAGE_BYTES, b"\0"))
        for number, start in enumerate(range(0, len(file), PAGE_BYTES), 1)
    ]
    images: Images = {}
    for number, page in chain(reversed(newest), folded_in, stale):
        copies = images.setdefault(number, [])
        if page not in copies:
            copies.append(page)
    return images


def _rows_of(page: bytes, images: Images) -> Iterator[tuple[int, Found]]:
    """Yield the sound rows of a page, taking it for a leaf of the table.

    Cells lie one below the other from the page's end, so where a pointer is damaged, its
    cell begins where the one below ends.
    """
    starts = [int.from_bytes(page[5:7])]
    misses = 0
    seen: set[int] = set()
    for pointer in range(_LEAF_HEADER_BYTES, PAGE_BYTES, 2):
        starts.append(int.from_bytes(page[pointer : pointer + 2]))
        hit = False
        while starts:
            start = starts.pop()
            if start in seen or not _LEAF_HEADER_BYTES < start < PAGE_BYTES:
                continue
            seen.add(start)
            cell = _cell(page, start, images)
            if cell is not None:
                number, row, end = cell
                starts.append(end)
                hit = True
                yield number, row
        misses = 0 if hit else misses + 1
        if misses > _MISSES:
            return


def _cell(page: bytes, start: int, images: Images) -> tuple[int, Found, int] | None:
    """Return (row number, row, where the cell ends), None when there is no sound row."""
    size, at = _varint(page, start)
    number, at = _varint(page, at)
    if not COLUMNS < size <= _MAX_PAYLOAD:
        return None
    if size <= _MAX_LOCAL:
        row = _row(number, page[at : at + size])
        return (number, row, at + size) if row else None
    local = _MIN_LOCAL + (size - _MIN_LOCAL) % (PAGE_BYTES - 4)
    if local > _MAX_LOCAL:
        local = _MIN_LOCAL
    head, link = page[at : at + local], int.from_bytes(page[at + local : at + local + 4])
    for rest in islice(_overflow(link, size - local, images), _CHAINS):
        row = _row(number, head + rest)
        if row:
            return number, row, at + local + 4
    return None


def _overflow(first: int, size: int, images: Images) -> Iterator[bytes]:
    """Yield what a chain of overflow pages may hold: from the best copies, then with another copy of one page."""
    content, way = _follow(first, size, images, -1, 0)
    yield content
    for place, number in enumerate(way):
        for copy in range(1, len(images[number])):
            yield _follow(first, size, images, place, copy)[0]


def _follow(first: int, size: int, images: Images, other_place: int, other_copy: int) -> tuple[bytes, list[int]]:
    """Return up to `size` bytes and the pages that they came from; short when the chain breaks or bites its tail."""
    parts: list[bytes] = []
    way: dict[int, None] = {}
    number = first
    while size > 0 and number in images and number not in way:
        page = images[number][other_copy if len(way) == other_place else 0]
        way[number] = None
        parts.append(page[4 : 4 + size])
        size -= len(parts[-1])
        number = int.from_bytes(page[:4])
    return b"".join(parts), list(way)


def _row(number: int, payload: bytes) -> Found | None:
    """Decode a record of the rows' shape; None when it is another or its seal is broken."""
    header_end, at = _varint(payload, 0)
    types: list[int] = []
    while at < header_end and len(types) <= COLUMNS:
        kind, at = _varint(payload, at)
        types.append(kind)
    if len(types) != COLUMNS or at != header_end:
        return None
    integers: list[int] = []
    for kind in types[:-1]:
        if kind not in _INTEGER_BYTES:
            return None
        end = at + _INTEGER_BYTES[kind]
        integers.append(kind - 8 if kind in (8, 9) else int.from_bytes(payload[at:end], signed=True))
        at = end
    _, events, until, mark = integers
    body = payload[at:]
    if types[-1] != 12 + 2 * len(body) or seal(number, events, until, body) != mark:
        return None
    return Found(events, until, body)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Return SQLite's variable-length integer at `at` and where it ends; 0 beyond the data."""
    value = 0
    for step, byte in enumerate(data[at : at + 9]):
        if step == 8:
            return value << 8 | byte, at + 9
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + step + 1
    return 0, len(data)
