"""One struggle's story: what the visitor did before, what followed or did not, and what they did then.

It is read from the events of the visit, or of the one view where visitors are not told apart.
Nothing is replayed: a story has only what every click carries as evidence.
"""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, and_, select

from reports.query.moments import local
from tracker.ingest.columns import view_id
from tracker.signal_book import BY_NAME
from tracker.sites import SiteInfo
from tracker.store.base import EventStore
from tracker.store.schema import event, struggle, visit

_EVENT_ID = re.compile(r"[0-9a-f]{16}-[0-9]{1,5}")
MOST_MOMENTS = 120  # on either side of the struggle
ABOUT = ("source", "medium", "campaign", "device", "browser", "os", "country", "entry", "exit", "views", "engaged_ms")
EVIDENCE = (
    "mutation_ms",
    "request_ms",
    "failed_request_ms",
    "navigation_ms",
    "scroll_ms",
    "selection_ms",
    "input_ms",
    "focus_ms",
    "dialog_ms",
    "hidden_ms",
    "media_ms",
    "error_ms",
)
_EVENT_COLUMNS = (
    *("kind", "view_id", "seq", "occurred_at", "path", "title", "navigation", "name", "properties"),
    *("element", "element_text", "affordance", "disabled", "signals", "engaged_ms", "any_mutation_ms"),
    *("watched_after_ms", *EVIDENCE),
)
# unanswered clicks on plain content are told of once several visitors made them
_KNOWN = {**BY_NAME, "in_vain": BY_NAME["false_affordance"]}
_TOLD = ("view", "click", "custom", "error", "form", "scroll", "swipe", "link", "search")


class Moment(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One thing that happened; `offset_ms` is from the struggle, negative before it.

    `evidence` holds the delays in ms of what followed a click, `properties` what else is
    known, `signals` which signals it is the beginning of. `is_it` marks the struggle itself.
    """

    at: datetime
    offset_ms: int
    kind: str
    path: str | None = None
    title: str | None = None
    navigation: str | None = None
    element: str | None = None
    element_text: str | None = None
    name: str | None = None
    disabled: bool = False
    engaged_ms: int = 0
    watched_ms: int | None = None
    moved_anyway: bool = False
    evidence: dict[str, int] = {}
    properties: dict[str, str | int | float | bool | None] = {}
    signals: list[str] = []
    is_it: bool = False


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """A struggle in its visit; `signal` is its name in tracker.signal_book.

    `about` says who visited and whence, by the columns of ABOUT, and is empty where visitors
    are not told apart. `stayed_ms` is the time from the struggle to the last thing known of
    the visit; `cut` tells that there is more than `moments` show.
    """

    id: str
    signal: str
    at: datetime
    path: str | None
    element: str | None
    element_text: str | None
    repetitions: int
    duration_ms: int
    detail: str | None
    about: dict[str, str | int | None]
    moments: list[Moment]
    stayed_ms: int
    cut: bool


def find_story(store: EventStore, site: SiteInfo, event_id: str, signal: str | None = None) -> Story | None:
    """Return the story of the struggle that begins with an event; None when there is none, or no such event.

    Where several do, `signal` chooses one, else the gravest is told.
    """
    if not _EVENT_ID.fullmatch(event_id):
        return None
    begins = struggle.c.view_id == view_id(event_id), struggle.c.seq == int(event_id[17:])
    here = [struggle.c.site_id == site.id, *begins]
    found = [row for row in store.query(select(struggle).where(*here)).records() if row["signal"] in _KNOWN]
    chosen = [row for row in found if row["signal"] == signal] or sorted(found, key=_gravity)
    if not chosen:
        return None
    row = chosen[0]
    during = _visit_of(store, site, row)
    happened, cut = _events(store, site, row, during)
    known = _signals(store, site, happened)
    engaged: Counter[int] = Counter()
    for one in happened:
        engaged[one["view_id"]] += int(one["engaged_ms"] or 0)
    moments = [_moment(one, row, known, engaged, site) for one in happened if one["kind"] in _TOLD]
    last = max((one["occurred_at"] for one in happened), default=row["occurred_at"])
    return Story(
        id=event_id_of(row),
        signal=_KNOWN[row["signal"]].name,
        at=local(row["occurred_at"], site.tzinfo),
        **{name: row[name] for name in ("path", "element", "element_text", "detail")},
        repetitions=int(row["repetitions"]),
        duration_ms=int(row["duration_ms"]),
        about={name: during[name] for name in ABOUT} if during else {},
        moments=moments,
        stayed_ms=_ms(last - row["occurred_at"]),
        cut=cut,
    )


def event_id_of(row: dict[str, Any]) -> str:
    """Write which event it is: the view's number in hex, and the event's own in the view."""
    return f"{int(row['view_id']) % 2**64:016x}-{row['seq']}"


def _gravity(row: dict[str, Any]) -> float:
    return -_KNOWN[row["signal"]].weight


def _visit_of(store: EventStore, site: SiteInfo, row: dict[str, Any]) -> dict[str, Any] | None:
    if row["visitor_id"] is None:
        return None
    names = ("started_at", "ended_at", *ABOUT)
    found = store.query(
        select(*(visit.c[name] for name in names)).where(
            visit.c.site_id == site.id,
            visit.c.visitor_id == row["visitor_id"],
            visit.c.started_at <= row["occurred_at"],
            visit.c.ended_at >= row["occurred_at"],
        )
    ).records()
    return found[0] if found else None


def _events(
    store: EventStore, site: SiteInfo, row: dict[str, Any], during: dict[str, Any] | None
) -> tuple[list[dict[str, Any]], bool]:
    """Return what happened around a struggle in order, and whether some of it is left out."""
    if during is None:
        day = timedelta(days=1)
        around = and_(event.c.view_id == row["view_id"], _between(row["occurred_at"] - day, row["occurred_at"] + day))
    else:
        around = and_(event.c.visitor_id == row["visitor_id"], _between(during["started_at"], during["ended_at"]))
    columns = [event.c[name] for name in _EVENT_COLUMNS]
    wanted = select(*columns).where(event.c.site_id == site.id, around, event.c.kind.in_((*_TOLD, "engagement")))
    order = (event.c.occurred_at, event.c.view_id, event.c.seq)
    earlier = wanted.where(event.c.occurred_at <= row["occurred_at"]).order_by(*(one.desc() for one in order))
    later = wanted.where(event.c.occurred_at > row["occurred_at"]).order_by(*order)
    before = store.query(earlier.limit(MOST_MOMENTS + 1)).records()
    after = store.query(later.limit(MOST_MOMENTS + 1)).records()
    cut = max(len(before), len(after)) > MOST_MOMENTS
    return [*reversed(before[:MOST_MOMENTS]), *after[:MOST_MOMENTS]], cut


def _between(first: datetime, last: datetime) -> ColumnElement[bool]:
    return and_(event.c.occurred_at >= first, event.c.occurred_at <= last)


def _signals(store: EventStore, site: SiteInfo, happened: Sequence[dict[str, Any]]) -> dict[tuple[int, int], list[str]]:
    """Return which signals begin with which events."""
    views = sorted({row["view_id"] for row in happened})
    if not views:
        return {}
    rows = store.query(
        select(struggle.c.view_id, struggle.c.seq, struggle.c.signal).where(
            struggle.c.site_id == site.id, struggle.c.view_id.in_(views)
        )
    ).records()
    found: dict[tuple[int, int], list[str]] = {}
    for row in sorted((row for row in rows if row["signal"] in BY_NAME), key=_gravity):
        key = (row["view_id"], row["seq"])
        found.setdefault(key, []).append(row["signal"])
    return found


def _moment(
    one: dict[str, Any],
    row: dict[str, Any],
    known: dict[tuple[int, int], list[str]],
    engaged: Counter[int],
    site: SiteInfo,
) -> Moment:
    return Moment(
        at=local(one["occurred_at"], site.tzinfo),
        offset_ms=_ms(one["occurred_at"] - row["occurred_at"]),
        **{name: one[name] for name in ("kind", "path", "title", "navigation", "element", "element_text", "name")},
        disabled=bool(one["disabled"]),
        engaged_ms=engaged[one["view_id"]] if one["kind"] == "view" else 0,
        watched_ms=one["watched_after_ms"],
        moved_anyway=one["any_mutation_ms"] is not None,
        evidence={name: int(one[name]) for name in EVIDENCE if one[name] is not None},
        properties=msgspec.json.decode(one["properties"]) if one["properties"] else {},
        signals=known.get((one["view_id"], one["seq"]), []),
        is_it=(one["view_id"], one["seq"]) == (row["view_id"], row["seq"]),
    )


def _ms(span: timedelta) -> int:
    return round(span / timedelta(milliseconds=1))
