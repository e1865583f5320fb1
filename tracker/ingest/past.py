"""Salts for what is told today of other days: made of today's, and gone with it."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import date, datetime, timedelta

from tracker.clock import utc_now
from tracker.ingest.salts import SaltBook, day_start
from tracker.sites import SiteInfo


class PastSalts:
    """A SaltStore for one site, whose days are mostly over.

    Today's salt is the site's own, and so is yesterday's as long as it lives. That of any other day is a keyed hash
    of the day under today's: all that is told of a day while today lasts has one salt, visitors of two days are
    never the same, and once today's salt is destroyed nobody makes the others again.
    """

    def __init__(self, book: SaltBook, site: SiteInfo, now: Callable[[], datetime] = utc_now) -> None:
        self._book = book
        self._site = site
        self._now = now

    def find(self, site_id: int, day: date) -> bytes | None:
        """See SaltStore."""
        return self.find_or_make(site_id, day)

    def find_or_make(self, site_id: int, day: date) -> bytes:
        """See SaltStore."""
        now = self._now()
        salts, today = self._book.at(self._site, now), self._site.day_of(now)
        if day == today:
            return salts.today
        if salts.earlier and day == self._site.day_of(day_start(self._site, today) - timedelta(milliseconds=1)):
            return salts.earlier
        return hmac.digest(salts.today, f"day {day.isoformat()}".encode(), hashlib.sha256)
