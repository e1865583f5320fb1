"""The executor: one time limit, and a failure is the report's own."""

import time
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select, text

from reports import overview
from reports.report import Ask, Found, Report
from reports.run import run_report
from reports.scope import Scope, parse_scope
from tests.kit.ground import at
from tracker.sites import SiteInfo
from tracker.store.duckdb import DuckStore


@pytest.fixture
def scope(site: SiteInfo) -> Scope:
    return parse_scope(site, {}, at("2026-03-10 12:00"))


def report_that(run: Any) -> Report:
    return replace(overview.report, run=run)


def test_a_report_that_takes_too_long_says_so(duckdb_store: DuckStore, scope: Scope) -> None:
    def endless(scope: Scope, ask: Ask) -> Found:
        numbers = "range(10000000) a(i), range(10000000) b(j)"
        return Found(rows=ask(select(func.max(text("i * j"))).select_from(text(numbers))))

    started = time.monotonic()
    answer = run_report(report_that(endless), scope, duckdb_store, timeout_s=0.5)
    assert time.monotonic() - started < 60
    assert answer.timed_out
    assert answer.error is not None and "longer than 0.5 s" in answer.error
    assert run_report(overview.report, scope, duckdb_store).error is None


def test_a_report_without_time_left_asks_no_more(duckdb_store: DuckStore, scope: Scope) -> None:
    assert run_report(overview.report, scope, duckdb_store, timeout_s=0).timed_out


def test_a_report_that_fails_tells_its_reader_nothing_of_the_inside(duckdb_store: DuckStore, scope: Scope) -> None:
    def broken(scope: Scope, ask: Ask) -> Found:
        raise RuntimeError("secret of the house")

    answer = run_report(report_that(broken), scope, duckdb_store)
    assert answer.error == "This report failed; the server's log says why."
    assert (list(answer.rows), answer.timed_out) == ([], False)
