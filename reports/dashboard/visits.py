"""Example visits: the newest that took a way, each with its pages, its struggles and their stories."""

from flask import render_template

from reports.dashboard import profile_telling, visit_telling
from reports.dashboard.asked import read_request
from reports.example_visits import MOST_VISITS, OWN_WORDS, ExampleVisit, find_visits, parse_way
from reports.profiles.asking import ask_of
from reports.run import lateness
from tracker.house import current_house
from tracker.store.base import QueryTimeoutError


def visits(site_key: str) -> str | tuple[str, int]:
    """Show the newest visits of a scope that took a way."""
    asked = read_request(compare="none", also=OWN_WORDS)
    given = {name: [value for other, value in asked.address.words if other == name] for name in OWN_WORDS}
    way = parse_way(given)
    problem, more = "", False
    found: list[ExampleVisit] = []
    try:
        found, more = find_visits(asked.scope, way, ask_of(current_house().store))
    except QueryTimeoutError as late:
        problem = lateness(late)
    page = render_template(
        "visits.html",
        site=asked.site,
        asked=asked,
        problem=problem,
        conditions=visit_telling.conditions(way),
        everyone=asked.address.having(**dict.fromkeys(OWN_WORDS)),
        examples=[(one, visit_telling.told(one.stops)) for one in found],
        more=more,
        most=MOST_VISITS,
        left_after=visit_telling.left_after,
        struck=visit_telling.struck,
        stories=visit_telling.stories,
        whence=profile_telling.whence,
    )
    return (page, 504) if problem else page
