"""What stays of an erased person: by which names and times nothing may come back. Ids are keyed hashes, no more."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from tracker.identity.graph import rows_of, to_ms
from tracker.models import ErasedIdentifier, ErasedStretch
from tracker.rights.person import BEGINNING, Part, traces_of
from tracker.store.base import Trace

_A_MS = timedelta(milliseconds=1)


def record(session: Session, site_id: int, whole: Collection[int], parts: Sequence[Part], at: datetime) -> None:
    """Keep that these identifiers were erased at an aware time; a later erasure of the same moves its time on."""
    wanted = select(ErasedIdentifier).where(ErasedIdentifier.site_id == site_id)
    known: dict[int, ErasedIdentifier] = {
        row.id: row for (row,) in rows_of(session, wanted, ErasedIdentifier.id.in_, whole)
    }
    for row in known.values():
        row.erased_at = max(row.erased_at, at)
    fresh = [{"site_id": site_id, "id": one, "erased_at": at} for one in sorted(set(whole) - known.keys())]
    if fresh:
        session.execute(insert(ErasedIdentifier), fresh)
    for part in parts:
        until = min(part.until or at, at)
        if until > part.since:
            session.merge(
                ErasedStretch(site_id=site_id, id=part.identifier_id, since_at=part.since, until_at=until, erased_at=at)
            )
    session.flush()


def erased_at(session: Session, site_id: int, at: datetime | None = None) -> dict[datetime, set[int]]:
    """Return the identifiers that were erased, by when: at an aware time, or (None) ever."""
    wanted = select(ErasedIdentifier.id, ErasedIdentifier.erased_at).where(ErasedIdentifier.site_id == site_id)
    found: defaultdict[datetime, set[int]] = defaultdict(set)
    for one, when in session.execute(wanted if at is None else wanted.where(ErasedIdentifier.erased_at == at)):
        found[when].add(one)
    return dict(found)


def stretches(session: Session, site_id: int, at: datetime | None = None) -> list[Part]:
    """Return the times of shared identifiers that were erased, at an aware time or ever."""
    wanted = select(ErasedStretch).where(ErasedStretch.site_id == site_id)
    rows = session.scalars(wanted if at is None else wanted.where(ErasedStretch.erased_at == at))
    return [Part(row.id, row.since_at, row.until_at) for row in rows]


def traces(session: Session, site_id: int, at: datetime | None = None) -> list[Trace]:
    """Return by what the events of those erased at an aware time, or ever, are found."""
    whole = [
        (one, BEGINNING, when + _A_MS)
        for when, ids in sorted(erased_at(session, site_id, at).items())
        for one in sorted(ids)
    ]
    parts = [(part.identifier_id, part.since, part.until or part.since) for part in stretches(session, site_id, at)]
    return traces_of(whole + parts)


def stands(session: Session, site_id: int, one: int) -> bool:
    """Tell whether somebody who went by an identifier was erased."""
    times = select(ErasedStretch.id).where(ErasedStretch.site_id == site_id, ErasedStretch.id == one).limit(1)
    return session.get(ErasedIdentifier, (site_id, one)) is not None or session.scalar(times) is not None


def sites_with(session: Session) -> list[int]:
    """Return the sites of which somebody was erased."""
    found = set(session.scalars(select(ErasedIdentifier.site_id).distinct()))
    return sorted(found | set(session.scalars(select(ErasedStretch.site_id).distinct())))


def state(session: Session) -> tuple[object, ...]:
    """Return what differs when there are other tombstones than before."""
    told: list[object] = []
    for model in (ErasedIdentifier, ErasedStretch):
        told += session.execute(select(func.count(), func.max(model.erased_at)).select_from(model)).one()
    return tuple(told)


def spans_by_id(found: Sequence[Trace]) -> dict[int, list[tuple[int, int]]]:
    """Return the spans of each identifier, ms since 1970, ends not included."""
    spans: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for trace in found:
        spans[trace.identifier_id].append((_ms(trace.since), _ms(trace.until)))
    return dict(spans)


def _ms(moment: datetime) -> int:
    return to_ms(moment.replace(tzinfo=BEGINNING.tzinfo))
