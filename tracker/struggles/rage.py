"""Rage: many clicks on the same thing in no time, each burst told once."""

from typing import Any

from sqlalchemy import CTE, ColumnElement, FromClause, Select, and_, case, false, func, literal, not_, or_, select

from tracker.signals import DEAD, ERROR, SLOW, Thresholds, genuine, is_plain
from tracker.store.functions import epoch_ms, has_bits
from tracker.struggles.rows import as_column, found

SIGNALS = ("rage",)
KINDS = ("click",)
COLUMNS = ("signals", "affordance", "page_x", "page_y", "scroll_ms", "selection_ms")

# A click tells where it fell in thousandths of the width, and of the width only its class.
_WIDTHS = {"small": 390, "medium": 800, "large": 1200}
_WIDE = 1800
_NEVER_MS = 1_000_000
FEWEST_CLICKS = 2  # no site's limit is lower: see `tracker.signal_limits`
_LIMITS = ("rage", "rage_clicks", "rage_struggling", "rage_radius")
_CHAIN = ("site_id", "view_id", "element", "chain")


def rage(happened: FromClause, limits: Thresholds) -> Select[Any]:
    """Select the bursts among the clicks in `happened`.

    The same thing is the same element of the same view, which is the control wherever there
    is one; on plain content, where it may be the whole page, a click must also fall near the
    one before. A burst is what is covered by windows that each hold enough clicks and share
    some, so that going on and on is one incident. Where a click scrolled the page before the
    next one came, or marked plain content, it was answered, and a burst does not reach across;
    that quick clicks mark the words of a control is no answer of its.
    """
    chained = _chained(_followed(happened, limits))
    return _told(chained, _bursts(_windows(chained)))


def may_rage(clicks: FromClause) -> ColumnElement[bool]:
    """Tell whether a click counts here at all: genuine, and not on what is made to be clicked again and again."""
    return and_(genuine(clicks), func.coalesce(clicks.c.repeats, false()).is_(False), clicks.c.element.is_not(None))


def _followed(happened: FromClause, limits: Thresholds) -> FromClause:
    """Add to each click how it follows on the one before on the same element; those that stand alone fall out."""
    c = happened.c
    marked_ms = case((is_plain(happened), c.selection_ms))
    clicks = select(
        *(c[name] for name in ("ingest_id", "site_id", "view_id", "element", "seq", "screen", "page_x", "page_y")),
        epoch_ms(c.occurred_at).label("at_ms"),
        func.least(func.coalesce(c.scroll_ms, _NEVER_MS), func.coalesce(marked_ms, _NEVER_MS)).label("moved_ms"),
        case((has_bits(c.signals, DEAD | SLOW | ERROR), 1), else_=0).label("struck"),
        is_plain(happened).label("plain"),
        *(as_column(getattr(limits, name)).label(name) for name in _LIMITS),
    ).subquery("click")
    c = clicks.c
    here: dict[str, Any] = {"partition_by": [c.site_id, c.view_id, c.element], "order_by": [c.at_ms, c.seq]}
    near = select(
        *c,
        (c.at_ms - func.lag(c.at_ms, 1).over(**here)).label("since"),
        (func.lead(c.at_ms, 1).over(**here) - c.at_ms).label("until"),
        *(func.lag(c[name], 1).over(**here).label(f"{name}_before") for name in ("moved_ms", "page_x", "page_y")),
    ).subquery("near")
    return select(*near.c).where(or_(near.c.since <= near.c.rage, near.c.until <= near.c.rage)).subquery("followed")


def _chained(followed: FromClause) -> CTE:
    """Number the chains of an element's clicks that nothing came between."""
    c = followed.c
    far = or_(
        _in_px(c.screen, c.page_x - c.page_x_before) > c.rage_radius * 1000,
        func.abs(c.page_y - c.page_y_before) > c.rage_radius,
    )
    elsewhere = and_(c.plain, func.coalesce(far, false()))
    goes_on = and_(c.since <= c.rage, c.moved_ms_before > c.since, not_(elsewhere))
    chain = func.sum(case((goes_on, 0), else_=1)).over(
        partition_by=[c.site_id, c.view_id, c.element], order_by=[c.at_ms, c.seq], rows=(None, 0)
    )
    return select(*c, chain.label("chain")).cte("chained")


def _windows(chained: CTE) -> FromClause:
    """Find the clicks at which a window with enough clicks begins, and when the last of these came."""
    first, each = chained.alias("first"), chained.alias("each")
    within = and_(
        *_same(first, each),
        each.c.at_ms >= first.c.at_ms,
        each.c.at_ms <= first.c.at_ms + first.c.rage,
    )
    clicks = func.count()
    enough = or_(
        clicks >= func.max(first.c.rage_clicks),
        and_(clicks >= func.max(first.c.rage_struggling), func.sum(each.c.struck) > 0),
    )
    key = [first.c[name] for name in (*_CHAIN, "at_ms")]
    return (
        select(*key, func.max(each.c.at_ms).label("until_ms"))
        .select_from(first.join(each, within))
        .group_by(*key, first.c.seq)
        .having(enough)
        .subquery("filled")
    )


def _bursts(windows: FromClause) -> FromClause:
    """Put windows that share a click together: one row a burst, from its first click to its last."""
    c = windows.c
    before: dict[str, Any] = {"partition_by": [c[name] for name in _CHAIN], "order_by": [c.at_ms], "rows": (None, -1)}
    reached = select(*c, func.max(c.until_ms).over(**before).label("reached_ms")).subquery("reached")
    c = reached.c
    begins = case((c.at_ms <= c.reached_ms, 0), else_=1)
    burst = func.sum(begins).over(partition_by=[c[name] for name in _CHAIN], order_by=[c.at_ms], rows=(None, 0))
    numbered = select(*c, burst.label("burst")).subquery("numbered")
    c = numbered.c
    chain = [c[name] for name in _CHAIN]
    return (
        select(*chain, func.min(c.at_ms).label("from_ms"), func.max(c.until_ms).label("to_ms"))
        .group_by(*chain, c.burst)
        .subquery("burst")
    )


def _told(chained: CTE, bursts: FromClause) -> Select[Any]:
    """Give each burst's first click, the number of its clicks, and how long they took."""
    within = and_(*_same(bursts, chained), chained.c.at_ms >= bursts.c.from_ms, chained.c.at_ms <= bursts.c.to_ms)
    burst = [bursts.c[name] for name in (*_CHAIN, "from_ms")]
    clicks = (
        select(
            chained.c.ingest_id,
            func.count().over(partition_by=burst).label("clicks"),
            (bursts.c.to_ms - bursts.c.from_ms).label("took_ms"),
            func.row_number().over(partition_by=burst, order_by=[chained.c.at_ms, chained.c.seq]).label("place"),
        )
        .select_from(bursts.join(chained, within))
        .subquery("raging")
    )
    return found(clicks, "rage", repetitions=clicks.c.clicks, duration_ms=clicks.c.took_ms).where(clicks.c.place == 1)


def _same(one: FromClause, other: FromClause) -> list[ColumnElement[bool]]:
    return [one.c[name] == other.c[name] for name in _CHAIN]


def _in_px(screen: ColumnElement[str], permille: ColumnElement[int]) -> ColumnElement[int]:
    """Return a distance in thousandths of the width as thousandths of pixels, by the screen's class."""
    width = case(*((screen == name, literal(width)) for name, width in _WIDTHS.items()), else_=literal(_WIDE))
    return func.abs(permille) * width
