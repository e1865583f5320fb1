"""Filters as questions give them: [operation, dimension, values], put together by and, or and not."""

from collections.abc import Sequence
from typing import Literal

from reports.query.filters import (
    LONGEST_VALUE,
    MOST_VALUES,
    NEGATED,
    OPERATIONS,
    Criterion,
    Filter,
    Tree,
    check_all,
    is_clean,
)
from reports.query.words import nearest
from reports.question.dimensions import filtered_by
from tracker.errors import InvalidInputError

FIELD = "filters"
ASKED = (*OPERATIONS, *(one for one in NEGATED if one not in OPERATIONS))
JOINS: tuple[Literal["and", "or", "not"], ...] = ("and", "or", "not")
MOST_CONDITIONS = 100
DEEPEST = 8
MOST_LOOKS = 20
"""How many conditions may each need a look at events of their own."""


def read_trees(given: Sequence[object]) -> tuple[Criterion, ...]:
    """Read filters, all of which must hold; InvalidInputError says what is wrong with the first bad one.

    Those that stand in no `and`, `or` or `not` and are about events mean one and the same event.
    """
    _refuse_many(given)
    found = tuple(_read(one, 1) for one in given)
    try:
        check_all(found)
    except InvalidInputError as error:
        raise InvalidInputError(FIELD, error.problem) from error
    looks = sum(_looks_by_itself(part, one) for one in found for part in one.parts)
    if looks > MOST_LOOKS:
        raise InvalidInputError(
            FIELD,
            f"at most {MOST_LOOKS} conditions on events within and, or and not, and on goals and people, not {looks}",
        )
    return found


def _looks_by_itself(part: Filter, one: Filter | Tree) -> bool:
    dimension = part.dimension
    return dimension.by_goals or dimension.telling is not None or (dimension.level == "event" and one is not part)


def _refuse_many(given: Sequence[object]) -> None:
    """Count before anything is read, and no further than is allowed."""
    conditions, left = 0, list(given)
    while left:
        one = left.pop()
        if isinstance(one, list) and one and one[0] in JOINS:
            for rest in one[1:]:
                left += rest if isinstance(rest, list) and one[0] != "not" else [rest]
        conditions += 1
        if conditions > MOST_CONDITIONS:
            raise InvalidInputError(FIELD, f"at most {MOST_CONDITIONS} conditions, and, or and not among them")


def _read(given: object, depth: int) -> Filter | Tree:
    if depth > DEEPEST:
        raise InvalidInputError(FIELD, f"at most {DEEPEST} levels of and, or and not")
    if not isinstance(given, list) or not given or not isinstance(given[0], str):
        raise InvalidInputError(FIELD, 'each must be a list such as ["is", "path", ["/cart"]]')
    word, *rest = given
    for join in JOINS:
        if word == join:
            return Tree(join, tuple(_read(one, depth + 1) for one in _branches(join, rest)))
    return _condition(word, rest)


def _branches(join: str, rest: Sequence[object]) -> list[object]:
    if join == "not":
        if len(rest) == 1:
            return list(rest)
        raise InvalidInputError(FIELD, 'not takes one filter: ["not", ["is", "path", ["/cart"]]]')
    if len(rest) == 1 and isinstance(rest[0], list) and 1 <= len(rest[0]) <= MOST_CONDITIONS:
        return rest[0]
    raise InvalidInputError(FIELD, f"{join} takes one list of 1 to {MOST_CONDITIONS} filters")


def _condition(operation: str, rest: Sequence[object]) -> Filter:
    if operation not in ASKED:
        raise InvalidInputError(
            FIELD, f"no operation is named {operation[:64]!r}; {nearest(operation, (*ASKED, *JOINS))}"
        )
    if len(rest) != 2 or not isinstance(rest[0], str) or not isinstance(rest[1], list):
        raise InvalidInputError(FIELD, f'{operation} takes a dimension and a list: ["{operation}", "path", ["/cart"]]')
    dimension, values = filtered_by(rest[0]), rest[1]
    if not 1 <= len(values) <= MOST_VALUES:
        raise InvalidInputError(FIELD, f"1 to {MOST_VALUES} values of {dimension.name}, not {len(values):,}")
    found = Filter(dimension, operation, tuple(_value(value, dimension.name) for value in values))
    if found.affirmed != "is" and "" in found.values:
        raise InvalidInputError(FIELD, f"{operation} needs a value that is not empty")
    return found


def _value(value: object, name: str) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float | None):
        raise InvalidInputError(FIELD, f"a value of {name} must be a text")
    text = "" if value is None else str(value)
    if len(text) > LONGEST_VALUE:
        raise InvalidInputError(FIELD, f"a value of {name} is longer than {LONGEST_VALUE} characters")
    if not is_clean(text):
        raise InvalidInputError(FIELD, f"a value of {name} has characters that no text may have")
    return text
