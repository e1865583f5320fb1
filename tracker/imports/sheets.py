"""Reads lines as CSV."""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass


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
    """Yield the cells of each row of CSV; a cell that is too long is counted in `bad`, and its row left out."""
    reader = csv.reader(lines)
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            bad["too long"] += 1


def _rows(found: Iterator[list[str]], header: tuple[str, ...], bad: Counter[str]) -> Iterator[dict[str, str]]:
    for cells in found:
        if len(cells) == len(header):
            yield dict(zip(header, cells, strict=True))
        elif cells:
            bad["fields"] += 1
