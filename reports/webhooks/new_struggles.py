"""Tells webhooks of struggles that are new: they began in the last days, met several visitors, were not known before.

A struggle is a fault as the report `struggles` has it: a signal at an element of a page, or of a page. What was
told is remembered by its hash for as long as it would be told again, so that each is told once.
"""

import hashlib
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from reports.alerts.counting import counts_views
from reports.query.chosen import struggles
from reports.query.intervals import wilson
from reports.query.moments import stored
from reports.report import Ask
from reports.run import TIMEOUT_S
from reports.scope import Scope, parse_scope
from reports.struggle.fault_examples import examples_of
from reports.struggle.faults import KEY_LABELS, Fault, Key, error_words, find_faults, key_columns, key_of, of_faults
from reports.struggle.history import History, histories
from reports.webhooks.bodies import Example, Share, StruggleNew, body_of, site_of
from reports.wording.links import link_to
from tracker.database import insert_new
from tracker.house import House
from tracker.models import ToldStruggle, Webhook
from tracker.signal_book import BY_NAME
from tracker.sites import SiteInfo
from tracker.store.base import QueryTimeoutError, StoreDownError
from tracker.store.schema import struggle
from tracker.webhooks.book import told_from, told_of
from tracker.webhooks.kinds import STRUGGLE_NEW
from tracker.webhooks.queue import put

LEAST_VISITORS = 5
"""So many must meet it; where visitors are not told apart, so many views must have it."""
SILENT_FOR = timedelta(days=30)
"""What was away for so long is new again."""
DAYS = 7
"""In so many days, today among them, it must have begun and met them."""
MOST_LOOKED_AT = 200
MOST_NEW = 20
_log = structlog.get_logger("footfall.webhooks")


@dataclass(frozen=True)
class Began:
    """A fault that is new since `began` (UTC without a zone), or here `again`."""

    fault: Fault
    history: History
    began: datetime
    again: bool


def note_new_struggles(house: House, now: datetime, may_go_on: Callable[[], bool] = lambda: True) -> int:
    """Queue what is new on every site whose webhooks are told of it; returns how many messages that made."""
    with house.database.session() as session:
        by_site = told_of(session, STRUGGLE_NEW)
    made = 0
    for site_id, webhooks in by_site.items():
        site = house.sites.by_id(site_id)
        if site is not None and may_go_on():
            try:
                made += _look(house, site, webhooks, now)
            except (QueryTimeoutError, StoreDownError) as error:
                _log.warning("struggles could not be looked for", site=site.key, error=type(error).__name__)
            except Exception:  # the others are told all the same
                _log.exception("struggles could not be told", site=site.key)
    return made


def _look(house: House, site: SiteInfo, webhooks: Sequence[Webhook], now: datetime) -> int:
    ask = Ask(house.store, time.monotonic() + TIMEOUT_S)
    today = site.day_of(now)
    days = f"{today - timedelta(days=DAYS - 1)}..{today}"
    scope = parse_scope(site, {"range": [days], "limit": [str(MOST_LOOKED_AT)]}, now)
    found = _new(house, scope, ask, webhooks)
    if not found:
        return 0
    address = house.settings.address
    examples = examples_of(scope, ask, {one.fault.key: one.history for one in found})
    page = link_to(address, site.key, "struggles", [("range", days)])
    made = 0
    with house.database.session() as session:
        for one in found:
            if not _remember(session, site, one.fault.key, now):
                continue  # another process tells of it
            stories = [
                Example(number, f"{address}/sites/{site.key}/stories/{number}")
                for number in examples[one.fault.key].ids
            ]
            body = body_of(STRUGGLE_NEW.name, _data(site, one, stories, page), now)
            happening = f"struggle-{_digest(one.fault.key)[:32]}-{int(now.timestamp())}"
            owed = [webhook for webhook in webhooks if one.began >= stored(told_from(webhook, STRUGGLE_NEW))]
            made += sum(put(session, webhook, STRUGGLE_NEW.name, happening, body) is not None for webhook in owed)
    return made


def _new(house: House, scope: Scope, ask: Ask, webhooks: Sequence[Webhook]) -> list[Began]:
    """Return what is new and was not told, the gravest first, at most MOST_NEW."""
    of_views = counts_views(scope.site)
    faults = [one for one in find_faults(scope, ask) if of_views or one.visitors >= LEAST_VISITORS]
    if not faults:
        return []
    owed_from = stored(min(told_from(one, STRUGGLE_NEW) for one in webhooks))
    began, before = _began(scope, ask, faults), _last_before(scope, ask, faults)
    told = _told(house, scope, faults)
    new = [
        one
        for one in faults
        if began[one.key] >= owed_from and _is_new(before.get(one.key), scope) and _digest(one.key) not in told
    ]
    known = histories(scope, ask, new) if new else {}
    found = [Began(one, known[one.key], began[one.key], again=one.key in before) for one in new]
    return [one for one in found if not of_views or one.history.share.hits >= LEAST_VISITORS][:MOST_NEW]


def _began(scope: Scope, ask: Ask, faults: Collection[Fault]) -> Mapping[Key, datetime]:
    """Return when each fault first happened in the range."""
    columns = *key_columns(), func.min(struggle.c.occurred_at).label("first")
    statement = of_faults(struggles(scope, *columns), faults).group_by(*KEY_LABELS)
    return {key_of(record): record["first"] for record in ask(statement)}


def _last_before(scope: Scope, ask: Ask, faults: Collection[Fault]) -> Mapping[Key, datetime]:
    """Return when each fault last happened before the range, to anybody; those to whom it never did are left out."""
    columns: tuple[Any, ...] = (*key_columns(), func.max(struggle.c.occurred_at).label("last"))
    before = struggle.c.site_id == scope.site.id, struggle.c.occurred_at < stored(scope.range.start)
    statement = of_faults(select(*columns).where(*before), faults)
    return {key_of(record): record["last"] for record in ask(statement.group_by(*KEY_LABELS))}


def _is_new(last: datetime | None, scope: Scope) -> bool:
    return last is None or last < stored(scope.range.start - SILENT_FOR)


def _told(house: House, scope: Scope, faults: Collection[Fault]) -> set[str]:
    """Return the digests of those that were told already; forgets those that may be told again."""
    of_site, digests = ToldStruggle.site_id == scope.site.id, [_digest(one.key) for one in faults]
    with house.database.session() as session:
        session.execute(delete(ToldStruggle).where(of_site, ToldStruggle.told_at < scope.now - SILENT_FOR))
        return set(session.scalars(select(ToldStruggle.digest).where(of_site, ToldStruggle.digest.in_(digests))))


def _remember(session: Session, site: SiteInfo, key: Key, now: datetime) -> bool:
    """Note that a struggle is told; False when another process did."""
    return insert_new(session, ToldStruggle.digest, site_id=site.id, digest=_digest(key), told_at=now) is not None


def _digest(key: Key) -> str:
    return hashlib.sha256("\0".join(part or "" for part in key).encode()).hexdigest()


def _data(site: SiteInfo, one: Began, examples: list[Example], page: str) -> StruggleNew:
    fault, hits, of = one.fault, one.history.share.hits, one.history.share.tries
    low, high = wilson(hits, of) or (None, None)
    return StruggleNew(
        site=site_of(site),
        signal=fault.signal,
        title=BY_NAME[fault.signal].title,
        path=fault.path,
        element=fault.element,
        element_text=fault.element_text,
        message=error_words(fault.message),
        again=one.again,
        visitors=fault.visitors,
        incidents=fault.incidents,
        share=Share(hits, of, low, high),
        began_at=one.began.replace(tzinfo=UTC),
        examples=examples,
        page=page,
    )
