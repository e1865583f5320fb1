"""The audit in words."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.audit import BY_ITSELF
from tracker.models import AuditEntry
from tracker.sites import SiteInfo

WORDS = {
    "merge-profiles": "merged two profiles",
    "take-back-edge": "took a tie back",
    "put-back-edge": "put a tie back",
    "decide-conflict": "decided a conflict",
    "export-person": "exported everything about a person",
    "erase-person": "had a person erased",
    "erase-again": "had all who were erased before erased again",
    "person-erased": "the last of it is gone",
    "expire": "deleted what was too old",
    "hold-expiry": "held deletion back",
    "allow-expiry": "let deletion go ahead",
    "change-retention": "changed the retention",
    "change-privacy": "changed the privacy mode",
}
_SAID_ELSEWHERE = ("at",)


@dataclass(frozen=True)
class Told:
    """One entry: what is known of it beside is a list of names and values."""

    at: datetime
    who: str
    did: str
    subject: str
    more: list[tuple[str, str]]


def tell_audit(session: Session, site: SiteInfo, most: int) -> tuple[list[Told], bool]:
    """Return the site's newest entries in words, and whether there are older ones."""
    wanted = select(AuditEntry).where(AuditEntry.site_id == site.id).order_by(AuditEntry.id.desc()).limit(most + 1)
    found = list(session.scalars(wanted))
    return [_told(site, entry) for entry in found[:most]], len(found) > most


def _told(site: SiteInfo, entry: AuditEntry) -> Told:
    return Told(
        entry.at.astimezone(site.tzinfo),
        "Footfall itself" if entry.who == BY_ITSELF else entry.who,
        WORDS.get(entry.action, entry.action.replace("-", " ")),
        entry.subject,
        [
            (name.replace("_", " "), str(value))
            for name, value in entry.detail.items()
            if name not in _SAID_ELSEWHERE and value not in (None, "")
        ],
    )
