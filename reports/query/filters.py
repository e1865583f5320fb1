"""Filters: `<dimension>:<is|is_not|contains|matches>:<value>[|<value>…]`, as words and as conditions.

All of several must hold. One with `or:` before it is an alternative to the one that stands before it.
"""

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

import re2
from sqlalchemy import ColumnElement, and_, false, func, not_, or_

from reports.query.dimensions import BY_NAME, Dimension
from reports.query.words import nearest
from tracker.errors import InvalidInputError
from tracker.languages import gettext
from tracker.store.functions import contains, matches

OPERATIONS = ("is", "is_not", "contains", "matches")
NEGATED = {"is_not": "is", "contains_not": "contains", "matches_not": "matches"}
"""Operations that are true where another is not, also where nothing is known."""
OR = "or:"
MOST_FILTERS = 20
MOST_VALUES = 100
LONGEST_VALUE = 512
LONGEST_FILTER = 4096
MOST_VALUES_IN_ALL = 2_000
"""Of all filters together: tens of thousands take all of the memory that a store may have."""
MOST_PATTERNS = 10
LONGEST_PATTERN = 128
PATTERN_MEMORY = 128 << 10
"""Bytes of RE2: patterns of everyday's size take less, and to refuse those that take seconds takes milliseconds."""
_CHECKED = 1024


@dataclass(frozen=True)
class Filter:
    """A condition on one dimension; any of `values` will do. An empty value stands for none at all."""

    dimension: Dimension
    operation: str
    values: tuple[str, ...]

    @property
    def affirmed(self) -> str:
        """Its operation, or that which it negates."""
        return NEGATED.get(self.operation, self.operation)

    @property
    def is_negated(self) -> bool:
        """Whether it is true where its operation would not be."""
        return self.operation in NEGATED

    @property
    def parts(self) -> "tuple[Filter, ...]":
        """Itself; of alternatives, each of them."""
        return (self,)

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """What it asks of."""
        return (self.dimension,)

    @property
    def texts(self) -> tuple[str, ...]:
        """The words of which it is read."""
        return (str(self),)

    def __str__(self) -> str:
        """Write it as it is read."""
        return f"{self.dimension.name}:{self.operation}:{'|'.join(_escape(value) for value in self.values)}"

    def condition(self, column: ColumnElement[str]) -> ColumnElement[bool]:
        """Say it of a column."""
        given = [value for value in self.values if value]
        if self.affirmed == "is":
            found = and_(column.is_not(None), column.in_(given))
            wanted = or_(found, column.is_(None)) if "" in self.values else found
        elif self.affirmed == "contains":
            wanted = or_(*(contains(column, value.lower()) for value in given))
        else:
            wanted = or_(*(matches(column, value) for value in given))
        if self.operation == "is_not":
            return not_(wanted)
        return not_(func.coalesce(wanted, false())) if self.is_negated else wanted

    def is_about(self, text: str) -> bool:
        """Tell whether one of its values is this text, is in it or matches it; negated it is the same."""
        given = [value for value in self.values if value]
        if self.affirmed == "contains":
            return any(value.lower() in text.lower() for value in given)
        if self.affirmed == "matches":
            return any(_compiled(value).search(text) for value in given)
        return text in given


@dataclass(frozen=True)
class AnyOf:
    """Filters of which one will do. Each looks by itself: two on events may be true of different ones."""

    parts: tuple[Filter, ...]

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """What they ask of."""
        return tuple(one.dimension for one in self.parts)

    @property
    def texts(self) -> tuple[str, ...]:
        """The words of which it is read."""
        first, *others = map(str, self.parts)
        return (first, *(OR + other for other in others))


@dataclass(frozen=True)
class Tree:
    """Filters put together by `and`, `or` and `not`. Each looks by itself, as those of AnyOf do."""

    joined_by: Literal["and", "or", "not"]
    branches: "tuple[Filter | Tree, ...]"

    @property
    def parts(self) -> tuple[Filter, ...]:
        """The filters in it."""
        return tuple(part for one in self.branches for part in one.parts)

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """What they ask of."""
        return tuple(one.dimension for one in self.parts)

    @property
    def texts(self) -> tuple[str, ...]:
        """The words of it, which an address cannot take."""
        return (f"{self.joined_by}({', '.join(text for one in self.branches for text in one.texts)})",)


Criterion = Filter | AnyOf | Tree


def composed(one: Criterion, said: Callable[[Filter], ColumnElement[bool]]) -> ColumnElement[bool]:
    """Put together what is said of each filter in a criterion."""
    if isinstance(one, Filter):
        return said(one)
    if isinstance(one, AnyOf):
        return or_(*map(said, one.parts))
    branches = [composed(branch, said) for branch in one.branches]
    if one.joined_by == "not":
        return not_(func.coalesce(and_(*branches), false()))
    return and_(*branches) if one.joined_by == "and" else or_(*branches)


def parse_filters(texts: Iterable[str]) -> tuple[Criterion, ...]:
    """Read filters as they stand in a URL; InvalidInputError says what is wrong with the first bad one."""
    texts = list(texts)
    if len(texts) > MOST_FILTERS:
        raise InvalidInputError(
            "filter", gettext("at most %(most)s at once, not %(n)s", most=MOST_FILTERS, n=len(texts))
        )
    if texts and texts[0].startswith(OR):
        raise InvalidInputError(
            "filter", gettext("%(or)s makes an alternative to the filter before it, and there is none", **{"or": OR})
        )
    groups: list[list[Filter]] = []
    for text in texts:
        if text.startswith(OR):
            groups[-1].append(_parse(text.removeprefix(OR)))
        else:
            groups.append([_parse(text)])
    check_all([one for group in groups for one in group])
    return tuple(group[0] if len(group) == 1 else AnyOf(tuple(group)) for group in groups)


def texts_of(filters: Iterable[Criterion]) -> list[str]:
    """Write filters as `parse_filters` reads them."""
    return [text for one in filters for text in one.texts]


def _parse(text: str) -> Filter:
    if len(text) > LONGEST_FILTER:
        raise InvalidInputError("filter", gettext("longer than %(n)s characters", n=LONGEST_FILTER))
    if not is_clean(text):
        raise InvalidInputError("filter", gettext("has characters that no text may have"))
    name, _, rest = text.partition(":")
    operation, colon, written = rest.partition(":")
    if name not in BY_NAME:
        raise InvalidInputError(
            "filter",
            gettext("no dimension is named %(name)s; %(hint)s", name=repr(name[:64]), hint=nearest(name, BY_NAME)),
        )
    if operation not in OPERATIONS:
        raise InvalidInputError(
            "filter",
            gettext(
                "no operation is named %(name)s; %(hint)s",
                name=repr(operation[:64]),
                hint=nearest(operation, OPERATIONS),
            ),
        )
    values = _values(written)
    if not colon or (operation in ("contains", "matches") and "" in values):
        raise InvalidInputError(
            "filter", gettext("%(filter)s needs a value, as in %(filter)s:word", filter=f"{name}:{operation}")
        )
    if len(values) > MOST_VALUES:
        raise InvalidInputError(
            "filter", gettext("at most %(most)s values, not %(n)s", most=MOST_VALUES, n=len(values))
        )
    if any(len(value) > LONGEST_VALUE for value in values):
        raise InvalidInputError("filter", gettext("a value is longer than %(n)s characters", n=LONGEST_VALUE))
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


def is_clean(text: str) -> bool:
    """Tell whether a text has no character that none may have."""
    return not any(letter < " " or letter == "\x7f" or "\ud800" <= letter <= "\udfff" for letter in text)


def check_all(filters: Iterable[Criterion]) -> None:
    """Raise InvalidInputError when filters have too many values or patterns together, or a pattern is none."""
    parts = [part for one in filters for part in one.parts]
    values = sum(len(one.values) for one in parts)
    patterns = [value for one in parts if one.affirmed == "matches" for value in one.values]
    if len(patterns) > MOST_PATTERNS:
        raise InvalidInputError(
            "filter",
            gettext(
                "at most %(most)s patterns to match in all, not %(n)s; put several into one, as in ^/(cart|order)",
                most=MOST_PATTERNS,
                n=len(patterns),
            ),
        )
    if values > MOST_VALUES_IN_ALL:
        raise InvalidInputError(
            "filter", gettext("at most %(most)s values in all, not %(n)s", most=MOST_VALUES_IN_ALL, n=values)
        )
    for pattern in patterns:
        _check_pattern(pattern)


def _check_pattern(pattern: str) -> None:
    """Raise InvalidInputError when this is no regular expression, or too large a one."""
    if len(pattern) > LONGEST_PATTERN:
        raise InvalidInputError("filter", gettext("a pattern is longer than %(n)s characters", n=LONGEST_PATTERN))
    if problem := _problem(pattern):
        raise InvalidInputError("filter", problem)


@functools.lru_cache(maxsize=_CHECKED)
def _compiled(pattern: str) -> "re2._Regexp":
    # Both engines match with RE2, so what it refuses here would fail there.
    options = re2.Options()
    options.log_errors = False
    options.max_mem = PATTERN_MEMORY
    return re2.compile(pattern, options)


def _problem(pattern: str) -> str | None:
    problem = _fault(pattern)
    if problem is None:
        return None
    if "too large" in problem:
        return gettext("%(pattern)s is too large a pattern; repeat less, or use contains", pattern=repr(pattern[:64]))
    return gettext("%(pattern)s is no regular expression (RE2)", pattern=repr(pattern[:64]))


@functools.lru_cache(maxsize=_CHECKED)
def _fault(pattern: str) -> str | None:
    """Return what RE2 says against a pattern; None when nothing."""
    try:
        _compiled(pattern)
    except re2.error as error:
        said = error.args[0]
        return said.decode(errors="replace") if isinstance(said, bytes) else str(said)
    return None
