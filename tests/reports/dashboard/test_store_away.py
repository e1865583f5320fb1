"""When the store of events does not answer, or not in time: every page and the API say so, and nothing breaks."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from reports import REPORTS
from tests.kit.everypage import every_page
from tests.kit.pages import Person, read
from tests.kit.questions import questions
from tracker.house import House
from tracker.sites import SiteInfo
from tracker.store.base import QueryMemoryError, QueryTimeoutError, StoreDownError
from tracker.store.duckdb import DuckStore

Break = Callable[[Exception], None]


@pytest.fixture
def break_store(monkeypatch: pytest.MonkeyPatch) -> Break:
    def break_it(error: Exception) -> None:
        def query(*_args: object, **_options: object) -> None:
            raise error

        monkeypatch.setattr(DuckStore, "query", query)

    return break_it


# Which pages ask only for what is beside the point: numbers next to the sites' names, suggestions for a form.
WITHOUT = re.compile("/sites$|/goals[?]change=|/goals/funnel[?]")
# Which are more than numbers: they stand, and say in its place what was not told in time.
STANDING = re.compile("/profiles$|/alerts/1[?]tried=1&")


FAULTS = (
    (StoreDownError("connection refused at store.internal"), 503, "does not answer just now"),
    (QueryTimeoutError("too long at store.internal"), 504, "This took |That took too long"),
    (QueryMemoryError("too much at store.internal"), 504, "more memory than there is|took too long"),
)


def test_every_page_that_asks_the_store_says_so(
    sample: SiteInfo, house: House, owner: Person, break_store: Break, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, asking = {}, set()
    for path in every_page(house, sample):
        with questions(monkeypatch) as asked:
            whole[path] = owner.get(path).status_code
        if asked and not WITHOUT.search(path):
            asking.add(path)
    assert len(asking) > len(REPORTS)
    for error, status, words in FAULTS:
        break_store(error)
        answers = {path: owner.get(path) for path in whole}
        said = {path for path, one in answers.items() if re.search(words, one.text)}
        assert said == asking, error
        stands = {path for path in asking if status == 504 and STANDING.search(path)}
        expected = {path: status if path in asking - stands else code for path, code in whole.items()}
        assert {path: one.status_code for path, one in answers.items()} == expected, error
        assert [path for path, one in answers.items() if "store.internal" in one.text] == [], error


def test_what_needs_no_numbers_comes_without_them(sample: SiteInfo, owner: Person, break_store: Break) -> None:
    goals = f"/sites/{sample.key}/goals"
    assert "in the last 7 days" in owner.get("/sites").text
    assert '<option value="/teas">' in owner.get(goals).text
    break_store(StoreDownError("connection refused"))
    sites, form = (owner.get(path) for path in ("/sites", goals))
    assert (sites.status_code, f"/sites/{sample.key}/" in read(sites).hrefs()) == (200, True)
    assert "in the last 7 days" not in sites.text
    assert form.status_code == 200
    assert '<option value="/teas">' not in form.text
    made = owner.send(goals, {"name": "Teas", "kind": "path", "value": "/teas"})
    assert made.status_code == 302


@pytest.mark.parametrize(("error", "status", "kind"), [
    (StoreDownError("connection refused"), 503, "store-away"),
    (QueryTimeoutError("too long"), 504, "too-slow"),
])  # fmt: skip
@pytest.mark.parametrize("asked", ["reports/overview", "reports/sources.csv", "live", "heatmap?path=/", "flow"])
def test_the_api_says_so(
    sample: SiteInfo,
    house: House,
    owner: Person,
    break_store: Break,
    error: Exception,
    status: int,
    kind: str,
    asked: str,
) -> None:
    assert owner.get(f"/api/v1/sites/{sample.key}/{asked}").status_code == 200
    break_store(error)
    answered = owner.get(f"/api/v1/sites/{sample.key}/{asked}")
    assert (answered.status_code, answered.json["type"]) == (status, f"/api/v1/problems/{kind}")
    assert ("Retry-After" in answered.headers) == (status == 503)


@pytest.mark.parametrize("path", ["/sites", "/sign-in", "/account", "sites/{}/", "sites/{}/members", "share/{}/"])
def test_a_database_that_does_not_answer_is_said_too(sample: SiteInfo, house: House, owner: Person, path: str) -> None:
    def gone(*_args: object) -> None:
        raise OperationalError("SELECT", {}, Exception("server closed the connection at db.internal"))

    event.listen(house.database.engine, "before_cursor_execute", gone)
    page = owner.get(path.format(sample.key), headers={"Accept-Language": "pl"})
    assert page.status_code == 503
    assert "db.internal" not in page.text
    assert len(read(page).all("h1")) == 1
    answered = owner.get(f"/api/v1/sites/{sample.key}/goals")
    assert (answered.status_code, answered.json["type"]) == (503, "/api/v1/problems/store-away")


def test_a_fault_of_ours_is_no_outage(sample: SiteInfo, house: House, owner: Person) -> None:
    with house.database.session() as session:
        session.execute(text("ALTER TABLE webhook RENAME TO gone"))
    page, answered = (owner.get(f"{where}/{sample.key}/webhooks") for where in ("/sites", "/api/v1/sites"))
    assert (page.status_code, "Something broke on our side" in page.text) == (500, True)
    assert (answered.status_code, answered.json["type"]) == (500, "/api/v1/problems/broken")
