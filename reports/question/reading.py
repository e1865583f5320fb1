"""Reads a question from its body, or from the words of an address."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeVar

import msgspec

from reports.query.filters import Criterion, check_all, parse_filters, texts_of
from reports.query.ranges import COMPARISONS, compared
from reports.query.words import check_known, check_words, nearest
from reports.question.asked import Group, Number, Order, Question, Shape
from reports.question.dates import TIMES, read_dates
from reports.question.dimensions import ALIASES, grouped_by, meant
from reports.question.measures import ASKABLE, BY_NAME, Askable
from reports.question.times import is_time
from reports.question.trees import read_trees
from reports.scope import BOTS, DEFAULT_RANGE, MOST_ROWS, Scope, check_goals, filters_of
from tracker.checking import check_number
from tracker.clock import utc_now
from tracker.errors import InvalidInputError
from tracker.sites import SiteInfo

MOST_METRICS = 20
MOST_DIMENSIONS = 6
MOST_OFFSET = 1_000_000
INCLUDES = ("total_rows", "time_labels", "imports")
WORDS = (
    "site_id",
    "metrics",
    "date_range",
    "dimensions",
    "filter",
    "segment",
    "order_by",
    "include",
    "limit",
    "offset",
    "compare",
    "bots",
    "shape",
)
_LISTS = ("metrics", "dimensions", "filter", "order_by", "include")
"""Words that may be given more than once."""
SHAPES: tuple[Shape, ...] = ("results", "records")
T = TypeVar("T")


class Include(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What else to tell. `imports` changes nothing: what was imported is told apart."""

    total_rows: bool = False
    time_labels: bool = False
    imports: bool = False


class Pagination(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Which rows: `limit` of them, after the first `offset`."""

    limit: int = MOST_ROWS
    offset: int = 0


class Body(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A question as it is sent; docs/api/query.md tells its fields."""

    site_id: str
    metrics: list[str]
    date_range: str | list[str] = DEFAULT_RANGE
    dimensions: list[str] = []
    filters: list[object] = []
    order_by: list[tuple[str, Literal["asc", "desc"]]] = []
    include: Include = Include()
    pagination: Pagination = Pagination()
    segment: str = ""
    compare: str = COMPARISONS[0]
    bots: str = BOTS[0]
    shape: Shape = SHAPES[0]


@dataclass(frozen=True)
class Words:
    """A question from an address: its body, and filters in the words of reports."""

    body: Body
    filters: tuple[Criterion, ...]


def read_words(given: Mapping[str, Sequence[str]]) -> Words:
    """Read a question from an address: lists have commas between, `order_by` is `visitors:desc`."""
    check_words(given, WORDS, _LISTS)
    one = {word: values[-1] for word, values in given.items()}
    shape = one.get("shape", SHAPES[0])
    if shape not in SHAPES:
        raise InvalidInputError("shape", f"use one of {', '.join(SHAPES)}")
    dates = one.get("date_range", DEFAULT_RANGE)
    body = Body(
        site_id=one.get("site_id", ""),
        metrics=_listed(given, "metrics"),
        date_range=dates.split(",") if "," in dates else dates,
        dimensions=_listed(given, "dimensions"),
        order_by=[_ordered(text) for text in _listed(given, "order_by")],
        include=_included(_listed(given, "include")),
        pagination=Pagination(_whole(one, "limit", 1, MOST_ROWS, MOST_ROWS), _whole(one, "offset", 0, MOST_OFFSET, 0)),
        segment=one.get("segment", ""),
        compare=one.get("compare", COMPARISONS[0]),
        bots=one.get("bots", BOTS[0]),
        shape="records" if shape == "records" else "results",
    )
    return Words(body, parse_filters(given.get("filter", ())))


def read_question(
    site: SiteInfo, body: Body, filters: tuple[Criterion, ...] = (), now: datetime | None = None
) -> Question:
    """Make a question of a body; InvalidInputError names the field that is at fault, and what may stand there.

    `filters` are those of the word `filter` in an address.
    """
    now = now or utc_now()
    groups = tuple(Group(given, grouped_by(given)) for given in _unlike("dimensions", body.dimensions, MOST_DIMENSIONS))
    names = {one.name: one.given for one in groups}
    if sum(map(is_time, names)) > 1:
        raise InvalidInputError("dimensions", "only one of them can be a time")
    if not body.metrics:
        raise InvalidInputError("metrics", f"name at least one of {', '.join(one.name for one in ASKABLE)}")
    numbers = tuple(_number(given, names) for given in _unlike("metrics", body.metrics, MOST_METRICS))
    if (len({one.given for one in groups} | {one.given for one in numbers})) < len(groups) + len(numbers):
        raise InvalidInputError("dimensions", "a measure and a dimension cannot go by one name")
    scope = _scope(site, body, filters, now)
    limit, offset = body.pagination.limit, body.pagination.offset
    if not 1 <= limit <= MOST_ROWS:
        raise InvalidInputError("pagination", f"limit must be a whole number from 1 to {MOST_ROWS}")
    if not 0 <= offset <= MOST_OFFSET:
        raise InvalidInputError("pagination", f"offset must be a whole number from 0 to {MOST_OFFSET}")
    return Question(
        scope=scope,
        numbers=numbers,
        groups=groups,
        order=_order(body, groups, numbers),
        include=frozenset(name for name in INCLUDES if getattr(body.include, name)),
        limit=limit,
        offset=offset,
        shape=body.shape,
        said=_said(body, scope, filters),
    )


def _scope(site: SiteInfo, body: Body, filters: tuple[Criterion, ...], now: datetime) -> Scope:
    segment = _known("segment", body.segment, {one.name: one for one in site.segments}) if body.segment else None
    of_segment = filters_of(segment) if segment else ()
    _saying("segment", lambda: check_goals(site, of_segment))
    chosen = (*read_trees(body.filters), *filters, *of_segment)
    asked = "filter" if filters else "filters"
    _saying(asked, lambda: check_all(chosen))
    _saying(asked, lambda: check_goals(site, chosen))
    span = read_dates(body.date_range, site.tzinfo, now)
    _known("compare", body.compare, {one: one for one in COMPARISONS})
    if body.compare != COMPARISONS[0] and span.name == TIMES:
        raise InvalidInputError("compare", "takes a date_range of whole days")
    return Scope(
        site=site,
        range=span,
        filters=chosen,
        compare=body.compare,
        compared=compared(body.compare, span, now),
        bots=_known("bots", body.bots, {one: one for one in BOTS}),
        limit=body.pagination.limit,
        now=now,
        segment=segment,
    )


def _number(given: str, names: Mapping[str, str]) -> Number:
    if given not in BY_NAME:
        raise InvalidInputError("metrics", f"no measure is named {given[:64]!r}; {nearest(given, BY_NAME)}")
    found: Askable = BY_NAME[given]
    return Number(given, found.name, meant(found, given, names, ASKABLE))


def _order(body: Body, groups: Sequence[Group], numbers: Sequence[Number]) -> tuple[Order, ...]:
    """Return the order that is asked for; else times go forward, and what is most comes first."""
    asked: list[Group | Number] = [*groups, *numbers]
    ours = {name: one.given for one in asked for name in (one.name, one.given)}
    if not body.order_by:
        by_time = [Order(one.given, descending=False) for one in groups if is_time(one.name)]
        return tuple(by_time or [Order(numbers[0].given, descending=True)])
    if len(body.order_by) > len(groups) + len(numbers):
        raise InvalidInputError("order_by", "names more than is asked for")
    orders = []
    for by, way in body.order_by:
        name = ours.get(by) or ours.get(ALIASES.get(by, ""))
        if name is None:
            raise InvalidInputError("order_by", f"{by[:64]!r} is not asked for; use one of {', '.join(ours)}")
        orders.append(Order(name, way == "desc"))
    return tuple(orders)


def _said(body: Body, scope: Scope, filters: tuple[Criterion, ...]) -> dict[str, object]:
    said: dict[str, object] = msgspec.to_builtins(body)
    return {**said, "site_id": scope.site.key, **({"filter": texts_of(filters)} if filters else {})}


def _unlike(field: str, given: Sequence[str], most: int) -> Sequence[str]:
    if len(given) > most:
        raise InvalidInputError(field, f"at most {most}, not {len(given):,}")
    if len(set(given)) < len(given):
        raise InvalidInputError(field, "one is given twice")
    return given


def _known(field: str, word: str, known: Mapping[str, T]) -> T:
    check_known(field, word, known)
    return known[word]


def _saying(field: str, check: Callable[[], None]) -> None:
    """Name the field that its sender wrote."""
    try:
        check()
    except InvalidInputError as error:
        raise InvalidInputError(field, error.problem) from error


def _listed(given: Mapping[str, Sequence[str]], word: str) -> list[str]:
    return [part.strip() for text in given.get(word, ()) for part in text.split(",") if part.strip()]


def _ordered(text: str) -> tuple[str, Literal["asc", "desc"]]:
    name, colon, way = text.rpartition(":")
    if colon and way in ("asc", "desc"):
        return name, "desc" if way == "desc" else "asc"
    raise InvalidInputError("order_by", f"{text[:64]!r} must end in :asc or :desc")


def _included(names: Sequence[str]) -> Include:
    for name in names:
        _known("include", name, {one: one for one in INCLUDES})
    return Include(**dict.fromkeys(names, True))


def _whole(one: Mapping[str, str], word: str, least: int, most: int, default: int) -> int:
    return check_number(word, one.get(word, str(default)), least, most)
