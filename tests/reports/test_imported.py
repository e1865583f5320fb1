"""What others counted before is told apart, and only where we did not count."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import msgspec
import pytest

from reports import imported, overview
from reports.render import json
from reports.report import Report
from reports.run import ReportAnswer, run_report
from reports.scope import parse_scope
from reports.wording import headline, past
from tests.kit.ground import at
from tests.kit.store import Visiting
from tests.reports.conftest import NOW
from tracker.database import Database
from tracker.imports.book import WantedImport, keep
from tracker.imports.counts import Count, Numbers
from tracker.imports.past import Past
from tracker.sites import SiteInfo
from tracker.store.base import EventStore

Asking = Callable[..., ReportAnswer]


def day(number: int, **numbers: int) -> Count:
    return Count("days", date(2026, 3, number), "", Numbers(**numbers))


def page(number: int, path: str, **numbers: int) -> Count:
    return Count("pages", date(2026, 3, number), path, Numbers(**numbers))


@pytest.fixture
def moved(database: Database, site: SiteInfo) -> Callable[..., SiteInfo]:
    """Take counts in, and return the site that has them."""

    def taking(*counts: Count, product: str = "plausible", into: SiteInfo = site) -> SiteInfo:
        made = keep(database, site.id, WantedImport(product, "export.zip", "ann"), counts)
        return replace(into, imports=(*into.imports, made), past=Past(database, site.id))

    return taking


@pytest.fixture
def ask(store: EventStore) -> Asking:
    """Ask a report of a site: `ask(report, site, range="7d")`."""

    def asked(report: Report, site: SiteInfo, **words: Any) -> ReportAnswer:
        given = {word: [value] if isinstance(value, str) else value for word, value in words.items()}
        answer = run_report(report, parse_scope(site, given, at(NOW)), store)
        assert answer.error is None
        return answer

    return asked


def told(answer: ReportAnswer) -> list[tuple[object, object, object]]:
    return [(row["counted"], row["product"], row["visits"]) for row in answer.rows]


def test_days_are_told_with_what_the_product_says_of_them(moved, ask: Asking) -> None:
    site = moved(day(1, visits=4, visitors=3, views=9, bounces=1, duration_ms=8000), day(2, visits=2))
    first, second = ask(imported.report, site).rows
    assert (first["counted"], first["visitors"], first["views"]) == ("2026-03-01", 3, 9)
    assert (first["bounce_rate"], first["duration_ms_per_visit"]) == (0.25, 2000)
    assert (second["visitors"], second["views"], second["bounce_rate"]) == (None, None, None)


def test_things_of_a_kind_are_told_over_all_days_the_most_first(moved, ask: Asking) -> None:
    site = moved(page(1, "/", visits=1), page(1, "/teas", visits=2), page(2, "/", visits=3), day(1, visits=9))
    assert told(ask(imported.report, site, imported="pages")) == [("/", "plausible", 4), ("/teas", "plausible", 2)]
    assert told(ask(imported.report, site, imported="browsers")) == []
    short = ask(imported.report, site, imported="pages", limit="1")
    assert (len(short.rows), short.notes) == (1, ["There are more than this one row."])


def test_days_on_which_we_counted_are_left_out(moved, ask: Asking, visit: Visiting) -> None:
    visit("2026-03-03 21:00")
    site = moved(
        *(day(number, visits=number) for number in range(1, 6)), page(2, "/", visits=1), page(3, "/", visits=5)
    )
    assert told(ask(imported.report, site)) == [("2026-03-01", "plausible", 1), ("2026-03-02", "plausible", 2)]
    assert told(ask(imported.report, site, imported="pages")) == [("/", "plausible", 1)]
    assert told(ask(imported.report, site, range="2026-03-03..2026-03-09")) == []


def test_a_range_takes_its_days_alone(moved, ask: Asking) -> None:
    site = moved(*(day(number, visits=number) for number in range(1, 6)))
    assert told(ask(imported.report, site, range="2026-03-02..2026-03-02")) == [("2026-03-02", "plausible", 2)]


def test_what_others_counted_cannot_be_filtered(moved, ask: Asking) -> None:
    site = moved(day(1, visits=1))
    answer = ask(imported.report, site, filter="path:is:/")
    assert (len(answer.rows), len(answer.notes)) == (0, 1)
    assert not ask(overview.report, site, filter="path:is:/").imported
    assert told(ask(imported.report, site, bots="only")) == []


def test_products_are_never_added_up(moved, ask: Asking) -> None:
    site = moved(day(1, visits=1))
    site = moved(day(1, visits=2), product="matomo", into=site)
    assert told(ask(imported.report, site)) == [("2026-03-01", "matomo", 2), ("2026-03-01", "plausible", 1)]


def test_the_overview_tells_them_apart_and_totals_only_ours(moved, ask: Asking, visit: Visiting) -> None:
    visit("2026-03-03 10:00")
    site = moved(day(1, visits=7, visitors=6, views=9), day(2, visits=8, visitors=7), day(3, visits=9))
    answer = ask(overview.report, site)
    assert answer.totals is not None
    assert answer.totals["visits"] == 1
    assert [(row["day"], row["visits"]) for row in answer.imported] == [("2026-03-01", 7), ("2026-03-02", 8)]
    assert answer.notes[-1] == "Up to 2 Mar 2026, Plausible counted: that is told apart, and in no total."
    shape = msgspec.json.decode(json.render(answer), type=json.ReportShape)
    assert [row["product"] for row in shape.imported] == ["plausible", "plausible"]


def test_all_days_begin_with_theirs_where_they_are_told(moved, ask: Asking, visit: Visiting) -> None:
    visit("2026-03-03 10:00")
    site = moved(Count("days", date(2024, 5, 6), "", Numbers(visits=1)))
    assert ask(overview.report, site, range="all").scope.range.first == date(2024, 5, 6)


def test_the_chart_has_a_line_of_theirs_and_none_of_ours_on_their_days(moved, ask: Asking, visit: Visiting) -> None:
    visit("2026-03-03 10:00")
    site = moved(day(1, visitors=6), day(2, visitors=7))
    answer = ask(overview.report, site, range="2026-03-01..2026-03-04")
    [broad, _] = headline.charts(answer, "visitors")
    assert '<polyline class="imported"' in broad
    assert "&#34;values&#34;: [null, null, 1.0, 0.0]" in broad
    assert "1 Mar: 6 by Plausible" in broad
    assert past.drawn(answer, "visitors") == ["Plausible"]
    assert past.drawn(answer, "dead_visit_rate") == past.drawn(answer, "views") == []
    assert [one.numbers[0] for one in past.table(answer)] == ["6", "7"]


def test_by_hours_nothing_of_theirs_is_drawn(moved, ask: Asking) -> None:
    site = moved(day(9, visitors=6), day(10, visitors=6))
    answer = ask(overview.report, site, range="today")
    assert len(answer.imported) == 1
    assert past.drawn(answer, "visitors") == []
