"""The round that looks at all that is watched, notes what is out of the usual, and puts it into the outbox."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

import structlog
from sqlalchemy import select

from reports.alerts import KINDS
from reports.alerts.counting import STEP
from reports.alerts.departing import look_at, still_goes_on
from reports.alerts.kind import Kind, Looking
from reports.report import Ask
from tracker.alerts.incidents import Noticed, note, open_alerts, over_since, tell
from tracker.alerts.quiet import is_quiet
from tracker.alerts.rules import BY_NAME as SENSITIVITIES
from tracker.alerts.usual import WEEKS
from tracker.errors import UnreachableError
from tracker.house import House
from tracker.languages import language_of, speaking
from tracker.models import Watch
from tracker.sites import SiteInfo
from tracker.store.base import EventStore, QueryTimeoutError, StoreDownError
from tracker.uptime import Gap, gaps, stored_until

TIMEOUT_S = 20.0
ON_THEIR_WAY = timedelta(minutes=1)  # what happened just now may not have come in yet
_LOOKED_BACK = timedelta(weeks=WEEKS, days=3)
_log = structlog.get_logger("footfall.alerts")

# What was learned of sites, and when was looked at what; lost at a stop, and learned again.
_MEMORIES: WeakKeyDictionary[EventStore, dict[Any, Any]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Round:
    """What all looks of one round share: up to when all is stored, when no process was at work, what was learned."""

    now: datetime
    until: datetime
    gaps: Sequence[Gap]
    memory: dict[Any, Any]


def round_of(house: House, now: datetime) -> Round:
    """Return what a round at this time goes by."""
    with house.database.session() as session:
        until = full_step(stored_until(session, now) - ON_THEIR_WAY)
        return Round(now, until, gaps(session, now - _LOOKED_BACK), _MEMORIES.setdefault(house.store, {}))


def watch_all(house: House, now: datetime, may_go_on: Callable[[], bool] = lambda: True) -> int:
    """Look at all that is watched and due for a look; returns how many alerts are new."""
    with house.database.session() as session:
        watches = list(session.scalars(select(Watch).where(~Watch.paused).order_by(Watch.id)))
    if not watches:
        return 0
    this_round, made = round_of(house, now), 0
    for watch in watches:
        site = house.sites.by_id(watch.site_id)
        if not may_go_on():
            break
        if site is None or not site.enabled:
            continue
        try:
            with speaking(language_of(watch.language)):
                made += _watch(house, watch, site, this_round)
        except Exception:  # the others are looked at all the same
            _log.exception("a watch failed", site=site.key, watch=watch.id)
    return made


def _watch(house: House, watch: Watch, site: SiteInfo, this_round: Round) -> int:
    made, now = 0, this_round.now
    looking = looking_of(house, watch, site, this_round)
    for kind in KINDS:
        turn = "looked", watch.id, kind.name
        if now - this_round.memory.get(turn, now - kind.every) < kind.every:
            continue
        try:
            made += _look(house, watch, kind, replace(looking, ask=_ask(house)), now)
            this_round.memory[turn] = now
        except (QueryTimeoutError, StoreDownError, UnreachableError) as error:
            _log.warning("a site could not be looked at", site=site.key, kind=kind.name, error=type(error).__name__)
    with house.database.session() as session:
        quiet = is_quiet(now.astimezone(site.tzinfo), watch.quiet_from, watch.quiet_until)
        tell(session, watch, now, quiet=quiet or not house.settings.mail_url)
    return made


def _look(house: House, watch: Watch, kind: Kind, looking: Looking, now: datetime) -> int:
    """Look at one kind; one that is watched for no more is not found, so that what was known of it ends."""
    noticed, still = find(kind, looking) if kind.name in watch.kinds else ([], set())
    with house.database.session() as session:
        made = note(session, watch, kind.name, noticed, now, still)
    if made:
        _log.info("out of the usual", site=looking.site.key, kind=kind.name, alerts=made)
    return made


def _ask(house: House) -> Ask:
    return Ask(house.store, time.monotonic() + TIMEOUT_S)


def find(kind: Kind, looking: Looking) -> tuple[list[Noticed], set[str]]:
    """Return what of a kind is out of the usual now, and the subjects of what is known and still goes on."""
    noticed, still = [*(kind.others(looking) if kind.others else ())], set()
    for departure in kind.departures(looking.site):
        length = looking.going_on.get((kind.name, departure.subject))
        if length is None:
            found = look_at(kind, departure, looking)
            noticed += [found] if found is not None else []
        elif still_goes_on(departure, looking, length):
            still.add(departure.subject)
    return noticed, still


def looking_of(house: House, watch: Watch, site: SiteInfo, this_round: Round) -> Looking:
    """Return what a watch's look goes by."""
    with house.database.session() as session:
        over, going_on = over_since(session, watch), open_alerts(session, watch)
    return Looking(
        site=site,
        store=house.store,
        ask=_ask(house),
        until=this_round.until,
        sensitivity=SENSITIVITIES[watch.sensitivity],
        least=watch.least,
        days_off=watch.days_off,
        gaps=this_round.gaps,
        told={*over, *((one.kind, one.subject) for one in going_on)},
        over=over,
        going_on={
            (one.kind, one.subject): timedelta(minutes=int(one.facts["minutes"]))
            for one in going_on
            if "minutes" in one.facts
        },
        memory=this_round.memory,
    )


def full_step(moment: datetime) -> datetime:
    """Return the last full step that is not after a moment."""
    return datetime.fromtimestamp(moment.timestamp() // STEP.total_seconds() * STEP.total_seconds(), moment.tzinfo)
