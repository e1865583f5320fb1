"""Makes the sample: visits that walk through the shop, as footprints like those of a browser."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from datetime import datetime, timedelta
from itertools import count, islice
from random import Random
from typing import Any, NamedTuple, TypeVar

import msgspec

from tracker.database import Database
from tracker.event import Event, Footprint
from tracker.releases import mark_release
from tracker.sample import goals
from tracker.sample.beyond import DAY_MS, attention, beyond_clicks
from tracker.sample.people import BOTS, DEVICES, HOMES, HOURS, WAYS, WEEKDAYS, Device, Home, Way
from tracker.sample.regulars import ONE_IN, stops
from tracker.sample.shop import HOST, PAGES, PURCHASE_EVENT, PURCHASE_PAGE, Control, Reaction, link_to
from tracker.sites import SiteInfo, create_site, describe

_BOT_SHARE = 0.06
_LONGEST_VISIT = 14
_PHONE = 640  # px wide, or less
_RELEASED_DAYS = 9  # before the end: some faults came with it
_WAITING = 500  # footprints that may wait for their commit
_json = msgspec.json.Encoder()
Weighted = TypeVar("Weighted", Device, Home, Way)


def create_sample(database: Database, submit: Callable[[bytes, int], "Future[None]"], until: datetime) -> SiteInfo:
    """Add a site marked as a sample with four weeks of visits up to `until`, and return it once they are durable.

    `submit` is the spool's; what it raises comes through, the site then being there without all of its visits.
    """
    with database.session() as session:
        row = create_site(session, "Fern & Kettle (sample)", [HOST], "Europe/London", sample=True)
        row.privacy_mode = "stitched"
        release, _ = mark_release(session, row.id, "v2.3", until - timedelta(days=_RELEASED_DAYS))
        goals.save_all(session, row.id)
        site = describe(row, releases=(release,), goals=goals.GOALS, funnels=goals.FUNNELS)
    footprints = sample_footprints(site, until)
    while part := list(islice(footprints, _WAITING)):
        for future in [submit(_json.encode(footprint), len(footprint.events)) for footprint in part]:
            future.result()
    return site


def sample_footprints(
    site: SiteInfo, until: datetime, days: int = 28, visits: int = 3000, seed: int = 1
) -> Iterator[Footprint]:
    """Yield the footprints of about so many visits in the `days` before `until`, in the order of time.

    Beside those of strangers there are those of people who agreed to be known, one to `ONE_IN` visits.
    The same arguments give the same footprints. Nothing lies after `until`.
    """
    chance = Random(seed)  # noqa: S311  # nosec B311 - it decides what invented people do
    starts = sorted(_start(chance, until, days) for _ in range(visits))
    made = [footprint for start in starts for footprint in _visit(chance, site, start, until)]
    known = Random(f"known {seed}")  # noqa: S311  # nosec B311 - of their own, so that strangers do not depend on them
    for stop in stops(known, site, until, days, visits // ONE_IN):
        came = _Came(stop.way._replace(leaves=0), stop.browser.device, stop.home)
        made += stop.dress(site, _walk(known, site, came, stop.start, until))
    end = int(until.timestamp() * 1000)
    for footprint in sorted(made, key=lambda footprint: footprint.received_at):
        footprint.events = [event for event in footprint.events if event.at <= end]
        if footprint.events:
            yield footprint


def _start(chance: Random, until: datetime, days: int) -> datetime:
    """Pick a moment by the hour and the weekday, a little more likely the nearer it is."""
    while True:
        moment = until - timedelta(days=days * (1 - chance.random() ** 0.85))
        busy = HOURS[moment.hour] / max(HOURS) * WEEKDAYS[moment.weekday()] / max(WEEKDAYS)
        if chance.random() < busy:
            return moment


def _visit(chance: Random, site: SiteInfo, start: datetime, until: datetime) -> Iterator[Footprint]:
    way, device, home = _pick(chance, WAYS), _pick(chance, DEVICES), _pick(chance, HOMES)
    bot = chance.choice(BOTS) if chance.random() < _BOT_SHARE else None
    yield from _walk(chance, site, _Came(way, device, home, bot), start, until)


def _walk(chance: Random, site: SiteInfo, came: "_Came", start: datetime, until: datetime) -> Iterator[Footprint]:
    """Yield a footprint for each page that somebody comes to."""
    way, device, home, bot = came
    shared: dict[str, Any] = {
        "site_id": site.id,
        "visitor_id": chance.getrandbits(64) - 2**63,
        "user_agent": bot or device.user_agent,
        "viewport": device.viewport,
        "keeps_time": True,
        "language": home.language,
        "country": home.country,
        "region": home.region,
        "city": home.city,
    }
    url, path, referrer = f"https://{HOST}{way.entry}{way.query}", way.entry, way.referrer
    now, before, back = int(start.timestamp() * 1000), "", False
    for number in range(_LONGEST_VISIT):
        page = PAGES[path]
        stay_ms = int(page.stay_s * 1000 * chance.lognormvariate(0, 0.7))
        following = chance.choices(list(page.next), list(page.next.values()))[0]
        clicked, goes_back = page.controls, False
        if number == 0 and chance.random() < way.leaves:
            stay_ms, following, clicked = min(stay_ms, 6000), "", ()
        if bot:
            stay_ms, following, clicked = 0, following if chance.random() < 0.4 else "", ()
        elif before and chance.random() < page.glance:
            stay_ms, following, clicked, goes_back = chance.randrange(1200, 6000), before, (), True
        elif following:
            clicked = (*clicked, link_to(following))
        view = Event(id=f"{chance.getrandbits(64):016x}-0", kind="view", at=now, url=url, title=page.title)
        view.referrer, view.navigation = referrer, "back_forward" if back else "navigate"
        seen = _Seen(chance, view, stay_ms, int(until.timestamp() * 1000) - now)
        events = [view, *seen.clicks(clicked)]
        if not bot:
            finished = following == PURCHASE_PAGE
            phone = device.viewport[0] < _PHONE
            events += seen.beyond(
                beyond_clicks(chance, page, stay_ms, seen.ago_ms, phone=phone, finished=finished) if clicked else []
            )
        yield Footprint(received_at=now, events=events, **shared)
        if not following:
            return
        now = max(event.at for event in events) + chance.randrange(300, 1500 if goes_back else 2500)
        before, back = path, goes_back
        referrer, path, url = f"{HOST}{path}", following, f"https://{HOST}{following}"


class _Came(NamedTuple):
    """How somebody comes: by which way, with what, from where; `bot` is the user agent of what is nobody."""

    way: Way
    device: Device
    home: Home
    bot: str | None = None


class _Seen:
    """One view being looked at, `ago_ms` before the end, for `stay_ms` or as long as its clicks take."""

    def __init__(self, chance: Random, view: Event, stay_ms: int, ago_ms: int) -> None:
        self._chance = chance
        self._view = view
        self._stay_ms = stay_ms
        self._numbers = count(1)
        self._at = view.at
        self.ago_ms = ago_ms

    def clicks(self, controls: tuple[Control, ...]) -> Iterator[Event]:
        """Yield the clicks on the page's controls; who is not answered may click again, a few of them in anger."""
        chance = self._chance
        for control in controls:
            if chance.random() >= control.chance:
                continue
            whole = control.broken_days is not None and self.ago_ms > control.broken_days * DAY_MS
            reaction: Reaction = "answer" if whole or chance.random() < control.works else control.reaction
            self._at += chance.randrange(600, 4000)
            yield self._click(control, reaction)
            if reaction in ("dead", "slow") and chance.random() < 0.3:
                gap, more = ((130, 240), chance.randrange(3, 6)) if chance.random() < 0.3 else ((900, 3000), 1)
                for _ in range(more):
                    self._at += chance.randrange(*gap)
                    yield self._click(control, reaction)

    def beyond(self, told: list[tuple[int, dict[str, Any]]]) -> Iterator[Event]:
        """Yield what else happened: a purchase, what is told of the page, and how long it was looked at."""
        chance, view = self._chance, self._view
        if view.url.endswith(PURCHASE_PAGE):
            price = {"value": chance.randrange(900, 6500) / 100, "currency": "GBP"}
            yield self._event(view.at + 400, kind="custom", name=PURCHASE_EVENT, properties=price)
        for offset_ms, fields in told:
            yield self._event(view.at + offset_ms, **fields)
        if self._stay_ms:
            engaged, scrolled = int(self._stay_ms * chance.uniform(0.5, 1)), chance.randrange(150, 1001)
            yield self._event(
                max(view.at + self._stay_ms, self._at + 500),
                kind="engagement",
                engaged_ms=engaged,
                scroll_permille=scrolled,
                attention_ms=attention(chance, engaged, scrolled),
            )

    def _click(self, control: Control, reaction: Reaction) -> Event:
        chance = self._chance
        return self._event(
            self._at,
            kind="click",
            trusted=True,
            element=control.selector,
            element_tag=control.tag,
            element_text=control.text or None,
            affordance=control.affordance,
            disabled=True if control.disabled and reaction == control.reaction else None,
            offset_x=chance.randrange(80, 920),
            offset_y=chance.randrange(150, 850),
            page_x=chance.randrange(150, 850),
            page_y=chance.randrange(200, 2200),
            mutation_pace=chance.choice((0, 0, 1, 10)),
            watched_before_ms=3000,
            watched_after_ms=7000,
            **_evidence(chance, reaction),
        )

    def _event(self, at: int, **fields: Any) -> Event:
        number = next(self._numbers)
        return Event(id=f"{self._view.id[:16]}-{number}", at=at, url=self._view.url, **fields)


def _evidence(chance: Random, reaction: Reaction) -> dict[str, int]:
    """Return what followed a click, in ms after it."""
    soon = chance.randrange(6, 40)
    match reaction:
        case "page":
            return {"navigation_ms": soon}
        case "change":
            return {"mutation_ms": soon, "any_mutation_ms": soon}
        case "answer":
            return {"request_ms": soon, "mutation_ms": chance.randrange(120, 600)}
        case "slow":
            return {"request_ms": soon, "mutation_ms": chance.randrange(2400, 5200)}
        case "error":
            return {"request_ms": soon, "failed_request_ms": chance.randrange(150, 900)}
        case "dead":
            return {}


def _pick(chance: Random, choices: tuple[Weighted, ...]) -> Weighted:
    return chance.choices(choices, [choice.weight for choice in choices])[0]
