"""What the command line may ask of a house about a person's rights."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.orm import Session

from reports.person import write_page
from reports.profiles.finding import by_link, by_login
from tracker.clock import utc_now
from tracker.commands.finding import find_site
from tracker.control import Item
from tracker.errors import FootfallError, InvalidInputError
from tracker.house import House
from tracker.identity.projection import project_all
from tracker.rights.export import export_person as take_out
from tracker.rights.export import write_json
from tracker.rights.person import count_events, find_person, is_known
from tracker.rights.restoring import collect, read_file, write_file
from tracker.sites import SiteInfo

BY = "command line"
_PIECES = 200  # of a document, in one answer


def find_one(house: House, *, site: str | None, profile: str | None, login: str | None) -> Iterator[Item]:
    """Whose profile an id or a login is, and how much is kept of it."""
    found = find_site(house.sites, site)
    with house.database.session() as session:
        one = _profile(session, found, profile, login)
        person = find_person(session, found.id, one)
        if not is_known(session, house.store, person, utc_now()):
            raise InvalidInputError("profile", "nothing is kept under this number")
    events = count_events(house.store, person, utc_now())
    yield {"profile": str(one), "identifiers": len(person.ids), "shared": len(person.parts), "events": events}


def export_person(house: House, *, site: str | None, profile: str, html: bool) -> Iterator[Item]:
    """Everything that is kept of a person, some pieces of the document at once."""
    held = take_out(house.database, house.store, find_site(house.sites, site), int(profile), BY)
    if held is None:
        raise InvalidInputError("profile", "nothing is kept under this number")
    pieces = write_page(held) if html else (piece.decode() for piece in write_json(held))
    waiting: list[str] = []
    for piece in pieces:
        waiting.append(piece)
        if len(waiting) == _PIECES:
            yield {"text": "".join(waiting)}
            waiting.clear()
    yield {"text": "".join(waiting)}


def erase_person(house: House, *, site: str | None, profile: str, again: bool) -> Iterator[Item]:
    """Erase a person; first that it is begun, then that it is done."""
    begun = house.erasing.begin(find_site(house.sites, site), int(profile), BY, again=again)
    told = {"reference": begun.reference, "identifiers": begun.identifiers, "events": begun.events}
    yield {**told, "finished": False}
    yield from ({**told, "finished": True} for one in house.erasing.finish() if one.reference == begun.reference)


def finish_erasures(house: House) -> Iterator[Item]:
    """Finish every erasure that was begun; the number of them."""
    yield {"finished": len(house.erasing.finish())}


def export_tombstones(house: House, *, file: str) -> Iterator[Item]:
    """Write all tombstones into a file; how many they are."""
    with house.database.session() as session:
        told = collect(session)
    yield {"stones": write_file(Path(file), told)}


def apply_tombstones(house: House, *, file: str) -> Iterator[Item]:
    """Put up the tombstones of a file and erase whom they name; how many they are, and the sites that are not here."""
    applied = house.erasing.put_up(read_file(Path(file)), BY)
    house.erasing.finish()
    yield {"stones": applied.stones, "unknown": list(applied.unknown)}


def rebuild_profiles(house: House, *, site: str | None) -> Iterator[Item]:
    """Make the profiles of a site anew from its edges; how many identifiers changed theirs."""
    for one in [find_site(house.sites, site)] if site else house.sites.all():
        with house.database.session() as session:
            changed = project_all(session, one.id)
        house.identity.copy()
        yield {"site": one.name, "changed": changed}


def _profile(session: Session, site: SiteInfo, profile: str | None, login: str | None) -> int:
    if login is None:
        return by_link(session, site, profile or "")
    found = by_login(session, site, login)
    if found is None:
        raise FootfallError("nobody has signed in by this login, or nobody who agreed to be known")
    return found
