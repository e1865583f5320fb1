"""When the store of events does not answer, or not in time: every page and the API say so, and nothing breaks."""

from collections.abc import Callable

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from tests.kit.everypage import every_page
from tests.kit.pages import Person, read
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


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (StoreDownError("connection refused at store.internal"), 503, "does not answer just now"),
        (QueryTimeoutError("too long at store.internal"), 504, "This took "),
        (QueryMemoryError("too much at store.internal"), 504, "more memory than there is"),
    ],
)
def test_every_page_says_so(
    sample: SiteInfo,
    house: House,
    owner: Person,
    break_store: Break,
    error: Exception,
    status: int,
    words: str,
) -> None:
    whole = {path: owner.get(path).status_code for path in every_page(house, sample)}
    break_store(error)
    answers = {path: owner.get(path) for path in whole}
    assert {
        path: one.status_code for path, one in answers.items() if one.status_code not in (whole[path], status)
    } == {}
    assert [path for path, one in answers.items() if one.status_code == status and words not in one.text] == []
    assert [path for path, one in answers.items() if "store.internal" in one.text] == []
    for page in ("", "reports/sources", "heatmap", "tag"):
        assert words in answers.get(f"/sites/{sample.key}/{page}", owner.get(f"/sites/{sample.key}/{page}")).text


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
