"""Asking a report in a line."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from reports.report import Report
from reports.run import ReportAnswer, run_report
from reports.scope import parse_scope
from tests.kit.ground import at
from tracker.releases import ReleaseInfo
from tracker.sites import SiteInfo
from tracker.store.base import EventStore

NOW = "2026-03-10 12:00"
RELEASE = ReleaseInfo("v2", at("2026-03-05 12:00"))

Asking = Callable[..., ReportAnswer]


@pytest.fixture
def ask(store: EventStore, site: SiteInfo) -> Asking:
    """Ask a report of the last 28 days before NOW, on each engine: `ask(report, filter=["path:is:/a"])`.

    The site had one release, RELEASE.
    """
    released = replace(site, releases=(RELEASE,))

    def asked(report: Report, now: str = NOW, **words: Any) -> ReportAnswer:
        given = {word: [value] if isinstance(value, str) else value for word, value in words.items()}
        answer = run_report(report, parse_scope(released, given, at(now)), store)
        assert answer.error is None
        return answer

    return asked
