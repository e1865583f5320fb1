"""Where a report or a page fails, that is said, and no stranger is told why."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy.exc import OperationalError

from reports import struggles
from reports.dashboard.answers import REPORTS_BY_NAME
from reports.report import Ask, Found
from reports.scope import Scope
from tests.kit.pages import Person
from tracker.house import House
from tracker.sites import SiteInfo


@pytest.fixture
def failing() -> Callable[[Scope, Ask], Found]:
    def run(scope: Scope, ask: Ask) -> Found:
        raise OperationalError("secret statement", {}, Exception("disk"))

    return run


def test_one_failing_report_says_so_and_the_page_survives(
    owner: Person,
    busy_shop: SiteInfo,
    failing: Callable[[Scope, Ask], Found],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(struggles, "first", replace(struggles.first, run=failing))
    page = owner.get(f"/sites/{busy_shop.key}/")
    assert page.status_code == 200
    assert "This report failed" in page.text
    assert "DuckDuckGo" in page.text
    assert "secret statement" not in page.text


@pytest.mark.parametrize(("report", "address"), [("overview", ""), ("struggles", "reports/struggles")])
def test_a_page_whose_own_numbers_fail_says_so_and_is_no_success(
    owner: Person,
    busy_shop: SiteInfo,
    failing: Callable[[Scope, Ask], Found],
    monkeypatch: pytest.MonkeyPatch,
    report: str,
    address: str,
) -> None:
    monkeypatch.setitem(REPORTS_BY_NAME, report, replace(REPORTS_BY_NAME[report], run=failing))
    page = owner.get(f"/sites/{busy_shop.key}/{address}")
    assert page.status_code == 500
    assert "This report failed" in page.text
    assert "secret statement" not in page.text


def test_a_page_that_breaks_tells_no_stranger_why(
    house: House, owner: Person, shop: SiteInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("reports.dashboard.tag.newest_event", broken)
    answered = owner.get(f"/sites/{shop.key}/tag")
    assert answered.status_code == 500
    assert "Something broke on our side" in answered.text
    assert "secret" not in answered.text
