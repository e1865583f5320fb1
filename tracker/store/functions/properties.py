"""Values in a column that holds a flat JSON object, such as `event.properties`."""
# ruff: noqa: N801 - they are used as functions

import re
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Float, String, literal_column
from sqlalchemy.sql.functions import FunctionElement

from tracker.store.functions.spelling import spelled


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


@spelled(
    duckdb="CASE json_type({0}, {1}) WHEN 'VARCHAR' THEN json_extract_string({0}, {1}) END",
    clickhouse="if(JSONType({0}, {1}) = 'String', JSONExtractString({0}, {1}), NULL)",
)
class property_text(_property):
    """The text under a key of a column's JSON object, else null; the key is a plain name."""

    type = String()
    inherit_cache = True


@spelled(
    duckdb="CASE WHEN json_type({0}, {1}) NOT IN ('NULL', 'OBJECT', 'ARRAY') THEN json_extract_string({0}, {1}) END",
    clickhouse="multiIf(JSONType({0}, {1}) = 'String', JSONExtractString({0}, {1}), "
    "JSONType({0}, {1}) IN ('Int64', 'UInt64', 'Double', 'Bool'), JSONExtractRaw({0}, {1}), NULL)",
)
class property_written(_property):
    """The text, number, true or false under a key of a column's JSON object as it is written, else null."""

    type = String()
    inherit_cache = True


@spelled(
    duckdb="TRY_CAST(CAST(json_extract({0}, {1}) AS VARCHAR) AS DOUBLE)",  # a text has its quotes there
    clickhouse="if(JSONType({0}, {1}) IN ('Int64', 'UInt64', 'Double'), JSONExtractFloat({0}, {1}), NULL)",
)
class property_number(_property):
    """The number under a key of a column's JSON object, else null; the key is a plain name."""

    type = Float()
    inherit_cache = True


@spelled(
    duckdb="coalesce(CAST(json_extract({0}, {1}) AS VARCHAR) = 'true', false)",
    clickhouse="coalesce(JSONType({0}, {1}) = 'Bool' AND JSONExtractBool({0}, {1}), false)",
)
class property_flag(_property):
    """Whether a column's JSON object says true under a key; never null; the key is a plain name."""

    type = Boolean()
    inherit_cache = True
