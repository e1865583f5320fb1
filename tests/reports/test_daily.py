"""Answers are the same whether they come from rollups or from events."""

from typing import Any

from reports import REPORTS
from tests.kit.ground import at
from tests.kit.store import Visiting, click, dead, worked
from tests.reports.conftest import NOW, Asking
from tracker.rollups import refresh
from tracker.sites import SiteInfo
from tracker.store.base import EventStore

SCOPES: tuple[dict[str, Any], ...] = (
    {},
    {"bots": "in"},
    {"filter": ["path:is:/a"]},
    {"filter": ["path:contains:A", "element:is_not:#buy"]},
    {"filter": ["device:is:desktop"]},
)


def test_reports_say_the_same_before_and_after_days_are_rolled_up(
    store: EventStore, visit: Visiting, ask: Asking, site: SiteInfo
) -> None:
    plain = click("#price", affordance="none")
    with visit.at_once():
        for day in ("07", "08", "09"):
            visit(f"2026-03-{day} 10:00", ["/", "/a"], [dead("#buy", 1), worked("#buy", 1, after_s=9)], engaged_s=4)
            visit(f"2026-03-{day} 22:59", ["/a", "/b"], [dead("#buy", after_s=50), dead("#buy", after_s=70), plain])
            visit(f"2026-03-{day} 12:00", ["/a"], [plain], visitor=None)
            visit(f"2026-03-{day} 13:00", ["/a"], user_agent="Googlebot/2.1 (+http://www.google.com/bot.html)")

    def answers() -> list[Any]:
        found = [ask(report, **scope) for scope in SCOPES for report in REPORTS]
        return [(answer.report.name, answer.scope.filters, answer.rows, answer.totals) for answer in found]

    before = answers()
    assert refresh(store, [site], at(NOW)) == 3
    assert answers() == before
    said = {name for name, filters, rows, _ in before if rows and not filters}
    assert said >= {"overview", "pages", "dead-clicks", "bounce-paths"}
