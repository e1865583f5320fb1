"""The API as a developer meets it: keys, answers, problems, caching, streams, description."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from flask import Flask
from flask.testing import FlaskClient

from reports import REPORTS
from reports.api.documents import document
from reports.api.routes import ROUTES
from reports.api.shapes import Problem
from reports.export import EXPORTS, export_lines
from reports.render.json import ReportShape
from tests.kit.store import Loading, Visiting, dead
from tests.reports.conftest import RELEASE
from tests.reports.test_reports import people, sample, trouble
from tracker.access import create_key
from tracker.errors import InvalidInputError
from tracker.house import House
from tracker.releases import mark_release
from tracker.signal_book import BY_NAME
from tracker.sites import SiteInfo, create_site, describe

Get = Callable[..., Any]


@pytest.fixture
def own(house: House) -> SiteInfo:
    """A site of the open house."""
    with house.database.session() as session:
        made = describe(create_site(session, "Shop", ["shop.example"], "Europe/Warsaw"))
    house.sites.forget()
    return made


@pytest.fixture
def visit(house: House, own: SiteInfo, loading: Callable[..., Loading]) -> Visiting:
    return Visiting(loading(house.store), own)


@pytest.fixture
def get(client: FlaskClient, house: House, own: SiteInfo) -> Get:
    """Get an address under the site's with a key that may read, people too."""
    with house.database.session() as session:
        token = create_key(session, "test", ["read", "people"], own.id)

    def got(path: str, headers: dict[str, str] | None = None) -> Any:
        address = path if path.startswith("/") else f"/api/v1/sites/{own.key}/{path}"
        return client.get(address, headers={"Authorization": f"Bearer {token}", **(headers or {})})

    return got


def lines(response: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in response.data.splitlines()]


def test_sites_and_reports(get: Get, own: SiteInfo) -> None:
    assert [site["key"] for site in get("/api/v1/sites").json["sites"]] == [own.key]
    listed = get("reports").json["reports"]
    assert [one["name"] for one in listed] == [report.name for report in REPORTS]
    assert all(one["question"].endswith("?") and one["columns"] for one in listed)


def test_every_report_as_json_and_csv(get: Get, visit: Visiting, house: House, own: SiteInfo) -> None:
    visit("2026-03-01 10:00", ["/"], [dead("#=1+1")])
    sample(visit)
    people(visit)
    trouble(visit)
    with house.database.session() as session:
        mark_release(session, own.id, RELEASE.name, RELEASE.at)
    house.sites.forget()
    for report in REPORTS:
        answer = get(f"reports/{report.name}?range=2026-03-01..2026-03-10&compare=previous")
        assert answer.status_code == 200
        shape = msgspec.json.decode(answer.data, type=ReportShape)
        assert (shape.report, len(shape.rows) > 0, shape.error) == (report.name, True, None)
        assert get(f"reports/{report.name}.json?range=2026-03-01..2026-03-10").json["rows"] == shape.rows
        table = list(csv.reader(io.StringIO(get(f"reports/{report.name}.csv?range=2026-03-01..2026-03-10").text)))
        assert table[0] == [column.name for column in report.columns]
        assert len(table) == 1 + len(shape.rows)


def test_the_promised_shape(get: Get, own: SiteInfo, visit: Visiting) -> None:
    visit("2026-03-01 10:00", ["/"])
    answer = get("reports/pages?range=2026-03-01..2026-03-01&filter=path:is:/&compare=weekday").json
    assert answer.pop("took_ms") >= 0
    assert len(answer.pop("columns")) == 8
    comparison = {"name": "weekday", "start": "2026-02-22T00:00:00+01:00", "end": "2026-02-23T00:00:00+01:00"}
    assert answer == {
        "report": "pages",
        "title": "Pages",
        "question": "Which pages are seen, where do visits begin and end, and on which of them do clicks die?",
        "site": {"key": own.key, "name": "Shop", "zone": "Europe/Warsaw"},
        "scope": {
            "range": {
                "name": "2026-03-01..2026-03-01",
                "start": "2026-03-01T00:00:00+01:00",
                "end": "2026-03-02T00:00:00+01:00",
            },
            "filters": ["path:is:/"],
            "compare": "weekday",
            "bots": "out",
            "segment": None,
        },
        "seen": {"until": "2026-03-01T11:00:00+01:00", "events": 1},
        "rows": [
            {
                "path": "/",
                "views": 1,
                "visitors": 1,
                "entries": 1,
                "exits": 1,
                "bounce_rate": 1.0,
                "engaged_ms_per_view": 0,
                "dead_clicks": 0,
            }
        ],
        "totals": None,
        "series": None,
        "comparison": {"range": comparison, "totals": None, "series": None},
        "notes": [],
        "error": None,
        "signals_version": 1,
        "definitions": {"dead": BY_NAME["dead"].definition(own.limits)},
    }


@pytest.mark.parametrize(
    ("path", "status", "field"),
    [
        ("reports/overveiw", 404, None),
        ("reports/overview.xls", 404, None),
        ("/api/v1/sites/nosuchsite22/reports", 404, None),
        ("/api/v2/anything", 404, None),
        ("reports/overview?range=soon", 422, "range"),
        ("reports/overview?zone=UTC", 422, "zone"),
        ("reports/overview?filter=path:is:%00", 422, "filter"),
        ("reports/overview?" + "&".join(["filter=path:is:/"] * 10_000), 422, "filter"),
        ("events?cursor=%27;--", 422, "cursor"),
        ("events?limit=all", 422, "limit"),
        ("visits?cursr=x", 422, "cursr"),
    ],
)
def test_problems_name_what_is_wrong(get: Get, path: str, status: int, field: str | None) -> None:
    response = get(path)
    assert (response.status_code, response.mimetype) == (status, "application/problem+json")
    found = msgspec.json.decode(response.data, type=Problem)
    assert (found.status, found.field) == (status, field)


def test_a_wrong_name_is_told_the_nearest(get: Get) -> None:
    assert "overview" in get("reports/overveiw").json["detail"]


def test_nobody_and_others_are_refused(client: FlaskClient, house: House, own: SiteInfo) -> None:
    address = f"/api/v1/sites/{own.key}/reports/overview"
    for headers in ({}, {"Authorization": "Bearer ff_wrong"}, {"Authorization": "Basic eDp5"}):
        response = client.get(address, headers=headers)
        assert (response.status_code, response.mimetype) == (401, "application/problem+json")
        assert response.headers["WWW-Authenticate"].startswith("Bearer")
    with house.database.session() as session:
        other = create_site(session, "Other", ["other.example"])
        strangers = create_key(session, "other", ["read"], other.id)
        senders = create_key(session, "sender", ["ingest"], own.id)
    for token in (strangers, senders):
        assert client.get(address, headers={"Authorization": f"Bearer {token}"}).status_code == 403


def test_a_question_asked_again_costs_nothing_until_something_changes(get: Get, visit: Visiting) -> None:
    visit("2026-03-01 10:00")
    path = "reports/overview?range=2026-03-01..2026-03-01"
    tag = get(path).headers["ETag"]
    again = get(path, {"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert get(f"{path}&bots=in", {"If-None-Match": tag}).status_code == 200
    visit("2026-03-01 12:00")
    assert get(path, {"If-None-Match": tag}).status_code == 200


def test_events_can_be_followed_by_cursor(get: Get, own: SiteInfo, visit: Visiting) -> None:
    visit("2026-03-02 10:00", ["/a", "/b"], [dead("#x")], custom=["order"])
    first = lines(get("events"))
    assert [line["kind"] for line in first] == ["view", "click", "view", "custom"]
    assert all(isinstance(line["visitor_id"], str) and isinstance(line["view_id"], str) for line in first)
    assert first[0]["occurred_at"] == "2026-03-02T10:00:00Z"
    assert lines(get(f"events?cursor={first[1]['cursor']}")) == first[2:]
    assert lines(get("events?limit=3")) == first[:3]
    visit("2026-03-01 10:00", ["/late"])
    assert [line["path"] for line in lines(get(f"events?cursor={first[-1]['cursor']}"))] == ["/late"]


def test_a_visit_that_grew_comes_again(get: Get, visit: Visiting) -> None:
    visitor = visit("2026-03-02 10:00", ["/a"])
    [first] = lines(get("visits"))
    assert (first["entry"], first["trail"], first["bounced"]) == ("/a", ["/a"], True)
    visit("2026-03-02 10:05", ["/b"], visitor=visitor)
    [grown] = lines(get(f"visits?cursor={first['cursor']}"))
    assert (grown["visit_id"], grown["trail"]) == (first["visit_id"], ["/a", "/b"])
    assert int(grown["revision"]) > int(first["revision"])


def test_an_export_is_written_page_by_page(
    house: House, own: SiteInfo, visit: Visiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.export.ROWS_A_PAGE", 2)
    visit("2026-03-02 10:00", ["/a", "/b", "/c", "/d", "/e"])
    chunks = list(export_lines(house.store, own, "events"))
    assert [chunk.count(b"\n") for chunk in chunks] == [2, 2, 1]
    assert len(b"".join(export_lines(house.store, own, "events", limit=3)).splitlines()) == 3


@pytest.mark.parametrize("cursor", ["x", "MS4", "MS4tMQ", "Mi4x", "MS4x.", "é", "A" * 10_000])
def test_a_foreign_cursor_is_refused(house: House, own: SiteInfo, cursor: str) -> None:
    with pytest.raises(InvalidInputError, match="cursor"):
        export_lines(house.store, own, "events", cursor)


def test_every_route_is_described(app: Flask, client: FlaskClient) -> None:
    described = client.get("/api/openapi.json").json
    assert described["openapi"] == "3.1.0"
    rules = {
        (method.lower(), rule.rule.replace("<", "{").replace(">", "}"))
        for rule in app.url_map.iter_rules()
        if "/api/v1" in rule.rule
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert {(method, path) for path, methods in described["paths"].items() for method in methods} == rules
    assert len(ROUTES) == len(rules)


def test_every_reference_of_the_description_leads_somewhere() -> None:
    text = json.dumps(document())
    names = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert names == set(document()["components"]["schemas"])


def test_answers_are_as_described(get: Get, own: SiteInfo, visit: Visiting) -> None:
    visitor = visit("2026-03-02 10:00", ["/a"], [dead("#x")], custom=["order"])
    story = get("examples?signal=dead&range=2026-03-02..2026-03-02").json["examples"][0]["id"]
    for route in (one for one in ROUTES if one.method == "GET"):
        named = route.rule.replace("<site_key>", own.key).replace("<name>", "overview").replace("<event_id>", story)
        named = named.replace("<profile_id>", str(visitor))
        response = get(f"{named}?profile={visitor}" if route.endpoint == "edges" else named)
        assert (response.status_code, response.mimetype) == (200, route.media)
        bodies = response.data.splitlines() if route.media == "application/x-ndjson" else [response.data]
        for body in bodies:
            value = msgspec.json.decode(body, type=route.shape)
            assert set(json.loads(body)) <= {field.encode_name for field in msgspec.structs.fields(value)}


def test_exports_leave_nothing_of_the_tables_out() -> None:
    for export in EXPORTS.values():
        named = {field.name for field in msgspec.structs.fields(export.line)}
        assert {column.name for column in export.order.table.columns} - named == {"site_id", "ingest_id"} & {
            column.name for column in export.order.table.columns
        }
