"""Numbers of a row."""
# ruff: noqa: N801 - they are used as functions

from sqlalchemy import BigInteger, Boolean
from sqlalchemy.sql.functions import FunctionElement

from tracker.store.functions.spelling import spelled


@spelled(duckdb="epoch_ms({0})", clickhouse="toUnixTimestamp64Milli({0})")
class epoch_ms(FunctionElement[int]):
    """Milliseconds since 1970 of a time."""

    type = BigInteger()
    inherit_cache = True


@spelled(duckdb="(({0}) // ({1}))", clickhouse="intDiv({0}, {1})")
class whole_div(FunctionElement[int]):
    """How many whole times the second number goes into the first, both positive."""

    type = BigInteger()
    inherit_cache = True


@spelled(duckdb="((coalesce({0}, 0) & ({1})) <> 0)", clickhouse="(bitAnd(coalesce({0}, 0), {1}) <> 0)")
class has_bits(FunctionElement[bool]):
    """Whether the first number has any of the second's bits; false when it is null."""

    type = Boolean()
    inherit_cache = True


@spelled(duckdb="xor({0}, {1})", clickhouse="bitXor({0}, {1})")
class bit_xor(FunctionElement[int]):
    """Two numbers' exclusive or; no sum can run over."""

    type = BigInteger()
    inherit_cache = True


@spelled(duckdb="hash({all})", clickhouse="sipHash64(tuple({all}))")
class fingerprint(FunctionElement[int]):
    """A 64-bit number that stands for some values, nulls and arrays among them; each engine has its own."""

    type = BigInteger()
    inherit_cache = True


@spelled(
    duckdb="CAST(CAST('0x' || substr(sha256({0}), 1, 15) AS UBIGINT) AS BIGINT)",
    clickhouse="toInt64(bitShiftRight(reinterpretAsUInt64(reverse(substring(SHA256({0}), 1, 8))), 4))",
)
class sealed(FunctionElement[int]):
    """The first 60 bits of a text's SHA-256 as a number, the same on either engine; null where the text is."""

    type = BigInteger()
    inherit_cache = True
