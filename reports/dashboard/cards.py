"""The cards of the overview: first rows as bars, each a link that filters; a card has a tab for each of its reports."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from flask import request, url_for
from markupsafe import Markup

from reports import REPORTS, breakdowns, pages, struggles
from reports.dashboard.asked import Asked, Choice, page_of
from reports.dashboard.developers import Ways, ways_to_get
from reports.query.dimensions import BY_NAME
from reports.render.svg import bar
from reports.report import Report, Row, by_name
from reports.run import ReportAnswer, Seen
from reports.wording import words
from reports.wording.deltas import Delta, short_delta
from reports.wording.elements import element_words, error_parts
from reports.wording.links import Address
from tracker.languages import gettext, marked
from tracker.languages.lists import listed
from tracker.signal_book import BY_NAME as SIGNALS

ROWS, STRUGGLE_ROWS = 8, 5
_REPORTS = by_name(REPORTS)


class CardOf(NamedTuple):
    """What stands on a card: `name` is the word of the address that says which of `tabs`, names of reports, is open."""

    name: str
    title: str
    tabs: tuple[str, ...]


CARDS = (
    CardOf("sources", marked("Sources"), ("sources", "channels", "campaigns", "referrers")),
    CardOf("pages", marked("Pages"), ("pages", "entry-pages", "exit-pages")),
    CardOf("places", marked("Places"), ("countries", "regions", "cities", "languages")),
    CardOf("devices", marked("Devices"), ("devices", "browsers", "systems", "screens")),
    CardOf("goals", marked("Goals"), ("goals",)),
)
# What is counted on a card, and how, where that is not visits alone; views are counted beforehand, day by day.
_QUICKLY = {"pages": ("views", pages.first), "goals": ("conversions", _REPORTS["goals"])}
OWN_WORDS = ("measure", *(one.name for one in CARDS))


@dataclass(frozen=True)
class Bar:
    """One row: its words, what is said in small beside, its link, number and change, and the bar behind."""

    text: str
    small: str
    link: Address
    value: str
    bar: Markup
    delta: Delta | None = None


@dataclass(frozen=True)
class Card:
    """First rows of the report of the open tab; `more` leads to all of it, `error` stands in their place."""

    name: str
    title: str
    unit: str
    tabs: Sequence[Choice]
    bars: Sequence[Bar]
    report: Report
    more: Address
    ways: Ways
    error: str | None


def cards(asked: Asked, seen: Seen) -> list[Card]:
    """Return the cards of the overview, each asked in this scope, of which so much was seen."""
    return [_card(asked, one, seen) for one in CARDS if one.name != "goals" or asked.site.goals]


def struggles_card(asked: Asked, seen: Seen) -> Card:
    """Return what to mend first: the gravest faults."""
    answer = asked.first_rows(struggles.first, STRUGGLE_ROWS, seen=seen)
    most = max((_number(row, "visitors") for row in answer.rows), default=0) or 1
    bars = [_fault(row, most, asked) for row in answer.rows]
    return _made(asked, CardOf("struggles", marked("What to mend first"), ()), answer, "visitors", bars)


def _card(asked: Asked, one: CardOf, seen: Seen) -> Card:
    given = request.args.get(one.name)
    chosen = given if given in one.tabs else one.tabs[0]
    report = _REPORTS[chosen]
    number, quickly = _QUICKLY.get(chosen) or ("visits", breakdowns.of_visits(report))
    answer = asked.first_rows(quickly, ROWS, compare=True, seen=seen)
    most = max((_number(row, number) for row in answer.rows), default=0) or 1
    bars = [_bar(answer, row, number, most, asked.address) for row in answer.rows]
    return _made(asked, one, answer, number, bars)


def _made(asked: Asked, one: CardOf, answer: ReportAnswer, number: str, bars: Sequence[Bar]) -> Card:
    report = answer.report
    return Card(
        name=one.name,
        title=gettext(one.title),
        unit=next(column.title for column in report.columns if column.name == number),
        tabs=[
            Choice(gettext(_REPORTS[tab].title), asked.address.having(**{one.name: tab}), chosen=tab == report.name)
            for tab in one.tabs
        ],
        bars=bars,
        report=report,
        more=asked.scoped.at(page_of(asked.site, report)),
        ways=ways_to_get(asked, report),
        error=answer.error,
    )


def _bar(answer: ReportAnswer, row: Row, number: str, most: float, address: Address) -> Bar:
    name, *within = answer.report.key
    said = None if row.get(name) is None else str(row[name])
    before = answer.before(row)
    return Bar(
        text=words.name_of(name, said),
        small=_beside(row, within),
        link=address.filtered(name, said) if name in BY_NAME else address,
        value=words.count(_number(row, number)),
        bar=bar(_number(row, number) / most),
        delta=None if before is None else short_delta(number, row.get(number), before.get(number), "count"),
    )


def _beside(row: Row, within: Sequence[str]) -> str:
    """Say in which region and country a city lies, and of a goal how many of the visits reached it."""
    parts = [words.name_of(outer, str(row[outer])) for outer in within if row.get(outer)]
    rate = row.get("conversion_rate")
    parts += [gettext("%(share)s of visits", share=words.cell("share", rate))] if rate is not None else []
    return listed(parts)


def _fault(row: Row, most: float, asked: Asked) -> Bar:
    """Say what goes wrong where; the link leads to its examples."""
    signal, path, element = (None if row[name] is None else str(row[name]) for name in ("signal", "path", "element"))
    title = gettext(SIGNALS[str(signal)].title)
    text = (
        element_words(element, row.get("element_text")) if element else error_parts(row.get("script_error"))[0] or title
    )
    where = {name: value for name, value in (("path", path), ("element", element)) if value is not None}
    where_on = gettext("on %(page)s", page=path) if path else ""
    examples = asked.scoped.having(compare=None, signal=signal, **where)
    return Bar(
        text=text,
        small=listed([part for part in (title if text != title else "", where_on) if part]),
        link=examples.at(url_for("dashboard.examples", site_key=asked.site.key)),
        value=words.count(_number(row, "visitors")),
        bar=bar(_number(row, "visitors") / most),
    )


def _number(row: Row, name: str) -> float:
    value = row.get(name)
    return float(value) if isinstance(value, int | float) else 0.0
