"""When this installation was at work, and up to when all that was acknowledged is stored.

What was not counted because nobody counted, or is not stored yet, must not be taken for visitors who stay away.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from tracker.house import House
from tracker.models import Uptime
from tracker.pending import waiting_since

SILENT_AFTER = timedelta(minutes=11)  # several turns of the job that notes it
KEPT_FOR = timedelta(weeks=14)  # longer than what is looked back on

Gap = tuple[datetime, datetime]


def note_uptime(house: House, now: datetime) -> None:
    """Note that this process is at work, unless it refuses what comes, and up to when all is stored."""
    if house.spool.refusing:
        return
    since_ms = waiting_since(house.settings.spool_folder, house.store.marks())
    loaded = now if since_ms is None else min(now, datetime.fromtimestamp(since_ms / 1000, UTC))
    with house.database.session() as session:
        mine = select(Uptime).where(Uptime.holder == house.leadership.holder, Uptime.until > now - SILENT_AFTER)
        row = session.scalars(mine.order_by(Uptime.until.desc()).limit(1)).first()
        if row is None:
            session.add(Uptime(holder=house.leadership.holder, began_at=now, until=now, loaded_until=loaded))
        else:
            row.until, row.loaded_until = max(now, row.until), loaded
        session.execute(delete(Uptime).where(Uptime.until < now - KEPT_FOR))


def stored_until(session: Session, now: datetime) -> datetime:
    """Return up to when what the processes that are at work acknowledged is in the event store."""
    found = session.scalar(select(func.min(Uptime.loaded_until)).where(Uptime.until > now - SILENT_AFTER))
    return min(found or now, now)


def gaps(session: Session, since: datetime) -> list[Gap]:
    """Return when no process was at work, from `since` on; of what was before the first note nothing is known."""
    rows = session.execute(
        select(Uptime.began_at, Uptime.until).where(Uptime.until >= since - KEPT_FOR).order_by(Uptime.began_at)
    ).all()
    found: list[Gap] = []
    until: datetime | None = None
    for began_at, ended_at in rows:
        if until is not None and began_at > until and began_at > since:
            found.append((until, began_at))
        until = max(ended_at, until or ended_at)
    return found
