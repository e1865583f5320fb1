"""The audit in words."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from reports.wording.deeds import deed, detail, subject, value
from tracker.audit import BY_ITSELF
from tracker.expiry import CHANGED
from tracker.languages import dates, gettext
from tracker.models import AuditEntry
from tracker.sites import SiteInfo

_SAID_ELSEWHERE = ("at",)


@dataclass(frozen=True)
class Told:
    """One entry: what is known of it beside is a list of names and values."""

    at: str
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
        dates.second(entry.at.astimezone(site.tzinfo)),
        gettext("Footfall itself") if entry.who == BY_ITSELF else entry.who,
        deed(entry.action),
        subject(entry.action, entry.subject),
        [
            (detail(name), value(entry.action, name, found))
            for name, found in entry.detail.items()
            if name not in _SAID_ELSEWHERE and (found not in (None, "") or entry.action == CHANGED)
        ],
    )
