"""Answers are the same whether they come from rollups or from events."""

from typing import Any

import pytest
from sqlalchemy import Select
from sqlalchemy.sql.visitors import iterate

from reports import REPORTS, pages
from reports.report import Report, by_name
from tests.kit.ground import at
from tests.kit.store import PHONE, Visiting, click, dead, worked
from tests.reports.conftest import NOW, Asking
from tracker.daily import ROLLUPS
from tracker.rollups import refresh
from tracker.sites import SiteInfo
from tracker.store.base import EventStore

BOT = "Googlebot/2.1 (+http://www.google.com/bot.html)"
SCOPES: tuple[dict[str, Any], ...] = (
    {},
    {"bots": "in"},
    {"filter": ["path:is:/a"]},
    {"filter": ["path:contains:A", "element:is_not:#buy"]},
    {"filter": ["device:is:desktop"]},
)
FURTHER: tuple[dict[str, Any], ...] = (
    {"bots": "only"},
    {"filter": ["device:is:desktop|mobile"]},
    {"filter": ["device:is:mobile", "path:is_not:/b"]},
    {"filter": ["source:is:"]},
    {"filter": ["source:contains:goo", "or:source:is:Bing"]},
)
BY_NAME = by_name(REPORTS)
OF_VISITS = (pages.first, *(BY_NAME[name] for name in ("overview", "pages", "sources")))
MADE_ALIKE = {
    "campaigns",
    "referrers",
    "exit-pages",
    "countries",
    "languages",
    "browsers",
    "systems",
    "screens",
    "entry-pages",
}


def rolled_up(store: EventStore, ask: Asking) -> list[Report]:
    """Return the reports that read a rollup at all: those that do not cannot say anything else after it is made."""
    statements: list[Select[Any]] = []
    tables = [rollup.table for rollup in ROLLUPS]
    found = []
    with pytest.MonkeyPatch.context() as patch:
        query = store.query
        patch.setattr(store, "query", lambda statement, *more: statements.append(statement) or query(statement, *more))
        for report in (one for one in REPORTS if one.name not in MADE_ALIKE):
            statements.clear()
            ask(report)
            if any(part is table for statement in statements for part in iterate(statement) for table in tables):
                found.append(report)
    return found


@pytest.mark.timeout(240)
def test_reports_say_the_same_before_and_after_days_are_rolled_up(
    store: EventStore, visit: Visiting, ask: Asking, site: SiteInfo
) -> None:
    plain = click("#price", affordance="none")
    with visit.at_once():
        for day in ("07", "08", "09"):
            visit(f"2026-03-{day} 10:00", ["/", "/a"], [dead("#buy", 1), worked("#buy", 1, after_s=9)], engaged_s=4)
            visit(f"2026-03-{day} 22:59", ["/a", "/b"], [dead("#buy", after_s=50), dead("#buy", after_s=70), plain])
            visit(f"2026-03-{day} 12:00", ["/a"], [plain], visitor=None)
            phone = visit(f"2026-03-{day} 14:00", ["/", "/b"], referrer="https://google.com/", user_agent=PHONE)
            visit(f"2026-03-{day} 16:00", ["/", "/a"], visitor=phone)
            visit(f"2026-03-{day} 18:00", ["/"], visitor=phone, user_agent=BOT)
            visit(f"2026-03-{day} 13:00", ["/a"], user_agent=BOT)

    reports = rolled_up(store, ask)

    def answers() -> list[Any]:
        found = [ask(report, **scope) for scope in SCOPES for report in (pages.first, *reports)]
        found += [ask(report, **scope) for scope in FURTHER for report in OF_VISITS]
        return [(answer.report.name, answer.scope.filters, answer.rows, answer.totals) for answer in found]

    before = answers()
    assert refresh(store, [site], at(NOW)) == 3
    assert answers() == before
    said = {name for name, filters, rows, _ in before if rows and not filters}
    assert said >= {"overview", "pages", "dead-clicks", "sources", "devices"}
