"""What the audit says of erasures: which were begun, and which are done. It is their only memory."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import audit
from tracker.models import AuditEntry

BEGUN, AGAIN, DONE = "erase-person", "erase-again", "person-erased"
EXPORTED = "export-person"


@dataclass(frozen=True)
class Waiting:
    """An erasure that is not done: of those erased at a time, or (None) of all who were erased ever."""

    site_id: int
    reference: str
    at: datetime | None
    who: str


def waiting(session: Session) -> list[Waiting]:
    """Return the erasures that were begun and are not done, oldest first."""
    found: dict[tuple[int, str], Waiting] = {}
    of_erasures = AuditEntry.action.in_((BEGUN, AGAIN, DONE))
    for entry in session.scalars(select(AuditEntry).where(of_erasures).order_by(AuditEntry.id)):
        key = (entry.site_id, entry.subject)
        if entry.action == DONE:
            found.pop(key, None)
        else:
            at = datetime.fromisoformat(str(entry.detail["at"])) if entry.action == BEGUN else None
            found[key] = Waiting(entry.site_id, entry.subject, at, entry.who)
    return list(found.values())


def note_done(session: Session, one: Waiting, counts: dict[str, int]) -> None:
    """Note that an erasure is done, and how many rows it took."""
    audit.note(session, one.site_id, one.who, DONE, one.reference, dict(counts))
