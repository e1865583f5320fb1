"""What happens on a view of the shop beyond its clicks: forms, failures, searches, hunts, and how fast it loads."""

from collections.abc import Iterator
from random import Random
from typing import Any

from tracker.sample.shop import Form, Page

DAY_MS = 86_400_000
Told = tuple[int, dict[str, Any]]
"""Milliseconds into the view, and the fields of an event."""


def beyond_clicks(chance: Random, page: Page, stay_ms: int, ago_ms: int, *, phone: bool, finished: bool) -> list[Told]:
    """Return what happened on a view that began `ago_ms` before the end; `finished` says that its form was sent."""
    told = [*_failed(chance, page, ago_ms), *_searched(chance, page), *_left_for(chance, page, stay_ms)]
    if page.form and chance.random() < page.form.chance:
        told += _filled_in(chance, page.form, stay_ms, finished=finished)
    if page.hunt and stay_ms > 5000 and chance.random() < page.hunt:
        told.append(_hunted(chance))
    told.append((max(stay_ms - 20, 0), vitals(chance, page, phone=phone)))
    return sorted(told, key=lambda one: one[0])


def attention(chance: Random, engaged_ms: int, scroll_permille: int) -> list[int]:
    """Return for how long each twentieth of the page was on the screen: less and less, down to where one scrolled."""
    bands = max(1, round(scroll_permille / 50))
    return [round(engaged_ms * max(0.05, 1 - band / (bands + 2)) * chance.uniform(0.7, 1)) for band in range(bands)]


def vitals(chance: Random, page: Page, *, phone: bool) -> dict[str, Any]:
    """Return how fast a view was, by the web vitals."""
    slower = page.weight * (1.7 if phone else 1.0) * chance.lognormvariate(0, 0.35)
    ttfb, shift = 210 * slower, chance.lognormvariate(2.6, 0.9) * page.weight
    return {
        "kind": "vitals",
        "ttfb_ms": round(ttfb),
        "fcp_ms": round(ttfb + 520 * slower),
        "lcp_ms": round(ttfb + 1180 * slower),
        "inp_ms": round(62 * slower * chance.lognormvariate(0, 0.5)),
        "cls_permille": round(shift),
    }


def _failed(chance: Random, page: Page, ago_ms: int) -> Iterator[Told]:
    failure = page.failure
    if failure and ago_ms < failure.days * DAY_MS and chance.random() < failure.chance:
        told = {"message": failure.message, "source": failure.source, "line": failure.line, "column": 17}
        yield chance.randrange(150, 900), {"kind": "error", "properties": told}


def _searched(chance: Random, page: Page) -> Iterator[Told]:
    if page.searches and chance.random() < 0.2:
        query, results = chance.choice(page.searches)
        yield 900, {"kind": "search", "properties": {"query": query, "results": results}}


def _left_for(chance: Random, page: Page, stay_ms: int) -> Iterator[Told]:
    if page.leads_out and chance.random() < 0.3:
        yield stay_ms, {"kind": "link", "element": "footer>a", "properties": {"href": chance.choice(page.leads_out)}}


def _hunted(chance: Random) -> Told:
    told = {
        "reversals": chance.randrange(4, 8),
        "leg_px": chance.randrange(320, 700),
        "leg_permille": chance.randrange(500, 900),
        "span_ms": chance.randrange(9000, 24_000),
        "pages_permille": 4200,
    }
    return 7000, {"kind": "scroll", "properties": told}


def _filled_in(chance: Random, form: Form, stay_ms: int, *, finished: bool) -> Iterator[Told]:
    """Yield the fields that were touched and the form's own event; those who do not finish stop at some field."""
    refused, at_ms, touched = 0, chance.randrange(900, 4000), []
    begun_ms = at_ms
    for position, field in enumerate(form.fields, 1):
        spent_ms = int(1000 * field.spent_s * chance.lognormvariate(0, 0.4))
        again = 1 if chance.random() < field.refused else 0
        refused += again
        at_ms += spent_ms
        told = {
            "form": form.selector,
            "position": position,
            "kind": field.kind,
            "spent_ms": spent_ms,
            "corrections": chance.choice((0, 0, 0, 1, 2)) + again,
            "refills": again,
            "invalid": again,
        }
        touched.append((f"{form.selector}>input[name={field.name}]", told))
        if not finished and chance.random() < field.stops + 0.5 * again:
            break
    touched[-1][1]["last"] = True
    end_ms = max(stay_ms - 200, 0)
    for element, told in touched:
        yield end_ms, {"kind": "field", "element": element, "properties": told}
    done = {
        "submits": (1 if finished else 0) + refused,
        "outcome": "success" if finished else "left",
        "fields": len(touched),
        "started_ms": begun_ms,
        "took_ms": at_ms - begun_ms,
        "last_field": touched[-1][0],
        "invalid": refused,
        "label": form.label,
    }
    yield end_ms, {"kind": "form", "element": form.selector, "properties": done}
