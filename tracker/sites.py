"""The sites of this installation, as the hot path reads them and as owners make them."""

import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.clock import utc_now
from tracker.database import Database
from tracker.errors import InvalidInputError
from tracker.foreign import BY_NAME, ForeignInfo, foreign_ids_by_site
from tracker.funnels import FunnelInfo, funnels_by_site
from tracker.goals import GoalInfo, goals_by_site
from tracker.imports.book import ImportInfo, imports_by_site
from tracker.imports.past import Past
from tracker.languages import gettext
from tracker.models import Site, SiteHost
from tracker.releases import ReleaseInfo, releases_by_site
from tracker.segments import SegmentInfo, segments_by_site
from tracker.signal_versions import in_force
from tracker.signals import THRESHOLDS, Thresholds

PRIVACY_MODES = ("count", "cookieless", "consented", "stitched")  # each keeps what those before it keep, and more
REFRESH_S = 2.0
LONGEST_NAME = 200
_NO_PAST = Past()
_KEY_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that are mistaken for another when read aloud


@dataclass(frozen=True)
class SiteInfo:
    """What the collector, the loader and the reports need to know of a site; see `models.Site`.

    `limits` decide what counts as a struggle there; their version is the site's. `releases`
    are in the order of their time, `segments`, `goals` and `funnels` in that of their names.
    `foreign_ids` are what other trackers call it, `imports` what was taken in of their counts,
    which `past` reads.
    """

    id: int
    key: str
    name: str
    zone: str
    privacy_mode: str
    hosts: tuple[str, ...]
    query_parameters: frozenset[str]
    enabled: bool
    sample: bool
    identity_key: bytes = field(default=b"", repr=False)
    retention_days: int | None = None
    limits: Thresholds = THRESHOLDS
    releases: tuple[ReleaseInfo, ...] = ()
    segments: tuple[SegmentInfo, ...] = ()
    goals: tuple[GoalInfo, ...] = ()
    funnels: tuple[FunnelInfo, ...] = ()
    foreign_ids: tuple[ForeignInfo, ...] = ()
    imports: tuple[ImportInfo, ...] = ()
    past: Past = field(default=_NO_PAST, repr=False, compare=False)

    @property
    def tzinfo(self) -> ZoneInfo:
        """The site's time zone."""
        return ZoneInfo(self.zone)

    def day_of(self, moment: datetime) -> date:
        """Return the day of the site's own in which an aware moment lies."""
        return moment.astimezone(self.tzinfo).date()

    @property
    def default_host(self) -> str:
        """The host on which pages lie of which nothing says where they are."""
        return self.hosts[0] if self.hosts else "localhost"

    def owns(self, host: str) -> bool:
        """Tell whether beacons may come from `host`: one of the site's hosts or below it."""
        return any(host == own or host.endswith("." + own) for own in self.hosts)


class SiteBook:
    """All sites in memory, read again every few seconds, so that a beacon costs no query."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._read_at = -REFRESH_S
        self._by_key: dict[str, SiteInfo] = {}
        self._by_id: dict[int, SiteInfo] = {}
        self._by_foreign_id: dict[tuple[str, str], tuple[SiteInfo, ForeignInfo]] = {}

    def by_key(self, key: str) -> SiteInfo | None:
        """Return the site of a tag."""
        self._refresh()
        return self._by_key.get(key)

    def by_foreign_id(self, product: str, their_id: str) -> tuple[SiteInfo, ForeignInfo] | None:
        """Return the site that another tracker calls so, however it is spelt, with what is known of that name."""
        self._refresh()
        return self._by_foreign_id.get((product, BY_NAME[product].fold(their_id)))

    def owner_of(self, host: str | None) -> SiteInfo | None:
        """Return the oldest site from whose pages something of `host` comes; None is nobody's host."""
        return next((site for site in self.all() if site.owns(host)), None) if host else None

    def by_id(self, site_id: int) -> SiteInfo | None:
        """Return the site with this number."""
        self._refresh()
        return self._by_id.get(site_id)

    def all(self) -> list[SiteInfo]:
        """Return every site, oldest first."""
        self._refresh()
        return [self._by_id[number] for number in sorted(self._by_id)]

    def limits(self) -> Mapping[int, Thresholds]:
        """Return the limits of the sites that have moved any, by the site's id."""
        self._refresh()
        return {site.id: site.limits for site in self._by_id.values() if site.limits != THRESHOLDS}

    def forget(self) -> None:
        """Read again at the next question, after a change in this process."""
        self._read_at = -REFRESH_S

    def _refresh(self) -> None:
        if time.monotonic() - self._read_at < REFRESH_S or not self._lock.acquire(blocking=not self._by_id):
            return
        try:
            with self._database.session() as session:
                limits = in_force(session)
                releases, segments = releases_by_site(session), segments_by_site(session)
                goals, funnels = goals_by_site(session), funnels_by_site(session)
                foreign_ids, imports = foreign_ids_by_site(session), imports_by_site(session)
                sites = [
                    describe(
                        site,
                        limits.get(site.id, THRESHOLDS),
                        releases=releases.get(site.id, ()),
                        segments=segments.get(site.id, ()),
                        goals=goals.get(site.id, ()),
                        funnels=funnels.get(site.id, ()),
                        foreign_ids=foreign_ids.get(site.id, ()),
                        imports=imports.get(site.id, ()),
                        past=Past(self._database, site.id),
                    )
                    for site in session.scalars(select(Site))
                ]
            self._by_key = {site.key: site for site in sites}
            self._by_id = {site.id: site for site in sites}
            self._by_foreign_id = {
                (one.product, one.their_id): (site, one) for site in sites for one in site.foreign_ids
            }
            self._read_at = time.monotonic()
        finally:
            self._lock.release()


def describe(
    site: Site,
    limits: Thresholds = THRESHOLDS,
    *,
    releases: tuple[ReleaseInfo, ...] = (),
    segments: tuple[SegmentInfo, ...] = (),
    goals: tuple[GoalInfo, ...] = (),
    funnels: tuple[FunnelInfo, ...] = (),
    foreign_ids: tuple[ForeignInfo, ...] = (),
    imports: tuple[ImportInfo, ...] = (),
    past: Past = _NO_PAST,
) -> SiteInfo:
    """Freeze a row, the limits in force and what goes by a name there into what the house passes around."""
    return SiteInfo(
        id=site.id,
        key=site.key,
        name=site.name,
        zone=site.zone,
        privacy_mode=site.privacy_mode,
        hosts=tuple(sorted(host.host for host in site.hosts)),
        query_parameters=frozenset(site.query_parameters),
        enabled=site.enabled,
        sample=site.sample,
        identity_key=site.identity_key,
        retention_days=site.retention_days,
        limits=limits,
        releases=releases,
        segments=segments,
        goals=goals,
        funnels=funnels,
        foreign_ids=foreign_ids,
        imports=imports,
        past=past,
    )


def create_site(session: Session, name: str, hosts: list[str], zone: str = "UTC", *, sample: bool = False) -> Site:
    """Add a site and return it with its key; InvalidInputError when a value cannot be."""
    site = Site(
        key="".join(secrets.choice(_KEY_LETTERS) for _ in range(12)),
        name=check_name(name),
        zone=check_zone(zone),
        privacy_mode="cookieless",
        query_parameters=[],
        enabled=True,
        sample=sample,
        created_at=utc_now(),
        hosts=[SiteHost(host=host) for host in sorted({clean_host(host) for host in hosts})],
    )
    session.add(site)
    session.flush()
    return site


def check_name(text: str) -> str:
    """Return a site's name without the spaces around it; InvalidInputError when it is empty or too long."""
    name = text.strip()
    if not name or len(name) > LONGEST_NAME:
        raise InvalidInputError("name", gettext("must have 1 to %(most)s characters", most=LONGEST_NAME))
    return name


def check_zone(text: str) -> str:
    """Return an IANA zone's name; InvalidInputError when there is no such zone."""
    if text not in available_timezones():
        problem = gettext("%(given)s is no time zone; use a name such as Europe/Warsaw", given=repr(text[:64]))
        raise InvalidInputError("zone", problem)
    return text


def clean_host(text: str) -> str:
    """Turn what an owner types ("https://www.Example.org/shop") into a host; InvalidInputError when there is none."""
    host = text.strip().lower().split("://")[-1].split("/")[0].split("@")[-1]
    host = host.split("]")[0].lstrip("[") if host.startswith("[") else host.split(":")[0]
    host = host.rstrip(".").removeprefix("www.")
    if not host or len(host) > 253 or any(letter in host for letter in " <>\"'\\%?#&=*,;"):
        raise _no_host(text)
    try:
        return host if host.isascii() else host.encode("idna").decode()
    except UnicodeError as error:
        raise _no_host(text) from error


def _no_host(text: str) -> InvalidInputError:
    problem = gettext("%(given)s is no host name; use one such as example.org", given=repr(text))
    return InvalidInputError("host", problem)
