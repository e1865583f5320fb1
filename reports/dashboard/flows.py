"""The flow's page: what people see step by step, from any page on or back, drawn and as lists."""

from http import HTTPStatus

from flask import render_template, url_for

from reports.dashboard import flow_telling as telling
from reports.dashboard.asked import Asked, Choice, read_request
from reports.dashboard.developers import Ways, curl, python
from reports.flow.reading import FEWEST_STEPS, MOST_STEPS, OWN_WORDS, FlowAsked, parse_flow, read_flow
from reports.pages import first as pages
from reports.query.steps import DIRECTIONS
from reports.run import status_of
from reports.wording import words
from tracker.house import current_house
from tracker.languages import gettext, marked, pgettext

BRANCHES = (3, 5, 8, 12)
_PAGES = 40
_DIRECTIONS = {"forward": marked("What came after"), "backward": marked("What came before")}


def flow(site_key: str) -> tuple[str, HTTPStatus]:
    """Show the flow from a page, or from the start of visits."""
    asked = read_request(compare="none", also=OWN_WORDS)
    wanted = parse_flow(dict(asked.address.words))
    found = read_flow(asked.scope, wanted, current_house().store)
    visits_page = url_for("dashboard.visits", site_key=site_key)
    page = render_template(
        "flow.html",
        site=asked.site,
        asked=asked,
        wanted=wanted,
        found=found,
        title=telling.headline(wanted.start),
        path=wanted.start.path or "",
        picture=telling.picture(found, wanted.start, asked.address, visits_page) if found.columns else None,
        steps=telling.steps_shown(found, wanted.start, asked.address, visits_page),
        links=telling.links_shown(found),
        scale=telling.scale(),
        menus=_menus(asked, wanted),
        directions=[
            Choice(gettext(_DIRECTIONS[one]), asked.address.having(direction=one), chosen=one == wanted.start.direction)
            for one in DIRECTIONS
        ],
        ways=_ways(asked),
    )
    return page, status_of(found)


def _menus(asked: Asked, wanted: FlowAsked) -> list[tuple[str, list[Choice]]]:
    here = wanted.start.path
    paths = [str(row["path"]) for row in asked.first_rows(pages, _PAGES).rows if row["path"]]
    if here and here not in paths:
        paths.insert(0, here)
    forward = wanted.start.direction == "forward"
    everyone = gettext("The start of visits") if forward else gettext("The end of visits")
    starts = [Choice(everyone, asked.address.having(path=None), chosen=here is None)]
    starts += [Choice(one, asked.address.having(path=one), chosen=one == here) for one in paths]
    steps = [
        Choice(words.count(one), asked.address.having(steps=str(one)), chosen=one == wanted.steps)
        for one in range(FEWEST_STEPS, MOST_STEPS + 1)
    ]
    branches = [
        Choice(words.count(one), asked.address.having(branches=str(one)), chosen=one == wanted.branches)
        for one in sorted({*BRANCHES, wanted.branches})
    ]
    return [
        (pgettext("a page", "From") if forward else pgettext("a page", "To"), starts),
        (gettext("Steps"), steps),
        (gettext("Pages a step"), branches),
    ]


def _ways(asked: Asked) -> Ways:
    address = asked.address.having(compare=None, limit=None)
    json = str(address.at(url_for("api.flow", site_key=asked.site.key)))
    return Ways(json=json, csv="", curl=curl(json), python=python(json, "links"))
