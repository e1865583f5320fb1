"""Event stores, and visits told in a line: `visit(at="2026-03-01 10:00", trail=["/", "/a"], clicks=[dead("#buy")])`.

What is no click goes into `also`: `visit("2026-03-01 10:00", ["/"], also=[form("#order", "left"), failure()])`.
"""

import itertools
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.kit.clickhouse import empty_database
from tests.kit.ground import at, ms
from tracker.event import Event, Footprint, Kind, Navigation
from tracker.ingest.steps import to_rows
from tracker.settings import Settings
from tracker.sites import SiteInfo
from tracker.store.base import Batch, EventStore, Loaded, Membership
from tracker.store.clickhouse import ClickHouseStore
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
    evidence: dict[str, Any] = dataclass_field(default_factory=dict)


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


@dataclass(frozen=True)
class Happening:
    """An event of another kind, `after_s` seconds into the view with this number in the trail."""

    kind: Kind
    view: int
    after_s: float
    fields: dict[str, Any]


def _told(kind: Kind, view: int, after_s: float, element: str | None, properties: dict[str, Any]) -> Happening:
    return Happening(kind, view, after_s, {"element": element, "properties": properties})


def form(
    element: str = "#form", outcome: str = "success", view: int = 0, after_s: float = 40, **properties: Any
) -> Happening:
    """Return the end of a form's story: success, left, idle or open."""
    usual = {
        "submits": int(outcome == "success"), "fields": 2, "started_ms": 3000, "took_ms": 30_000,
        "last_field": f"{element} [name=b]", "invalid": 0, "label": element.strip("#."),
    }  # fmt: skip
    return _told("form", view, after_s, element, {**usual, "outcome": outcome, **properties})


def field(
    element: str = "#form [name=a]", position: int = 1, view: int = 0, after_s: float = 40, **properties: Any
) -> Happening:
    """Return what a visitor did in one field; its form is what comes before the first space of its selector."""
    usual = {
        "form": element.partition(" ")[0], "position": position, "kind": "text", "spent_ms": 5000, "corrections": 0,
        "refills": 0, "invalid": 0,
    }  # fmt: skip
    return _told("field", view, after_s, element, {**usual, **properties})


def failure(
    message: str = "x is not defined",
    source: str = "shop.example/app.js",
    view: int = 0,
    after_s: float = 5,
    **more: Any,
) -> Happening:
    """Return a script error."""
    return _told("error", view, after_s, None, {"message": message, "source": source, "line": 10, "column": 5, **more})


def hunt(view: int = 0, after_s: float = 20, **properties: Any) -> Happening:
    """Return the evidence of a scroll hunt, unless `properties` say else."""
    usual = {"reversals": 5, "leg_px": 400, "leg_permille": 500, "span_ms": 12_000, "pages_permille": 4000}
    return _told("scroll", view, after_s, None, {**usual, **properties})


def swipe(element: str = "#gallery", view: int = 0, after_s: float = 5, **properties: Any) -> Happening:
    return _told("swipe", view, after_s, element, {"distance_px": 120, "direction": "left", **properties})


def link(
    href: str = "other.example/page", view: int = 0, after_s: float = 5, element: str = "a.out", **properties: Any
) -> Happening:
    told = _told("link", view, after_s, element, {"href": href, **properties})
    return replace(told, fields={**told.fields, "element_text": "Elsewhere"})


def search(query: str = "boots", results: int | None = None, view: int = 0, after_s: float = 2) -> Happening:
    found = {} if results is None else {"results": results}
    return _told("search", view, after_s, None, {"query": query, **found})


def vitals(view: int = 0, after_s: float = 50, properties: dict[str, Any] | None = None, **measured: int) -> Happening:
    """Return a view's vitals, good ones unless `measured` says else; None leaves one out."""
    usual = {"lcp_ms": 1200, "inp_ms": 80, "cls_permille": 20, "fcp_ms": 900, "ttfb_ms": 300}
    return Happening("vitals", view, after_s, {**usual, **measured, "properties": properties})


def stay(engaged_s: float, attention_ms: Sequence[int], view: int = 0, scroll_permille: int = 1000) -> Happening:
    """Return a span of engaged time that says for how long each twentieth of the page was on the screen."""
    told = {"engaged_ms": int(engaged_s * 1000), "attention_ms": list(attention_ms), "scroll_permille": scroll_permille}
    return Happening("engagement", view, engaged_s, told)


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

    def restart(self) -> None:
        """Number rows from now on as a loader does that has just been started."""
        self._ingest_ids = itertools.count(self.store.next_ingest_id())

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
    """Makes visits of a site; each call is one visitor's, unless `visitor` names one.

    A patient one loads what was told when it is told to, all in one batch, for a batch takes its time.
    """

    def __init__(self, load: Loading, site: SiteInfo, *, patient: bool = False) -> None:
        self._load = load
        self._site = site
        self._ids = itertools.count(1)
        self._memberships: list[Membership] = []
        self._told: list[tuple[SiteInfo, Footprint]] = []
        self._patient = patient

    def __call__(
        self,
        at: str,
        trail: Sequence[str] = ("/",),
        clicks: Sequence[Click] = (),
        also: Sequence[Happening] = (),
        *,
        engaged_s: Sequence[float] | float = 0,
        custom: Sequence[str] = (),
        step_s: Sequence[float] | float = 60,
        visitor: int | None = -1,
        referrer: str | None = None,
        user_agent: str = FIREFOX,
        site: SiteInfo | None = None,
        titles: Sequence[str] = (),
        navigations: Sequence[Navigation | None] = (),
        **shared: Any,
    ) -> int | None:
        """Load a visit of the paths in `trail`, `step_s` seconds each or all, and return its visitor.

        `also` is what is no click; `engaged_s` is each view's or all views', and so is `step_s`; `custom`
        names events on the last view; `navigations` tells how each view was come by; `shared` are
        further fields of the footprint. A path may carry a query.
        """
        site = site or self._site
        if visitor == -1:
            visitor = next(self._ids)
        steps = step_s if isinstance(step_s, Sequence) else [step_s] * len(trail)
        engaged = engaged_s if isinstance(engaged_s, Sequence) else [engaged_s] * len(trail)
        starts = list(itertools.accumulate((int(step * 1000) for step in steps), initial=ms(at)))
        events = []
        for number, path in enumerate(trail):
            told = [
                Happening("view", number, 0, {
                    "title": titles[number] if titles else None,
                    "referrer": None if number else referrer,
                    "navigation": navigations[number] if navigations else None,
                }),
                *(Happening("click", c.view, c.after_s, {"element": c.element, **c.evidence}) for c in clicks),
            ]  # fmt: skip
            if engaged[number]:
                ended = min(engaged[number], steps[number])
                told.append(Happening("engagement", number, ended, {"engaged_ms": int(engaged[number] * 1000)}))
            if number == len(trail) - 1:
                told += [Happening("custom", number, 6, {"name": name}) for name in custom]
            view = f"{next(self._ids) * 0x9E3779B97F4A7C15 % 2**64:016x}"
            url = f"https://{site.hosts[0]}{path}"
            events += [
                Event(
                    id=f"{view}-{order}",
                    kind=one.kind,
                    at=starts[number] + int(one.after_s * 1000),
                    url=url,
                    **one.fields,
                )
                for order, one in enumerate(one for one in (*told, *also) if one.view == number)
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
        self._told.append((site, footprint))
        if not self._patient:
            self.load_told()
        return visitor

    def load_told(self) -> None:
        """Load what was told since the last time, in its order; a batch is of one site."""
        told, self._told = self._told, []
        for site, pairs in itertools.groupby(told, key=lambda pair: pair[0]):
            self._load([footprint for _, footprint in pairs], site)

    def tie(self, profile: int, *visitors: int | None, since: str | None = None, until: str | None = None) -> None:
        """Let visitors be of one profile, as identity says it to the store; of a shared device only for a time."""
        span = at(since or "1970-01-01"), at(until or "2200-01-01")
        told = [Membership(self._site.id, visitor, *span, profile) for visitor in visitors if visitor is not None]
        changed = {(one.site_id, one.identifier_id) for one in told}
        told += [one for one in self._memberships if (one.site_id, one.identifier_id) in changed]
        self._memberships += told[: len(visitors)]
        self._load.store.replace_members(changed, told, len(self._memberships))

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Load all visits told inside in one batch, which is quicker."""
        before, self._patient = self._patient, True
        yield
        self._patient = before
        if not before:
            self.load_told()


@pytest.fixture(scope="session")
def bare_duckdb(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store's file with all tables and nothing in them, to be copied."""
    file = tmp_path_factory.mktemp("bare-duckdb") / "events.duckdb"
    store = DuckStore(file)
    store.migrate()
    store.close()
    return file


@pytest.fixture
def duckdb_store(settings: Settings, bare_duckdb: Path) -> Iterator[DuckStore]:
    settings.batch_folder.mkdir()
    shutil.copyfile(bare_duckdb, settings.store_file)
    store = DuckStore(settings.store_file, [settings.batch_folder])
    yield store
    store.close()


ENGINES = ("duckdb", pytest.param("clickhouse", marks=pytest.mark.clickhouse))


@pytest.fixture(params=ENGINES)
def store(request: pytest.FixtureRequest) -> EventStore:
    """Each engine in turn; ask for `duckdb_store` where the engine does not matter."""
    made: EventStore = request.getfixturevalue(f"{request.param}_store")
    return made


@contextmanager
def opened_store(engine: str, folder: Path, request: pytest.FixtureRequest) -> Iterator[EventStore]:
    """Open an empty store of an engine for as long as you like; batches are loaded from `folder`."""
    with ExitStack() as open_for_now:
        store: EventStore
        if engine == "duckdb":
            store = DuckStore(folder / "events.duckdb", [folder])
        else:
            server = request.getfixturevalue("clickhouse_server")
            store = ClickHouseStore(open_for_now.enter_context(empty_database(server)))
        open_for_now.callback(store.close)
        store.migrate()
        yield store


@pytest.fixture
def loading(settings: Settings) -> Callable[[EventStore], Loading]:
    """Load footprints into a store of your choice: `loading(store)([footprint], site)`."""
    settings.batch_folder.mkdir(exist_ok=True)
    return lambda store: Loading(store, settings.batch_folder)


@pytest.fixture
def visit(store: EventStore, loading: Callable[[EventStore], Loading], site: SiteInfo) -> Visiting:
    """Load visits into `store`: `visit(at="2026-03-01 10:00", trail=["/", "/a"], clicks=[dead("#buy")])`."""
    return Visiting(loading(store), site)
