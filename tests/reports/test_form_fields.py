"""Form fields: a funnel from field to field, of fills that have ended."""

from reports import form_fields
from tests.kit.store import Happening, Visiting, field, form
from tests.reports.conftest import Asking


def fill(*fields: Happening, outcome: str = "success", element: str = "#order") -> list[Happening]:
    """A form and the fields that are told of before it."""
    return [*fields, form(element, outcome)]


def test_a_funnel_by_hand(ask: Asking, visit: Visiting) -> None:
    def name(**told: object) -> Happening:
        return field("#order [name=name]", 1, **told)  # type: ignore[arg-type]

    def phone(**told: object) -> Happening:
        return field("#order [name=phone]", 2, kind="tel", **told)  # type: ignore[arg-type]

    visit("2026-03-08 10:00", also=fill(name(spent_ms=1000), phone(spent_ms=9000, corrections=3, last=True)))
    visit("2026-03-08 11:00", also=fill(name(spent_ms=2000), phone(invalid=2, refills=1, last=True), outcome="left"))
    visit("2026-03-08 12:00", also=fill(name(spent_ms=6000, last=True), outcome="idle"))
    visit("2026-03-08 13:00", also=fill(name(spent_ms=3000, last=True)))
    first, second = ask(form_fields.report).rows
    intervals = [name for name in first if name.endswith(("_low", "_high"))]
    assert len(intervals) == 4
    assert {name: cell for name, cell in first.items() if name not in intervals} == {
        "path": "/",
        "element": "#order",
        "form_label": "order",
        "field": "#order [name=name]",
        "field_kind": "text",
        "position": 1,
        "started_of_form": 4,
        "reached": 4,
        "share_reached": 1.0,
        "left_here": 1,
        "share_left": 0.25,
        "spent_ms": 2500,
        "corrections_per_fill": 0.0,
        "refills": 0,
        "invalid": 0,
    }
    assert {name: cell for name, cell in second.items() if name not in intervals} == {
        "path": "/",
        "element": "#order",
        "form_label": "order",
        "field": "#order [name=phone]",
        "field_kind": "tel",
        "position": 2,
        "started_of_form": 4,
        "reached": 2,
        "share_reached": 0.5,
        "left_here": 1,
        "share_left": 0.5,
        "spent_ms": 7000,
        "corrections_per_fill": 1.5,
        "refills": 1,
        "invalid": 2,
    }


def test_fields_told_of_while_the_form_was_open_count_once(ask: Asking, visit: Visiting) -> None:
    early = fill(field("#order a", 1, spent_ms=1000, last=True), outcome="open")
    late = fill(field("#order a", 1, spent_ms=4000), field("#order b", 2, last=True), outcome="left")
    visit("2026-03-08 10:00", also=[*early, *late])
    visit("2026-03-10 11:55", also=early)  # may still be at it
    rows = ask(form_fields.report).rows
    assert [(row["field"], row["reached"], row["left_here"], row["spent_ms"]) for row in rows] == [
        ("#order a", 1, 0, 4000),
        ("#order b", 1, 1, 5000),
    ]


def test_two_fills_of_a_form_in_one_view_are_two(ask: Asking, visit: Visiting) -> None:
    sent = fill(field("#order a", 1, last=True))
    given_up = fill(field("#order a", 1, last=True), outcome="left")
    visit("2026-03-08 10:00", also=[*sent, *given_up])
    [row] = ask(form_fields.report).rows
    assert (row["started_of_form"], row["reached"], row["left_here"]) == (2, 2, 1)


def test_a_forms_element_chooses_its_fields(ask: Asking, visit: Visiting) -> None:
    other = fill(field("#news a", 1), element="#news")
    visit("2026-03-08 10:00", also=[*fill(field("#order a", 1), field("#order b", 2)), *other])
    rows = ask(form_fields.report, filter=["element:is:#order"]).rows
    assert [row["field"] for row in rows] == ["#order a", "#order b"]
    assert [row["field"] for row in ask(form_fields.report, limit="1").rows] == ["#news a"]
