"""The API as a developer meets it: keys, answers, problems, caching, streams, description."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import msgspec
import pytest
from flask import Flask
from flask.testing import FlaskClient

from reports import REPORTS
from reports.api.documents import document
from reports.api.routes import ROUTES
from reports.api.shapes import Problem
from reports.render.json import ReportShape
from tests.kit.extras import needed
from tests.kit.store import Visiting, dead
from tests.reports.conftest import FUNNEL, GOALS, RELEASE
from tests.reports.test_reports import people, sample, trouble
from tracker.access import create_key
from tracker.funnels import save_funnel
from tracker.goals import save_goal
from tracker.house import House
from tracker.imports.book import WantedImport, keep
from tracker.imports.counts import Count, Numbers
from tracker.releases import mark_release
from tracker.signal_book import BY_NAME
from tracker.signal_versions import apply, mark_decided
from tracker.signals import THRESHOLDS
from tracker.sites import SiteInfo, create_site
from tracker.webhooks.book import WantedWebhook, create_webhook
from tracker.webhooks.queue import put

Get = Callable[..., Any]
FORM = {"query_as": "json"}


@pytest.fixture
def visit(visit_own: Visiting) -> Visiting:
    return visit_own


@pytest.fixture
def get(client: FlaskClient, house: House, own: SiteInfo) -> Get:
    """Get an address under the site's with a key that may read, people too, and what only those see who change it."""
    with house.database.session() as session:
        token = create_key(session, "test", ["read", "people", "change"], own.id)

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
        for goal in GOALS:
            save_goal(session, own.id, goal, "anna")
        save_funnel(session, own.id, FUNNEL, "anna")
    before = [Count("days", date(2026, 2, 27), "", Numbers(visits=3))]
    keep(house.database, own.id, WantedImport("plausible", "export.zip", "anna"), before)
    house.sites.forget()
    for report in REPORTS:
        answer = get(f"reports/{report.name}?range=2026-02-27..2026-03-10&compare=previous")
        assert answer.status_code == 200
        shape = msgspec.json.decode(answer.data, type=ReportShape)
        assert (shape.report, len(shape.rows) > 0, shape.error) == (report.name, True, None)
        assert get(f"reports/{report.name}.json?range=2026-02-27..2026-03-10").json["rows"] == shape.rows
        table = list(csv.reader(io.StringIO(get(f"reports/{report.name}.csv?range=2026-02-27..2026-03-10").text)))
        assert table[0] == [column.name for column in report.columns]
        assert len(table) == 1 + len(shape.rows)


def test_reports_on_paper(get: Get, visit: Visiting, own: SiteInfo, monkeypatch: pytest.MonkeyPatch) -> None:
    pypdf = needed("pypdf")
    needed("typst")
    visit("2026-03-01 10:00", ["/*bold*_$x$", "/b"], [dead("#pay")])
    words = "?range=2026-03-01..2026-03-02&compare=previous&filter=path:is:/*bold*_$x$"
    for report, wanted in (("pages", "\n/*bold*_$x$"), ("overview", "1 visitor came"), ("dead-clicks", "#pay")):
        answer = get(f"reports/{report}.pdf{words}")
        assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
        assert f"{own.key}-{report}-2026-03-01.pdf" in answer.headers["Content-Disposition"]
        text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.data)).pages)
        assert wanted in text and "Page is /*bold*_$x$" in text and "1 Mar 2026 – 2 Mar 2026" in text
    assert get(f"reports/pages.pdf{words}", {"If-None-Match": answer.headers["ETag"]}).status_code == 200
    assert get(f"reports/dead-clicks.pdf{words}", {"If-None-Match": answer.headers["ETag"]}).status_code == 304
    persian = pypdf.PdfReader(io.BytesIO(get(f"reports/pages.pdf{words}&language=fa").data))
    assert persian.root_object["/Lang"] == "fa"
    links = [note.get_object()["/A"]["/URI"] for page in persian.pages for note in page.get("/Annots", [])]
    assert links and not any("language=" in link for link in links)
    assert get("reports/pages.pdf?language=tlh").status_code == 422
    assert get("reports/pages?language=fa").status_code == 422
    monkeypatch.setattr("reports.pdf.typeset.find_spec", lambda _: None)
    refused = get("reports/pages.pdf")
    assert refused.status_code == 501 and "pip install 'footfall[pdf]'" in refused.json["detail"]


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
        "comparison": {"range": comparison, "totals": None, "series": None, "rows": [None]},
        "notes": [],
        "error": None,
        "signals_version": 1,
        "definitions": {"dead": BY_NAME["dead"].definition(own.limits)},
        "imported": [],
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
        ("reports/overview?" + "&".join(["filter=path:is:/"] * 3_000), 422, "filter"),
        ("reports/overview?" + "&".join(["filter=path:is:/"] * 10_000), 414, None),
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


def test_an_answer_is_another_once_limits_are_decided_again(get: Get, house: House, own: SiteInfo) -> None:
    path = "reports/dead-clicks?range=2026-03-01..2026-03-01"
    tags = [get(path).headers["ETag"]]
    with house.database.session() as session:
        limits = apply(session, own.id, replace(THRESHOLDS, request=THRESHOLDS.request + 50), "test")
    tags.append(get(path).headers["ETag"])
    with house.database.session() as session:
        mark_decided(session, own.id, limits.version)
    tags.append(get(path).headers["ETag"])
    assert len(set(tags)) == 3
    assert get(path, {"If-None-Match": tags[-1]}).status_code == 304


def test_events_can_be_followed_by_cursor(get: Get, own: SiteInfo, visit: Visiting) -> None:
    visit("2026-03-02 10:00", ["/a", "/b"], [dead("#x")], custom=["order"])
    first = lines(get("events"))
    assert [line["kind"] for line in first] == ["view", "click", "view", "custom"]
    assert all(isinstance(line["visitor_id"], str) and isinstance(line["view_id"], str) for line in first)
    assert first[0]["occurred_at"] == "2026-03-02T10:00:00.000Z"
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


def test_answers_are_as_described(get: Get, house: House, own: SiteInfo, visit: Visiting) -> None:
    with house.database.session() as session:
        mark_release(session, own.id, RELEASE.name, RELEASE.at)
    house.sites.forget()
    visitor = visit("2026-03-02 10:00", ["/a"], [dead("#x")], custom=["order"])
    with house.database.session() as session:
        wanted = WantedWebhook("https://hook.example/", ["goal.completed"])
        webhook = create_webhook(session, own.id, wanted, (), "ann@example.org")
        put(session, webhook, "goal.completed", "a", b"{}")
    story = get("examples?signal=dead&range=2026-03-02..2026-03-02").json["examples"][0]["id"]
    for route in (one for one in ROUTES if one.method == "GET"):
        named = route.rule.replace("<site_key>", own.key).replace("<name>", "overview").replace("<event_id>", story)
        named = named.replace("<profile_id>", str(visitor)).replace("<form>", FORM.get(route.endpoint, "ndjson"))
        named = named.replace("<day>", "2026-03-02").replace("<number>", str(webhook.id))
        if route.endpoint in ("report_csv", "report_pdf", "problem_kind"):
            continue  # each has a test of its own
        words = {"edges": f"?profile={visitor}", "query_as": f"?site_id={own.key}&metrics=visits"}
        response = get(named + words.get(route.endpoint, ""))
        assert (response.status_code, response.mimetype) == (200, route.media)
        if route.media == "application/vnd.apache.parquet":
            assert response.data[:4] == response.data[-4:] == b"PAR1"
            continue
        bodies = response.data.splitlines() if route.media == "application/x-ndjson" else [response.data]
        assert bodies, named
        for body in bodies:
            value = msgspec.json.decode(body, type=route.shape)
            assert set(json.loads(body)) <= {field.encode_name for field in msgspec.structs.fields(value)}
