"""Makes the sample: visits that walk through the shop, as footprints like those of a browser."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from datetime import datetime, timedelta
from itertools import count, islice
from random import Random
from typing import Any, TypeVar

import msgspec

from tracker.database import Database
from tracker.event import Event, Footprint
from tracker.sample.people import BOTS, DEVICES, HOMES, HOURS, WAYS, WEEKDAYS, Device, Home, Way
from tracker.sample.shop import PAGES, PURCHASE_PAGE, Control, link_to
from tracker.sites import SiteInfo, create_site, describe

HOST = "fern-and-kettle.example"
_BOT_SHARE = 0.06
_LONGEST_VISIT = 14
_WAITING = 500  # footprints that may wait for their commit
_json = msgspec.json.Encoder()
Weighted = TypeVar("Weighted", Device, Home, Way)


def create_sample(database: Database, submit: Callable[[bytes, int], "Future[None]"], until: datetime) -> SiteInfo:
    """Add a site marked as a sample with four weeks of visits up to `until`, and return it once they are durable.

    `submit` is the spool's; what it raises comes through, the site then being there without all of its visits.
    """
    with database.session() as session:
        site = describe(create_site(session, "Fern & Kettle (sample)", [HOST], "Europe/London", sample=True))
    footprints = sample_footprints(site, until)
    while part := list(islice(footprints, _WAITING)):
        for future in [submit(_json.encode(footprint), len(footprint.events)) for footprint in part]:
            future.result()
    return site


def sample_footprints(
    site: SiteInfo, until: datetime, days: int = 28, visits: int = 3000, seed: int = 1
) -> Iterator[Footprint]:
    """Yield the footprints of about so many visits in the `days` before `until`, in the order of time.

    The same arguments give the same footprints. Nothing lies after `until`.
    """
    chance = Random(seed)  # noqa: S311  # nosec B311 - it decides what invented people do
    starts = sorted(_start(chance, until, days) for _ in range(visits))
    made = [footprint for start in starts for footprint in _visit(chance, site, start)]
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


def _visit(chance: Random, site: SiteInfo, start: datetime) -> Iterator[Footprint]:
    way, device, home = _pick(chance, WAYS), _pick(chance, DEVICES), _pick(chance, HOMES)
    bot = chance.choice(BOTS) if chance.random() < _BOT_SHARE else None
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
    now = int(start.timestamp() * 1000)
    for number in range(_LONGEST_VISIT):
        stay_ms = int(PAGES[path].stay_s * 1000 * chance.lognormvariate(0, 0.7))
        following = chance.choices(list(PAGES[path].next), list(PAGES[path].next.values()))[0]
        clicked = PAGES[path].controls
        if number == 0 and chance.random() < way.leaves:
            stay_ms, following, clicked = min(stay_ms, 6000), "", ()
        if bot:
            stay_ms, following, clicked = 0, following if chance.random() < 0.4 else "", ()
        elif following:
            clicked = (*clicked, link_to(following))
        view = Event(id=f"{chance.getrandbits(64):016x}-0", kind="view", at=now, url=url, title=PAGES[path].title)
        view.referrer, view.navigation = referrer, "load"
        yield Footprint(received_at=now, events=[view, *_after(chance, view, stay_ms, clicked)], **shared)
        if not following:
            return
        now += stay_ms + chance.randrange(300, 2500)
        referrer, path, url = f"{HOST}{path}", following, f"https://{HOST}{following}"


def _after(chance: Random, view: Event, stay_ms: int, controls: tuple[Control, ...]) -> Iterator[Event]:
    """Yield what happened on a view: its clicks, a purchase, and how long it was looked at."""
    numbers = count(1)
    at = view.at
    for control in controls:
        impatient = control.reaction in ("dead", "slow") and chance.random() < 0.3
        for _ in range((1 + impatient) if chance.random() < control.chance else 0):
            at += chance.randrange(600, 4000)
            yield _click(chance, _numbered(view, next(numbers)), at, control)
    if view.url.endswith(PURCHASE_PAGE):
        bought = _numbered(view, next(numbers))
        bought.kind, bought.at, bought.name = "custom", view.at + 400, "purchase"
        bought.properties = {"value": chance.randrange(900, 6500) / 100, "currency": "GBP"}
        yield bought
    if stay_ms:
        looked = _numbered(view, next(numbers))
        looked.kind, looked.at = "engagement", max(view.at + stay_ms, at + 500)
        looked.engaged_ms, looked.scroll_permille = int(stay_ms * chance.uniform(0.5, 1)), chance.randrange(150, 1001)
        yield looked


def _numbered(view: Event, number: int) -> Event:
    return Event(id=f"{view.id[:16]}-{number}", kind="view", at=view.at, url=view.url)


def _click(chance: Random, click: Event, at: int, control: Control) -> Event:
    click.kind, click.at, click.trusted = "click", at, True
    click.element, click.element_tag, click.element_text = control.selector, control.tag, control.text or None
    click.affordance, click.disabled = control.affordance, control.disabled or None
    click.offset_x, click.offset_y = chance.randrange(80, 920), chance.randrange(150, 850)
    click.page_x, click.page_y = chance.randrange(150, 850), chance.randrange(200, 2200)
    click.mutation_pace = chance.choice((0, 0, 1, 10))
    click.watched_before_ms, click.watched_after_ms = 3000, 7000
    for name, delay in _evidence(chance, control).items():
        setattr(click, name, delay)
    return click


def _evidence(chance: Random, control: Control) -> dict[str, int]:
    """Return what followed a click, in ms after it."""
    soon = chance.randrange(6, 40)
    match control.reaction:
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
