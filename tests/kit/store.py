"""Event stores, and visits told in a line: `visit(at="2026-03-01 10:00", trail=["/", "/a"], clicks=[dead("#buy")])`."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.kit.ground import at, ms
from tracker.event import Event, Footprint
from tracker.ingest.steps import to_rows
from tracker.settings import Settings
from tracker.sites import SiteInfo
from tracker.store.base import Batch, EventStore, Loaded
from tracker.store.duckdb import DuckStore

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.5 Mobile/15E148 Safari/604.1"
)


@dataclass(frozen=True)
class Click:
    """A click `after_s` seconds into the view with this number in the trail, with its evidence."""

    element: str
    view: int = 0
    after_s: float = 5
    evidence: dict[str, Any] = field(default_factory=dict)


def stored(text: str) -> datetime:
    """Return a UTC time as the store gives it: stored("2026-03-01 10:00")."""
    return at(text).replace(tzinfo=None)


def click(element: str = "#thing", view: int = 0, after_s: float = 5, **evidence: Any) -> Click:
    """Return a genuine click on a native control, unless `evidence` says else."""
    told = {"trusted": True, "affordance": "native", "element_tag": "button", "watched_after_ms": 7000, **evidence}
    return Click(element, view, after_s, told)


def worked(element: str = "#thing", view: int = 0, after_s: float = 5, **evidence: Any) -> Click:
    return click(element, view, after_s, mutation_ms=40, **evidence)


def dead(element: str = "#thing", view: int = 0, after_s: float = 5, **evidence: Any) -> Click:
    return click(element, view, after_s, **evidence)


def slow(element: str = "#thing", view: int = 0, after_s: float = 5, **evidence: Any) -> Click:
    return click(element, view, after_s, request_ms=10, mutation_ms=2000, **evidence)


def failed(element: str = "#thing", view: int = 0, after_s: float = 5, **evidence: Any) -> Click:
    return click(element, view, after_s, error_ms=20, **evidence)


class Loading:
    """Puts footprints straight into a store, by the steps at load, as the loader would."""

    def __init__(self, store: EventStore, folder: Path) -> None:
        self.store = store
        self._folder = folder
        self._numbers = itertools.count(1)
        self._ingest_ids = itertools.count(1)

    def __call__(self, footprints: Sequence[Footprint], site: SiteInfo) -> Loaded:
        rows = [row for footprint in footprints for row in to_rows(footprint, site)]
        for row in rows:
            row["ingest_id"] = next(self._ingest_ids)
        return self.store.load(self.batch(rows, min(footprint.received_at for footprint in footprints)))

    def forget(self) -> None:
        """Remove the batches' files."""
        for file in self._folder.glob("test-*.ndjson"):
            file.unlink()

    def batch(self, rows: Sequence[dict[str, Any]], earliest_received_at_ms: int = 0) -> Batch:
        """Fix rows on disk."""
        number = next(self._numbers)
        file = self._folder / f"test-{number}.ndjson"
        file.write_bytes(msgspec.json.Encoder().encode_lines(rows))
        return Batch(file, len(rows), "test", number, earliest_received_at_ms, {})


class Visiting:
    """Makes visits of a site; each call is one visitor's, unless `visitor` names one."""

    def __init__(self, load: Loading, site: SiteInfo) -> None:
        self._load = load
        self._site = site
        self._ids = itertools.count(1)
        self._together: list[Footprint] | None = None

    def __call__(
        self,
        at: str,
        trail: Sequence[str] = ("/",),
        clicks: Sequence[Click] = (),
        *,
        engaged_s: Sequence[float] | float = 0,
        custom: Sequence[str] = (),
        step_s: float = 60,
        visitor: int | None = -1,
        referrer: str | None = None,
        user_agent: str = FIREFOX,
        site: SiteInfo | None = None,
        titles: Sequence[str] = (),
        **shared: Any,
    ) -> int | None:
        """Load a visit of the paths in `trail`, `step_s` seconds each, and return its visitor.

        `engaged_s` is each view's or all views'; `custom` names events on the last view;
        `shared` are further fields of the footprint. A path may carry a query.
        """
        site = site or self._site
        begin = ms(at)
        views = [f"{next(self._ids) * 0x9E3779B97F4A7C15 % 2**64:016x}" for _ in trail]
        if visitor == -1:
            visitor = next(self._ids)
        engaged = engaged_s if isinstance(engaged_s, Sequence) else [engaged_s] * len(trail)
        events = []
        for number, (view, path) in enumerate(zip(views, trail, strict=True)):
            start = begin + int(number * step_s * 1000)
            url = f"https://{site.hosts[0]}{path}"
            title = titles[number] if titles else None
            events.append(
                Event(
                    id=f"{view}-0",
                    kind="view",
                    at=start,
                    url=url,
                    title=title,
                    referrer=referrer if not number else None,
                )
            )
            for order, clicked in enumerate((c for c in clicks if c.view == number), 1):
                when = start + int(clicked.after_s * 1000)
                events.append(
                    Event(
                        id=f"{view}-{order}",
                        kind="click",
                        at=when,
                        url=url,
                        element=clicked.element,
                        **clicked.evidence,
                    )
                )
            if engaged[number]:
                when = start + int(min(engaged[number], step_s) * 1000)
                events.append(
                    Event(id=f"{view}-900", kind="engagement", at=when, url=url, engaged_ms=int(engaged[number] * 1000))
                )
            if number == len(trail) - 1:
                events += [
                    Event(id=f"{view}-{800 + order}", kind="custom", at=start + 6000, url=url, name=name)
                    for order, name in enumerate(custom)
                ]
        sent = max(event.at for event in events) + 1000
        footprint = Footprint(
            site_id=site.id,
            received_at=sent,
            sent_at=sent,
            visitor_id=visitor,
            user_agent=user_agent,
            events=events,
            **shared,
        )
        if self._together is None:
            self._load([footprint], site)
        else:
            self._together.append(footprint)
        return visitor

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Load all visits of this site told inside in one batch, which is quicker."""
        self._together = []
        yield
        told, self._together = self._together, None
        self._load(told, self._site)


@pytest.fixture
def duckdb_store(settings: Settings) -> Iterator[DuckStore]:
    settings.batch_folder.mkdir()
    store = DuckStore(settings.store_file, [settings.batch_folder])
    store.migrate()
    yield store
    store.close()


@pytest.fixture(params=["duckdb", pytest.param("clickhouse", marks=pytest.mark.clickhouse)])
def store(request: pytest.FixtureRequest) -> EventStore:
    """Each engine in turn; ask for `duckdb_store` where the engine does not matter."""
    made: EventStore = request.getfixturevalue(f"{request.param}_store")
    return made


@pytest.fixture
def loading(settings: Settings) -> Callable[[EventStore], Loading]:
    """Load footprints into a store of your choice: `loading(store)([footprint], site)`."""
    settings.batch_folder.mkdir(exist_ok=True)
    return lambda store: Loading(store, settings.batch_folder)


@pytest.fixture
def visit(store: EventStore, loading: Callable[[EventStore], Loading], site: SiteInfo) -> Visiting:
    """Load visits into `store`: `visit(at="2026-03-01 10:00", trail=["/", "/a"], clicks=[dead("#buy")])`."""
    return Visiting(loading(store), site)
