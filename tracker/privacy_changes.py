"""Changes a site's privacy mode and retention, and knows what former modes left behind."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from tracker import audit
from tracker.checking import one_of
from tracker.expiry import CHANGED
from tracker.models import Site
from tracker.privacy import KEPT, Kept, left_behind
from tracker.sites import PRIVACY_MODES, SiteInfo

CHANGED_MODE = "change-mode"


@dataclass(frozen=True)
class Behind:
    """What is still stored of modes that kept more; `until` is when the last of them ended."""

    kept: tuple[Kept, ...]
    until: datetime


def change_privacy(session: Session, site_id: int, mode: str, retention_days: int | None, who: str) -> None:
    """Set a site's mode and retention; what is changed is noted as done by `who`. InvalidInputError for no mode."""
    one_of("privacy_mode", mode, PRIVACY_MODES)
    site = session.get_one(Site, site_id)
    if mode != site.privacy_mode:
        audit.note(session, site_id, who, CHANGED_MODE, "privacy mode", {"from": site.privacy_mode, "to": mode})
        site.privacy_mode = mode
    if retention_days != site.retention_days:
        detail: dict[str, object] = {"from": site.retention_days, "to": retention_days}
        audit.note(session, site_id, who, CHANGED, "retention", detail)
        site.retention_days = retention_days
    session.flush()


def still_behind(session: Session, site: SiteInfo, now: datetime) -> Behind | None:
    """Return what former modes kept, the present one does not, and the retention has not yet deleted."""
    kept: set[Kept] = set()
    until = None
    for entry in audit.entries(session, site.id, (CHANGED_MODE,)):
        if site.retention_days is not None and entry.at < now - timedelta(days=site.retention_days):
            break
        left = left_behind(str(entry.detail["from"]), site.privacy_mode)
        kept.update(left)
        until = until or (entry.at if left else None)
    return Behind(tuple(one for one in KEPT if one in kept), until) if until else None
