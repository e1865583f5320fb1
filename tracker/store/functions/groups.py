"""What is worked out over a group of rows or a window."""
# ruff: noqa: N801 - they are used as functions

from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Float, literal_column
from sqlalchemy.sql.functions import FunctionElement

from tracker.store.functions.spelling import spelled


@spelled(duckdb="median({0})", clickhouse="quantileExactInclusive(0.5)({0})")
class median(FunctionElement[float]):
    """The middle of a group's numbers, halfway between the two middle ones of an even group."""

    type = Float()
    inherit_cache = True


@spelled(duckdb="quantile_cont({0}, {1})", clickhouse="quantileExactInclusive({1})({0})")
class quantile(FunctionElement[float]):
    """The given share's quantile (0 to 1) of a group's numbers, between two of them where it falls there."""

    type = Float()
    inherit_cache = True

    def __init__(self, value: ColumnElement[Any], share: float) -> None:
        super().__init__(value, literal_column(repr(float(share))))


@spelled(duckdb="count(DISTINCT {0})", clickhouse="toInt64(uniqExact({0}))")
class count_distinct(FunctionElement[int]):
    """How many different values a group has, nulls left out; exact on either engine."""

    type = BigInteger()
    inherit_cache = True


@spelled(duckdb="bit_or({0})", clickhouse="groupBitOr({0})")
class bit_or(FunctionElement[int]):
    """All bits set in any number of a group or window."""

    type = BigInteger()
    inherit_cache = True


@spelled(duckdb="arg_max({0}, {1})", clickhouse="argMax({0}, {1})")
class last_by(FunctionElement[Any]):
    """The first argument (never null) where the second is greatest; rows where that is null do not count."""

    inherit_cache = True

    def __init__(self, value: ColumnElement[Any], order: ColumnElement[Any]) -> None:
        super().__init__(value, order)
        self.type = value.type


@spelled(duckdb="last_value({0} IGNORE NULLS)", clickhouse="last_value({0})")
class last_known(FunctionElement[Any]):
    """Over a window: the last value in it that is not null, null when there is none."""

    inherit_cache = True

    def __init__(self, value: ColumnElement[Any]) -> None:
        super().__init__(value)
        self.type = value.type


@spelled(duckdb="any_value({0})", clickhouse="any({0})")
class any_of(FunctionElement[Any]):
    """One of a group's values that are not null, whichever comes first; null when there are none."""

    inherit_cache = True

    def __init__(self, value: ColumnElement[Any]) -> None:
        super().__init__(value)
        self.type = value.type


@spelled(
    duckdb="coalesce(list({0} ORDER BY {1}) FILTER (WHERE {1} <= {2}), [])",
    clickhouse="arrayMap(pair -> pair.2, arraySort(pair -> pair.1, "
    "groupArrayIf((assumeNotNull({1}), {0}), {1} <= {2})))",
)
class ordered_list(FunctionElement[Any]):
    """The first argument's values (never null) in the order of the second, a number from 1, up to the third's.

    Rows where the order is null are left out; an empty list when nothing remains.
    """

    inherit_cache = True

    def __init__(self, value: ColumnElement[Any], order: ColumnElement[Any], cap: int) -> None:
        super().__init__(value, order, literal_column(str(cap)))
        self.type = ARRAY(value.type)


@spelled(duckdb="coalesce(list({0}) FILTER (WHERE {0} IS NOT NULL), [])", clickhouse="groupArray({0})")
class gathered(FunctionElement[Any]):
    """A group's values that are not null, in no order; an empty list when there are none."""

    inherit_cache = True

    def __init__(self, value: ColumnElement[Any]) -> None:
        super().__init__(value)
        self.type = ARRAY(value.type)
