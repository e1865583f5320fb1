"""Turns spooled footprints into the lines of a batch."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import msgspec
import structlog
from sqlalchemy import func, select

from tracker.clock import now_ms
from tracker.dead_letters import DeadLetter, DeadLetters
from tracker.event import Footprint
from tracker.identity.claim import KEY as CLAIM
from tracker.ingest.rows import Row
from tracker.ingest.steps import to_rows
from tracker.rights.erased import ErasedBook
from tracker.sites import SiteBook, SiteInfo
from tracker.spool import Row as SpoolRow
from tracker.store.base import EventStore
from tracker.store.schema import VISIT_GAP_S, visit

_log = structlog.get_logger("footfall.loader")
_footprints = msgspec.json.Decoder(Footprint)
_lines = msgspec.json.Encoder()
_GAP_MS = VISIT_GAP_S * 1000
_OWN_NAMES_CAP = 100_000


class Gathered:
    """What some rows of a spool file became: lines of NDJSON, and counts of what became none."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.tallies: Counter[tuple[int, str, str]] = Counter()
        self.earliest_received_at_ms = now_ms()


class Gatherer:
    """Decodes footprints, runs the steps at load and numbers the rows.

    `settle` returns when all that was gathered before is loaded.
    """

    def __init__(
        self,
        store: EventStore,
        sites: SiteBook,
        dead_letters: DeadLetters,
        settle: Callable[[], None],
        erased: ErasedBook | None = None,
    ) -> None:
        self._erased = erased
        self._settle = settle
        self._store = store
        self._sites = sites
        self._dead_letters = dead_letters
        self._next_ingest_id: int | None = None
        self._own_names: set[tuple[int, int | None]] = set()  # consented of late, and in no visit of before

    def gather(self, spool_file: str, rows: Sequence[SpoolRow]) -> Gathered:
        """Make lines of a spool file's rows; what cannot be read becomes a dead letter."""
        if self._next_ingest_id is None:
            self._next_ingest_id = self._store.next_ingest_id()
        gathered = Gathered()
        decoded = [(row, self._decode(gathered, spool_file, row)) for row in rows]
        turning = [footprint for _, footprint in decoded if footprint and self._may_be_another(footprint)]
        if turning:
            self._settle()
        visitors = _Visitors(self._store, turning)
        for row, footprint in decoded:
            if footprint is not None:
                self._add(gathered, spool_file, row, footprint, visitors)
        return gathered

    def _decode(self, gathered: Gathered, spool_file: str, row: SpoolRow) -> Footprint | None:
        number, events, body = row
        if body is None:
            gathered.tallies[0, "dead", "damaged"] += events
            _log.warning("spool row is damaged", file=spool_file, row=number, events=events)
            return None
        try:
            return _footprints.decode(body)
        except msgspec.DecodeError as error:
            self._bury(gathered, DeadLetter(f"{spool_file}:{number}", 0, "unreadable", str(error), len(body)), events)
            return None

    def _add(
        self, gathered: Gathered, spool_file: str, row: SpoolRow, footprint: Footprint, visitors: "_Visitors"
    ) -> None:
        number, events, body = row
        site = self._sites.by_id(footprint.site_id)
        if site is None:
            gathered.tallies[footprint.site_id, "dropped", "unknown_site"] += events
            return
        try:
            made = to_rows(footprint, site)
        except Exception as error:  # one footprint must not keep the others from being loaded
            _log.exception("a step at load failed", file=spool_file, row=number)
            text = (body or b"").decode(errors="replace")
            letter = DeadLetter(f"{spool_file}:{number}", site.id, "step", repr(error), len(text), text)
            self._bury(gathered, letter, events)
            return
        visitors.choose(footprint, made, site)
        if footprint.consent_fresh and made[0].get("visitor_id") == footprint.visitor_id:
            self._remember_own(footprint)
        if self._erased is not None:
            kept = self._erased.left(site.id, made)
            if len(kept) < len(made):
                gathered.tallies[site.id, "dropped", "erased"] += len(made) - len(kept)
                made = kept
        self._number(made)
        gathered.lines += (_lines.encode(one) + b"\n" for one in made)
        gathered.earliest_received_at_ms = min(gathered.earliest_received_at_ms, footprint.received_at)

    def _may_be_another(self, footprint: Footprint) -> bool:
        own = footprint.earlier_visitor_id is None and (footprint.site_id, footprint.visitor_id) in self._own_names
        return bool(_earlier_names(footprint)) and not own

    def _remember_own(self, footprint: Footprint) -> None:
        """Spare the store the same question for every batch of a visitor."""
        if len(self._own_names) >= _OWN_NAMES_CAP:
            self._own_names.clear()
        self._own_names.add((footprint.site_id, footprint.visitor_id))

    def _number(self, rows: list[Row]) -> None:
        assert self._next_ingest_id is not None
        for ingest_id, row in enumerate(rows, self._next_ingest_id):
            row["ingest_id"] = ingest_id
        self._next_ingest_id += len(rows)

    def _bury(self, gathered: Gathered, letter: DeadLetter, events: int) -> None:
        self._dead_letters.add(letter)
        gathered.tallies[letter.site_id, "dead", letter.reason] += events


class _Visitors:
    """Whether a visitor is still in a visit that goes by an earlier name: then that name goes on.

    Names change at the site's midnight, and when a visitor consents in the middle of a visit.
    """

    def __init__(self, store: EventStore, turning: Sequence[Footprint]) -> None:
        self._last_ms: dict[tuple[int, int], int] = {}
        self._watched = {(footprint.site_id, name) for footprint in turning for name in _earlier_names(footprint)}
        if turning:
            names = [name for _, name in self._watched]
            since = min(footprint.received_at for footprint in turning) - 2 * 86_400_000
            ended = func.max(visit.c.ended_at)
            found = store.query(
                select(visit.c.site_id, visit.c.visitor_id, ended)
                .where(visit.c.visitor_id.in_(names), visit.c.ended_at >= datetime.fromtimestamp(since / 1000, UTC))
                .group_by(visit.c.site_id, visit.c.visitor_id)
            )
            self._last_ms = {(site_id, visitor_id): _ms(last) for site_id, visitor_id, last in found.rows}

    def choose(self, footprint: Footprint, rows: list[Row], site: SiteInfo) -> None:
        """Put an earlier name into the rows when there was no pause since its last event."""
        names = [name for name in _earlier_names(footprint) if (site.id, name) in self._last_ms]
        if not rows or not (names or (site.id, footprint.visitor_id) in self._watched):
            return
        times = [_ms(datetime.fromisoformat(str(row["occurred_at"]))) for row in rows]
        visitor_id = footprint.visitor_id
        for earlier in names:
            if min(times) - self._last_ms[site.id, earlier] <= _GAP_MS:
                visitor_id = earlier
                for row in rows:
                    row["visitor_id"] = earlier
                _claim_as(rows[0], earlier)
                break
        if visitor_id is not None and (site.id, visitor_id) in self._watched:
            self._last_ms[site.id, visitor_id] = max(*times, self._last_ms.get((site.id, visitor_id), 0))


def _earlier_names(footprint: Footprint) -> list[int]:
    """Return by what other names the footprint's visitor may still be in a visit, yesterday's first."""
    names = [footprint.earlier_visitor_id]
    if footprint.consent_fresh:
        names.append(footprint.daily_id)
    return [name for name in names if name is not None]


def _claim_as(row: Row, daily: int) -> None:
    """Let the claim speak of the daily hash that the visit goes by."""
    claim = row.get(CLAIM)
    if isinstance(claim, dict):
        claim["daily"] = daily


def _ms(time: datetime) -> int:
    return round(time.replace(tzinfo=UTC).timestamp() * 1000)
