"""A client asks the whole app over a socket, and gets typed answers and errors."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import polars
import pytest

from tests.kit.store import Visiting, dead, vitals, worked
from tracker import sent_event
from tracker.access import create_key
from tracker.client import (
    Client,
    ClientError,
    EventWords,
    ForbiddenError,
    InvalidRequestError,
    NoTableError,
    NotFoundError,
    NotReachedError,
    Site,
    Taken,
    UnauthenticatedError,
)
from tracker.client.sending import MOST_BYTES, MOST_EVENTS
from tracker.clock import utc_now
from tracker.house import House
from tracker.sites import SiteInfo, create_site


def yesterday(hour: int = 12) -> str:
    day = utc_now().date() - timedelta(days=1)
    return f"{day} {hour:02}:00"


@pytest.fixture
def visited(visit_own: Visiting) -> None:
    with visit_own.at_once():
        visit_own(
            yesterday(), ["/", "/cart"], [dead("#pay", 1), worked("#more")], [vitals()], referrer="https://a.example/"
        )
        visit_own(yesterday(13), ["/cart"], [dead("#pay")])
        visit_own(yesterday(14), ["/", "/about"])


def test_sites_are_found_by_key_name_and_host(url: str, key: str, own: SiteInfo) -> None:
    with Client(f"{url}/", f" {key}\n") as client:
        assert [one.name for one in client.sites()] == ["Shop"]
        assert {client.site(word).key for word in (None, own.key, "shop", "SHOP.example")} == {own.key}
        assert client.site().info.zone == "Europe/Warsaw"
        with pytest.raises(ClientError, match=rf"site: shops; use one of {own.key} \(Shop\)"):
            client.site("shops")
    with pytest.raises(ClientError, match="closed"):
        client.sites()


@pytest.mark.usefixtures("visited")
def test_a_report_has_rows_totals_and_what_they_mean(reached: Site) -> None:
    report = reached.report(
        "pages", range="7d", filters=["path:is_not:/about", "path:contains:/"], compare="previous", limit=1
    )
    assert (report.report, len(report.rows), report.notes) == ("pages", 1, ["There are more than this one row."])
    assert report.scope.filters == ["path:is_not:/about", "path:contains:/"]
    assert report.scope.range.end - report.scope.range.start >= timedelta(days=6, hours=23)
    assert report.comparison is not None and report.comparison.range.name == "previous"
    assert {"path", "views"} <= {column.name for column in report.columns}
    assert "pages" in [one.name for one in reached.reports()]
    overview = reached.report("overview", range="7d")
    assert overview.totals is not None and overview.totals["visits"] == 3


@pytest.mark.usefixtures("visited")
def test_a_struggle_leads_to_its_story(reached: Site) -> None:
    struggle = reached.struggles(range="7d")[0]
    assert (struggle.signal, struggle.path, struggle.element, struggle.visitors) == ("dead", "/cart", "#pay", 2)
    assert struggle.struck_view_rate == 1 and (struggle.struck_view_rate_low or 0) < 1
    assert struggle.since is not None and struggle.since.tzinfo is not None
    [newest, _] = reached.examples("dead", path="/cart", range="7d")
    assert newest.id == struggle.examples[0]
    story = reached.story(newest.id, "dead")
    assert [moment.kind for moment in story.moments if moment.is_it] == ["click"]
    assert story.element == "#pay"


@pytest.mark.usefixtures("visited")
def test_heatmap_flow_vitals_and_questions(reached: Site) -> None:
    heatmap = reached.heatmap("/cart", range="7d")
    assert [(one.element, one.dead) for one in heatmap.elements] == [("#pay", 2)]
    flow = reached.flow("/cart", direction="backward", steps=2, range="7d")
    assert (flow.visits, [column.step for column in flow.columns]) == (2, [1, 2])
    assert reached.vitals(range="7d").rows[0]["rating"] == "few views"
    answer = reached.query(["visitors"], ["path"], date_range="7d", compare="previous")
    assert {row["path"]: row["visitors"] for row in answer.rows} == {"/": 2, "/cart": 2, "/about": 1}
    assert "visitors_before" in answer.rows[0]


def test_releases_are_marked_and_listed(reached: Site) -> None:
    moment = datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert reached.mark_release("v2 beta", moment).at == moment
    assert reached.mark_release("v2 beta").at == moment
    assert [one.name for one in reached.releases()] == ["v2 beta"]
    assert (reached.goals(), reached.funnels(), reached.segments()) == ([], [], [])


def test_the_schema_tells_what_can_be_asked(url: str, key: str) -> None:
    with Client(url, key) as client:
        schema = client.schema()
    assert next(one for one in schema.measures if one.name == "engaged_ms").unit == "milliseconds"
    assert "path" in [one.name for one in schema.dimensions if one.groups]


def test_refusals_are_errors_of_their_kind(url: str, key: str, reached: Site, house: House) -> None:
    with pytest.raises(InvalidRequestError) as refused:
        reached.report("pages", range="never")
    assert (refused.value.status, refused.value.field) == (422, "range")
    assert "use one of" in refused.value.detail
    with pytest.raises(NotFoundError, match="pages"):
        reached.report("pagse")
    with pytest.raises(NotFoundError):
        reached.story("../../sites", "dead")
    with pytest.raises(UnauthenticatedError), Client(url, "ff_unknown") as stranger:
        stranger.sites()
    with house.database.session() as session:
        other = create_site(session, "Other", ["other.example"]).key
    house.sites.forget()
    with pytest.raises(ForbiddenError):
        Site(reached._wire, type(reached.info)(other, "Other", "UTC", [])).goals()


@pytest.mark.parametrize("given", ["shop.example", "ftp://shop.example", "https://ann:secret@shop.example", "https://"])
def test_an_address_that_is_none_is_refused_at_once(given: str) -> None:
    with pytest.raises(ClientError, match=r"^url: "):
        Client(given, "ff_x")


@pytest.mark.parametrize("given", ["", "ff_a b", "ff_a\r\nHost: elsewhere"])
def test_a_key_that_is_none_is_refused_and_not_told(given: str) -> None:
    with pytest.raises(ClientError, match=r"^key: ") as refused:
        Client("https://stats.example.org", given)
    assert not given or given not in str(refused.value)


def test_what_lacks_in_the_environment_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTFALL_URL", "https://stats.example.org")
    monkeypatch.delenv("FOOTFALL_KEY", raising=False)
    with pytest.raises(ClientError, match="FOOTFALL_KEY is not set"):
        Client.from_environment()


def test_where_nobody_answers_the_address_is_told() -> None:
    with (
        pytest.raises(NotReachedError, match=r"http://127\.0\.0\.1:1 "),
        Client("http://127.0.0.1:1", "ff_x", retries=0) as client,
    ):
        client.sites()


@pytest.mark.usefixtures("visited")
def test_answers_become_tables(reached: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    pages, struggles = reached.report("pages", range="7d"), reached.report("struggles", range="7d")
    days, none = reached.query(["visitors"], ["time:day"], date_range="7d"), reached.report("pages", range="today")
    assert polars.concat([none.to_polars(), pages.to_polars()]).height == len(pages.rows)
    for engine in ("pandas", "polars"):

        def table(answer: Any, method: str = f"to_{engine}") -> Any:
            return getattr(answer, method)()

        assert sorted(table(pages)["path"]) == ["/", "/about", "/cart"]
        assert list(table(pages).columns)[: len(pages.columns)] == [one.name for one in pages.columns]
        assert table(struggles)["since"][0].tzinfo is not None
        events = table(reached.events())
        assert str(table(days)["time:day"][0])[:10] == str(events["occurred_at"][0])[:10]
        assert events["occurred_at"][0].tzinfo is not None and len(events) == len(list(reached.events()))
        assert len(table(none)) == 0
        numbers = [one.name for one in none.columns if one.kind in ("count", "ms", "share")]
        assert [table(none)[name].dtype for name in numbers] == [table(pages)[name].dtype for name in numbers]
        monkeypatch.setitem(sys.modules, engine, None)
        with pytest.raises(NoTableError, match=f"pip install {engine}"):
            table(pages)


def test_what_is_sent_is_kept_but_for_what_is_faulty(url: str, house: House, own: SiteInfo) -> None:
    with house.database.session() as session:
        key = create_key(session, "shop-server", ["ingest"], own.id)
    at = utc_now() - timedelta(minutes=5)
    good: list[EventWords] = [{"kind": "view", "url": f"/{number}", "at": at} for number in range(MOST_EVENTS)]
    with Client(url, key) as client:
        taken = client.send(own.key, [*good, {"kind": "custom"}, {"kind": "view", "url": "https://elsewhere.example/"}])
        assert (taken.accepted, taken.rejected) == (MOST_EVENTS, 2)
        assert [(one.index, one.field) for one in taken.problems] == [(MOST_EVENTS, "name"), (MOST_EVENTS + 1, "url")]
        assert client.send(own.key, []) == Taken(0, 0, [])
        unsendable: list[EventWords] = [
            {"kind": "view", "title": "\ud800"},
            {"kind": "view", "title": "x" * MOST_BYTES},
        ]
        taken = client.send(own.key, [*unsendable, {"kind": "custom"}, good[0], *unsendable])
        assert (taken.accepted, [one.index for one in taken.problems]) == (1, [0, 1, 2, 4, 5])
        with pytest.raises(ForbiddenError):
            client.sites()
        with pytest.raises(NotFoundError):
            client.send("nothing", good[:1])
    assert (MOST_EVENTS, MOST_BYTES) == (sent_event.MOST_EVENTS, sent_event.MOST_BYTES)


def test_to_import_it_imports_nothing_of_the_server() -> None:
    code = "import sys, tracker.client; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    names = ran.stdout.split()
    ours = {name for name in names if name.startswith("tracker.") and not name.startswith("tracker.client")}
    assert ours == {"tracker.clock", "tracker.errors"}
    loaded = {name.partition(".")[0] for name in names}
    assert not loaded & {"flask", "sqlalchemy", "duckdb", "babel", "pandas", "polars", "reports", "collectors"}
