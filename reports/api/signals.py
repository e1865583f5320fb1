"""What counts as a struggle, for programs: definitions, limits and their history; what others would say; a change."""

from datetime import datetime

import msgspec
from flask import Response, request

from reports.api.bodies import answer, named, read_body
from reports.api.parameters import Parameter
from reports.struggle.what_if import DAYS, Count, Place, WhatIf, what_if
from tracker.errors import InvalidInputError
from tracker.gate import current_principal, current_site
from tracker.house import current_house
from tracker.signal_book import SIGNALS
from tracker.signal_limits import LIMITS
from tracker.signal_versions import apply, changed, differences, history
from tracker.sites import SiteInfo

_LONGEST_BODY = 16_384

TRIED = tuple(
    Parameter(
        one.name,
        f"{one.title}, in {one.unit}. {one.help}",
        {"type": "integer", "minimum": one.least, "maximum": one.most},
    )
    for one in LIMITS
)
CHANGE: dict[str, object] = {
    "type": "object",
    "description": "The limits to change, by name; all others stay as they are.",
    "properties": {one.name: {"description": one.help, **one.schema} for one in TRIED},
    "additionalProperties": False,
    "minProperties": 1,
    "examples": [{"silence": 2000}],
}


class SignalShape(msgspec.Struct, frozen=True):
    """One kind of struggle and its definition in force; see docs/signals.md for `weight` and `cap`."""

    name: str
    title: str
    of: str
    definition: str
    weight: float
    cap: float


class LimitShape(msgspec.Struct, frozen=True):
    """A limit: what it is on this site, what it usually is, its bounds, and the signals that it can change."""

    name: str
    title: str
    unit: str
    value: int
    usual: int
    least: int
    most: int
    help: str
    signals: list[str]


class VersionShape(msgspec.Struct, frozen=True):
    """A version of the limits: those that are not the usual ones. `decided_at` is null while events wait for it."""

    version: int
    limits: dict[str, int]
    created_at: datetime | None
    created_by: str
    decided_at: datetime | None


class SignalsShape(msgspec.Struct, frozen=True):
    """What counts as a struggle on a site; `version` is in force, `history` has it first."""

    version: int
    signals: list[SignalShape]
    limits: list[LimitShape]
    history: list[VersionShape]


class CountShape(msgspec.Struct, frozen=True):
    """How often it happened, and to how many visitors."""

    incidents: int
    visitors: int


class ChangeShape(msgspec.Struct, frozen=True):
    """A signal as it is counted now, and as it would be; `days` are fewer where there were too many events."""

    signal: str
    now: CountShape
    then: CountShape
    days: int


class PlaceShape(msgspec.Struct, frozen=True):
    """Where incidents would appear or disappear: how many there are now, and how many there would be."""

    signal: str
    path: str | None
    element: str | None
    element_text: str | None
    now: int
    then: int


class WhatIfShape(msgspec.Struct, frozen=True):
    """What the last `days` would have said with other limits; only signals that these can change are told."""

    days: int
    limits: dict[str, int]
    changes: list[ChangeShape]
    more: list[PlaceShape]
    fewer: list[PlaceShape]
    notes: list[str]
    took_ms: int


def signals(site_key: str) -> Response:
    """Tell what counts as a struggle on the site: definitions, limits, and who set them when."""
    return answer(_described(current_site()))


def try_limits(site_key: str) -> Response:
    """Tell what the last days would have said with other limits; nothing is changed."""
    site = current_site()
    for name, values in request.args.to_dict(flat=False).items():
        if len(values) > 1:
            raise InvalidInputError(name[:64], "given more than once")
    tried = changed(site.limits, request.args.to_dict())
    return answer(_tried(what_if(site, tried, current_house().store)))


def change_signals(site_key: str) -> Response:
    """Put limits in force, and decide the site's events again by them; answers what is in force then."""
    site, house = current_site(), current_house()
    given = _whole(read_body(dict[str, int | float], longest=_LONGEST_BODY))
    with house.database.session() as session:
        now = history(session, site.id)[0].limits
        made = apply(session, site.id, changed(now, given), named(current_principal()))
    house.sites.forget()
    if made.version != now.version:
        house.deciding.ask(site.id)
    return answer(_described(house.sites.by_id(site.id) or site))


def _whole(given: dict[str, int | float]) -> dict[str, int]:
    """Take 2000.0 for 2000, as JSON Schema does; InvalidInputError names what is no whole number."""
    if not given:
        raise InvalidInputError("body", "names no limit to change")
    for name, value in given.items():
        if isinstance(value, float) and not value.is_integer():
            raise InvalidInputError(name[:64], "must be a whole number")
    return {name: int(value) for name, value in given.items()}


def _described(site: SiteInfo) -> SignalsShape:
    with current_house().database.session() as session:
        versions = history(session, site.id)
    limits = versions[0].limits
    return SignalsShape(
        version=limits.version,
        signals=[
            SignalShape(one.name, one.title, one.of, one.definition(limits), one.weight, one.cap) for one in SIGNALS
        ],
        limits=[
            LimitShape(
                one.name,
                one.title,
                one.unit,
                one.of(limits),
                one.usual,
                one.least,
                one.most,
                one.help,
                list(one.signals),
            )
            for one in LIMITS
        ],
        history=[
            VersionShape(one.number, differences(one.limits), one.created_at, one.created_by, one.decided_at)
            for one in versions
        ],
    )


def _tried(found: WhatIf) -> WhatIfShape:
    return WhatIfShape(
        days=DAYS,
        limits=differences(found.limits),
        changes=[ChangeShape(one.signal.name, _count(one.now), _count(one.then), one.days) for one in found.changes],
        more=[_place(one) for one in found.more],
        fewer=[_place(one) for one in found.fewer],
        notes=list(found.notes),
        took_ms=found.took_ms,
    )


def _count(count: Count) -> CountShape:
    return CountShape(count.incidents, count.visitors)


def _place(one: Place) -> PlaceShape:
    return PlaceShape(one.signal.name, one.path, one.element, one.element_text, one.now, one.then)
