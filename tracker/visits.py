"""Visits, derived from events: what one visitor does without a pause of half an hour, as one person.

Views, clicks and custom events are things that a visitor does; engaged time prolongs a visit
from the moment it began and never starts one. Where another person signs in on the same browser,
a visit ends and theirs begins. Everything is computed from the events alone,
so that deriving again gives the same whatever the order in which they came.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    Subquery,
    and_,
    case,
    func,
    literal,
    null,
    select,
)

from tracker.signals import DEAD, ERROR, SLOW, worked
from tracker.store.functions import bit_or, bit_xor, epoch_ms, has_bits, last_by, last_known, ordered_list
from tracker.store.schema import TRAIL_CAP, VISIT_GAP_S, event, visit

GAP_MS = VISIT_GAP_S * 1000
UNENGAGED_BELOW_MS = 10_000
DOINGS = ("view", "click", "custom")
OF_A_VISIT = (*DOINGS, "engagement")

OF_FIRST_VIEW = ("source", "medium", "referrer", "campaign", "campaign_term", "campaign_content")
OF_FIRST_EVENT = (
    "device",
    "browser",
    "browser_version",
    "os",
    "os_version",
    "screen",
    "language",
    "country",
    "region",
    "city",
    "place_approximate",
    "label",
    "agent",
)
_OF_STEPS = (
    *("site_id", "visitor_id", "ingest_id", "kind", "view_id", "seq"),
    *("occurred_at", "signals", "path", "element", "login_id"),
)


def begin_ms(happened: FromClause) -> ColumnElement[int]:
    """Return when an event began, in ms since 1970: engaged time is stored with its end."""
    spent = case((happened.c.kind == "engagement", func.coalesce(happened.c.engaged_ms, 0)), else_=0)
    return epoch_ms(happened.c.occurred_at) - spent


def touched_by(fresh: FromClause, earliest: datetime | ColumnElement[datetime] | None = None) -> Select[Any]:
    """Select whose visits `fresh` events (columns of `schema.event`) may change, and since when.

    Gives site_id, visitor_id, since: for `visits_of`, and to delete their visits that started
    then or later. A visit is touched when an event begins before a pause has passed after it.
    `earliest`, no later than a pause before any of these begins, spares the engine old visits.
    """
    reach = (
        select(
            fresh.c.site_id,
            fresh.c.visitor_id,
            func.min(fresh.c.occurred_at).label("first_at"),
            (func.min(begin_ms(fresh)) - GAP_MS).label("reach_ms"),
        )
        .where(fresh.c.visitor_id.is_not(None), fresh.c.kind.in_(OF_A_VISIT))
        .group_by(fresh.c.site_id, fresh.c.visitor_id)
        .subquery("reach")
    )
    near = and_(
        visit.c.site_id == reach.c.site_id,
        visit.c.visitor_id == reach.c.visitor_id,
        epoch_ms(visit.c.ended_at) >= reach.c.reach_ms,
        *([visit.c.ended_at >= earliest] if earliest is not None else []),
    )
    since = func.min(case((visit.c.started_at < reach.c.first_at, visit.c.started_at), else_=reach.c.first_at))
    return (
        select(reach.c.site_id, reach.c.visitor_id, since.label("since"))
        .select_from(reach.outerjoin(visit, near))
        .group_by(reach.c.site_id, reach.c.visitor_id)
    )


def visits_of(*conditions: ColumnElement[bool], touched: FromClause | None = None) -> Select[Any]:
    """Select the visits, in the columns of `schema.visit`, of the events that meet `conditions`.

    `touched` (site_id, visitor_id, since) restricts them to these visitors' events from
    `since` on, which must be the beginning of a visit or lie in a pause.
    """
    happened = _happened(conditions, touched)
    spaced = _spaced(_steps(happened))
    return _with_attributes(_visits(_members(_chained(_turned(_chained(spaced))))), happened)


def _happened(conditions: tuple[ColumnElement[bool], ...], touched: FromClause | None) -> CTE:
    source: FromClause = event
    if touched is not None:
        source = event.join(
            touched,
            and_(
                event.c.site_id == touched.c.site_id,
                event.c.visitor_id == touched.c.visitor_id,
                event.c.occurred_at >= touched.c.since,
            ),
        )
    names = (*_OF_STEPS, "engaged_ms", "affordance", "trusted", "host", *OF_FIRST_VIEW, *OF_FIRST_EVENT)
    return (
        select(*(event.c[name] for name in names))
        .select_from(source)
        .where(event.c.visitor_id.is_not(None), event.c.kind.in_(OF_A_VISIT), *conditions)
        .cte("happened")
    )


def _steps(happened: FromClause) -> Subquery:
    """Keep only what the order of events decides on: the sorts to come are as dear as their rows are wide."""
    c = happened.c
    return select(
        *(c[name] for name in _OF_STEPS),
        epoch_ms(c.occurred_at).label("at_ms"),
        begin_ms(happened).label("begin_ms"),
        case((c.kind == "view", 1), else_=0).label("is_view"),
        case((c.kind.in_(DOINGS), 1), else_=0).label("is_doing"),
        case((worked(happened), 1), else_=0).label("worked"),
        case((c.kind == "engagement", func.coalesce(c.engaged_ms, 0)), else_=0).label("engaged"),
    ).subquery("step")


def _order(rows: FromClause) -> list[ColumnElement[Any]]:
    return [rows.c.at_ms, rows.c.view_id, rows.c.seq]


def _spaced(rows: FromClause) -> Subquery:
    """Add to each event whether a pause came before it: 1 or 0.

    A later event may have begun earlier (engaged time), hence the least begin of all that follow.
    """
    visitor = [rows.c.site_id, rows.c.visitor_id]
    spaced = select(
        *rows.c,
        func.row_number().over(partition_by=visitor, order_by=_order(rows)).label("number"),
        func.lag(rows.c.at_ms, 1).over(partition_by=visitor, order_by=_order(rows)).label("previous_ms"),
        func.min(rows.c.begin_ms).over(partition_by=visitor, order_by=_order(rows), rows=(0, None)).label("next_ms"),
    ).subquery("spaced")
    c = spaced.c
    paused = case((c.number == 1, 1), (c.next_ms - c.previous_ms > GAP_MS, 1), else_=0)
    return select(*c, paused.label("paused")).subquery("paused")


def _chained(rows: FromClause) -> Subquery:
    """Number each visitor's chains of events without a pause."""
    chain = func.sum(rows.c.paused).over(
        partition_by=[rows.c.site_id, rows.c.visitor_id], order_by=_order(rows), rows=(None, 0)
    )
    return select(*rows.c, chain.label("chain")).subquery("chained")


def _turned(rows: FromClause) -> Subquery:
    """Count it as a pause, too, when another login appears than the one before in the chain.

    Not in the same millisecond: a visit's beginning must tell its events from those before it.
    """
    c = rows.c
    login = case((c.is_doing == 1, c.login_id), else_=null())
    before = last_known(login).over(
        partition_by=[c.site_id, c.visitor_id, c.chain], order_by=_order(rows), rows=(None, -1)
    )
    known = select(*c, login.label("login"), before.label("login_before")).subquery("known")
    another = and_(known.c.login != known.c.login_before, known.c.at_ms > known.c.previous_ms)
    turned = case((another, 1), else_=known.c.paused)
    kept = [column for column in known.c if column.name not in ("paused", "chain", "login", "login_before", "login_id")]
    return select(*kept, turned.label("paused")).subquery("turned")


def _members(rows: FromClause) -> Subquery:
    """Say of each event where it stands in its chain, and drop those before the first doing: they are of no visit."""
    c = rows.c
    chain = [c.site_id, c.visitor_id, c.chain]

    def so_far(number: ColumnElement[int]) -> ColumnElement[int]:
        return func.sum(number).over(partition_by=chain, order_by=_order(rows), rows=(None, 0))

    placed = select(
        *c,
        so_far(c.is_doing).label("doings"),
        func.row_number().over(partition_by=chain, order_by=_order(rows)).label("place"),
        so_far(c.is_view).label("view_number"),
        func.sum(c.is_view).over(partition_by=chain).label("view_count"),
        func.min(case((c.is_doing == 1, c.at_ms), else_=null())).over(partition_by=chain).label("start_ms"),
    ).subquery("placed")
    view = [placed.c[column.name] for column in (*chain, c.view_id)]
    return (
        select(
            *placed.c,
            func.row_number()
            .over(partition_by=view, order_by=[placed.c.is_view.desc(), *_order(placed)])
            .label("of_its_id"),
            func.sum(placed.c.engaged).over(partition_by=view).label("view_engaged"),
            func.coalesce(bit_or(placed.c.signals).over(partition_by=view), 0).label("view_signals"),
        )
        .where(placed.c.doings > 0)
        .subquery("member")
    )


def _visits(rows: FromClause) -> Subquery:
    """Sum up each chain; `first_id` and `entry_id` are the ingest_ids of its first doing and its first view."""
    c = rows.c
    is_first = and_(c.is_doing == 1, c.doings == 1)
    is_view = c.is_view == 1
    is_click = c.kind == "click"
    # what happened on the way to another page did not make the visitor leave
    signalled = and_(is_click, has_bits(c.signals, DEAD | SLOW | ERROR), c.view_number == c.view_count)
    signal_place = case((signalled, c.place), else_=null())
    signal = case((has_bits(c.signals, ERROR), "error"), (has_bits(c.signals, DEAD), "dead"), else_="slow")
    view_number = case((is_view, c.view_number), else_=null())
    # one view id is one view; a sender that repeats it gets its time and signals counted once
    own = c.of_its_id == 1
    views, custom, engaged_ms = func.sum(c.is_view), _count(c.kind == "custom"), func.sum(c.engaged)
    return (
        select(
            c.site_id,
            c.visitor_id,
            _of(is_first, c.ingest_id).label("first_id"),
            _of(and_(is_view, c.view_number == 1), c.ingest_id).label("entry_id"),
            func.max(c.ingest_id).label("revision"),
            func.max(c.occurred_at).label("ended_at"),
            _of(and_(is_view, c.view_number == c.view_count), c.path).label("exit"),
            views.label("views"),
            _count(is_click).label("clicks"),
            custom.label("custom_events"),
            engaged_ms.label("engaged_ms"),
            *(
                _count(and_(is_click, has_bits(c.signals, bit))).label(f"{name}_clicks")
                for name, bit in (("dead", DEAD), ("slow", SLOW), ("error", ERROR))
            ),
            and_(views == 1, custom == 0, func.sum(c.worked) == 0).label("bounced"),
            and_(views == 1, custom == 0, engaged_ms < UNENGAGED_BELOW_MS).label("unengaged"),
            last_by(signal, signal_place).label("last_signal"),
            func.nullif(last_by(func.coalesce(c.element, ""), signal_place), "").label("last_signal_element"),
            ordered_list(func.coalesce(c.path, ""), view_number, TRAIL_CAP).label("trail"),
            ordered_list(c.at_ms - c.start_ms, view_number, TRAIL_CAP).label("trail_offset_ms"),
            ordered_list(case((own, c.view_engaged), else_=0), view_number, TRAIL_CAP).label("trail_engaged_ms"),
            ordered_list(case((own, c.view_signals), else_=0), view_number, TRAIL_CAP).label("trail_signals"),
            (views > TRAIL_CAP).label("trail_cut"),
        )
        .group_by(c.site_id, c.visitor_id, c.chain)
        .subquery("summed")
    )


def _with_attributes(summed: FromClause, happened: CTE) -> Select[Any]:
    """Add what is known of a visit by its first doing and its first view."""
    first, entry = happened.alias("first_doing"), happened.alias("first_view")
    return select(
        bit_xor(first.c.view_id, first.c.seq).label("visit_id"),
        first.c.occurred_at.label("started_at"),
        func.coalesce(entry.c.host, first.c.host).label("host"),
        entry.c.path.label("entry"),
        *(entry.c[name] for name in OF_FIRST_VIEW),
        *(first.c[name] for name in OF_FIRST_EVENT),
        *(column for column in summed.c if column.name not in ("first_id", "entry_id")),
    ).select_from(
        summed.join(first, first.c.ingest_id == summed.c.first_id).outerjoin(
            entry, entry.c.ingest_id == summed.c.entry_id
        )
    )


def _of(row: ColumnElement[bool], value: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a column of the group's one row that meets a condition; null when it is null there or there is none."""
    return func.max(case((row, value), else_=null()))


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), literal(0, BigInteger))
