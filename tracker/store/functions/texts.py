"""Texts: searched, changed, and other values written as such."""
# ruff: noqa: N801 - they are used as functions

from datetime import datetime

from sqlalchemy import Boolean, DateTime, String
from sqlalchemy.sql.functions import FunctionElement

from tracker.store.functions.spelling import spelled


@spelled(duckdb="contains(lower({0}), {1})", clickhouse="(position(lowerUTF8({0}), {1}) > 0)")
class contains(FunctionElement[bool]):
    """Whether a text contains another, whatever the case; the second is given in lower case."""

    type = Boolean()
    inherit_cache = True


@spelled(duckdb="starts_with({0}, {1})", clickhouse="startsWith({0}, {1})")
class starts_with(FunctionElement[bool]):
    """Whether a text begins with another."""

    type = Boolean()
    inherit_cache = True


@spelled(duckdb="regexp_matches({0}, {1})", clickhouse="match({0}, {1})")
class matches(FunctionElement[bool]):
    """Whether a regular expression (RE2) is found in a text."""

    type = Boolean()
    inherit_cache = True


@spelled(duckdb="replace({0}, {1}, {2})", clickhouse="replaceAll({0}, {1}, {2})")
class replaced(FunctionElement[str]):
    """A text with another in the place of a third, everywhere."""

    type = String()
    inherit_cache = True


@spelled(
    duckdb="replace(replace(replace(to_base64(encode({0})), '+', '-'), '/', '_'), '=', '')",
    clickhouse="replaceAll(translate(base64Encode({0}), '+/', '-_'), '=', '')",
)
class base64_text(FunctionElement[str]):
    """A text's bytes in base64 as addresses take it (RFC 4648, section 5), without padding."""

    type = String()
    inherit_cache = True


@spelled(duckdb="CAST(to_json({0}) AS VARCHAR)", clickhouse="toJSONString({0})")
class json_text(FunctionElement[str]):
    """A text, flag or list as JSON; null when it is null."""

    type = String()
    inherit_cache = True


@spelled(duckdb="strftime({0}, '%Y-%m-%dT%H:%M:%S.%gZ')", clickhouse="concat(replaceOne(toString({0}), ' ', 'T'), 'Z')")
class written_time(FunctionElement[str]):
    """A time in ISO 8601, in UTC, to the millisecond."""

    type = String()
    inherit_cache = True


@spelled(duckdb="timezone('UTC', {0})", clickhouse="{0}")
class utc_moment(FunctionElement[datetime]):
    """A time that says of itself that it is in UTC, for files."""

    type = DateTime()
    inherit_cache = True
