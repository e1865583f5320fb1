"""What is stored can be taken away: every row once, however late it came, alike in every form and on both engines."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from reports.bulk import taking as taking_module
from reports.bulk.cursors import Cursors
from reports.bulk.exports import EXPORTS, kind_of
from reports.bulk.room import NoRoomError, room
from reports.bulk.shapes import LINES
from reports.bulk.taking import lines, parquet, taking
from reports.query.ranges import parse_range
from reports.render.csv import cell as harmless
from tests.kit.ground import at
from tests.kit.store import Happening, Loading, Visiting, dead, stay, stored
from tracker.errors import InvalidInputError
from tracker.settings import Settings
from tracker.sites import SiteInfo
from tracker.store.base import Answer, EventStore, Trace
from tracker.store.duckdb import DuckStore
from tracker.store.schema import event
from tracker.store.schema import visit as visit_table

Take = Callable[..., list[dict[str, Any]]]
NASTY = 'He said "=1", ok\\ \u2028 ü 🦊 </script>'


@pytest.fixture
def stitched(site: SiteInfo) -> SiteInfo:
    return replace(site, privacy_mode="stitched")


@pytest.fixture
def take(store: EventStore, stitched: SiteInfo) -> Take:
    """Take an export as NDJSON: `take("events", since=cursor, limit=3)`."""

    def taken(what: str, site: SiteInfo = stitched, **words: Any) -> list[dict[str, Any]]:
        chunks = lines(store, taking(store, site, what, **words))
        return [json.loads(line) for line in b"".join(chunks).splitlines()]

    return taken


@pytest.fixture
def folder(settings: Settings) -> Path:
    """Where both engines may write: that of the batches is opened for the store of the tests."""
    settings.batch_folder.mkdir(exist_ok=True)
    return settings.batch_folder


def test_a_line_is_what_its_shape_says(take: Take, visit: Visiting) -> None:
    note = Happening("custom", 0, 9, {"name": "=cmd", "properties": {"text": NASTY, "n": 1.5, "ok": True, "no": None}})
    visit("2026-03-02 10:00", ["/a", "/b"], [dead("#x")], also=[note], titles=[NASTY, "-1"], engaged_s=3)
    for what, shape in LINES.items():
        found = take(what)
        assert found
        for line in found:
            read = msgspec.json.decode(json.dumps(line), type=shape)
            assert set(line) <= {field.encode_name for field in msgspec.structs.fields(read)}
    view, click, _, custom, *_ = take("events")
    assert (view["title"], view["occurred_at"], view["seq"]) == (NASTY, "2026-03-02T10:00:00.000Z", 0)
    assert isinstance(view["visitor_id"], str)
    assert (click["trusted"], "title" in click) == (True, False)
    assert custom["properties"] == {"text": NASTY, "n": 1.5, "ok": True, "no": None}
    [whole] = take("visits")
    assert (whole["trail"], whole["trail_offset_ms"], whole["bounced"]) == (["/a", "/b"], [0, 60_000], False)
    [profile] = take("profiles")
    assert (profile["profile_id"], profile["visits"], profile["views"]) == (view["visitor_id"], 1, 2)


def test_every_form_says_the_same(
    take: Take, visit: Visiting, store: EventStore, stitched: SiteInfo, folder: Path
) -> None:
    note = Happening("custom", 0, 9, {"name": "order", "properties": {"text": NASTY, "n": 1.5, "ok": True, "no": None}})
    seen = stay(30, [1000] * 20)
    visit("2026-03-02 10:00", ["/a", "/b"], [dead("#x")], also=[note, seen], titles=[NASTY, "-1"], login_id=99)
    visit("2026-03-02 11:00", ["/c"], visitor=None)
    met: set[str] = set()
    for what, export in EXPORTS.items():
        as_lines = take(what)
        asked = taking(store, stitched, what)
        rows = list(csv.DictReader(io.StringIO(b"".join(lines(store, asked, "csv")).decode(), newline="")))
        file = folder / "taken.parquet"
        file.write_bytes(b"".join(parquet(store, asked, folder)))
        table = duckdb.sql(f"FROM read_parquet('{file}')")
        whole = [dict(zip(table.columns, row, strict=True)) for row in table.fetchall()]
        file.unlink()
        assert list(folder.glob("*.parquet")) == []
        kinds = {str(column.name): kind_of(column) for column in export.columns}
        assert list(rows[0]) == table.columns == list(kinds)
        expected = in_order([{name: of_json(line, name, kind) for name, kind in kinds.items()} for line in as_lines])
        assert len(expected) > 0
        assert in_order([{name: of_csv(row[name], kind) for name, kind in kinds.items()} for row in rows]) == expected
        assert (
            in_order([{name: of_parquet(row[name], kind) for name, kind in kinds.items()} for row in whole]) == expected
        )
        met |= {kinds[name] for row in expected for name, (_, value) in row.items() if value is not None}
    assert met == {"text", "id", "time", "flag", "list", "json", "number"}


Typed = tuple[type, Any]
"""A value with its type: 1 is not true, and neither is "1"."""


def typed(value: Any) -> Typed:
    return type(value), value


def in_order(rows: list[dict[str, Typed]]) -> list[dict[str, Typed]]:
    return sorted(rows, key=repr)


def of_json(line: dict[str, Any], name: str, kind: str) -> Typed:
    value = line.get(name)
    return typed(datetime.fromisoformat(value) if kind == "time" and value is not None else value)


def of_csv(cell: str, kind: str) -> Typed:
    """Read a cell as its kind says; only what a spreadsheet would run has an apostrophe before it."""
    if cell == "":
        return typed(None)
    if kind == "time":
        return typed(datetime.fromisoformat(cell))
    if kind == "number":
        return typed(int(cell))
    if kind in ("flag", "list", "json"):
        return typed(json.loads(cell))
    if kind == "id":
        return typed(cell)
    if cell.startswith("'"):
        assert harmless(cell[1:]) == cell
        return typed(cell[1:])
    assert harmless(cell) == cell
    return typed(cell)


def of_parquet(value: Any, kind: str) -> Typed:
    if value is None:
        return typed(None)
    if kind == "time":
        assert value.utcoffset() == timedelta(0)
        return typed(value.astimezone(UTC))
    return typed(json.loads(value) if kind == "json" else value)


def test_texts_are_not_run_by_a_spreadsheet(visit: Visiting, store: EventStore, site: SiteInfo) -> None:
    titles = ["=1", " @x", "-1", "plain", "\u00a0+1", "＝1", "a=1", "'=1"]
    visit("2026-03-02 10:00", [f"/{place}" for place in range(len(titles))], titles=titles)
    text = b"".join(lines(store, taking(store, site, "events"), "csv")).decode()
    found = [row["title"] for row in csv.DictReader(io.StringIO(text, newline=""))]
    assert found == [harmless(title) for title in titles]
    assert [one[0] == "'" for one in found] == [True, True, True, False, True, True, False, True]


def test_only_days_that_are_asked_for(take: Take, visit: Visiting, site: SiteInfo) -> None:
    for day in ("2026-03-01", "2026-03-02", "2026-03-03"):
        visit(f"{day} 22:30", [f"/{day}"])  # in the site's zone, half past eleven at night
        visit(f"{day} 23:30", [f"/after-{day}"])
    span = parse_range("2026-03-02..2026-03-02", site.tzinfo, at("2026-03-10 12:00"))
    assert [line["path"] for line in take("events", span=span)] == ["/after-2026-03-01", "/2026-03-02"]
    assert [line["entry"] for line in take("visits", span=span)] == ["/after-2026-03-01", "/2026-03-02"]
    assert len(take("profiles", span=span)) == 2


def test_a_profile_is_who_is_held_together(take: Take, visit: Visiting, site: SiteInfo) -> None:
    one = visit("2026-03-01 10:00", ["/a"])
    other = visit("2026-03-02 10:00", ["/a", "/b"])
    visit("2026-03-02 11:00")
    visit.tie(17, one, other)
    found = {line["profile_id"]: line for line in take("profiles")}
    assert len(found) == 2
    assert (found["17"]["visitors"], found["17"]["visits"], found["17"]["views"]) == (2, 2, 3)
    assert found["17"]["first_seen_at"] < found["17"]["last_seen_at"]
    assert len(take("profiles", site=replace(site, privacy_mode="cookieless"))) == 3


def test_nothing_beyond_the_sites_privacy_mode_leaves(take: Take, visit: Visiting, site: SiteInfo) -> None:
    visit("2026-03-01 10:00", ["/a"], login_id=99, consent=True)

    def kept(mode: str) -> tuple[bool, bool, int, int]:
        chosen = replace(site, privacy_mode=mode)
        [line], visits, profiles = (take(what, site=chosen) for what in ("events", "visits", "profiles"))
        return "visitor_id" in line, "login_id" in line, len(visits), len(profiles)

    assert kept("stitched") == (True, True, 1, 1)
    assert kept("consented") == (True, False, 1, 1)
    assert kept("cookieless") == (True, False, 1, 1)
    assert kept("count") == (False, False, 0, 0)


def test_a_lasting_id_of_before_ties_no_days_together_without_cookies(
    take: Take, visit: Visiting, site: SiteInfo
) -> None:
    lasting = visit("2026-03-01 10:00", ["/a"], consent=True)
    visit("2026-03-01 22:30", ["/a"], visitor=lasting)  # in the site's zone, half past eleven at night
    visit("2026-03-01 23:30", ["/a"], visitor=lasting)
    cookieless = replace(site, privacy_mode="cookieless")
    events, visits, profiles = (take(what, site=cookieless) for what in ("events", "visits", "profiles"))
    for rows in (events, visits):
        first, evening, next_day = (row["visitor_id"] for row in rows)
        assert first == evening != next_day
        assert str(lasting) not in (first, next_day)
    assert sorted(row["visits"] for row in profiles) == [1, 2]
    assert {row["profile_id"] for row in profiles} == {row["visitor_id"] for row in visits}
    other = replace(cookieless, identity_key=b"another")
    assert take("events", site=other)[0]["visitor_id"] != events[0]["visitor_id"]


def test_profiles_are_summed_up_where_there_is_room(duckdb_store: DuckStore, site: SiteInfo) -> None:
    with room(), room():
        assert taking(duckdb_store, site, "profiles")
        for words in ({"limit": 3}, {}):
            with pytest.raises(NoRoomError):
                lines(duckdb_store, taking(duckdb_store, site, "profiles", **words))


def test_the_cursor_after_profiles_is_that_of_their_newest_event(
    take: Take, visit: Visiting, store: EventStore, stitched: SiteInfo
) -> None:
    with visit.at_once():
        for hour in (10, 11, 12):
            visit(f"2026-03-02 {hour}:00", visitor=500)
            visit(f"2026-03-02 {hour}:30")
    visit("2026-03-05 10:00")
    march_2 = parse_range("2026-03-02..2026-03-02", stitched.tzinfo, at("2026-03-10 12:00"))
    for words in ({}, {"limit": 2}, {"span": march_2}):
        found = take("profiles", **words)
        assert len(found) == (2 if "limit" in words else 4 if "span" in words else 5)
        assert taking(store, stitched, "profiles", **words).cursor == found[-1]["cursor"]
    nobody = replace(stitched, privacy_mode="count")
    assert taking(store, nobody, "profiles").cursor == taking(store, nobody, "profiles", limit=9).cursor


def test_of_another_site_nothing_is_told(take: Take, visit: Visiting, site: SiteInfo) -> None:
    visit("2026-03-01 10:00", ["/a"])
    for what in EXPORTS:
        assert take(what, site=replace(site, id=site.id + 1)) == []


def test_pages_are_wide_where_rows_are_few(
    duckdb_store: DuckStore,
    site: SiteInfo,
    loading: Callable[[EventStore], Loading],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(taking_module, "ROWS_A_PAGE", 4)
    visit = Visiting(loading(duckdb_store), site)
    with visit.at_once():
        visit("2026-03-02 10:00", [f"/{place}" for place in range(10)])
        for _ in range(90):
            visit("2026-03-02 11:00", site=replace(site, id=site.id + 1))
        visit("2026-03-02 12:00", [f"/{place}" for place in range(10)])
    questions, ask = [], duckdb_store.query

    def counted(*given: Any) -> Answer:
        questions.append(given)
        return ask(*given)

    monkeypatch.setattr(duckdb_store, "query", counted)
    chunks = list(lines(duckdb_store, taking(duckdb_store, site, "events")))
    assert b"".join(chunks).count(b"\n") == 20
    assert max(chunk.count(b"\n") for chunk in chunks) <= 4
    assert len(questions) < 110 / 4
    asked = taking(duckdb_store, site, "events", limit=7)
    assert b"".join(lines(duckdb_store, asked)).count(b"\n") == 7
    rest = taking(duckdb_store, site, "events", since=asked.cursor)
    assert b"".join(lines(duckdb_store, rest)).count(b"\n") == 13


@pytest.mark.parametrize("cursor", ["x", "MS4", "MS4tMQ", "Mi4x", "MS4x.", "é", "A" * 10_000, "Mi5hYi4x"])
def test_a_cursor_of_nothing_is_refused(duckdb_store: DuckStore, site: SiteInfo, cursor: str) -> None:
    with pytest.raises(InvalidInputError, match="cursor"):
        taking(duckdb_store, site, "events", since=cursor)


def test_a_cursor_is_good_for_its_own_export_alone(duckdb_store: DuckStore, site: SiteInfo) -> None:
    cursor = taking(duckdb_store, site, "events").cursor
    week = parse_range("7d", site.tzinfo, at("2026-03-10 12:00"))
    assert taking(duckdb_store, site, "events", since=cursor).cursor == cursor
    for other in (("visits", site, None), ("events", replace(site, key="other"), None), ("events", site, week)):
        with pytest.raises(InvalidInputError, match="of another site"):
            taking(duckdb_store, other[1], other[0], span=other[2], since=cursor)


@given(st.integers(0, 10**18 - 1))
def test_a_cursor_comes_back_as_it_was(position: int) -> None:
    site = SiteInfo(1, "k", "Shop", "UTC", "count", (), frozenset(), enabled=True, sample=False)
    cursors = Cursors(site, "events", "")
    assert cursors.read(cursors.write(position)) == position


EVER = stored("1970-01-01 00:00"), stored("2100-01-01 00:00")
GONE: dict[str, Callable[[EventStore, SiteInfo], Any]] = {
    "by erasing a person": lambda store, site: store.erase_traces(site.id, site.tzinfo, [Trace(2, *EVER)]),
    "by erasing the site": lambda store, site: store.erase_site(site.id),
    "by age": lambda store, site: store.expire(site.id, stored("2026-03-02 23:00")),
}


@pytest.mark.parametrize("how", GONE)
def test_what_is_loaded_after_the_newest_went_and_a_restart_comes_after_the_cursor(
    how: str, take: Take, store: EventStore, loading: Callable[[EventStore], Loading], site: SiteInfo
) -> None:
    load = loading(store)
    visit = Visiting(load, site)
    with visit.at_once():
        visit("2026-03-02 10:00", ["/a"], visitor=1)
        visit("2026-03-02 11:00", ["/b"], visitor=2)
    cursors = {what: take(what)[-1]["cursor"] for what in EXPORTS}
    GONE[how](store, site)
    load.restart()
    visit("2026-03-03 10:00", ["/c"], visitor=3)
    news = {what: take(what, since=cursor) for what, cursor in cursors.items()}
    assert {what: len(rows) for what, rows in news.items()} == dict.fromkeys(EXPORTS, 1)
    assert (news["events"][0]["path"], news["visits"][0]["entry"]) == ("/c", "/c")


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("load"), st.lists(st.integers(0, 400), min_size=1, max_size=4)),
        st.tuples(st.just("take"), st.sampled_from([None, 1, 2, 5])),
        st.tuples(st.just("erase"), st.sampled_from([1, 2, 3])),
    ),
    min_size=2,
    max_size=9,
)


@given(steps=STEPS, page=st.sampled_from([1, 3, 8000]))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_event_comes_exactly_once_however_late_it_is(
    steps: list[tuple[str, Any]],
    page: int,
    bare_duckdb: Path,
    tmp_path_factory: pytest.TempPathFactory,
    site: SiteInfo,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Visits are told in any order of time, between and while pages are taken; each of several visitors comes back.

    One of them is erased now and then, and the loader started again before others come.
    """
    monkeypatch.setattr(taking_module, "ROWS_A_PAGE", page)
    place = tmp_path_factory.mktemp("late")
    (place / "events.duckdb").write_bytes(bare_duckdb.read_bytes())
    store = DuckStore(place / "events.duckdb", [place])
    try:
        load = Loading(store, place)
        visit = Visiting(load, site)
        told, taken, last = 0, [], {}
        cursors: dict[str, str | None] = dict.fromkeys(EXPORTS)

        def take(limit: int | None) -> None:
            for what in EXPORTS:
                asked = taking(store, site, what, since=cursors[what], limit=limit)
                found = [json.loads(line) for line in b"".join(lines(store, asked)).splitlines()]
                assert limit is None or len(found) <= limit
                cursors[what] = found[-1]["cursor"] if found and limit else asked.cursor
                if what == "events":
                    taken.extend((line["view_id"], line["seq"]) for line in found)
                if what == "visits":
                    last.update({line["visit_id"]: line for line in found})

        for step, of in (*steps, ("take", None)):
            if step == "take":
                take(of)
                continue
            if step == "erase":
                store.erase_traces(site.id, site.tzinfo, [Trace(of, *EVER)])
                load.restart()
                continue
            with visit.at_once():
                for minutes in of:
                    visit(f"2026-03-02 {minutes // 60:02}:{minutes % 60:02}", ["/a", "/b"], visitor=1 + minutes % 3)
                    told += 2
        assert len(taken) == len(set(taken))
        assert len(taken) == told or ("erase" in dict(steps) and len(taken) < told)
        assert {(str(view), seq) for view, seq in store.query(select(event.c.view_id, event.c.seq)).rows} <= set(taken)
        kept = {
            line["visit_id"]: line
            for line in map(json.loads, b"".join(lines(store, taking(store, site, "visits"))).splitlines())
        }
        assert {visit_id: line for visit_id, line in last.items() if visit_id in kept} == kept
    finally:
        store.close()


def test_exports_leave_nothing_of_the_tables_out() -> None:
    for what, table in (("events", event), ("visits", visit_table)):
        named = {field.encode_name for field in msgspec.structs.fields(LINES[what])}
        assert {column.name for column in table.columns} - named <= {"site_id", "ingest_id"}
