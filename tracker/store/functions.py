"""The functions that engines spell differently; statements over the logical tables use only these.

Each is a SQLAlchemy function element with a template for each engine; `{0}`, `{1}` … are its
arguments, `{all}` all of them.
"""
# ruff: noqa: N801 - they are used as functions

import re
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ARRAY, BigInteger, Boolean, ColumnElement, DateTime, Float, Integer, String, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


def _spell(function: type[FunctionElement[Any]], *, duckdb: str, clickhouse: str) -> None:
    """Register how each engine writes a function."""

    def write(template: str, element: FunctionElement[Any], compiler: SQLCompiler, **options: Any) -> str:
        arguments = [compiler.process(clause, **options) for clause in element.clauses]
        return template.format(*arguments, all=", ".join(arguments))

    for dialect, template in (("duckdb", duckdb), ("clickhousedb", clickhouse), ("clickhouse", clickhouse)):
        compiles(function, dialect)(lambda e, c, t=template, **o: write(t, e, c, **o))


class epoch_ms(FunctionElement[int]):
    """Milliseconds since 1970 of a time."""

    type = BigInteger()
    inherit_cache = True


class whole_div(FunctionElement[int]):
    """How many whole times the second number goes into the first, both positive."""

    type = BigInteger()
    inherit_cache = True


class has_bits(FunctionElement[bool]):
    """Whether the first number has any of the second's bits; false when it is null."""

    type = Boolean()
    inherit_cache = True


class contains(FunctionElement[bool]):
    """Whether a text contains another, whatever the case; the second is given in lower case."""

    type = Boolean()
    inherit_cache = True


class matches(FunctionElement[bool]):
    """Whether a regular expression (RE2) is found in a text."""

    type = Boolean()
    inherit_cache = True


class median(FunctionElement[float]):
    """The middle of a group's numbers, halfway between the two middle ones of an even group."""

    type = Float()
    inherit_cache = True


class bit_or(FunctionElement[int]):
    """All bits set in any number of a group or window."""

    type = BigInteger()
    inherit_cache = True


class bit_xor(FunctionElement[int]):
    """Two numbers' exclusive or; no sum can run over."""

    type = BigInteger()
    inherit_cache = True


class fingerprint(FunctionElement[int]):
    """A 64-bit number that stands for some values, nulls and arrays among them; each engine has its own."""

    type = BigInteger()
    inherit_cache = True


class last_by(FunctionElement[Any]):
    """The first argument (never null) where the second is greatest; rows where that is null do not count."""

    inherit_cache = True

    def __init__(self, value: ColumnElement[Any], order: ColumnElement[Any]) -> None:
        super().__init__(value, order)
        self.type = value.type


class last_known(FunctionElement[Any]):
    """Over a window: the last value in it that is not null, null when there is none."""

    inherit_cache = True

    def __init__(self, value: ColumnElement[Any]) -> None:
        super().__init__(value)
        self.type = value.type


class ordered_list(FunctionElement[Any]):
    """The first argument's values (never null) in the order of the second, a number from 1, up to the third's.

    Rows where the order is null are left out; an empty list when nothing remains.
    """

    inherit_cache = True

    def __init__(self, value: ColumnElement[Any], order: ColumnElement[Any], cap: int) -> None:
        super().__init__(value, order, literal_column(str(cap)))
        self.type = ARRAY(value.type)


class element(FunctionElement[Any]):
    """The nth element of an array, counted from 1; null beyond its end."""

    inherit_cache = True

    def __init__(self, array: ColumnElement[Any], position: ColumnElement[int] | int) -> None:
        super().__init__(array, position)
        self.type = cast(ARRAY[Any], array.type).item_type


class has(FunctionElement[bool]):
    """Whether an array holds a value."""

    type = Boolean()
    inherit_cache = True


class length(FunctionElement[int]):
    """How many elements an array has."""

    type = Integer()
    inherit_cache = True


class each(FunctionElement[Any]):
    """One row for each value of an array; only in the list of what is selected."""

    inherit_cache = True

    def __init__(self, array: ColumnElement[Any]) -> None:
        super().__init__(array)
        self.type = cast(ARRAY[Any], array.type).item_type


class turns_back(FunctionElement[bool]):
    """Whether a trail comes to a path again by way of one other, or, where `redirect_ms` may hide that, may do so.

    Takes the trail's paths and their offsets in ms; pages left sooner than `redirect_ms` are no pages.
    """

    type = Boolean()
    inherit_cache = True

    def __init__(self, trail: ColumnElement[Any], offset_ms: ColumnElement[Any], redirect_ms: int) -> None:
        super().__init__(trail, offset_ms, literal_column(str(redirect_ms)))


class count_distinct(FunctionElement[int]):
    """How many different values a group has, nulls left out; exact on either engine."""

    type = BigInteger()
    inherit_cache = True


class quantile(FunctionElement[float]):
    """The given share's quantile (0 to 1) of a group's numbers, between two of them where it falls there."""

    type = Float()
    inherit_cache = True

    def __init__(self, value: ColumnElement[Any], share: float) -> None:
        super().__init__(value, literal_column(repr(float(share))))


class _property(FunctionElement[Any]):
    """One value of a column that holds a flat JSON object, such as `event.properties`.

    Null when the object or the key is absent, or the value is of another type. The key is a
    plain name (letters, digits, underscores); ValueError when it is not.
    """

    inherit_cache = True

    def __init__(self, properties: ColumnElement[Any], key: str) -> None:
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", key):
            raise ValueError(f"{key!r} is not the plain name of a property")
        super().__init__(properties, literal_column(f"'{key}'"))


class property_text(_property):
    """The text under a key of a column's JSON object, else null; the key is a plain name."""

    type = String()
    inherit_cache = True


class property_number(_property):
    """The number under a key of a column's JSON object, else null; the key is a plain name."""

    type = Float()
    inherit_cache = True


class property_flag(_property):
    """Whether a column's JSON object says true under a key; never null; the key is a plain name."""

    type = Boolean()
    inherit_cache = True


class quarter(FunctionElement[datetime]):
    """The beginning of a time's quarter of an hour."""

    type = DateTime()
    inherit_cache = True


class day(FunctionElement[datetime]):
    """The midnight before a time."""

    type = DateTime()
    inherit_cache = True


class hour(FunctionElement[datetime]):
    """The full hour before a time."""

    type = DateTime()
    inherit_cache = True


class later(FunctionElement[datetime]):
    """A time, so many seconds later."""

    type = DateTime()
    inherit_cache = True


_spell(epoch_ms, duckdb="epoch_ms({0})", clickhouse="toUnixTimestamp64Milli({0})")
_spell(whole_div, duckdb="(({0}) // ({1}))", clickhouse="intDiv({0}, {1})")
_spell(has_bits, duckdb="((coalesce({0}, 0) & ({1})) <> 0)", clickhouse="(bitAnd(coalesce({0}, 0), {1}) <> 0)")
_spell(contains, duckdb="contains(lower({0}), {1})", clickhouse="(position(lowerUTF8({0}), {1}) > 0)")
_spell(matches, duckdb="regexp_matches({0}, {1})", clickhouse="match({0}, {1})")
_spell(median, duckdb="median({0})", clickhouse="quantileExactInclusive(0.5)({0})")
_spell(bit_or, duckdb="bit_or({0})", clickhouse="groupBitOr({0})")
_spell(bit_xor, duckdb="xor({0}, {1})", clickhouse="bitXor({0}, {1})")
_spell(fingerprint, duckdb="hash({all})", clickhouse="sipHash64(tuple({all}))")
_spell(last_known, duckdb="last_value({0} IGNORE NULLS)", clickhouse="last_value({0})")
_spell(last_by, duckdb="arg_max({0}, {1})", clickhouse="argMax({0}, {1})")
_spell(
    ordered_list,
    duckdb="coalesce(list({0} ORDER BY {1}) FILTER (WHERE {1} <= {2}), [])",
    clickhouse="arrayMap(pair -> pair.2, arraySort(pair -> pair.1, "
    "groupArrayIf((assumeNotNull({1}), {0}), {1} <= {2})))",
)
_spell(element, duckdb="{0}[{1}]", clickhouse="arrayElementOrNull({0}, {1})")
_spell(has, duckdb="list_contains({0}, {1})", clickhouse="has({0}, {1})")
_spell(length, duckdb="len({0})", clickhouse="toInt64(length({0}))")
_spell(each, duckdb="unnest({0})", clickhouse="arrayJoin({0})")
_spell(
    turns_back,
    duckdb="list_contains(list_transform(range(1, len({0})), "
    "lambda i: {0}[i] = {0}[i + 2] OR {1}[i + 1] - {1}[i] < {2}), true)",
    clickhouse="arrayExists(i -> {0}[i] = {0}[i + 2] OR {1}[i + 1] - {1}[i] < {2}, range(1, length({0})))",
)
_spell(count_distinct, duckdb="count(DISTINCT {0})", clickhouse="toInt64(uniqExact({0}))")
_spell(quantile, duckdb="quantile_cont({0}, {1})", clickhouse="quantileExactInclusive({1})({0})")
_spell(quarter, duckdb="time_bucket(INTERVAL 15 MINUTES, {0})", clickhouse="toStartOfInterval({0}, INTERVAL 15 MINUTE)")
_spell(day, duckdb="date_trunc('day', {0})", clickhouse="toDateTime64(toStartOfDay({0}), 3, 'UTC')")
_spell(hour, duckdb="date_trunc('hour', {0})", clickhouse="toStartOfHour({0})")
_spell(later, duckdb="({0} + to_seconds({1}))", clickhouse="addSeconds({0}, {1})")
_spell(
    property_text,
    duckdb="CASE json_type({0}, {1}) WHEN 'VARCHAR' THEN json_extract_string({0}, {1}) END",
    clickhouse="if(JSONType({0}, {1}) = 'String', JSONExtractString({0}, {1}), NULL)",
)
_spell(
    property_number,
    duckdb="TRY_CAST(CAST(json_extract({0}, {1}) AS VARCHAR) AS DOUBLE)",  # a text has its quotes there
    clickhouse="if(JSONType({0}, {1}) IN ('Int64', 'UInt64', 'Double'), JSONExtractFloat({0}, {1}), NULL)",
)
_spell(
    property_flag,
    duckdb="coalesce(CAST(json_extract({0}, {1}) AS VARCHAR) = 'true', false)",
    clickhouse="coalesce(JSONType({0}, {1}) = 'Bool' AND JSONExtractBool({0}, {1}), false)",
)
