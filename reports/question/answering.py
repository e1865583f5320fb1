"""Answers a question by one statement, which is put together of a part for each kind of row that is counted."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Float, Select, cast, func, literal, select, union_all

from reports.goals import NO_GOALS
from reports.measures import Measure, Sum, filled
from reports.query.filters import Filter
from reports.question.asked import Number, Question
from reports.question.dimensions import GOAL
from reports.question.measures import sums_in
from reports.question.parts import Keys, number_label, part_of
from reports.question.times import is_time, step_of
from reports.report import Ask, Row
from reports.run import TIMEOUT_S, bounded
from reports.scope import MOST_ROWS, Scope
from tracker.errors import InvalidInputError
from tracker.store.base import EventStore

WITHIN_DAYS = "Visitors are told apart within a day only; those of several days are the sum of the days."
MORE = "There are more rows than these; go on with pagination."


@dataclass(frozen=True)
class Answered:
    """Rows by the names that were given, and of each its like in the range compared with.

    That is empty where there was none, None where it is not known. `total` is how many rows there are
    on all pages, `labels` the steps of time; both where they were asked for.
    """

    question: Question
    rows: Sequence[Row]
    before: Sequence[Row | None]
    total: int | None
    labels: Sequence[str] | None
    notes: Sequence[str]
    took_ms: int


@dataclass(frozen=True, eq=True)
class _Count:
    """A sum that is needed; those behind a rate of goals are of visits whether or not they reached one."""

    sum: Sum
    of_goals: bool

    @property
    def label(self) -> str:
        return number_label(self.sum) + ("_for_goals" if self.of_goals else "")


def answer(question: Question, store: EventStore, timeout_s: float = TIMEOUT_S) -> Answered:
    """Answer a question; QueryTimeoutError when that takes too long, InvalidInputError when it cannot be asked so."""
    started = time.monotonic()
    ask = Ask(store, started + timeout_s)
    scope = bounded(question.scope, ask)
    keys = _keys(question, scope)
    grouped = _grouped(question, scope, keys)
    records = ask(_ordered(question, grouped, keys).limit(question.limit + 1).offset(question.offset))
    more, records = len(records) > question.limit, records[: question.limit]
    several_days = scope.range.days > 1 and any(one.name == "visitors" for one in question.numbers)
    return Answered(
        question=replace(question, scope=scope),
        rows=[_row(question, keys, record) for record in records],
        before=_before(question, scope, keys, records, ask),
        total=_total(grouped, ask) if "total_rows" in question.include else None,
        labels=list(keys.step.labels.values()) if keys.step and "time_labels" in question.include else None,
        notes=[*([WITHIN_DAYS] if several_days else []), *([MORE] if more else [])],
        took_ms=round((time.monotonic() - started) * 1000),
    )


def _keys(question: Question, scope: Scope) -> Keys:
    names = tuple(one.name for one in question.groups)
    times = [name for name in names if is_time(name)]
    return Keys(names, step_of(times[0], scope.range, scope.now) if times else None)


def _grouped(question: Question, scope: Scope, keys: Keys) -> Select[Any]:
    """Select the keys and all counts that the question's measures need, one row a group."""
    needed = list(dict.fromkeys(count for one in question.numbers for count in _counts(one.measure)))
    kinds = list(dict.fromkeys((one.sum.of, one.of_goals) for one in needed))
    for_goals = _for_goals(scope) if any(of_goals for _, of_goals in kinds) else scope
    zero = cast(literal(0), BigInteger)
    parts = []
    for kind in kinds:
        counts = [one for one in needed if (one.sum.of, one.of_goals) == kind]
        part = part_of(kind[0], [one.sum for one in counts], for_goals if kind[1] else scope, keys).subquery()
        numbers = [(part.c[number_label(one.sum)] if one in counts else zero).label(one.label) for one in needed]
        parts.append(select(*(part.c[label] for label in keys.labels), *numbers))
    rows = union_all(*parts).subquery("counted")
    sums = (cast(func.coalesce(func.sum(rows.c[one.label]), 0), BigInteger).label(one.label) for one in needed)
    by = [rows.c[label] for label in keys.labels]
    return select(*by, *sums).group_by(*by)


def _for_goals(scope: Scope) -> Scope:
    """Return the scope of which goals are a part: without filters on goals, which say which goals are meant."""
    about = [one for one in scope.filters if isinstance(one, Filter) and one.dimension.by_goals]
    goals = [goal for goal in scope.site.goals if all(one.is_about(goal.name) for one in about if not one.is_negated)]
    if not goals:
        raise InvalidInputError("metrics", NO_GOALS.rstrip(".") if not scope.site.goals else "no goal fits the filters")
    filters = tuple(one for one in scope.filters if one not in about)
    return replace(scope, site=replace(scope.site, goals=tuple(goals)), filters=filters)


def _ordered(question: Question, grouped: Select[Any], keys: Keys) -> Select[Any]:
    found = grouped.subquery("found")
    values: dict[str, ColumnElement[Any]] = {
        one.given: found.c[label] for one, label in zip(question.groups, keys.labels, strict=True)
    }
    values |= {one.given: _worked_out(one, found.c) for one in question.numbers}
    ways = [values[one.by].desc() if one.descending else values[one.by].asc() for one in question.order]
    ties = [found.c[label].asc() for label in keys.labels]
    return select(found).order_by(*(way.nulls_last() for way in (*ways, *ties)))


def _worked_out(one: Number, columns: Any) -> ColumnElement[Any]:
    over, *under = (columns[count.label] for count in _counts(one.measure))
    return cast(over, Float) / func.nullif(under[0], 0) if under else over


def _total(grouped: Select[Any], ask: Ask) -> int:
    [counted] = ask(select(func.count().label("groups")).select_from(grouped.subquery("found")))
    return int(counted["groups"])


def _row(question: Question, keys: Keys, record: Mapping[str, Any]) -> Row:
    row: Row = {}
    for one, label in zip(question.groups, keys.labels, strict=True):
        value = record[label]
        row[one.given] = keys.step.labels.get(int(value)) if keys.step and is_time(one.name) else value
    return row | _numbers(question, record)


def _numbers(question: Question, record: Mapping[str, Any]) -> Row:
    row: Row = {}
    for one in question.numbers:
        sums = {count.sum.name: record.get(count.label) for count in _counts(one.measure)}
        row[one.given] = filled([one.measure], sums)[one.measure.name]
    return row


def _before(
    question: Question, scope: Scope, keys: Keys, records: Sequence[Mapping[str, Any]], ask: Ask
) -> Sequence[Row | None]:
    """Find the like of each row in the other range: of a step of time, that in the same place."""
    if scope.compared is None:
        return [None] * len(records)
    other = replace(scope, range=scope.compared)
    other_keys = _keys(question, other)
    found = ask(_ordered(question, _grouped(question, other, other_keys), other_keys).limit(MOST_ROWS + 1))
    like = {_place(question, other_keys, record): _numbers(question, record) for record in found}
    missing: Row | None = _numbers(question, {}) if len(found) <= MOST_ROWS else None
    return [like.get(_place(question, keys, record), missing) for record in records]


def _place(question: Question, keys: Keys, record: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(
        keys.step.places.get(int(record[label])) if keys.step and is_time(one.name) else record[label]
        for one, label in zip(question.groups, keys.labels, strict=True)
    )


def _counts(measure: Measure) -> list[_Count]:
    sums = sums_in(measure)
    of_goals = any(one.of == GOAL for one in sums)
    return [_Count(one, of_goals) for one in sums]
