"""Asking a report in a line."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from reports.report import Report
from reports.run import ReportAnswer, run_report
from reports.scope import parse_scope
from tests.kit.ground import at
from tests.kit.store import Loading, Visiting
from tracker.conditions import Condition
from tracker.funnels import FunnelInfo, StepInfo
from tracker.goals import GoalInfo
from tracker.releases import ReleaseInfo
from tracker.sites import SiteInfo
from tracker.store.base import EventStore

NOW = "2026-03-10 12:00"
RELEASE = ReleaseInfo("v2", at("2026-03-05 12:00"))
GOALS = (
    GoalInfo("Cart", Condition("path", path="/cart")),
    GoalInfo("Ordered", Condition("event", event="order"), "value", "EUR"),
)
FUNNEL = FunnelInfo(
    "To the cart",
    (StepInfo("", Condition("path", path="/")), StepInfo("Cart", Condition("path", path="/cart"))),
)

Asking = Callable[..., ReportAnswer]


@pytest.fixture
def visit(
    store: EventStore, loading: Callable[[EventStore], Loading], site: SiteInfo, monkeypatch: pytest.MonkeyPatch
) -> Visiting:
    """Load visits into `store` when it is next asked or told anything: in one batch, as every batch takes its time."""
    visiting = Visiting(loading(store), site, patient=True)

    def after_loading(do: Callable[..., Any]) -> Callable[..., Any]:
        def done(*args: Any, **words: Any) -> Any:
            visiting.load_told()
            return do(*args, **words)

        return done

    for name in ("query", "stream", "load", "derive", "decide", "roll_up", "replace_members"):
        monkeypatch.setattr(store, name, after_loading(getattr(store, name)))
    return visiting


@pytest.fixture
def ask(store: EventStore, site: SiteInfo) -> Asking:
    """Ask a report of the last 28 days before NOW, on each engine: `ask(report, filter=["path:is:/a"])`.

    The site had one release, RELEASE, and has GOALS and a FUNNEL.
    """
    released = replace(site, releases=(RELEASE,), goals=GOALS, funnels=(FUNNEL,))

    def asked(report: Report, now: str = NOW, **words: Any) -> ReportAnswer:
        given = {word: [value] if isinstance(value, str) else value for word, value in words.items()}
        answer = run_report(report, parse_scope(released, given, at(now)), store)
        assert answer.error is None
        return answer

    return asked
