"""What a row of `struggle` takes from the event that an incident begins with, and what it adds."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Integer, Select, and_, case, cast, literal, null, select

from tracker.store.schema import event, struggle

OF_ITS_EVENT = tuple(column.name for column in struggle.c if column.name in event.c)
_MOST = 1_000_000_000


def incident(
    rows: FromClause,
    signal: str | ColumnElement[Any],
    *,
    repetitions: int | ColumnElement[Any] = 1,
    duration_ms: int | ColumnElement[Any] = 0,
    detail: ColumnElement[Any] | None = None,
    **instead: ColumnElement[Any],
) -> Select[Any]:
    """Select all columns of `struggle` from rows that have those of the event that it begins with.

    `instead` replaces some of these, by name.
    """
    added: dict[str, Any] = {
        "signal": literal(signal) if isinstance(signal, str) else signal,
        "repetitions": cast(repetitions, Integer),
        "duration_ms": cast(duration_ms, Integer),
        "detail": null() if detail is None else detail,
        **instead,
    }
    return select(
        *(
            added[column.name].label(column.name) if column.name in added else rows.c[column.name]
            for column in struggle.c
        )
    )


def found(
    rows: FromClause,
    signal: str,
    *,
    repetitions: int | ColumnElement[Any] = 1,
    duration_ms: int | ColumnElement[Any] = 0,
    detail: ColumnElement[Any] | None = None,
) -> Select[Any]:
    """Select the number of the event and what is added to it alone: for where sorting rows as wide as that is dear."""
    return select(
        rows.c.ingest_id,
        literal(signal).label("signal"),
        cast(repetitions, Integer).label("repetitions"),
        cast(duration_ms, Integer).label("duration_ms"),
        (null() if detail is None else detail).label("detail"),
    )


def as_column(limit: Any) -> ColumnElement[int]:
    """Return a limit, a number or an expression, as something that rows can carry on."""
    return literal(limit) if isinstance(limit, int) else limit


def whole(number: ColumnElement[float]) -> ColumnElement[int]:
    """Return a property's number without its fraction; 0 when it is absent, negative or absurdly great."""
    return cast(case((and_(number >= 0, number <= _MOST), number), else_=0), Integer)
