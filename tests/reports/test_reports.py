"""Every report on nothing, on one view and on sample data, on both engines, in every form."""

from collections.abc import Iterator
from contextlib import ExitStack

import msgspec
import pytest

from reports import REPORTS
from reports.query.ranges import COMPARISONS
from reports.render import csv, json, table
from reports.report import Report
from reports.run import ReportAnswer
from reports.scope import BOTS
from tests.kit.ground import at
from tests.kit.store import (
    ENGINES,
    PHONE,
    Loading,
    Visiting,
    dead,
    failed,
    failure,
    field,
    form,
    hunt,
    link,
    opened_store,
    search,
    slow,
    stay,
    swipe,
    vitals,
    worked,
)
from tests.reports.conftest import Asking
from tracker.sites import SiteInfo
from tracker.store.base import EventStore

each_report = pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)
# What others counted is not in the store: see test_imported.py.
OF_THE_STORE = [report for report in REPORTS if report.name != "imported"]


def sample(visit: Visiting) -> None:
    """Some days of a small shop, with people, a phone, a bot, signals and count mode."""
    with visit.at_once():
        for day in range(1, 4):
            visit(f"2026-03-0{day} 09:00", ["/"], referrer="www.google.com/")
            place = {"country": "PL", "region": "MZ", "city": "Warsaw", "language": "pl"}
            visit(f"2026-03-0{day} 09:30", ["/?utm_campaign=spring"], viewport=(390, 800), **place)
            visit(f"2026-03-0{day} 10:00", ["/", "/shop", "/cart"], [worked("#add", 1), dead("#pay", 2)], engaged_s=20)
            visit(f"2026-03-0{day} 11:00", ["/shop"], [dead("#pay", disabled=True)], engaged_s=4, user_agent=PHONE)
        visit(
            "2026-03-03 12:00", ["/shop", "/"], [slow("#add"), failed("#search", 1)], custom=["order"], automated=True
        )
        for page, name in (("/cart", "a"), ("/shop", "b")):
            told = [
                field(f"#{name} input"),
                form(f"#{name}", "left"),
                failure(name),
                link(f"{name}.example/"),
                search(name),
            ]
            visit("2026-03-03 13:00", [page], also=[*told, stay(5, [9]), vitals()])
        visit("2026-03-04 12:00", ["/"], visitor=None)


def people(visit: Visiting) -> None:
    """Two people that are known: one comes back, one goes on with a phone, and back, and signs in."""
    with visit.at_once():
        one = visit("2026-03-02 09:00")
        visit("2026-03-04 09:00", visitor=one, automated=True)
        visit("2026-03-05 09:00", ["/", "/shop"], [dead("#pay", 1)], visitor=one)
        other, phone = (
            visit("2026-03-01 09:30"),
            visit("2026-03-01 18:00", user_agent=PHONE, login_id=77, consent="stitched"),
        )
        visit("2026-03-03 18:00", visitor=other, login_id=77, consent="stitched")
    visit.tie(one or 0, one)
    visit.tie(other or 0, other, phone)


def trouble(visit: Visiting) -> None:
    """Twelve visits, after the release, that meet every signal in two places."""
    after = iter(range(3, 60))
    clicks = [
        one(f"#{name}-{number}", after_s=next(after), **evidence)
        for one, name, evidence in (
            (dead, "disabled", {"disabled": True}),
            (dead, "looks", {"affordance": "pointer"}),
            (slow, "slow", {}),
            (failed, "failed", {}),
        )
        for number in (1, 2)
    ]
    rage = [worked(f"#rage-{number}", after_s=30 + 10 * number + n / 5) for number in (1, 2) for n in range(5)]
    swipes = [swipe(f"#swiped-{number}", after_s=20 + number) for number in (1, 2)]
    with visit.at_once():
        for hour in range(8, 20):
            visit(
                f"2026-03-06 {hour:02}:00",
                ["/", "/shop", "/", "/cart", "/", "/long"],
                [*clicks, *rage],
                [*swipes, hunt(after_s=58), hunt(view=5)],
                step_s=[60, 3, 60, 3, 60, 60],
                user_agent=PHONE,
            )


def in_all_forms(answer: ReportAnswer) -> None:
    shape = msgspec.json.decode(json.render(answer), type=json.ReportShape)
    names = {column.name for column in answer.report.columns}
    assert all(set(row) == names for row in [*shape.rows, *(shape.series or [])])
    assert set(shape.totals or {}) <= names
    assert len(csv.render(answer).splitlines()) == 1 + len(answer.rows)
    assert table.render(answer).startswith(answer.report.title)


def one_view(visit: Visiting) -> None:
    visit("2026-03-10 10:00")


def shop(visit: Visiting) -> None:
    sample(visit)
    people(visit)
    trouble(visit)


@pytest.fixture(scope="module", params=ENGINES)
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, EventStore]]:
    """Stores of each engine by what is in them, each filled once for all reports."""
    site = SiteInfo(1, "key", "Shop", "Europe/Warsaw", "cookieless", ("shop.example",), frozenset(), True, False)
    stores = {}
    with ExitStack() as open_for_now:
        for fill in (one_view, shop):
            folder = tmp_path_factory.mktemp(fill.__name__)
            store = open_for_now.enter_context(opened_store(request.param, folder, request))
            fill(Visiting(Loading(store, folder), site))
            stores[fill.__name__] = store
        folder = tmp_path_factory.mktemp("nothing")
        stores["nothing"] = open_for_now.enter_context(opened_store(request.param, folder, request))
        yield stores


@pytest.fixture
def store(filled: dict[str, EventStore], holding: str) -> EventStore:
    """Return what `ask` asks here."""
    return filled[holding]


@each_report
@pytest.mark.parametrize("holding", ["nothing"])
def test_nothing_gives_no_row_or_zeros(report: Report, ask: Asking) -> None:
    answer = ask(report)
    assert (answer.seen.events, answer.seen.until) == (0, None)
    assert all(row["converted_visits" if report.name == "goals" else "visits"] == 0 for row in answer.rows)
    in_all_forms(answer)


@each_report
@pytest.mark.parametrize("holding", ["one_view"])
def test_one_view(report: Report, ask: Asking) -> None:
    answer = ask(report)
    assert (answer.seen.events, answer.seen.until) == (1, at("2026-03-10 10:00"))
    in_all_forms(answer)


@pytest.mark.parametrize("report", OF_THE_STORE, ids=lambda report: report.name)
@pytest.mark.parametrize("holding", ["shop"])
def test_sample_data(report: Report, ask: Asking) -> None:
    for bots in BOTS:
        answer = ask(report, bots=bots)
        assert answer.rows or bots == "only"
        in_all_forms(answer)
    for compare in COMPARISONS:
        answer = ask(report, compare=compare)
        assert (answer.comparison is None) == (compare == "none" or not report.compares)
        assert answer.comparison is None or report.key or answer.totals, "compares, and shows nothing of it"
        in_all_forms(answer)
    answer = ask(report, limit="1")
    if answer.series is None:
        assert len(answer.rows) == 1
        assert "There are more than this one row." in answer.notes


@each_report
@pytest.mark.parametrize("holding", ["one_view"])
def test_a_range_of_all_days_begins_with_the_first_event(report: Report, ask: Asking) -> None:
    span = ask(report, now="2026-07-01 12:00", range="all").scope.range
    assert (str(span.first), str(span.end_day)) == ("2026-03-10", "2026-07-02")


@each_report
def test_a_report_says_what_it_answers(report: Report) -> None:
    assert report.question.endswith("?")
    assert len(report.reading) > 60
    assert all(column.title and column.help.endswith(".") for column in report.columns)
    assert len({column.name for column in report.columns}) == len(report.columns)
