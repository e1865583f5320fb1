"""Values reach ClickHouse as values, whatever is in them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import ARRAY, Date, DateTime, String, cast, column, func, literal, select
from sqlalchemy.exc import CompileError

from tracker.store.clickhouse import ClickHouseStore
from tracker.store.clickhouse_dialect import spell
from tracker.store.schema import event

HOSTILE = (
    "'; DROP TABLE event; --",
    "\\'; DROP TABLE event; --",
    "{p0:String} {p1:Int64}",
    "%s %(a)s %% :a ? $1",
    "\0 \n \r \t \b \x1b",
    "\\N",
    "\\x41",
    "`\"'",
    "żółw 💥 \u202e",
    "",
)


def one(store: ClickHouseStore, value: Any) -> Any:
    return store.query(select(value)).rows[0][0]


@pytest.mark.clickhouse
@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_stays_a_text(clickhouse_store: ClickHouseStore, text: str) -> None:
    assert one(clickhouse_store, literal(text)) == text
    assert one(clickhouse_store, literal([text, "a"], ARRAY(String))) == [text, "a"]
    words = select(literal(text).label("word")).subquery()
    assert clickhouse_store.query(select(words.c.word).where(words.c.word.in_([text, "x"]))).rows == [(text,)]
    assert clickhouse_store.query(select(words.c.word).where(words.c.word.contains(text, autoescape=True))).rows
    assert clickhouse_store.query(select(func.count()).select_from(event)).rows == [(0,)], "the table still stands"


@pytest.mark.clickhouse
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(), max_size=5), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False))
def test_any_value_comes_back(clickhouse_store: ClickHouseStore, texts: list[str], number: int, share: float) -> None:
    statement = select(literal(texts, ARRAY(String)), literal(number), literal(share))
    assert clickhouse_store.query(statement).rows == [(texts, number, share)]


@pytest.mark.clickhouse
@pytest.mark.parametrize("value", [None, True, False, 0, -1, 1.5, datetime(2026, 3, 1, 10, 0, 0, 123_000)])  # noqa: DTZ001
def test_every_type_comes_back(clickhouse_store: ClickHouseStore, value: Any) -> None:
    found = one(clickhouse_store, literal(value))
    assert (found, type(found)) == (value, type(value))


@pytest.mark.clickhouse
def test_times_are_utc_to_the_millisecond(clickhouse_store: ClickHouseStore) -> None:
    moment = datetime(2026, 3, 1, 10, 0, 0, 123_000, tzinfo=UTC)
    bound = literal(moment, DateTime)
    assert one(clickhouse_store, bound) == moment.replace(tzinfo=None)
    assert one(clickhouse_store, bound - timedelta(hours=1)) == moment.replace(tzinfo=None) - timedelta(hours=1)
    assert one(clickhouse_store, literal(date(2026, 3, 1), Date)) == date(2026, 3, 1)


@pytest.mark.clickhouse
def test_a_list_too_long_for_an_address_is_sent_too(clickhouse_store: ClickHouseStore) -> None:
    many = [f"/{number}'" for number in range(3000)]
    words = select(literal("/2999'").label("word")).subquery()
    assert clickhouse_store.query(select(words.c.word).where(words.c.word.in_(many))).rows == [("/2999'",)]
    assert not clickhouse_store.query(select(words.c.word).where(words.c.word.not_in(many))).rows
    assert not clickhouse_store.query(select(words.c.word).where(words.c.word.in_([]))).rows


def test_no_value_is_in_the_text_of_a_statement() -> None:
    statement = (
        select(event.c.path, cast(literal("marked"), String))
        .where(event.c.path == "marked", event.c.kind.in_(["marked"]), event.c.path.icontains("marked"))
        .limit(4711)
    )
    spelled = spell(statement)
    assert "marked" not in spelled.text
    assert "4711" not in spelled.text
    assert spelled.columns == ("path", "anon_1")


def test_a_value_of_no_known_type_is_refused() -> None:
    with pytest.raises(CompileError, match="no ClickHouse type"):
        spell(select(column("path") == object()))
