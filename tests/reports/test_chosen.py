"""What filters choose: visits by one event, views directly or by what happened in them."""

import pytest

from reports import overview
from tests.kit.store import PHONE, Visiting, dead, worked
from tests.reports.conftest import Asking

GOOGLE = "www.google.com/"  # as the steps at the request leave it


@pytest.fixture
def three(visit: Visiting) -> None:
    """A phone from Google that bought, a direct reader, and one who clicked in vain."""
    visit(
        "2026-03-08 10:00",
        ["/", "/shop"],
        [worked("#menu"), dead("#buy", 1, element_text="Buy now")],
        referrer=GOOGLE,
        user_agent=PHONE,
        custom=["order"],
    )
    visit("2026-03-08 12:00", ["/", "/Über_uns%"])
    visit("2026-03-08 14:00", ["/shop"], [dead("#menu")])


def counts(ask: Asking, *filters: str) -> tuple[object, object, object]:
    """Visits, views and dead clicks that filters choose."""
    totals = ask(overview.report, filter=list(filters)).totals
    assert totals is not None
    return totals["visits"], totals["views"], totals["dead_clicks"]


@pytest.mark.usefixtures("three")
def test_filters(ask: Asking) -> None:
    expected = {
        (): (3, 5, 2),
        # of visits
        ("entry:is:/",): (2, 4, 1),
        ("entry:is_not:/",): (1, 1, 1),
        ("source:is:Google",): (1, 2, 1),
        ("source:is:",): (2, 3, 1),
        ("source:is_not:",): (1, 2, 1),
        ("source:is:Google|",): (3, 5, 2),
        ("device:is:mobile",): (1, 2, 1),
        ("entry:is:/", "exit:is:/shop"): (1, 2, 1),
        # of events: views and clicks themselves, and visits that have such an event
        ("path:is:/shop",): (2, 2, 2),
        ("path:is:/|/shop",): (3, 4, 2),
        ("path:contains:SHOP",): (2, 2, 2),
        ("path:contains:über",): (1, 1, 0),
        ("path:contains:%",): (1, 1, 0),
        ("path:contains:_",): (1, 1, 0),
        ("path:matches:^/s.op$",): (2, 2, 2),
        # a view by what happened in it
        ("element:is:#menu",): (2, 2, 1),
        ("element_text:is:Buy now",): (1, 1, 1),
        ("name:is:order",): (1, 1, 1),
        ("kind:is:click",): (2, 3, 2),
        # one event for all of them
        ("path:is:/shop", "element:is:#menu"): (1, 1, 1),
        ("path:is:/", "element:is:#buy"): (0, 0, 0),
        # both levels
        ("entry:is:/", "path:is:/shop"): (1, 1, 1),
        ("source:is:Google", "element:is:#buy"): (1, 1, 1),
        # alternatives, of one level and of both; the first of several events need not be that of the next
        ("source:is:Google", "or:entry:is:/shop"): (2, 3, 2),
        ("device:is:mobile", "or:path:is:/shop"): (2, 3, 2),
        ("source:is:Google", "or:element:is:#menu"): (2, 3, 2),
        ("name:is:order", "or:path:contains:über"): (2, 2, 1),
        ("entry:is:/", "path:is:/shop", "or:path:contains:über"): (2, 2, 1),
        ("path:is:/shop", "element:is:#buy", "or:element:is:#menu"): (2, 2, 2),
        ("path:is:/shop", "or:path:is:/", "entry:is_not:/"): (1, 1, 1),
    }
    assert {filters: counts(ask, *filters) for filters in expected} == expected


@pytest.mark.usefixtures("three")
def test_values_are_values_and_never_sql(ask: Asking) -> None:
    for text in ("'", "\\", "' OR ''='", "{0}", ":x", "?", "$1", "%s", "%(path)s", "/* */", "é\u2028", "); --"):
        escaped = text.replace("\\", "\\\\")
        assert counts(ask, f"path:is:{escaped}") == (0, 0, 0)
        assert counts(ask, f"element:is_not:{escaped}") == (3, 5, 2)
        assert counts(ask, f"entry:contains:{escaped}") == (0, 0, 0)


@pytest.mark.usefixtures("three")
def test_bots_out_in_and_only(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-08 16:00", automated=True)

    def visits(bots: str) -> object:
        totals = ask(overview.report, bots=bots).totals
        return totals and totals["visits"]

    assert [visits(bots) for bots in ("out", "in", "only")] == [3, 4, 1]


def test_visits_are_chosen_by_whether_their_profile_came_before(ask: Asking, visit: Visiting) -> None:
    laptop = visit("2026-01-05 10:00")
    visit("2026-03-05 10:00", ["/", "/a"], [dead("#x", 1)], visitor=laptop)
    phone = visit("2026-03-06 10:00", ["/", "/a", "/b"], user_agent=PHONE)
    visit.tie(laptop or 0, laptop, phone)
    visit("2026-03-07 10:00")
    assert counts(ask, "returning:is:yes") == (2, 5, 1)
    assert counts(ask, "returning:is:no") == (1, 1, 0)
    assert counts(ask, "returning:is_not:no", "device:is:mobile") == (1, 3, 0)
    assert counts(ask, "returning:is:yes", "path:is:/b") == (1, 1, 0)


def test_visits_are_chosen_by_whether_somebody_signed_in(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-05 10:00", ["/", "/a"], [dead("#x", 1)], login_id=7, consent="stitched")
    visit("2026-03-05 12:00")
    visit("2026-03-05 14:00", visitor=None)
    assert counts(ask, "signed_in:is:yes") == (1, 2, 1)
    assert counts(ask, "signed_in:is:no") == (1, 1, 0)
    assert counts(ask, "signed_in:is:yes", "returning:is:yes") == (0, 0, 0)
