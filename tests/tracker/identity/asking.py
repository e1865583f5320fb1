"""What tests ask of profiles."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.kit.consenting import Person
from tests.kit.ground import at
from tracker.house import House
from tracker.identity.identifiers import identifier_id
from tracker.models import Identifier, IdentityEdge, ProfileMember
from tracker.sites import SiteInfo

NOON = at("2026-03-02 12:00")


def edges(session: Session, *, live: bool = True) -> list[tuple[str, str, str]]:
    """Return (kind of one end, kind of the other, kind of edge), sorted."""
    kinds = {one.id: one.kind for one in session.scalars(select(Identifier))}
    found = session.scalars(select(IdentityEdge).where(IdentityEdge.retracted_at.is_(None) if live else True))
    return sorted((*sorted((kinds[one.a], kinds[one.b])), one.kind) for one in found)


def profiles(house: House) -> dict[int, int]:
    with house.database.session() as session:
        return {one.identifier_id: one.profile_id for one in session.scalars(select(ProfileMember))}


def first_party(person: Person) -> int:
    assert person.consent
    return identifier_id(person.site.identity_key, "first_party", person.consent.partition(".")[0])


def login(site: SiteInfo, value: str) -> int:
    return identifier_id(site.identity_key, "login", value)
