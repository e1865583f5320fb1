"""No page and no form is left out, or it is said why."""

from collections import defaultdict

import pytest
from werkzeug.routing import Map, MapAdapter, Rule

from reports.dashboard import ROUTES
from tests.reports.dashboard.pseudo.forms import (
    NEVER_REFUSED,
    NOT_TAKEN,
    OPEN_FORMS,
    REFUSED,
    REFUSED_OUTSIDE,
    TAKEN,
    TAKEN_OUTSIDE,
    Form,
)
from tests.reports.dashboard.pseudo.pages import NO_PAGES, OPEN_PAGES, PAGES
from tests.reports.dashboard.pseudo.place import address

ANYTHING = defaultdict(lambda: "1")


@pytest.fixture(scope="module")
def routes() -> MapAdapter:
    rules = (Rule(address, endpoint=name, methods=methods) for address, name, _, methods in ROUTES)
    return Map(rules).bind("localhost")


def endpoints(routes: MapAdapter, method: str, *paths: str) -> set[str]:
    addresses = (address(path, ANYTHING).partition("?")[0] for path in paths)
    return {str(routes.match(one, method)[0]) for one in addresses}


def to(*lists: tuple[Form, ...]) -> list[str]:
    return [where for forms in lists for _, where, _ in forms]


def test_every_page_is_asked(routes: MapAdapter) -> None:
    paths = [path for path in (*PAGES, *OPEN_PAGES) if "nowhere" not in path]
    pages = {name for _, name, _, methods in ROUTES if "GET" in methods}
    assert endpoints(routes, "GET", *paths) == pages - NO_PAGES


def test_every_form_is_sent_right_and_wrong_or_it_is_said_why_not(routes: MapAdapter) -> None:
    sent = {name for _, name, _, methods in ROUTES if "POST" in methods}
    refused = endpoints(routes, "POST", *to(REFUSED, REFUSED_OUTSIDE))
    taken = endpoints(routes, "POST", *to(TAKEN, TAKEN_OUTSIDE), *OPEN_FORMS)
    assert refused | NEVER_REFUSED.keys() == taken | NOT_TAKEN.keys() == sent
    assert not refused & NEVER_REFUSED.keys()
    assert not taken & NOT_TAKEN.keys()
