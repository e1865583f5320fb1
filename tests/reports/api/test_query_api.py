"""Questions as a program asks them: bodies and addresses, forms, problems, who may ask."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from flask.testing import FlaskClient

from reports.question.schema import known_names
from tests.kit.clock import computed_within
from tests.kit.store import Loading, Visiting, dead
from tracker.access import create_key
from tracker.house import House
from tracker.sites import SiteInfo, create_site, describe
from tracker.store.base import QueryMemoryError, QueryTimeoutError

DAYS = ["2026-03-01", "2026-03-02"]
Asking = Callable[..., Any]


@pytest.fixture
def own(house: House, loading: Callable[..., Loading]) -> SiteInfo:
    """A site of the open house with two visits."""
    with house.database.session() as session:
        made = describe(create_site(session, "Shop", ["shop.example"], "Europe/Warsaw"))
    house.sites.forget()
    visit = Visiting(loading(house.store), made)
    with visit.at_once():
        visit("2026-03-01 10:00", ["/", "/a"], [dead("#x")], referrer="www.google.com/", custom=["=1+1"])
        visit("2026-03-02 10:00", ["/"])
    return made


@pytest.fixture
def key(house: House, own: SiteInfo) -> str:
    with house.database.session() as session:
        return create_key(session, "test", ["read"], own.id)


@pytest.fixture
def post(client: FlaskClient, own: SiteInfo, key: str) -> Asking:
    """Send a question: `post(metrics=["visits"])`."""

    def posted(raw: bytes | None = None, **body: Any) -> Any:
        said = {"site_id": own.key, "date_range": DAYS, **body}
        data = json.dumps(said).encode() if raw is None else raw
        return client.post("/api/v1/query", data=data, headers={"Authorization": f"Bearer {key}"})

    return posted


@pytest.fixture
def get(client: FlaskClient, own: SiteInfo, key: str) -> Asking:
    def got(path: str, headers: dict[str, str] | None = None, **words: str) -> Any:
        asked = {"site_id": own.key, "date_range": ",".join(DAYS), **words} if "query" in path else words
        headers = {"Authorization": f"Bearer {key}", **(headers or {})}
        return client.get(f"/api/v1/{path}", query_string=asked, headers=headers)

    return got


def test_a_question_is_answered_in_lists_and_in_records(post: Asking, own: SiteInfo) -> None:
    asked = {"metrics": ["visitors", "bounce_rate"], "dimensions": ["visit:source"]}
    found = post(**asked, include={"total_rows": True}).json
    assert found["results"] == [
        {"dimensions": ["Google"], "metrics": [1, 0.0]},
        {"dimensions": [None], "metrics": [1, 1.0]},
    ]
    assert found["meta"]["total_rows"] == 2
    assert [one["kind"] for one in found["columns"]] == ["source", "count", "share"]
    assert (found["query"]["site_id"], found["query"]["dimensions"]) == (own.key, ["visit:source"])
    assert post(**asked, shape="records").json["records"] == [
        {"visit:source": "Google", "visitors": 1, "bounce_rate": 0.0},
        {"visit:source": None, "visitors": 1, "bounce_rate": 1.0},
    ]


def test_a_site_goes_by_its_host_too(post: Asking) -> None:
    assert post(site_id="Shop.example", metrics=["visits"]).json["results"] == [{"dimensions": [], "metrics": [2]}]


def test_an_address_answers_the_same_in_every_form(get: Asking, tmp_path: Path) -> None:
    words = {"metrics": "views,bounce_rate", "dimensions": "entry,time:day", "order_by": "entry:asc", "compare": "year"}
    records = get("query.json", shape="records", **words).json["records"]
    assert get("query.json", filter="path:is:/", **words).json["query"]["filter"] == ["path:is:/"]
    assert [one["time:day"] for one in records] == DAYS
    table = list(csv.reader(io.StringIO(get("query.csv", **words).text)))
    assert table[0] == list(records[0])
    assert [row[table[0].index("views")] for row in table[1:]] == [str(one["views"]) for one in records]
    lines = get("query.ndjson", **words)
    assert [json.loads(line) for line in lines.data.splitlines()] == records
    file = tmp_path / "answer.parquet"
    answer = get("query.parquet", **words)
    assert answer.mimetype == "application/vnd.apache.parquet"
    file.write_bytes(answer.data)
    rows = duckdb.sql(f"FROM '{file}'")
    assert dict(zip(rows.columns, map(str, rows.types), strict=True)) == {
        "entry": "VARCHAR",
        "time:day": "DATE",
        "views": "BIGINT",
        "bounce_rate": "DOUBLE",
        "views_before": "BIGINT",
        "bounce_rate_before": "DOUBLE",
    }
    assert [str(row[1]) for row in rows.fetchall()] == DAYS
    hours = get("query.parquet", metrics="visits", dimensions="time:hour").data
    file.write_bytes(hours)
    assert str(duckdb.sql(f"FROM '{file}'").types[0]) == "TIMESTAMP WITH TIME ZONE"
    file.write_bytes(
        get("query.parquet", metrics="visits", dimensions="time:hour", date_range="2020-01-01,2020-01-02").data
    )
    empty = duckdb.sql(f"FROM '{file}'")
    assert (len(empty), str(empty.types[0])) == (0, "TIMESTAMP WITH TIME ZONE")


def test_columns_alike_but_for_case_are_refused_where_they_cannot_be_told(get: Asking) -> None:
    words = {"metrics": "custom_events", "dimensions": "property:a,property:A"}
    answer = get("query.parquet", **words)
    assert (answer.status_code, answer.json["field"]) == (422, "dimensions")
    assert "property:a and property:A" in answer.json["detail"]
    assert get("query.csv", **words).status_code == 200


def test_csv_runs_nothing_in_a_spreadsheet(get: Asking) -> None:
    assert get("query.csv", metrics="custom_events", dimensions="name").text.splitlines()[1] == "'=1+1,1"


def test_an_address_that_is_asked_again_costs_nothing(get: Asking) -> None:
    words = {"metrics": "visits"}
    tag = get("query.csv", **words).headers["ETag"]
    assert get("query.csv", {"If-None-Match": tag}, **words).status_code == 304
    assert get("query.json", {"If-None-Match": tag}, **words).status_code == 200
    assert get("query.csv", {"If-None-Match": tag}, metrics="views").status_code == 200


def test_the_schema_tells_every_name(get: Asking) -> None:
    told = get("schema").json
    names = {name for one in (*told["measures"], *told["dimensions"]) for name in (one["name"], *one["aliases"])}
    assert known_names() <= names
    [bounces] = [one for one in told["measures"] if one["name"] == "bounce_rate"]
    assert (bounces["unit"], "source" in bounces["goes_with"], "path" in bounces["goes_with"]) == (
        "0 to 1",
        True,
        False,
    )
    assert told["limits"]["conditions"] == 100


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"metrics": ["visiters"]}, 422, "metrics"),
        ({"metrics": ["bounce_rate"], "dimensions": ["event:page"]}, 422, "metrics"),
        ({"metrics": ["visits"], "dimensions": ["event:pge"]}, 422, "dimensions"),
        ({"metrics": ["visits"], "date_range": ["1995-01-01", "2090-01-01"]}, 422, "date_range"),
        ({"metrics": ["visits"], "filters": [["is", "path", ["/"]]] * 10_000}, 422, "filters"),
        ({"metrics": ["visits"], "metricks": []}, 422, "body"),
        ({"metrics": "visits"}, 422, "metrics"),
        ({"metrics": ["visits"], "order_by": [["visits", "up"]]}, 422, "order_by"),
        ({"metrics": ["conversion_rate"]}, 422, "metrics"),
        ({"metrics": ["views"], "dimensions": ["time:hour"], "date_range": "3000d"}, 422, "dimensions"),
        ({"metrics": ["visits"], "site_id": "nosuchsite22"}, 404, None),
        ({"metrics": ["visits"], "pad": "x" * (1 << 20)}, 413, None),
    ],
)  # fmt: skip
def test_problems_name_what_is_wrong_in_no_time(
    post: Asking, body: dict[str, Any], status: int, field: str | None
) -> None:
    post(metrics=["visits"])
    with computed_within(0.5):
        answer = post(**body)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.json.get("field") == field


@pytest.mark.parametrize("raw", [b"", b"[]", b"{", b"\xff", b'{"site_id":1}', b'{"filters":' + b"[" * 200_000])
def test_what_is_no_question_is_refused(post: Asking, raw: bytes) -> None:
    answer = post(raw)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")


def test_a_form_that_is_not_there(get: Asking) -> None:
    answer = get("query.xlsx", metrics="visits")
    assert (answer.status_code, "json" in answer.json["detail"]) == (404, True)


def test_who_may_ask(client: FlaskClient, house: House, own: SiteInfo) -> None:
    with house.database.session() as session:
        other = create_site(session, "Other", ["other.example"])
        tokens = {
            403: [create_key(session, "other", ["read"], other.id), create_key(session, "sender", ["ingest"], own.id)],
            200: [create_key(session, "all", ["read"])],
            401: ["ff_wrong"],
        }
    house.sites.forget()
    for status, keys in tokens.items():
        for token in keys:
            headers = {"Authorization": f"Bearer {token}"}
            body = {"site_id": own.key, "metrics": ["visits"]}
            assert client.post("/api/v1/query", json=body, headers=headers).status_code == status
            words = {"site_id": own.key, "metrics": "visits"}
            assert client.get("/api/v1/query.json", query_string=words, headers=headers).status_code == status
    strangers = {"Authorization": f"Bearer {tokens[403][0]}"}
    by_host = client.post("/api/v1/query", json={"site_id": "shop.example", "metrics": ["visits"]}, headers=strangers)
    assert by_host.status_code == 404
    assert client.get("/api/v1/query.json").status_code == 401


def test_what_takes_too_long_says_so(post: Asking, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_long(*_: object) -> Any:
        raise QueryTimeoutError

    monkeypatch.setattr(house.store, "query", too_long)
    answer = post(metrics=["visits"])
    assert (answer.status_code, answer.mimetype) == (504, "application/problem+json")
    assert "took too long" in answer.json["detail"]


def test_what_needs_too_much_memory_says_so(post: Asking, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_much(*_: object) -> Any:
        raise QueryMemoryError

    monkeypatch.setattr(house.store, "query", too_much)
    answer = post(metrics=["visits"])
    assert answer.status_code == 504
    assert "more memory" in answer.json["detail"]
