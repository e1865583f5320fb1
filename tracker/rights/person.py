"""Under which names, and in which times, all that is kept of one profile stands."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.errors import InvalidInputError
from tracker.identity.graph import rows_of
from tracker.languages import gettext
from tracker.models import Identifier, ProfileMember
from tracker.store.base import EventStore, Trace
from tracker.store.erasing import TRACES_AT_ONCE, of_traces
from tracker.store.schema import event

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_A_MS = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Part:
    """A time in which a shared identifier was the person's; both ends aware, the second not included, None: open."""

    identifier_id: int
    since: datetime
    until: datetime | None


@dataclass(frozen=True)
class Person:
    """A profile: the identifiers that are its alone, and its times of those that it shares with others."""

    site_id: int
    profile_id: int
    whole: frozenset[int]
    parts: tuple[Part, ...] = ()

    @property
    def ids(self) -> frozenset[int]:
        """All identifiers, shared ones too."""
        return self.whole | {part.identifier_id for part in self.parts}

    @property
    def digest(self) -> str:
        """What differs when the profile is made of other identifiers or times than before."""
        told = (sorted(self.whole), [(part.identifier_id, part.since, part.until) for part in self.parts])
        return hashlib.sha256(repr(told).encode()).hexdigest()[:16]

    def traces(self, until: datetime) -> list[Trace]:
        """Return by what its events up to and with an aware time are found."""
        return traces_of([(one, BEGINNING, until + _A_MS) for one in sorted(self.whole)]) + traces_of(
            [(part.identifier_id, part.since, min(part.until or until + _A_MS, until + _A_MS)) for part in self.parts]
        )


def find_person(session: Session, site_id: int, profile_id: int) -> Person:
    """Return what belongs to a profile; InvalidInputError when its number is another profile's identifier.

    A visitor who is tied to nothing is a profile of one identifier.
    """
    of_profile = (ProfileMember.site_id == site_id, ProfileMember.profile_id == profile_id)
    ids = set(session.scalars(select(ProfileMember.identifier_id).where(*of_profile)))
    mine = (ProfileMember.site_id == site_id, ProfileMember.identifier_id == profile_id)
    other = session.scalar(select(ProfileMember.profile_id).where(*mine).limit(1))
    if other is None:
        ids.add(profile_id)  # it has no row where it is alone, though it may have times of a shared device
    elif not ids:
        raise InvalidInputError(
            "profile", gettext("this is a part of profile %(profile)s by now; ask for that one", profile=str(other))
        )
    wanted = select(
        ProfileMember.identifier_id, ProfileMember.since_at, ProfileMember.until_at, ProfileMember.profile_id
    ).where(ProfileMember.site_id == site_id)
    parts, shared = [], set()
    for one, since, until, profile in rows_of(session, wanted, ProfileMember.identifier_id.in_, ids):
        if profile == profile_id:
            parts.append(Part(one, since, until))
        else:
            shared.add(one)
    parts.sort(key=lambda part: (part.identifier_id, part.since))
    return Person(
        site_id, profile_id, frozenset(ids - shared), tuple(part for part in parts if part.identifier_id in shared)
    )


def is_known(session: Session, store: EventStore, person: Person, now: datetime) -> bool:
    """Tell whether anything at all is kept of a profile."""
    row = session.get(Identifier, (person.site_id, person.profile_id))
    return row is not None or bool(person.parts) or len(person.whole) > 1 or count_events(store, person, now) > 0


def count_events(store: EventStore, person: Person, until: datetime) -> int:
    """Return how many stored events are the person's."""
    found = 0
    for some in in_pieces(person.traces(until)):
        counted = select(func.count()).select_from(event).where(of_traces(event, person.site_id, some))
        found += store.query(counted).rows[0][0]
    return found


def in_pieces(traces: Sequence[Trace]) -> list[list[Trace]]:
    """Return so many traces at once as one statement takes."""
    return [list(traces[first : first + TRACES_AT_ONCE]) for first in range(0, len(traces), TRACES_AT_ONCE)]


def traces_of(rows: Sequence[tuple[int, datetime, datetime]]) -> list[Trace]:
    """Return (identifier, since, until) with aware times as the event store has them."""
    return [Trace(one, plain(since), plain(until)) for one, since, until in rows]


def plain(moment: datetime) -> datetime:
    """Return an aware time in UTC without its zone."""
    return moment.astimezone(UTC).replace(tzinfo=None)
