"""Both engines, fed the same events, derive the same visits and give the same answers."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Float, Select, and_, case, cast, func, literal, not_, null, select, tuple_, union_all

from tests.kit.store import Loading, opened_store
from tracker.daily import ROLLUPS
from tracker.rollups import by_day, refresh
from tracker.sites import SiteInfo
from tracker.store import functions as f
from tracker.store.base import EventStore
from tracker.store.local import local_time, site_day
from tracker.store.schema import event, visit

pytestmark = pytest.mark.clickhouse

WARSAW = ZoneInfo("Europe/Warsaw")
START = datetime(2026, 3, 28, 20)  # noqa: DTZ001 - the store's times are UTC without a zone
END = START + timedelta(days=2)  # the night in which the clocks of Europe go forward lies between
NOW = END.replace(tzinfo=UTC) + timedelta(days=1)
HOSTILE = "q'\"`\\ %{p0:String}\n\t\0 /* -- */ żółw 💥 %% _"
PATHS = ("/", "/a", "/A%", "/ä_b", HOSTILE)

_delays = st.none() | st.sampled_from([-500, 0, 250, 999, 1000, 1001, 2500, 2501, 6999])
_events = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["view", "view", "click", "engagement", "custom"]),
        "view_id": st.integers(1, 8).map(lambda n: n * 2**59 + n),
        "seq": st.integers(0, 3),
        "visitor_id": st.none() | st.sampled_from([1, 2, -(2**63)]),
        "minute": st.integers(0, 60 * 47),
        "engaged_ms": st.none() | st.sampled_from([0, 4_000, 2_000_000]),
        "path": st.none() | st.sampled_from(PATHS),
        "source": st.none() | st.sampled_from(["Google", "ÉCOLE"]),
        "label": st.none() | st.just("bot"),
        "element": st.none() | st.sampled_from(["#buy", HOSTILE]),
        "affordance": st.none() | st.sampled_from(["native", "pointer", "none"]),
        "trusted": st.none() | st.booleans(),
        "disabled": st.none() | st.booleans(),
        "mutation_ms": _delays,
        "scroll_ms": _delays,
        "hidden_ms": _delays,
        "error_ms": _delays,
    }
)
_numbers = count(1)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return tmp_path_factory.mktemp("duckdb"), tmp_path_factory.mktemp("clickhouse")


@pytest.fixture(scope="module")
def stores(request: pytest.FixtureRequest, folders: tuple[Path, Path]) -> Iterator[tuple[EventStore, EventStore]]:
    """A store of each engine for all tests, each of which asks of a site of its own."""
    with opened_store("duckdb", folders[0], request) as one, opened_store("clickhouse", folders[1], request) as other:
        yield one, other


@pytest.fixture(scope="module")
def load(stores: tuple[EventStore, EventStore], folders: tuple[Path, Path]) -> Callable[..., int]:
    """Load events into both stores, as a site of their own, in so many batches; returns the site."""
    loads = [Loading(store, folder) for store, folder in zip(stores, folders, strict=True)]

    def into_both(events: list[dict[str, Any]], batches: int = 1) -> int:
        site_id = next(_numbers)
        rows = [_row(made, site_id) for made in events]
        for begin in range(batches):
            part = rows[begin::batches]
            counts = [each.store.load(each.batch(part, 0)) for each in loads]
            assert counts[0] == counts[1]
        return site_id

    return into_both


@pytest.fixture(scope="module")
def sampled(load: Callable[..., int]) -> int:
    """A site of which both stores have the sample."""
    return load(_sample())


def _row(made: dict[str, Any], site_id: int) -> dict[str, Any]:
    minute = made.pop("minute")
    # close to each other at the turn of the clock, so that there are visits of several events
    happened = START + timedelta(minutes=minute if minute % 3 else 240 + minute % 90)
    return {
        **made,
        "site_id": site_id,
        "ingest_id": next(_numbers),
        "occurred_at": happened.isoformat(" ", "milliseconds"),
        "received_at": END.isoformat(" ", "milliseconds"),
    }


def _site(site_id: int) -> SiteInfo:
    return SiteInfo(
        id=site_id, key="k", name="Shop", zone="Europe/Warsaw", privacy_mode="cookieless", hosts=("shop.example",),
        query_parameters=frozenset(), enabled=True, sample=False,
    )  # fmt: skip


def agree(stores: tuple[EventStore, EventStore], statement: Select[Any]) -> list[Any]:
    """Return the rows that both give, in the same order or, where the statement has none, in any."""
    answers = [store.query(statement) for store in stores]
    assert answers[0].columns == answers[1].columns
    # a list that nobody gave is null in the one and empty in the other; reports take both alike
    told = [[tuple(None if value == [] else value for value in row) for row in answer.rows] for answer in answers]
    rows = [given if statement._order_by_clauses else sorted(given, key=repr) for given in told]
    assert rows[0] == rows[1]
    assert [list(map(type, row)) for row in rows[0]] == [list(map(type, row)) for row in rows[1]]
    return rows[0]


@pytest.mark.timeout(240)
@settings(max_examples=3, deadline=None)
@given(events=st.lists(_events, min_size=1, max_size=40), batches=st.integers(1, 3))
def test_any_events_give_the_same_visits_and_rollups(
    stores: tuple[EventStore, EventStore], load: Callable[..., int], events: list[dict[str, Any]], batches: int
) -> None:
    site_id = load([dict(made) for made in events], batches)
    visits = select(visit).where(visit.c.site_id == site_id)
    before = agree(stores, visits)
    agree(stores, select(event).where(event.c.site_id == site_id))
    for store in stores:
        store.derive(site_id)
    assert agree(stores, visits) == before, "deriving again gives what the batches gave"
    site = _site(site_id)
    raw = [agree(stores, select(by_day(rollup, stores[0], site, (START, END), NOW))) for rollup in ROLLUPS]
    for store in stores:
        refresh(store, [site], NOW)
        for rollup, expected in zip(ROLLUPS, raw, strict=True):
            found = select(by_day(rollup, store, site, (START, END), NOW))
            assert sorted(store.query(found).rows, key=repr) == expected
    for statement in QUESTIONS.values():
        agree(stores, statement(site_id))


def _events_of(site_id: int, *columns: Any) -> Select[Any]:
    return select(*columns).where(event.c.site_id == site_id)


def _visits_of(site_id: int, *columns: Any) -> Select[Any]:
    return select(*columns).where(visit.c.site_id == site_id)


def _counted(rows: Select[Any]) -> Select[Any]:
    """Count rows by all their columns, the most frequent first."""
    each = rows.subquery()
    return select(*each.c, func.count().label("n")).group_by(*each.c).order_by(func.count().desc(), *each.c)


def _days(site_id: int) -> Select[Any]:
    return _counted(_events_of(site_id, site_day(event.c.occurred_at, WARSAW, START, END).label("day")))


def _hours(site_id: int) -> Select[Any]:
    clock = f.hour(local_time(event.c.occurred_at, WARSAW, START, END))
    return _counted(_events_of(site_id, clock.label("hour")))


def _averages_of_nothing(site_id: int) -> Select[Any]:
    """Averages, sums and extremes over no row are null, counts are 0; by filter and by condition."""
    c = event.c
    none = c.path == "nowhere"
    return _events_of(
        site_id,
        func.avg(c.engaged_ms).filter(none).label("average"),
        func.sum(c.engaged_ms).filter(none).label("total"),
        func.max(c.path).filter(none).label("greatest"),
        func.min(c.seq).filter(none).label("least"),
        func.count(c.path).filter(none).label("counted"),
        f.count_distinct(case((none, c.visitor_id))).label("different"),
        func.sum(case((none, 1), else_=0)).label("by_condition"),
        f.median(case((none, c.engaged_ms))).label("middle"),
        f.quantile(case((none, c.engaged_ms)), 0.75).label("upper"),
        (func.count(c.path).filter(none) / func.nullif(func.count().filter(none), 0)).label("rate"),
    )


def _unmatched_joins(site_id: int) -> Select[Any]:
    """Where a join finds nothing its columns are null, those that can never be null too."""
    here = and_(
        visit.c.site_id == event.c.site_id,
        visit.c.visitor_id == event.c.visitor_id,
        event.c.occurred_at.between(visit.c.started_at, visit.c.ended_at),
    )
    columns = (event.c.ingest_id, visit.c.visit_id, visit.c.views, visit.c.bounced, visit.c.entry, visit.c.started_at)
    return _events_of(site_id, *columns).select_from(event.outerjoin(visit, here)).order_by(event.c.ingest_id)


def _semi_joins(site_id: int) -> Select[Any]:
    struggled = _events_of(site_id, event.c.visitor_id).where(f.has_bits(event.c.signals, 31))
    return _visits_of(site_id, visit.c.visit_id, visit.c.last_signal).where(visit.c.visitor_id.in_(struggled))


def _null_groups(site_id: int) -> Select[Any]:
    key = func.coalesce(event.c.source, literal("(direct)")).label("source")
    return _counted(_events_of(site_id, key, event.c.label, event.c.path))


def _null_order(site_id: int) -> Select[Any]:
    return _events_of(site_id, event.c.path, event.c.ingest_id).order_by(
        event.c.path.desc().nulls_last(), event.c.ingest_id
    )


def _texts(site_id: int) -> Select[Any]:
    c = event.c
    return _events_of(
        site_id,
        c.ingest_id,
        (c.path == HOSTILE).label("same"),
        c.path.in_([HOSTILE, "/"]).label("one_of"),
        c.path.icontains("%a", autoescape=True).label("percent"),
        c.path.startswith("/ä_", autoescape=True).label("starts"),
        f.contains(c.path, "żółw").label("contained"),
        f.contains(c.source, "école").label("ignoring_case"),
        f.matches(c.path, r"^/[a-z]$").label("matched"),
        c.path.is_distinct_from(c.element).label("distinct"),
        not_(c.path.is_not_distinct_from(HOSTILE)).label("not_same"),
        (c.path + literal(HOSTILE)).label("joined"),
    )


def _windows(site_id: int) -> Select[Any]:
    c = event.c
    order = {"partition_by": c.visitor_id, "order_by": [c.occurred_at, c.ingest_id]}
    return _events_of(
        site_id,
        c.ingest_id,
        func.lag(c.occurred_at).over(**order).label("before"),
        func.lead(c.kind).over(**order).label("after"),
        func.row_number().over(**order).label("number"),
        func.sum(c.engaged_ms).over(**order, rows=(None, 0)).label("so_far"),
    )


def _trails(site_id: int) -> Select[Any]:
    c = visit.c
    return _visits_of(
        site_id,
        c.visit_id,
        f.element(c.trail, 1).label("first"),
        f.element(c.trail, 3).label("third"),
        f.element(c.trail_signals, f.length(c.trail)).label("last"),
        f.length(c.trail).label("steps"),
        f.has(c.trail, HOSTILE).label("hostile"),
        c.trail[1:2].label("two"),
    )


def _numbers_of(site_id: int) -> Select[Any]:
    c = event.c
    return _events_of(
        site_id,
        c.kind,
        f.bit_or(c.signals).label("bits"),
        func.avg(c.engaged_ms).label("average"),
        f.median(c.engaged_ms).label("middle"),
        f.quantile(c.engaged_ms, 0.75).label("upper"),
        f.count_distinct(tuple_(c.view_id, c.seq)).label("different"),
        func.max(f.epoch_ms(c.occurred_at)).label("last_ms"),
        func.sum(f.whole_div(f.epoch_ms(c.occurred_at), 1000)).label("seconds"),
        f.last_by(c.kind, c.ingest_id).label("newest"),
        (func.count(c.engaged_ms) / func.count() > 0.5).label("mostly"),
        cast(func.max(c.seq), Float).label("seq"),
    ).group_by(c.kind)


def _unions(site_id: int) -> Select[Any]:
    """Both ways of a union, null among its values, with a limit on the whole."""
    paths = union_all(
        _events_of(site_id, event.c.path, literal("event").label("of")),
        _visits_of(site_id, visit.c.entry, literal("visit")),
        select(null(), literal("none")),
    ).subquery()
    number = func.count().label("n")
    return (
        select(paths.c.of, paths.c.path, number)
        .group_by(paths.c.of, paths.c.path)
        .order_by(number.desc(), paths.c.of, paths.c.path)
        .limit(5)
        .offset(1)
    )


def _struggles(site_id: int) -> Select[Any]:
    """A query over a grouped query over a join, with the same column names on every level."""
    clicks = (
        _events_of(site_id, event.c.path, event.c.element, visit.c.device, func.count().label("clicks"))
        .select_from(event.join(visit, event.c.visitor_id == visit.c.visitor_id))
        .where(event.c.kind == "click")
        .group_by(event.c.path, event.c.element, visit.c.device)
        .subquery()
    )
    return select(clicks.c.path, func.max(clicks.c.clicks).label("clicks")).group_by(clicks.c.path)


QUESTIONS: dict[str, Callable[[int], Select[Any]]] = {
    question.__name__.lstrip("_"): question
    for question in (
        _days, _hours, _averages_of_nothing, _unmatched_joins, _semi_joins, _null_groups, _null_order, _texts,
        _windows, _trails, _numbers_of, _unions, _struggles,
    )
}  # fmt: skip


def _sample() -> list[dict[str, Any]]:
    """Return events of every kind, with every path, on both sides of the turn of the clock."""
    return [
        {
            "kind": ("view", "click", "engagement", "custom")[n % 4],
            "view_id": (n // 4 + 1) * 2**58,
            "seq": n % 4,
            "visitor_id": (None, 1, 2, 3)[n // 16 % 4],
            "minute": n * 37 % 2820,
            "engaged_ms": n * 700 if n % 4 == 2 else None,
            "path": (None, *PATHS)[n // 4 % 6],
            "source": (None, "Google", "ÉCOLE")[n % 3],
            "label": "bot" if n % 10 == 0 else None,
            "element": (None, "#buy", HOSTILE)[n % 3],
            "affordance": ("native", "pointer", "none")[n % 3],
            "trusted": n % 5 != 0,
            "mutation_ms": (None, 100, 2400)[n // 4 % 3],
        }
        for n in range(96)
    ]


@pytest.mark.parametrize("question", QUESTIONS)
def test_they_answer_alike(stores: tuple[EventStore, EventStore], sampled: int, question: str) -> None:
    assert agree(stores, QUESTIONS[question](sampled)), "an answer of nothing would prove nothing"


@pytest.mark.parametrize("question", QUESTIONS)
def test_they_answer_alike_when_nothing_is_stored(stores: tuple[EventStore, EventStore], question: str) -> None:
    agree(stores, QUESTIONS[question](0))
