"""The live view's page, which asks itself anew every few seconds."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from flask import render_template, request, url_for
from markupsafe import Markup

from reports.live import MINUTES, Live, Share, read_live, visitors_now
from reports.render.svg import bar, columns
from reports.report import Ask
from reports.wording import words
from reports.wording.elements import element_words
from tracker.clock import utc_now
from tracker.gate import current_site
from tracker.house import current_house
from tracker.languages import counted, gettext, marked, numbers
from tracker.languages.lists import listed
from tracker.signal_book import BY_NAME
from tracker.sites import SiteInfo
from tracker.store.base import QueryTimeoutError

TIMEOUT_S = 5.0
# What was done on which page; `what` is an element, an event, a search.
_KINDS = {
    "view": marked("saw %(page)s"),
    "click": marked("clicked on %(page)s"),
    "custom": marked("did something on %(page)s"),
    "error": marked("met a script error on %(page)s"),
    "form": marked("filled in a form on %(page)s"),
    "search": marked("searched on %(page)s"),
    "link": marked("followed a link from %(page)s"),
}
_KINDS_OF = {
    "click": marked("clicked %(what)s on %(page)s"),
    "custom": marked("did %(what)s on %(page)s"),
    "search": marked("searched for %(what)s on %(page)s"),
}


@dataclass(frozen=True)
class Line:
    """One thing that happened, in words: when, who, did what, where, and what went wrong."""

    at: str
    who: str
    what: Markup
    signal: str


@dataclass(frozen=True)
class Named:
    """A list of names with how many visitors each has now, as bars."""

    title: str
    bars: Sequence[tuple[str, int, Markup]]


def live(site_key: str) -> tuple[str, HTTPStatus]:
    """Show what goes on now."""
    site = current_site()
    found = _read(site)
    page = render_template(
        "live.html",
        site=site,
        live=found,
        at=numbers.digits(found.at[11:19]) if found else "",
        lists=_lists(found, _number_of(site)) if found else (),
        number=_number_of(site),
        still=request.args.get("still", ""),
        lines=_lines(found) if found else (),
        chart=_chart(found) if found else None,
        json=url_for("api.live", site_key=site.key),
    )
    return page, HTTPStatus.OK if found else HTTPStatus.GATEWAY_TIMEOUT


def visitors_at(site: SiteInfo) -> int | None:
    """Return how many visitors (or views, where nobody is told apart) there are now; None if not counted in time."""
    try:
        return visitors_now(site, _ask(), utc_now())
    except QueryTimeoutError:
        return None


def _read(site: SiteInfo) -> Live | None:
    try:
        return read_live(site, _ask(), utc_now())
    except QueryTimeoutError:
        return None


def _ask() -> Ask:
    return Ask(current_house().store, time.monotonic() + TIMEOUT_S)


def _chart(found: Live) -> Markup:
    title = counted(
        "Views in the last minute; the table below has every value",
        "Views in each of the last %(n)s minutes; the table below has every value",
        MINUTES,
    )
    hovers = [
        listed([counted("%(n)s view", "%(n)s views", views), _minutes_ago(MINUTES - 1 - number)])
        for number, views in enumerate(found.views_by_minute)
    ]
    return columns(found.views_by_minute, hovers, title=title)


def _minutes_ago(minutes: int) -> str:
    return gettext("this minute") if minutes == 0 else gettext("%(n)s min ago", n=words.count(minutes))


def _number_of(site: SiteInfo) -> str:
    """Return what is counted: views where no visitors are told apart."""
    return "views" if site.privacy_mode == "count" else "visitors"


def _lists(found: Live, number: str) -> list[Named]:
    sources = Named(gettext("Sources"), _bars("source", found.sources, number))
    return [
        Named(gettext("Pages"), _bars("path", found.pages, number)),
        *([sources] if number == "visitors" else []),  # views alone have none
        Named(gettext("Countries"), _bars("country", found.countries, number)),
    ]


def _bars(dimension: str, shares: Sequence[Share], number: str) -> list[tuple[str, int, Markup]]:
    counts = [getattr(one, number) for one in shares]
    most = max(counts, default=0) or 1
    return [
        (words.name_of(dimension, one.name), count, bar(count / most))
        for one, count in zip(shares, counts, strict=True)
    ]


def _lines(found: Live) -> list[Line]:
    lines = []
    for one in found.happened:
        device = words.name_of("device", one.device)
        who = listed([device, words.name_of("country", one.country)]) if one.country else device
        element = element_words(one.element, one.element_text) if one.element and one.kind == "click" else ""
        of = one.name or element
        does = _KINDS_OF[one.kind] if of and one.kind in _KINDS_OF else _KINDS[one.kind]
        page = Markup('<bdi class="where">{}</bdi>').format(words.breakable(one.path) if one.path else words.NONE)
        what = Markup("{}").format(gettext(does)) % {"what": Markup("<bdi>{}</bdi>").format(of), "page": page}
        signal = gettext(BY_NAME[one.signal].title) if one.signal else ""
        lines.append(Line(numbers.digits(one.at[11:19]), who, what, signal))
    return lines
