"""What an answer to a question looks like, as results of lists and as records."""

from typing import Any

import msgspec

from reports.question.answering import Answered
from reports.question.dimensions import GOAL, SIGNAL, TIMES, dimension_of
from reports.render.json import ColumnShape
from reports.report import Cell, Column, Kind, Row

BEFORE = "_before"
_KINDS: dict[str, Kind] = {"path": "path", "entry": "path", "exit": "path", "element": "element", "source": "source"}


class BeforeShape(msgspec.Struct, frozen=True):
    """The same of the range that it is compared with."""

    metrics: list[Cell]


class ResultShape(msgspec.Struct, frozen=True, omit_defaults=True):
    """One row: values of dimensions and of measures, each in the order in which they were asked for."""

    dimensions: list[Cell]
    metrics: list[Cell]
    comparison: BeforeShape | None = None


class MetaShape(msgspec.Struct, frozen=True, omit_defaults=True):
    """What else there is to say. `total_rows` are those of all pages; `compared` is the other range."""

    notes: list[str]
    took_ms: int
    imports_included: bool | None = None
    total_rows: int | None = None
    time_labels: list[str] | None = None
    compared: list[str] | None = None


class ResultsShape(msgspec.Struct, frozen=True, omit_defaults=True):
    """An answer. It has `results`, or in their place `records` where that shape was asked for.

    `columns` says how to read the values, `query` what was asked with all that was left out in it. A record is
    keyed by the names as they were given; what it was before has `_before` after the name.
    """

    columns: list[ColumnShape]
    meta: MetaShape
    query: dict[str, Any]
    results: list[ResultShape] | None = None
    records: list[dict[str, Cell]] | None = None


def shape(answered: Answered) -> ResultsShape:
    """Turn an answer into what is promised."""
    asked, span = answered.question, answered.question.scope.range
    return ResultsShape(
        columns=[ColumnShape(one.name, one.title, one.kind, one.help) for one in columns(answered)],
        meta=_meta(answered),
        query={**asked.said, "date_range": [span.start.isoformat(), span.end.isoformat()]},
        results=_results(answered) if asked.shape == "results" else None,
        records=records(answered) if asked.shape == "records" else None,
    )


def records(answered: Answered) -> list[Row]:
    """Return each row by the names of its columns."""
    if answered.question.scope.compared is None:
        return list(answered.rows)
    names = [one.given for one in answered.question.numbers]
    return [
        row | {name + BEFORE: before[name] if before else None for name in names}
        for row, before in zip(answered.rows, answered.before, strict=True)
    ]


def columns(answered: Answered) -> list[Column]:
    """Say what stands under each name of a record."""
    asked = answered.question
    found = [_of_dimension(one.given, one.name) for one in asked.groups]
    numbers = [Column(one.given, one.measure.title, one.measure.kind, one.measure.help) for one in asked.numbers]
    if asked.scope.compared is None:
        return found + numbers
    return found + numbers + [Column(one.name + BEFORE, f"{one.title} before", one.kind, one.help) for one in numbers]


def _results(answered: Answered) -> list[ResultShape]:
    asked = answered.question
    groups, names = [one.given for one in asked.groups], [one.given for one in asked.numbers]
    compares = asked.scope.compared is not None
    return [
        ResultShape(
            [row[name] for name in groups],
            [row[name] for name in names],
            BeforeShape([before[name] if before else None for name in names]) if compares else None,
        )
        for row, before in zip(answered.rows, answered.before, strict=True)
    ]


def _meta(answered: Answered) -> MetaShape:
    other = answered.question.scope.compared
    return MetaShape(
        notes=list(answered.notes),
        took_ms=answered.took_ms,
        imports_included=False if "imports" in answered.question.include else None,
        total_rows=answered.total,
        time_labels=None if answered.labels is None else list(answered.labels),
        compared=[other.start.isoformat(), other.end.isoformat()] if other else None,
    )


def _of_dimension(given: str, name: str) -> Column:
    if name in TIMES:
        return Column(given, "Time", "time", TIMES[name])
    if name == SIGNAL:
        return Column(given, "Struggle", "text", "Which signal it is; each has its definition.")
    title = "Goal" if name == GOAL else dimension_of(name).title
    return Column(given, title, _KINDS.get(name, "text"), "Null where nothing tells.")
