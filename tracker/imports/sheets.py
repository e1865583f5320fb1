"""Reads lines as CSV."""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

_LONGEST_RECORD = 2**20  # letters; each cell takes many times its letters while its row is read


@dataclass(frozen=True)
class Sheet:
    """A table of text: the names over its columns as they stand there, and its rows by these names."""

    header: tuple[str, ...]
    rows: Iterator[dict[str, str]]


def read_sheet(lines: Iterator[str], bad: Counter[str]) -> Sheet:
    """Read lines as CSV (RFC 4180). Rows of another length than the header's are counted in `bad`, and left out."""
    found = read_cells(lines, bad)
    header = tuple(name.strip() for name in next(found, []))
    return Sheet(header, _rows(found, header, bad))


def read_cells(lines: Iterator[str], bad: Counter[str]) -> Iterator[list[str]]:
    """Yield the cells of each row of CSV; what is too long, a cell or a row, is counted in `bad`, and left out."""
    bounded = _Bounded(lines)
    reader = csv.reader(bounded)
    while True:
        bounded.begin()
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            bad["too long"] += 1


class _Bounded(Iterator[str]):
    """Lines, as many as one row may have: a quoted cell goes on over lines, and a row over cells, without end."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._letters = 0

    def begin(self) -> None:
        """Count anew, for the next row."""
        self._letters = 0

    def __next__(self) -> str:
        line = next(self._lines)
        self._letters += len(line)
        if self._letters > _LONGEST_RECORD:
            raise csv.Error
        return line


def _rows(found: Iterator[list[str]], header: tuple[str, ...], bad: Counter[str]) -> Iterator[dict[str, str]]:
    for cells in found:
        if len(cells) == len(header):
            yield dict(zip(header, cells, strict=True))
        elif cells:
            bad["fields"] += 1
