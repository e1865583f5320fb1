"""Filters: `<dimension>:<is|is_not|contains|matches>:<value>[|<value>…]`, as words and as conditions."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

import re2
from sqlalchemy import ColumnElement, and_, not_, or_

from reports.query.dimensions import BY_NAME, Dimension
from tracker.errors import InvalidInputError
from tracker.store.functions import contains, matches

OPERATIONS = ("is", "is_not", "contains", "matches")
MOST_FILTERS = 20
MOST_VALUES = 100
LONGEST_VALUE = 512
LONGEST_FILTER = 4096


@dataclass(frozen=True)
class Filter:
    """A condition on one dimension; any of `values` will do. An empty value stands for none at all."""

    dimension: Dimension
    operation: str
    values: tuple[str, ...]

    def __str__(self) -> str:
        """Write it as it is read."""
        return f"{self.dimension.name}:{self.operation}:{'|'.join(_escape(value) for value in self.values)}"

    def condition(self, column: ColumnElement[str]) -> ColumnElement[bool]:
        """Say it of a column."""
        given = [value for value in self.values if value]
        if self.operation in ("is", "is_not"):
            found = and_(column.is_not(None), column.in_(given))
            wanted = or_(found, column.is_(None)) if "" in self.values else found
            return wanted if self.operation == "is" else not_(wanted)
        if self.operation == "contains":
            return or_(*(contains(column, value.lower()) for value in given))
        return or_(*(matches(column, value) for value in given))


def parse_filters(texts: Iterable[str]) -> tuple[Filter, ...]:
    """Read filters as they stand in a URL; InvalidInputError says what is wrong with the first bad one."""
    texts = list(texts)
    if len(texts) > MOST_FILTERS:
        raise InvalidInputError("filter", f"at most {MOST_FILTERS} at once, not {len(texts)}")
    return tuple(_parse(text) for text in texts)


def nearest(word: str, known: Iterable[str]) -> str:
    """Say what a mistyped word was perhaps meant to be, and what there is."""
    known = list(known)
    close = difflib.get_close_matches(word[:64], known, n=1)
    return f"did you mean {close[0]}?" if close else f"use one of {', '.join(known)}"


def _parse(text: str) -> Filter:
    if len(text) > LONGEST_FILTER:
        raise InvalidInputError("filter", f"longer than {LONGEST_FILTER} characters")
    if not _is_clean(text):
        raise InvalidInputError("filter", "has characters that no text may have")
    name, _, rest = text.partition(":")
    operation, colon, written = rest.partition(":")
    if name not in BY_NAME:
        raise InvalidInputError("filter", f"no dimension is named {name[:64]!r}; {nearest(name, BY_NAME)}")
    if operation not in OPERATIONS:
        raise InvalidInputError("filter", f"no operation is named {operation[:64]!r}; {nearest(operation, OPERATIONS)}")
    values = _values(written)
    if not colon or (operation in ("contains", "matches") and "" in values):
        raise InvalidInputError("filter", f"{name}:{operation} needs a value, as in {name}:{operation}:word")
    if len(values) > MOST_VALUES:
        raise InvalidInputError("filter", f"at most {MOST_VALUES} values, not {len(values)}")
    if any(len(value) > LONGEST_VALUE for value in values):
        raise InvalidInputError("filter", f"a value is longer than {LONGEST_VALUE} characters")
    if operation == "matches":
        for value in values:
            _check_pattern(value)
    return Filter(BY_NAME[name], operation, values)


def _values(written: str) -> tuple[str, ...]:
    """Split at bars; a backslash before a bar, colon or backslash takes it as it is."""
    values, letters = [], iter(written)
    value = ""
    for letter in letters:
        if letter == "|":
            values.append(value)
            value = ""
        elif letter == "\\":
            escaped = next(letters, "")
            value += escaped if escaped and escaped in "|:\\" else letter + escaped
        else:
            value += letter
    return (*values, value)


def _escape(value: str) -> str:
    return value.replace("\\", "\\\\").replace("|", "\\|").replace(":", "\\:")


def _is_clean(text: str) -> bool:
    return not any(letter < " " or letter == "\x7f" or "\ud800" <= letter <= "\udfff" for letter in text)


def _check_pattern(pattern: str) -> None:
    # Both engines match with RE2, so what it refuses here would fail there.
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(pattern, options)
    except re2.error as error:
        raise InvalidInputError("filter", f"{pattern[:64]!r} is no regular expression (RE2)") from error
