"""Exports as a program takes them: forms, cursors, files of days, who may, and what is gone."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from reports.bulk import taking
from reports.bulk.room import room
from tests.kit.store import Visiting, dead
from tracker.access import create_key
from tracker.house import House
from tracker.sites import SiteInfo, create_site
from tracker.store.base import QueryTimeoutError

Get = Callable[..., Any]


@pytest.fixture
def visit(visit_own: Visiting) -> Visiting:
    return visit_own


@pytest.fixture
def get(client: FlaskClient, house: House, own: SiteInfo) -> Get:
    with house.database.session() as session:
        token = create_key(session, "test", ["read"], own.id)

    def got(path: str, headers: dict[str, str] | None = None) -> Any:
        sent = {"Authorization": f"Bearer {token}", **(headers or {})}
        return client.get(f"/api/v1/sites/{own.key}/{path}", headers=sent)

    return got


def table(file: Path, data: bytes) -> list[dict[str, Any]]:
    file.write_bytes(data)
    found = duckdb.sql(f"FROM read_parquet('{file}')")
    return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


def test_of_exports_made_at_once_the_third_must_wait(get: Get, visit: Visiting) -> None:
    visit("2026-03-02 10:00", ["/a"])
    with room(), room():
        for path in ("events.parquet", "days/2026-03-02.parquet", "profiles.csv"):
            answer = get(path)
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
        assert get("events.ndjson").status_code == 200
    assert get("events.parquet").status_code == 200


@pytest.mark.parametrize("what", ["events", "visits", "profiles"])
def test_each_form_and_the_cursor_after_it(get: Get, house: House, visit: Visiting, tmp_path: Path, what: str) -> None:
    visit("2026-03-02 10:00", ["/a", "/b"], [dead("#x")])
    answers = {form: get(f"{what}.{form}") for form in ("ndjson", "csv", "parquet")}
    as_lines = [json.loads(line) for line in answers["ndjson"].data.splitlines()]
    rows = list(csv.DictReader(io.StringIO(answers["csv"].text, newline="")))
    whole = table(tmp_path / "taken.parquet", answers["parquet"].data)
    assert len(as_lines) == len(rows) == len(whole) > 0
    cursors = {answer.headers["Footfall-Cursor"] for answer in answers.values()} | {as_lines[-1]["cursor"]}
    assert len(cursors) == 1
    assert list(house.settings.export_folder.iterdir()) == []
    [cursor] = cursors
    assert get(f"{what}.ndjson?cursor={cursor}").data == b""
    assert get(f"{what}.csv?cursor={cursor}").data.count(b"\n") == 1
    assert table(tmp_path / "none.parquet", get(f"{what}.parquet?cursor={cursor}").data) == []
    visit("2026-03-01 10:00", ["/late"])
    assert len(get(f"{what}.ndjson?cursor={cursor}").data.splitlines()) == 1


def test_a_file_that_the_store_could_not_finish_is_no_answer(
    get: Get, visit: Visiting, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def begun(_: object, file: Path, **__: object) -> None:
        file.write_bytes(b"PAR1")
        raise QueryTimeoutError

    visit("2026-03-02 10:00", ["/a"])
    monkeypatch.setattr(house.store, "write_parquet", begun)
    for path in ("events.parquet", "profiles.parquet", "days/2026-03-02.parquet"):
        answer = get(path)
        assert (answer.status_code, answer.mimetype) == (504, "application/problem+json")
    assert list(house.settings.export_folder.iterdir()) == []


def test_an_export_that_breaks_off_says_why_in_the_log(
    get: Get, visit: Visiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pages(*_: object) -> Iterator[list[tuple[str]]]:
        yield [("a line",)]
        raise QueryTimeoutError

    visit("2026-03-02 10:00", ["/a"])
    monkeypatch.setattr(taking, "_pages", pages)
    with capture_logs() as told, pytest.raises(QueryTimeoutError):
        get("events.csv").get_data()
    [line] = told
    assert (line["event"], line["what"], line["exc_info"]) == ("an export broke off", "events", True)


def test_events_and_visits_are_lines_without_a_form(get: Get, visit: Visiting) -> None:
    visit("2026-03-02 10:00", ["/a"])
    for what in ("events", "visits"):
        assert get(what).data == get(f"{what}.ndjson").data != b""
        assert get(what).mimetype == "application/x-ndjson"
    assert "profiles" in get("profiles").json


def test_limit_and_range(get: Get, visit: Visiting) -> None:
    visit("2026-03-02 10:00", ["/a", "/b", "/c"])
    visit("2026-03-03 10:00", ["/d"])
    first = get("events.csv?limit=2")
    assert first.data.count(b"\n") == 3
    assert get(f"events.csv?cursor={first.headers['Footfall-Cursor']}").data.count(b"\n") == 3
    assert len(get("events?range=2026-03-02..2026-03-02").data.splitlines()) == 3


@pytest.mark.parametrize(
    ("path", "status", "field"),
    [
        ("events.xlsx", 404, None),
        ("days/2026-02-30.parquet", 404, None),
        ("events?cursor=%27;--", 422, "cursor"),
        ("events?limit=all", 422, "limit"),
        ("events?limit=0", 422, "limit"),
        ("events?limit=1&limit=2", 422, "limit"),
        ("events?range=soon", 422, "range"),
        ("profiles.csv?cursr=x", 422, "cursr"),
    ],
)
def test_problems(get: Get, path: str, status: int, field: str | None) -> None:
    answer = get(path)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.json.get("field") == field


def test_a_cursor_of_another_question_is_refused(get: Get, visit: Visiting) -> None:
    visit("2026-03-02 10:00", ["/a"])
    cursor = get("events").headers["Footfall-Cursor"]
    for path in (f"visits?cursor={cursor}", f"events?range=7d&cursor={cursor}"):
        assert (get(path).status_code, get(path).json["field"]) == (422, "cursor")
    assert get(f"events.parquet?cursor={cursor}").status_code == 200


def test_a_days_file_is_fetched_once(get: Get, visit: Visiting, tmp_path: Path) -> None:
    visit("2026-03-02 10:00", ["/a", "/b"])
    assert get("days").json == {"days": [{"day": "2026-03-02", "events": 2, "closed": True}]}
    first = get("days/2026-03-02.parquet")
    assert [row["path"] for row in table(tmp_path / "day.parquet", first.data)] == ["/a", "/b"]
    assert get("days/2026-03-02.parquet").data == first.data
    tag = {"If-None-Match": first.headers["ETag"]}
    assert get("days/2026-03-02.parquet", tag).status_code == 304
    visit("2026-03-02 12:00", ["/c"])
    again = get("days/2026-03-02.parquet", tag)
    assert (again.status_code, len(table(tmp_path / "day.parquet", again.data))) == (200, 3)
    assert table(tmp_path / "empty.parquet", get("days/2026-03-09.parquet").data) == []


def test_who_was_erased_is_in_no_export(get: Get, visit: Visiting, house: House, own: SiteInfo, tmp_path: Path) -> None:
    gone = visit("2026-03-02 10:00", ["/secret"])
    visit("2026-03-02 10:00", ["/kept"])
    tag = get("days/2026-03-02.parquet").headers["ETag"]
    house.erasing.begin(own, gone or 0, "anna")
    house.erasing.finish()
    for path in ("events", "visits", "events.csv", "visits.csv"):
        assert b"/kept" in get(path).data
        assert b"/secret" not in get(path).data
    assert str(gone) not in [json.loads(line)["profile_id"] for line in get("profiles.ndjson").data.splitlines()]
    answer = get("days/2026-03-02.parquet", {"If-None-Match": tag})
    assert [row["path"] for row in table(tmp_path / "day.parquet", answer.data)] == ["/kept"]


@pytest.mark.parametrize("path", ["events", "visits.csv", "profiles.parquet", "days", "days/2026-03-02.parquet"])
def test_who_may_take_it(client: FlaskClient, house: House, own: SiteInfo, path: str) -> None:
    with house.database.session() as session:
        other = create_site(session, "Other", ["other.example"])
        keys = {
            create_key(session, "reader", ["read"], own.id): 200,
            create_key(session, "stranger", ["read"], other.id): 403,
            create_key(session, "sender", ["ingest", "change", "people"], own.id): 403,
            "ff_wrong": 401,
        }
    for token, status in keys.items():
        answer = client.get(f"/api/v1/sites/{own.key}/{path}", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == status
    assert client.get(f"/api/v1/sites/{own.key}/{path}").status_code == 401
