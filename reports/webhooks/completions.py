"""Tells webhooks of goals that were reached: each conversion once, in the order of loading.

A site's mark moves in the transaction that queues the messages, and only from where it was found, so that two
processes that look at once tell everything once between them. A look goes only as far as the newest event of the
look before: by then its visit is derived, and nothing that was loaded before it is still on its way into the store.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import structlog
from sqlalchemy import Select, and_, or_, select, update
from sqlalchemy.exc import IntegrityError

from reports.goals import PARTS, told
from reports.query.meeting import kinds_of, met
from reports.query.moments import stored
from reports.query.within import within_visit
from reports.struggle.story import event_id_of
from reports.webhooks.bodies import Completion, GoalCompleted, body_of, site_of
from tracker.goals import GoalInfo
from tracker.house import House
from tracker.models import Webhook, WebhookMark
from tracker.sites import SiteInfo
from tracker.store.base import QueryTimeoutError, StoreDownError
from tracker.store.schema import VISIT_GAP_S, event, visit
from tracker.webhooks.book import told_from, told_of
from tracker.webhooks.kinds import GOAL_COMPLETED
from tracker.webhooks.queue import FRESH, put

MOST_A_LOOK = 1000
"""So many events of a site are told at one look; what is more waits for the next."""
MOST_A_MESSAGE = 100
TIMEOUT_S = 10.0
_log = structlog.get_logger("footfall.webhooks")


class Mark(NamedTuple):
    """Up to which event was told, and which was the newest when that was looked for."""

    told: int
    seen: int


def note_completions(house: House, now: datetime, may_go_on: Callable[[], bool] = lambda: True) -> int:
    """Queue what was reached on every site whose webhooks are told of it; returns how many messages that made."""
    with house.database.session() as session:
        by_site = told_of(session, GOAL_COMPLETED)
        marks = {one.site_id: Mark(one.told, one.seen) for one in session.query(WebhookMark)} if by_site else {}
    made = 0
    newest = house.store.next_ingest_id() - 1 if by_site else 0
    for site_id, webhooks in by_site.items():
        site = house.sites.by_id(site_id)
        if site is not None and may_go_on():
            try:
                made += _look(house, site, webhooks, marks.get(site_id), newest, now)
            except (QueryTimeoutError, StoreDownError) as error:
                _log.warning("goals could not be looked for", site=site.key, error=type(error).__name__)
            except Exception:  # the others are told all the same
                _log.exception("goals could not be told", site=site.key)
    return made


def _look(  # noqa: PLR0917 - what a look goes by
    house: House, site: SiteInfo, webhooks: Sequence[Webhook], mark: Mark | None, newest: int, now: datetime
) -> int:
    if mark is None:
        _begin(house, site, Mark(0, newest))
        return 0
    # Numbers of events that were deleted come again.
    after, until = min(mark.told, newest), min(mark.seen, newest)
    rows: list[dict[str, Any]] = []
    if site.goals and until > after:
        since = max(now - FRESH, min(told_from(one, GOAL_COMPLETED) for one in webhooks))
        rows = _found(house, _reaching(site, after, until, since, now))
    if len(rows) > MOST_A_LOOK:
        rows.pop()
        until = int(rows[-1]["ingest_id"])
    if mark == (until, newest):
        return 0
    with house.database.session() as session:
        same = WebhookMark.site_id == site.id, WebhookMark.told == mark.told, WebhookMark.seen == mark.seen
        moved = update(WebhookMark).where(*same).values(told=until, seen=newest).returning(WebhookMark.site_id)
        if session.execute(moved).first() is None:
            return 0  # another process tells of these
        made = 0
        for webhook in webhooks:
            owed = [row for row in rows if row["received_at"] >= stored(told_from(webhook, GOAL_COMPLETED))]
            found = [one for row in owed for one in _completions(row, site.goals)]
            for start in range(0, len(found), MOST_A_MESSAGE):
                some = found[start : start + MOST_A_MESSAGE]
                body = body_of(GOAL_COMPLETED.name, GoalCompleted(site_of(site), some), now)
                happening = f"goal-{some[0].id}-{some[-1].id}-{len(some)}"
                made += put(session, webhook, GOAL_COMPLETED.name, happening, body) is not None
    return made


def _found(house: House, reaching: Select[Any]) -> list[dict[str, Any]]:
    """Return what was reached, each with its visit's id; mostly it is nothing, or a moment ago."""
    rows = house.store.query(reaching, TIMEOUT_S).records()
    if not rows:
        return []
    hits = reaching.subquery("hits")
    # the time spares the engine the visits of all other days
    earliest = min(row["occurred_at"] for row in rows) - timedelta(seconds=VISIT_GAP_S)
    during = and_(within_visit(hits, visit), visit.c.ended_at >= earliest)
    visits = select(*hits.c, visit.c.visit_id).select_from(hits.outerjoin(visit, during)).order_by(hits.c.ingest_id)
    return house.store.query(visits, TIMEOUT_S).records()


def _begin(house: House, site: SiteInfo, mark: Mark) -> None:
    try:
        with house.database.session() as session:
            session.add(WebhookMark(site_id=site.id, told=mark.told, seen=mark.seen))
    except IntegrityError:  # another process was there first
        _log.info("another process began to look for goals", site=site.key)


def _reaching(site: SiteInfo, after: int, until: int, since: datetime, now: datetime) -> Select[Any]:
    """Select the events after one and up to another by which people reached a goal, the oldest first."""
    conditions = [goal.condition for goal in site.goals]
    names = ("site_id", "ingest_id", "view_id", "seq", "visitor_id", "occurred_at", "received_at", "path")
    return (
        select(*(event.c[name] for name in names), *told(site.goals))
        .where(event.c.site_id == site.id, event.c.label.is_(None), event.c.imported.is_(None))
        .where(event.c.kind.in_(kinds_of(conditions)))
        .where(event.c.ingest_id > after, event.c.ingest_id <= until)
        .where(event.c.occurred_at >= stored(now - FRESH), event.c.received_at >= stored(since))
        .where(or_(*(met(one) for one in conditions)))
        .order_by(event.c.ingest_id)
        .limit(MOST_A_LOOK + 1)
    )


def _completions(row: dict[str, Any], goals: Sequence[GoalInfo]) -> list[Completion]:
    """Return a completion for each goal that an event reaches."""
    return [
        Completion(
            id=event_id_of(row),
            goal=goal.name,
            at=row["occurred_at"].replace(tzinfo=UTC),
            path=row["path"],
            visit=str(row["visit_id"]) if row["visit_id"] is not None else None,
            revenue=_worth(row, number) if goal.revenue else None,
            currency=goal.currency,
        )
        for number, goal in enumerate(goals)
        if int(row["mask"]) & 1 << number
    ]


def _worth(row: dict[str, Any], number: int) -> float | None:
    parts = row[f"parts_{number}"]
    return None if parts is None else int(parts) / PARTS
