"""Questions have the numbers of the reports, on both engines, and say what else there is to say."""

from collections.abc import Callable
from typing import Any

import pytest

from reports import breakdowns, goals, overview, pages
from reports.breakdowns import DEVICES, SOURCES, reports_by
from reports.query.buckets import Bucket
from reports.question.times import Step
from tests.kit.store import PHONE, Happening, Visiting, dead, worked
from tests.reports.conftest import Asking
from tests.reports.question.conftest import Questioning
from tests.reports.test_reports import sample, trouble

Told = Callable[..., list[dict[str, Any]]]
DAYS = ["2026-03-01", "2026-03-09"]


@pytest.fixture
def shop(visit: Visiting) -> None:
    """Some days of a shop, with two visits over midnight and one of nobody."""
    sample(visit)
    trouble(visit)
    visit("2026-03-02 22:50", ["/", "/cart", "/"], [dead("#pay", 1)], step_s=900, referrer="www.google.com/")
    visit("2026-03-03 12:00", ["/cart"], [worked("#pay")], engaged_s=12, user_agent=PHONE, custom=["order"])
    visit("2026-03-03 13:00", ["/cart", "/thanks"], custom=["order"], visitor=None)


def by(rows: list[dict[str, Any]], *names: str) -> dict[tuple[Any, ...], dict[str, Any]]:
    return {tuple(row[name] for name in names): row for row in rows}


@pytest.mark.usefixtures("shop")
def test_by_page_it_is_the_report_on_pages(told: Told, ask: Asking) -> None:
    report = ask(pages.report, range="..".join(DAYS))
    names = ("views", "visitors", "engaged_ms_per_view", "dead_clicks")
    found = told(metrics=[*names], dimensions=["path"], date_range=DAYS)
    assert len(report.rows) > 3
    assert by(found, "path") == {
        (row["path"],): {"path": row["path"], **{name: row[name] for name in names}} for row in report.rows
    }
    assert [row["views"] for row in found] == [row["views"] for row in report.rows]


@pytest.mark.usefixtures("shop")
def test_by_day_it_is_the_series_of_the_overview(told: Told, ask: Asking) -> None:
    names = [one.name for one in overview.MEASURES]
    for range_, step in ((DAYS, "time:day"), (["2026-03-02", "2026-03-03"], "time:hour")):
        report = ask(overview.report, range="..".join(range_))
        found = {row[step]: row for row in told(metrics=names, dimensions=[step], date_range=range_)}
        series = [row for row in report.series or () if any(row[name] for name in names)]
        assert len(series) >= 2
        for row in series:
            label = str(row["time"]) if step == "time:hour" else str(row["time"])[:10]
            assert found.pop(label) == {step: label, **{name: row[name] for name in names}}
        assert found == {}
        [total] = told(metrics=names, date_range=range_)
        assert total == report.totals


@pytest.mark.usefixtures("shop")
def test_by_a_visits_dimension_it_is_the_breakdown(told: Told, ask: Asking) -> None:
    names = [one.name for one in breakdowns.MEASURES]
    for one in reports_by(SOURCES + DEVICES):
        report = ask(one, range="..".join(DAYS), filter=["path:contains:/"])
        filters = [["contains", "path", ["/"]]]
        found = told(metrics=names, dimensions=list(one.key), date_range=DAYS, filters=filters)
        assert by(found, *one.key) == by([dict(row) for row in report.rows], *one.key)


@pytest.mark.usefixtures("shop")
def test_by_goal_it_is_the_report_on_goals(told: Told, ask: Asking) -> None:
    names = ("conversions", "converted_visits", "visitors", "conversion_rate")
    report = ask(goals.report, range="..".join(DAYS))
    found = told(metrics=[*names], dimensions=["goal"], date_range=DAYS)
    assert sum(int(str(row["conversions"])) for row in report.rows) > 3
    assert by(found, "goal") == {
        (row["goal"],): {"goal": row["goal"], **{name: row[name] for name in names}} for row in report.rows
    }


@pytest.mark.usefixtures("shop")
def test_a_filter_on_a_goal_chooses_visits_and_says_which_goal_a_rate_is_of(told: Told) -> None:
    [all_] = told(metrics=["visits"], date_range=DAYS)
    [found] = told(
        metrics=["visits", "conversion_rate", "converted_visits"], filters=[["is", "goal", ["Cart"]]], date_range=DAYS
    )
    assert found["visits"] == found["converted_visits"] > 0
    assert found["conversion_rate"] == found["visits"] / all_["visits"] < 1


@pytest.mark.usefixtures("shop")
def test_struggles_by_signal_page_and_source(told: Told) -> None:
    found = told(
        metrics=["incidents", "visitors", "visits"],
        dimensions=["signal", "path", "element", "source"],
        filters=[["is", "path", ["/cart"]], ["is", "element", ["#pay"]]],
        date_range=DAYS,
    )
    dead_ones = [row for row in found if row["signal"] == "dead" and row["source"] == "Google"]
    assert dead_ones == [
        {
            "signal": "dead",
            "path": "/cart",
            "element": "#pay",
            "source": "Google",
            "incidents": 1,
            "visitors": 1,
            "visits": 1,
        }
    ]


@pytest.mark.usefixtures("shop")
def test_what_is_put_together_looks_each_by_itself(told: Told) -> None:
    def visits(*filters: Any) -> int:
        [row] = told(metrics=["visits"], date_range=DAYS, filters=list(filters))
        return int(row["visits"])

    everyone = visits()
    cart, phones = ["is", "path", ["/cart"]], ["is", "device", ["mobile"]]
    both, either = visits(["and", [cart, phones]]), visits(["or", [cart, phones]])
    assert visits(cart) + visits(phones) == both + either
    assert 0 < both < either < everyone
    assert visits(["not", ["or", [cart, phones]]]) == everyone - either
    assert visits(["contains_not", "device", ["mob"]]) == everyone - visits(phones)
    assert visits(["matches_not", "source", ["^Goo"]]) == everyone - visits(["matches", "source", ["^Goo"]])
    assert visits(["is", "source", [""]], ["is_not", "source", ["Google"]]) == visits(["is", "source", [None]])


@pytest.mark.usefixtures("shop")
def test_names_of_plausible_are_taken_and_given_back(question: Questioning) -> None:
    found = question(
        metrics=["visitors", "pageviews", "events", "visit_duration"],
        dimensions=["visit:device"],
        date_range=DAYS,
        order_by=[["pageviews", "desc"]],
        filters=[["is_not", "event:page", ["/nowhere"]]],
    )
    assert found.results is not None
    ours = question(
        metrics=["visitors", "views", "views_and_custom_events"],
        dimensions=["device"],
        date_range=DAYS,
        order_by=[["views", "desc"]],
        filters=[["is_not", "path", ["/nowhere"]]],
    )
    assert ours.results is not None
    assert [(one.dimensions, one.metrics[:3]) for one in found.results] == [
        (one.dimensions, one.metrics) for one in ours.results
    ]
    assert found.results[0].metrics[2] > found.results[0].metrics[1]  # type: ignore[operator]
    assert [one.name for one in found.columns] == ["visit:device", "visitors", "pageviews", "events", "visit_duration"]
    assert found.query["metrics"] == ["visitors", "pageviews", "events", "visit_duration"]
    assert found.query["date_range"] == ["2026-03-01T00:00:00+01:00", "2026-03-10T00:00:00+01:00"]


def test_properties_of_custom_events(told: Told, visit: Visiting) -> None:
    visit("2026-03-02 10:00", also=[order("pro"), order("pro"), order("free")])
    visit("2026-03-02 11:00", also=[order("pro")])
    found = told(metrics=["custom_events", "visitors"], dimensions=["name", "event:props:plan"])
    assert found == [
        {"name": "order", "event:props:plan": "pro", "custom_events": 3, "visitors": 2},
        {"name": "order", "event:props:plan": "free", "custom_events": 1, "visitors": 1},
    ]
    assert told(metrics=["visits"], filters=[["is", "property:plan", ["free"]]]) == [{"visits": 1}]


def order(plan: str) -> Happening:
    return Happening("custom", 0, 5, {"name": "order", "properties": {"plan": plan}})


def test_months_and_weeks_add_days_up(told: Told, visit: Visiting) -> None:
    for day in ("2026-01-31 12:00", "2026-02-01 12:00", "2026-02-02 12:00", "2026-03-01 12:00"):
        visit(day, visitor=7)
    span = {"date_range": ["2026-01-15", "2026-03-10"]}
    by_month = told(metrics=["visitors"], dimensions=["time:month"], **span)
    assert [tuple(row.values()) for row in by_month] == [("2026-01-15", 1), ("2026-02-01", 2), ("2026-03-01", 1)]
    by_week = told(metrics=["visitors"], dimensions=["time:week"], **span)
    assert [tuple(row.values()) for row in by_week] == [("2026-01-26", 2), ("2026-02-02", 1), ("2026-02-23", 1)]


def test_times_within_a_day(question: Questioning, visit: Visiting) -> None:
    for time in ("10:10", "10:40", "11:10", "12:10"):
        visit(f"2026-03-02 {time}")
    found = question(
        metrics=["visits"],
        dimensions=["time:hour"],
        date_range=["2026-03-02T11:30:00+01:00", "2026-03-02T13:00:00"],
        include={"time_labels": True},
    )
    hours = ["2026-03-02T11:00:00+01:00", "2026-03-02T12:00:00+01:00"]
    assert [(one.dimensions, one.metrics) for one in found.results or ()] == [([hours[0]], [1]), ([hours[1]], [1])]
    assert found.meta.time_labels == hours


def test_steps_are_named_once_a_question(told: Told, visit: Visiting, monkeypatch: pytest.MonkeyPatch) -> None:
    named = []

    def name(step: Step, bucket: Bucket, of: Callable[[Step, Bucket], str] = Step.label) -> str:
        named.append(bucket)
        return of(step, bucket)

    monkeypatch.setattr(Step, "label", name)
    for hour in (10, 11, 12):
        visit(f"2026-03-02 {hour}:00")
    rows = told(
        metrics=["visits"],
        dimensions=["time:hour"],
        date_range=["2026-03-02", "2026-03-02"],
        include={"time_labels": True},
    )
    assert (len(rows), len(named)) == (3, 24)


def test_pages_of_rows_and_how_many_there_are(question: Questioning, visit: Visiting) -> None:
    visit("2026-03-02 10:00", ["/a", "/b", "/c", "/a"])

    def page(offset: int) -> list[Any]:
        found = question(
            metrics=["views"],
            dimensions=["path"],
            include={"total_rows": True, "imports": True},
            pagination={"limit": 2, "offset": offset},
        )
        assert (found.meta.total_rows, found.meta.imports_included) == (3, False)
        assert any("pagination" in note for note in found.meta.notes) is (offset == 0)
        return [one.dimensions[0] for one in found.results or ()]

    assert (page(0), page(2), page(4)) == (["/a", "/b"], ["/c"], [])


def test_order_by_a_rate_and_by_a_dimension(told: Told, visit: Visiting) -> None:
    visit("2026-03-02 10:00", ["/a"])
    visit("2026-03-02 11:00", ["/b", "/c"])
    visit("2026-03-02 12:00", ["/b"], also=[])

    def order_of(*order_by: list[str]) -> list[Any]:
        rows = told(metrics=["bounce_rate", "visits"], dimensions=["entry"], order_by=list(order_by))
        return [row["entry"] for row in rows]

    assert order_of(["bounce_rate", "asc"]) == ["/b", "/a"]
    assert order_of(["bounce_rate", "desc"]) == ["/a", "/b"]
    assert order_of(["visits", "asc"], ["entry", "desc"]) == ["/a", "/b"]
    assert order_of() == ["/a", "/b"]


def test_compared_with_the_days_before(question: Questioning, told: Told, visit: Visiting) -> None:
    visit("2026-03-02 10:00", ["/a"])
    visit("2026-03-01 10:00", ["/a"])
    visit("2026-03-01 11:00", ["/a", "/b"])
    day = {"date_range": ["2026-03-02", "2026-03-02"], "compare": "previous"}
    assert told(metrics=["visits", "bounce_rate"], dimensions=["entry"], **day) == [
        {"entry": "/a", "visits": 1, "bounce_rate": 1.0, "visits_before": 2, "bounce_rate_before": 0.5}
    ]
    assert told(metrics=["views"], dimensions=["time:day", "path"], **day) == [
        {"time:day": "2026-03-02", "path": "/a", "views": 1, "views_before": 2}
    ]
    found = question(metrics=["views"], **day)
    assert [(one.metrics, one.comparison and one.comparison.metrics) for one in found.results or ()] == [([1], [3])]
    assert found.meta.compared == ["2026-03-01T00:00:00+01:00", "2026-03-02T00:00:00+01:00"]
    [lonely] = told(metrics=["visits", "bounce_rate"], dimensions=["entry"], **{**day, "compare": "year"})
    assert (lonely["visits_before"], lonely["bounce_rate_before"]) == (0, None)


def test_nothing_is_a_row_of_nothing(told: Told) -> None:
    assert told(metrics=["visitors", "bounce_rate", "views"], date_range="all") == [
        {"visitors": 0, "bounce_rate": None, "views": 0}
    ]
    assert told(metrics=["visitors"], dimensions=["time:day"]) == []
