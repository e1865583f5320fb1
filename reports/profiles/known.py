"""What the relational store knows of profiles: by which identifiers, and whether something is to be decided."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from reports.profiles.ids import short
from reports.profiles.shapes import IdentifierShape, Who
from reports.profiles.words import named
from tracker.identity.graph import rows_of
from tracker.identity.hand import profile_of
from tracker.models import Identifier, IdentityConflict, ProfileMember
from tracker.sites import SiteInfo

_BEGINNING = 1970  # a stretch from then on is from the beginning
_ORDER = ("login", "link_token", "first_party", "fingerprint", "daily_hash")


@dataclass
class Known:
    """By how many identifiers of which kind a profile is known, since when, and whether a conflict is open."""

    identifiers: Counter[str] = field(default_factory=Counter)
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    conflict: bool = False

    @property
    def who(self) -> Who:
        """What is known of who it is; see `shapes.ProfileLine`."""
        if self.identifiers["login"]:
            return "signed in"
        return "known" if self.identifiers.keys() - {"daily_hash"} else "one day"


def known_of(session: Session, site_id: int, profiles: Collection[int]) -> dict[int, Known]:
    """Return what is known of some profiles; each has an entry, be it empty."""
    found = {profile: Known() for profile in profiles}
    told = (Identifier.id, Identifier.kind, Identifier.first_seen_at, Identifier.last_seen_at)
    same = (Identifier.site_id == ProfileMember.site_id) & (Identifier.id == ProfileMember.identifier_id)
    tied = select(ProfileMember.profile_id, *told).join(Identifier, same).where(ProfileMember.site_id == site_id)
    rows = list(rows_of(session, tied.distinct(), ProfileMember.profile_id.in_, found))
    itself = select(Identifier.id, *told).where(Identifier.site_id == site_id)  # alone it has no row as a member
    rows += rows_of(session, itself, Identifier.id.in_, set(found) - {row[1] for row in rows if row[0] == row[1]})
    for profile, _, kind, first, last in rows:
        known = found[profile]
        known.identifiers[kind] += 1
        known.first_seen = min(known.first_seen or first, first)
        known.last_seen = max(known.last_seen or last, last)
    for profile in profiles_in_conflict(session, site_id) & found.keys():
        found[profile].conflict = True
    return found


def profiles_in_conflict(session: Session, site_id: int) -> set[int]:
    """Return the profiles of the logins between which a conflict is open."""
    return {profile for pair in _open(session, site_id).values() for profile in pair}


def is_profile(session: Session, site_id: int, profile: int) -> bool:
    """Tell whether identifiers are of this profile; a visitor who is tied to nothing has none."""
    wanted = select(ProfileMember.identifier_id).where(
        ProfileMember.site_id == site_id, ProfileMember.profile_id == profile
    )
    return session.execute(wanted.limit(1)).first() is not None


def now_part_of(session: Session, site_id: int, one: int) -> int:
    """Return the profile that an id leads to: itself while it is one, else that which its identifier is of now."""
    return one if is_profile(session, site_id, one) else profile_of(session, site_id, one)


def identifiers_of(session: Session, site: SiteInfo, profile: int) -> list[IdentifierShape]:
    """Return a profile's identifiers, logins first and day numbers last, each in the order of time."""
    ids = set(
        session.scalars(
            select(ProfileMember.identifier_id).where(
                ProfileMember.site_id == site.id, ProfileMember.profile_id == profile
            )
        )
    )
    shapes = shapes_of(session, site, ids | {profile}, seen_from=profile)
    return sorted(shapes.values(), key=lambda one: (_ORDER.index(one.kind), one.first_seen, one.id))


def shapes_of(
    session: Session, site: SiteInfo, ids: Iterable[int], seen_from: int | None = None
) -> dict[int, IdentifierShape]:
    """Return identifiers by their ids, as far as there are any; `seen_from` is the profile whose stretches are told."""
    wanted = set(ids)
    members = select(
        ProfileMember.identifier_id, ProfileMember.profile_id, ProfileMember.since_at, ProfileMember.until_at
    ).where(ProfileMember.site_id == site.id)
    stretches: dict[int, list[tuple[int, datetime, datetime | None]]] = {}
    for one, profile, since, until in rows_of(session, members, ProfileMember.identifier_id.in_, wanted):
        stretches.setdefault(one, []).append((profile, since, until))
    names = select(
        Identifier.id, Identifier.kind, Identifier.first_seen_at, Identifier.last_seen_at, Identifier.hub
    ).where(Identifier.site_id == site.id)
    found = {}
    for one, kind, first, last, hub in rows_of(session, names, Identifier.id.in_, wanted):
        own = sorted(stretches.get(one, ()), key=lambda stretch: stretch[1])
        here = [stretch for stretch in own if stretch[0] == seen_from]
        last_of = (here or own)[-1:]
        found[one] = IdentifierShape(
            id=str(one),
            kind=kind,
            named=named(kind),
            short=short(one),
            first_seen=first.astimezone(site.tzinfo),
            last_seen=last.astimezone(site.tzinfo),
            hub=hub,
            profile=str(last_of[0][0] if last_of else one),
            stretches=[_stretch(since, until, site) for _, since, until in here] if len(own) > 1 else [],
        )
    return found


def _stretch(since: datetime, until: datetime | None, site: SiteInfo) -> tuple[datetime | None, datetime | None]:
    begin = since.astimezone(site.tzinfo) if since.year > _BEGINNING else None
    return begin, until.astimezone(site.tzinfo) if until else None


def open_conflicts(session: Session, site_id: int, profile: int | None = None) -> list[int]:
    """Return the numbers of the open conflicts of a site, or of one profile; the oldest first."""
    return [number for number, pair in _open(session, site_id).items() if profile is None or profile in pair]


def _open(session: Session, site_id: int) -> dict[int, tuple[int, int]]:
    """Return the profiles of the two logins of each open conflict."""
    conflicts = session.execute(
        select(IdentityConflict.id, IdentityConflict.a, IdentityConflict.b)
        .where(IdentityConflict.site_id == site_id, IdentityConflict.decided_at.is_(None))
        .order_by(IdentityConflict.id)
    ).all()
    logins = {login for _, a, b in conflicts for login in (a, b)}
    members = select(ProfileMember.identifier_id, ProfileMember.profile_id).where(ProfileMember.site_id == site_id)
    # a login is of one profile at all times, and of its own where nothing is tied to it
    profiles = dict(tuple(row) for row in rows_of(session, members, ProfileMember.identifier_id.in_, logins))
    return {number: (profiles.get(a, a), profiles.get(b, b)) for number, a, b in conflicts}
