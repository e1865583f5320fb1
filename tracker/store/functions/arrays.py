"""Arrays: building them, looking into them, walking along them."""
# ruff: noqa: N801 - they are used as functions

from typing import Any, cast

from sqlalchemy import ARRAY, BigInteger, Boolean, ColumnElement, Integer, literal_column
from sqlalchemy.sql.functions import FunctionElement

from tracker.store.functions.spelling import spelled


@spelled(
    duckdb="list_min(list_filter({0}, lambda one: one > {1}))",
    clickhouse="nullIf(arrayMin(arrayFilter(one -> coalesce(one > {1}, false), {0})), 0)",
)
class first_after(FunctionElement[int]):
    """The least of an array's positive numbers that is greater than another; null when none is, or that is null."""

    type = BigInteger()
    inherit_cache = True


@spelled(
    duckdb="len(list_filter({0}, lambda one: one <= {1}))",
    clickhouse="toInt64(arrayCount(one -> coalesce(one <= {1}, false), {0}))",
)
class count_until(FunctionElement[int]):
    """How many of an array's numbers are at most another."""

    type = BigInteger()
    inherit_cache = True


@spelled(duckdb="{0}[{1}]", clickhouse="arrayElementOrNull({0}, {1})")
class element(FunctionElement[Any]):
    """The nth element of an array, counted from 1; null beyond its end."""

    inherit_cache = True

    def __init__(self, array: ColumnElement[Any], position: ColumnElement[int] | int) -> None:
        super().__init__(array, position)
        self.type = cast(ARRAY[Any], array.type).item_type


@spelled(duckdb="list_contains({0}, {1})", clickhouse="has({0}, {1})")
class has(FunctionElement[bool]):
    """Whether an array holds a value."""

    type = Boolean()
    inherit_cache = True


@spelled(duckdb="len({0})", clickhouse="toInt64(length({0}))")
class length(FunctionElement[int]):
    """How many elements an array has."""

    type = Integer()
    inherit_cache = True


@spelled(duckdb="unnest({0})", clickhouse="arrayJoin({0})")
class each(FunctionElement[Any]):
    """One row for each value of an array; only in the list of what is selected."""

    inherit_cache = True

    def __init__(self, array: ColumnElement[Any]) -> None:
        super().__init__(array)
        self.type = cast(ARRAY[Any], array.type).item_type


@spelled(duckdb="[{all}]", clickhouse="[{all}]")
class array_of(FunctionElement[Any]):
    """An array of values of one type, nulls among them."""

    inherit_cache = True

    def __init__(self, *values: ColumnElement[Any]) -> None:
        super().__init__(*values)
        self.type = ARRAY(values[0].type)


@spelled(duckdb="coalesce(list_position({0}, {1}), 0)", clickhouse="toInt32(indexOf({0}, {1}))")
class place_of(FunctionElement[int]):
    """Where in an array a value stands first, counted from 1; 0 when it is not in it."""

    type = Integer()
    inherit_cache = True


@spelled(
    duckdb="(len({0}) + 1 - list_position(list_reverse({0}), {1}))",
    clickhouse="toInt32(length({0}) + 1 - indexOf(arrayReverse({0}), {1}))",
)
class last_place_of(FunctionElement[int]):
    """Where in an array a value that is in it stands last, counted from 1."""

    type = Integer()
    inherit_cache = True


# All at once: asked for one after the other, each inside the next, ClickHouse takes five times as long for one more.
@spelled(
    duckdb="list_resize(list_prepend({1}, list_filter(range({1} + 1, len({0}) + 1), "
    "lambda i: {0}[i] <> {0}[i - 1])), {2}, len({0}) + 1)",
    clickhouse="arrayResize(arrayConcat([toInt64({1})], arrayFilter(i -> i > {1} AND {0}[i] != {0}[i - 1], "
    "arrayEnumerate({0}))), {2}, toInt64(length({0}) + 1))",
)
class steps_onward(FunctionElement[Any]):
    """A place in an array, and after it those where another value begins; beyond the array when there are no more.

    Takes the array, the place, counted from 1, and how many places to give.
    """

    type = ARRAY(BigInteger())
    inherit_cache = True


@spelled(
    duckdb="list_resize(list_prepend({1}, list_reverse(list_filter(range(1, {1}), "
    "lambda i: {0}[i] <> {0}[i + 1]))), {2}, 0)",
    clickhouse="arrayResize(arrayConcat([toInt64({1})], arrayReverse(arrayFilter("
    "i -> i < {1} AND {0}[i] != {0}[i + 1], arrayEnumerate({0})))), {2}, toInt64(0))",
)
class steps_back(FunctionElement[Any]):
    """A place in an array, and before it, the nearest first, those where another value ends; 0 when there are no more.

    Takes what `steps_onward` does.
    """

    type = ARRAY(BigInteger())
    inherit_cache = True


@spelled(
    duckdb="CASE WHEN {2} = {1} + 1 THEN {0}[{1}] ELSE CAST(coalesce(list_sum({0}[{1}:{2} - 1]), 0) AS BIGINT) END",
    clickhouse="arraySum(arraySlice({0}, {1}, ({2}) - ({1})))",
)
class sum_between(FunctionElement[int]):
    """The sum of an array's numbers from one place up to another that is not included."""

    type = BigInteger()
    inherit_cache = True


@spelled(
    duckdb="CASE WHEN {2} = {1} + 1 THEN {0}[{1}] ELSE coalesce(list_aggregate({0}[{1}:{2} - 1], 'bit_or'), 0) END",
    clickhouse="arrayFold((bits, one) -> bitOr(bits, toInt64(one)), arraySlice({0}, {1}, ({2}) - ({1})), toInt64(0))",
)
class bits_between(FunctionElement[int]):
    """All bits set in any of an array's numbers from one place up to another that is not included."""

    type = BigInteger()
    inherit_cache = True


@spelled(
    duckdb="list_contains(list_transform(range(1, len({0})), "
    "lambda i: {0}[i] = {0}[i + 2] OR {1}[i + 1] - {1}[i] < {2}), true)",
    clickhouse="arrayExists(i -> {0}[i] = {0}[i + 2] OR {1}[i + 1] - {1}[i] < {2}, range(1, length({0})))",
)
class turns_back(FunctionElement[bool]):
    """Whether a trail comes to a path again by way of one other, or, where `redirect_ms` may hide that, may do so.

    Takes the trail's paths and their offsets in ms; pages left sooner than `redirect_ms` are no pages.
    """

    type = Boolean()
    inherit_cache = True

    def __init__(self, trail: ColumnElement[Any], offset_ms: ColumnElement[Any], redirect_ms: int) -> None:
        super().__init__(trail, offset_ms, literal_column(str(redirect_ms)))
