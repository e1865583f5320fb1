"""Takes another product's views and events in through the spool, as often as it is asked, and counts each once."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice

from collectors.answer import RefusedError
from collectors.footprints import Intake, Numbering, Submit, Taken, cut, quarter_of
from collectors.history.hit import BadRowError, Format, Hit, Known, SkippedError
from tracker.clock import MS_A_DAY, utc_now
from tracker.event import Footprint
from tracker.imports.files import GivenFile, Progress, StoppedByHandError, opened
from tracker.imports.reasons import Place, Reasons
from tracker.ingest.context import IngestContext
from tracker.ingest.salts import PassingSalts, SaltBook
from tracker.retention import kept_from_ms
from tracker.sites import SiteInfo

_ROWS_AT_ONCE = 2000
_DAYS_HELD = 3


@dataclass(frozen=True)
class Stretch:
    """Which events are taken: those from `since` on and before `until`, in ms since 1970; None is no bound."""

    since: int | None = None
    until: int | None = None

    def check(self, at: int) -> None:
        """SkippedError when an event lies outside."""
        if self.since is not None and at < self.since:
            raise SkippedError("older than this site keeps")
        if self.until is not None and at >= self.until:
            raise SkippedError("not before the day given")


def stretch_of(site: SiteInfo, until: date | None) -> Stretch:
    """Return what a site can take: from where it keeps events on, and before a day of its own."""
    end = datetime.combine(until, time(), site.tzinfo) if until else None
    return Stretch(since=kept_from_ms(site, utc_now()), until=round(end.timestamp() * 1000) if end else None)


class Taking:
    """One import of one product's export into one site.

    An event's id is a hash of what the product tells it by, else of its row and of how many like it came
    before, so that the same export, also a later one that holds it, adds nothing twice. Its time of receipt is
    its own time. Visitors are told apart within a day by a salt that ends with this object.
    """

    def __init__(self, of: Format, site: SiteInfo, stretch: Stretch, submit: Submit, place: Place) -> None:
        self._of = of
        self._site = site
        self._stretch = stretch
        self._numbering = Numbering(MS_A_DAY, _DAYS_HELD)
        self._intake = Intake(IngestContext(SaltBook(PassingSalts()), None), submit)
        self.summary = self._intake.summary
        self.summary.bad = Reasons(place)

    def take(self, rows: Iterator[dict[str, str]]) -> bool:
        """Take the next rows, each while it is the one that was read last; False where there are no more."""
        groups: dict[tuple[Known, int], list[Hit]] = {}
        taken = 0
        for row in islice(rows, _ROWS_AT_ONCE):
            taken += 1
            try:
                hit = self._of.read(row, self._site)
                self._stretch.check(hit.event.at)
            except SkippedError as error:
                self.summary.skipped[str(error)] += 1
            except BadRowError as error:
                self.summary.bad[str(error)] += 1
            except RefusedError as error:  # the event cannot be one of ours
                self.summary.bad[error.outcome.field or "event"] += 1
            else:
                hit.event.id = f"{self._identify(hit, row)}-0"
                groups.setdefault((hit.known, quarter_of(hit.event.at)), []).append(hit)
        for (known, _), hits in groups.items():
            for some in cut(hits):
                self._keep(known, some)
        return taken > 0

    def finish(self) -> Taken:
        """Wait until all is durable and return what became of the rows."""
        return self._intake.finish()

    def _identify(self, hit: Hit, row: dict[str, str]) -> str:
        """Return 16 hex digits."""
        if hit.key is not None:
            return hashlib.sha256(f"{self._of.name}:{hit.key}".encode()).hexdigest()[:16]
        whole = "\0".join((self._of.name, *row.values())).encode(errors="replace")
        return self._numbering.identify(whole, hit.event.at)

    def _keep(self, known: Known, hits: Sequence[Hit]) -> None:
        footprint = Footprint(
            site_id=self._site.id,
            received_at=hits[0].event.at,
            user_agent=known.user_agent,
            told=dict(known.told),
            automated=known.automated,
            language=known.language,
            country=known.country,
            region=known.region,
            city=known.city,
            keeps_time=True,
            imported=True,
            events=[hit.event for hit in hits],
        )
        # what the product tells visitors apart by stands for address and browser in the day's hash
        self._intake.keep(footprint, self._site, "", known.session or "", gpc=known.session is None)


def take_history(  # noqa: PLR0917 - what is taken, from where, into what
    of: Format,
    files: Sequence[GivenFile],
    site: SiteInfo,
    submit: Submit,
    stretch: Stretch = Stretch(),
    progress: Progress = lambda done, total: None,
) -> Taken:
    """Take the events of an export, which may lie in several files, and return what became of them once all is durable.

    What `progress` raises breaks it off, but for StoppedByHandError, at which what was taken until then is all.
    FootfallError when a file cannot be read or is none of the product's, or the spool takes no more. After either it
    can be started again, and adds nothing twice.
    """
    place = Place()
    running = Taking(of, site, stretch, submit, place)
    with suppress(StoppedByHandError), opened(files, progress, place) as exports:
        rows = of.rows(exports, running.summary.bad)
        while running.take(rows):
            pass
    return running.finish()
