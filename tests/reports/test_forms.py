"""Forms: fills that were begun, their end, and where they were given up."""

import pytest

from reports import forms
from tests.kit.store import Visiting, form
from tests.reports.conftest import Asking


def test_one_form_by_hand(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-08 10:00", ["/order"], also=[form("#order", took_ms=20_000, submits=3, invalid=2, started_ms=1000)])
    visit("2026-03-08 11:00", ["/order"], also=[form("#order", took_ms=40_000, started_ms=2000)])
    for outcome, field in (("left", "#phone"), ("idle", "#phone"), ("left", "#birthday")):
        visit(
            "2026-03-08 12:00", ["/order"], also=[form("#order", outcome, last_field=field, took_ms=9, started_ms=9000)]
        )
    answer = ask(forms.report)
    [row] = answer.rows
    low, high = row.pop("completion_rate_low"), row.pop("completion_rate_high")
    numbers = {
        "started": 5,
        "succeeded": 2,
        "abandoned": 3,
        "completion_rate": 0.4,
        "submits_per_success": 2.0,
        "invalid_per_start": 0.4,
    }
    assert row == {
        "path": "/order",
        "element": "#order",
        "form_label": "order",
        **numbers,
        "first_input_ms": 9000,
        "fill_ms": 30_000,
        "last_field": "#phone",
        "left_at_last_field": pytest.approx(2 / 3),
    }
    assert (low, high) == (pytest.approx(0.1176, abs=1e-4), pytest.approx(0.7693, abs=1e-4))
    assert answer.totals is not None
    assert numbers.items() <= answer.totals.items()


def test_an_open_fill_is_what_became_of_it(ask: Asking, visit: Visiting) -> None:
    opened = form("#order", "open", after_s=20)
    visit("2026-03-08 10:00", also=[opened, form("#order", after_s=30)])
    visit("2026-03-08 11:00", also=[opened, form("#order", "open", after_s=30), form("#order", "left", after_s=50)])
    visit("2026-03-08 12:00", also=[opened])  # never came back
    visit("2026-03-10 11:50", also=[opened])  # may still be at it
    visit("2026-03-08 13:00", also=[form("#order"), form("#order", after_s=60)])  # sent it twice
    visit("2026-03-08 14:00", also=[form("#order", "idle"), form("#order", after_s=60)])  # came back to it
    visit("2026-03-10 11:55", also=[form("#order", "idle")])
    [row] = ask(forms.report).rows
    assert (row["started"], row["succeeded"], row["abandoned"]) == (7, 4, 3)


def test_a_later_fill_of_another_form_leaves_an_open_one_alone(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-08 10:00", also=[form("#order", "open"), form("#news", after_s=60)])
    assert {row["element"]: row["abandoned"] for row in ask(forms.report).rows} == {"#order": 1, "#news": 0}


def test_without_success_what_is_known_of_it_is_unknown(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-08 10:00", also=[form("#a", "left", last_field=None, label=None)])
    visit("2026-03-08 11:00", also=[form("#b")])
    first, second = ask(forms.report).rows
    assert (first["fill_ms"], first["submits_per_success"], first["last_field"], first["form_label"]) == (None,) * 4
    assert (second["left_at_last_field"], second["last_field"]) == (None, None)


def test_most_abandoned_first_and_pages_apart(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-08 10:00", ["/a", "/b"], also=[form("#x"), form("#x", "left", view=1)])
    assert [(row["path"], row["element"]) for row in ask(forms.report).rows] == [("/b", "#x"), ("/a", "#x")]
    assert [row["path"] for row in ask(forms.report, filter=["element:is:#x", "path:is:/a"]).rows] == ["/a"]
