"""The usability score, and the reports that give it by page and by element."""

from collections import defaultdict
from collections.abc import Mapping
from math import exp, floor, log1p, log10, sqrt
from typing import Any

from sqlalchemy import ColumnElement, Select, func

from reports import measures
from reports.query.chosen import struggles
from reports.query.daily import views_by_path
from reports.query.intervals import wilson
from reports.query.proportions import Estimate
from reports.report import Ask, Column, Found, Report, Row
from reports.scope import Scope
from reports.struggle.struggling import ELEMENT, ELEMENT_TEXT, PATH, counted, named, on_paths
from tracker.languages import gettext, numbers
from tracker.signal_book import BY_NAME, SIGNALS
from tracker.store.schema import struggle

SCORE = Column(
    "score",
    "Usability score",
    "number",
    "0 where nothing stood in the way, near 100 where grave struggles come with every view.",
)
SCORE_INTERVAL = (
    Column("score_low", "At least", "number", "The score's lower bound, with 95 % confidence."),
    Column("score_high", "At most", "number", "The score's upper bound, with 95 % confidence."),
)
PARTS = Column("parts", "Made of", "words", "The signals in it, each with the share of views in which it happened.")


def score(struck: Mapping[str, int], views: int) -> Estimate | None:
    """Return the score of a place from the views struck by each signal, of all its views; None without views.

    100 × (1 − Π(1 − weight × min(1, share ÷ cap))). The interval combines the Wilson intervals of
    the signals that happened, as `reports.query.proportions.excess` does, on the scale of logarithms,
    where the product is a sum.
    """
    if views <= 0:
        return None
    kept = below = above = 0.0
    for name, hits in sorted(struck.items()):  # in one order, or the last digit would be by chance
        share = min(hits, views) / views
        low, high = wilson(min(hits, views), views) or (share, share)
        part, least, most = (hardship(name, one) for one in (share, low, high))
        kept += part
        below += (part - least) ** 2
        above += (most - part) ** 2
    bounds = kept, max(0.0, kept - sqrt(below)), kept + sqrt(above)
    return Estimate(*(100 * (1 - exp(-one)) for one in bounds))


def scoring(name: str, title: str, doc: str | None, *, of: str) -> Report:
    """Return the report of scores: a row for each page, or `of` "element" for each element of a page."""
    place = (PATH, ELEMENT, ELEMENT_TEXT) if of == "element" else (PATH,)
    keys = [one.name for one in place if one != ELEMENT_TEXT]

    def run(scope: Scope, ask: Ask) -> Found:
        return _found(scope, ask, place, keys)

    return Report(
        name=name,
        title=title,
        doc=doc,
        columns=(
            *place,
            SCORE,
            *SCORE_INTERVAL,
            PARTS,
            measures.struck_visitors.column,
            measures.incidents.column,
            measures.views.column,
        ),
        run=run,
        key=("path", "element") if of == "element" else ("path",),
        signals=tuple(signal.name for signal in SIGNALS if of == "page" or signal.of == "element"),
    )


def hardship(name: str, share: float) -> float:
    """Return −log(1 − weight × min(1, share ÷ cap)), which adds up over signals; every weight is below 1."""
    signal = BY_NAME[name]
    return -log1p(-signal.weight * min(1.0, share / signal.cap))


def _found(scope: Scope, ask: Ask, place: tuple[Column, ...], keys: list[str]) -> Found:
    ranked = ask(_ranked(scope, keys))
    views = {record["path"]: int(record["views"]) for record in ask(views_by_path(scope, ask))} if ranked else {}
    struck: dict[tuple[Any, ...], dict[str, int]] = defaultdict(dict)
    for record in ask(_by_signal(scope, keys, {one["path"] for one in ranked})) if ranked else []:
        struck[_key(record, keys)][record["fault"]] = int(record["struck_views"])
    return Found(
        rows=[_row(record, place, struck[_key(record, keys)], views.get(record["path"], 0)) for record in ranked]
    )


def _ranked(scope: Scope, keys: list[str]) -> Select[Any]:
    columns: tuple[ColumnElement[Any], ...] = tuple(struggle.c[key] for key in keys)
    visitors, incidents = measures.struck_visitors.labelled, measures.incidents.labelled
    text = func.max(struggle.c.element_text).label("element_text")
    statement = struggles(scope, *columns, text, visitors, incidents).where(columns[-1].is_not(None))
    order = visitors.desc(), incidents.desc(), *columns
    return counted(statement, scope).group_by(*columns).order_by(*order).limit(scope.rows_wanted)


def _by_signal(scope: Scope, keys: list[str], paths: set[str | None]) -> Select[Any]:
    columns: tuple[ColumnElement[Any], ...] = tuple(struggle.c[key] for key in keys)
    statement = struggles(scope, *columns, named().label("fault"), measures.struck_views.labelled)
    return on_paths(counted(statement, scope), paths).group_by(*columns, "fault")


def _key(record: Mapping[str, Any], keys: list[str]) -> tuple[Any, ...]:
    return tuple(record[key] for key in keys)


def _row(record: Mapping[str, Any], place: tuple[Column, ...], struck: Mapping[str, int], views: int) -> Row:
    found = score(struck, views)
    gravest = sorted(struck, key=lambda name: (-hardship(name, struck[name] / views), name)) if views else []
    return {
        **{one.name: record[one.name] for one in place},
        "score": found and found.value,
        "score_low": found and found.low,
        "score_high": found and found.high,
        "parts": [_part(name, struck[name] / views) for name in gravest],
        "visitors": int(record["visitors"]),
        "incidents": int(record["incidents"]),
        "views": views,
    }


def _part(signal: str, rate: float) -> str:
    """Say in how many views of a hundred a signal was, with three digits: Dead click 12.3 %."""
    share = 100 * min(1.0, rate)
    decimals = max(0, 2 - floor(log10(share))) if share else 0
    return gettext(
        "%(signal)s %(share)s %%", signal=gettext(BY_NAME[signal].title), share=numbers.decimal(share, decimals, 0)
    )
