"""Notes who did what to whose data: one row each, which nobody changes afterwards."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.clock import utc_now
from tracker.models import AuditEntry

BY_ITSELF = "footfall"
"""Who did it, where nobody did: the clock."""


def note(  # noqa: PLR0917 - one a column
    session: Session, site_id: int, who: str, action: str, subject: str, detail: dict[str, object] | None = None
) -> None:
    """Add an entry. `subject` is what it was done to; `detail` holds plain values, of no visitor's."""
    session.add(
        AuditEntry(
            site_id=site_id, at=utc_now(), who=who[:320], action=action, subject=subject[:64], detail=detail or {}
        )
    )
    session.flush()


def entries(session: Session, site_id: int, actions: Collection[str]) -> list[AuditEntry]:
    """Return the site's entries of these actions, the newest first."""
    wanted = (AuditEntry.site_id == site_id, AuditEntry.action.in_(actions))
    return list(session.scalars(select(AuditEntry).where(*wanted).order_by(AuditEntry.id.desc())))
