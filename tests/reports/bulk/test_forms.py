"""Every form of an export says the same, and all that is stored."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pytest

from reports.bulk.exports import EXPORTS, kind_of
from reports.bulk.shapes import LINES
from reports.bulk.taking import lines, parquet, taking
from reports.render.csv import cell as harmless
from tests.kit.store import Happening, Visiting, dead, stay
from tests.reports.bulk.conftest import Take
from tracker.settings import Settings
from tracker.sites import SiteInfo
from tracker.store.base import EventStore
from tracker.store.schema import event
from tracker.store.schema import visit as visit_table

NASTY = 'He said "=1", ok\\ \u2028 ü 🦊 </script>'


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


def test_exports_leave_nothing_of_the_tables_out() -> None:
    for what, table in (("events", event), ("visits", visit_table)):
        named = {field.encode_name for field in msgspec.structs.fields(LINES[what])}
        assert {column.name for column in table.columns} - named <= {"site_id", "ingest_id"}
