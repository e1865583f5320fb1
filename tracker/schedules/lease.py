"""One leader among many processes: who holds a row of the relational store until a moment, which may be prolonged."""

import os
import secrets
import socket
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import or_, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from tracker.clock import utc_now
from tracker.database import Database
from tracker.models import Lease

LASTS = timedelta(seconds=90)
BEYOND = 10 * LASTS
"""A lease of which so much is left was taken before its machine's clock was put back, and is over."""
_NEVER = datetime.min.replace(tzinfo=UTC)
_log = structlog.get_logger("footfall.schedules")


class Leadership:
    """One process's claim to do something alone.

    A leader that stops without a word is followed after LASTS. One that is late, as after a pause of
    its machine, may act beside its follower for a moment: what it does must be harmless twice. `holder`
    names this process among all.
    """

    def __init__(self, database: Database, name: str) -> None:
        self._database = database
        self._name = name
        self._until = _NEVER
        self.holder = f"{socket.gethostname()[:32]}:{os.getpid()}:{secrets.token_hex(4)}"

    def hold(self, now: datetime | None = None) -> bool:
        """Take the lease, or prolong it where half of it is over; False while another holds it.

        It is taken anew where the clock was put back as well, for others hold it for over then.
        """
        now = now or utc_now()
        if not LASTS / 2 <= self._until - now <= LASTS:
            self._until = now + LASTS if self._take(now) else _NEVER
        return self._until > now

    def _take(self, now: datetime) -> bool:
        mine_or_over = or_(Lease.holder == self.holder, Lease.until <= now, Lease.until > now + BEYOND)
        with self._database.session() as session:
            taken = session.execute(
                update(Lease)
                .where(Lease.name == self._name, mine_or_over)
                .values(holder=self.holder, until=now + LASTS)
                .returning(Lease.name)
            ).first()
            if taken is not None:
                return True
            if session.get(Lease, self._name) is not None:
                return False
        try:
            with self._database.session() as session:
                session.add(Lease(name=self._name, holder=self.holder, until=now + LASTS))
        except IntegrityError:  # another was there first
            return False
        return True

    def let_go(self) -> None:
        """Leave it to the next at once; nothing happens when it is another's, or the store is away."""
        if self._until == _NEVER:
            return
        self._until = _NEVER
        mine = update(Lease).where(Lease.name == self._name, Lease.holder == self.holder)
        try:
            with self._database.session() as session:
                session.execute(mine.values(until=utc_now()))
        except SQLAlchemyError:  # it is over by itself some seconds later
            _log.warning("the lease could not be let go", lease=self._name)
