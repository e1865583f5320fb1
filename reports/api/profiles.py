"""Profiles, for programs: who came, by what they are known as one, why, and when."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import msgspec
from flask import Response, abort, request

from reports.api.bodies import answer, read_body
from reports.api.parameters import SCOPE, Parameter
from reports.profiles.asking import ask_of
from reports.profiles.finding import LONGEST_LOGIN, by_login, link_of
from reports.profiles.ids import read_id
from reports.profiles.known import now_part_of
from reports.profiles.listing import ORDERS, WHO, find_profiles
from reports.profiles.one import find_profile
from reports.profiles.shapes import ProfileLine
from reports.profiles.timeline import find_timeline, read_before
from reports.report import Ask
from reports.scope import parse_scope
from tracker.gate import current_site
from tracker.house import current_house

LISTED = (
    Parameter("order", "What comes first.", {"type": "string", "enum": list(ORDERS), "default": "newest"}),
    Parameter(
        "who",
        "Whom to list: everybody, those who are tied to more than one identifier, or those of one day.",
        {"type": "string", "enum": list(WHO), "default": "all"},
    ),
    *(one for one in SCOPE if one.name in ("range", "filter", "segment", "bots", "limit")),
)
BEFORE = (
    Parameter(
        "before",
        "Only what came before this time; the answer's own `before` asks for what is earlier.",
        {"type": "string", "format": "date-time"},
    ),
)
FIND: dict[str, object] = {
    "type": "object",
    "description": "A login as the site's page gave it to `identify`. It is hashed, compared and forgotten.",
    "properties": {"login": {"type": "string", "minLength": 1, "maxLength": LONGEST_LOGIN, "pattern": r"\S"}},
    "required": ["login"],
    "additionalProperties": False,
    "examples": [{"login": "user-42"}],
}
MOST_LINKS = 1000
LINKS: dict[str, object] = {
    "type": "object",
    "description": "Logins as the site's page gives them to `identify`, whose owners will get a link each.",
    "properties": {
        "logins": {
            "type": "array",
            "items": {"type": "string", "minLength": 1, "maxLength": LONGEST_LOGIN, "pattern": r"\S"},
            "minItems": 1,
            "maxItems": MOST_LINKS,
        }
    },
    "required": ["logins"],
    "additionalProperties": False,
    "examples": [{"logins": ["user-42"]}],
}
_OWN = ("order", "who")


class Profiles(msgspec.Struct, frozen=True):
    """Profiles whose visits the scope chooses; `more` tells that there are more than the limit."""

    profiles: list[ProfileLine]
    more: bool


class FoundShape(msgspec.Struct, frozen=True):
    """The profile of a login; null when nobody signed in by it."""

    profile: str | None


class LinkShape(msgspec.Struct, frozen=True):
    """What to add to the addresses in a letter to one person, as `?ff_link=TOKEN`."""

    login: str
    token: str


class LinksShape(msgspec.Struct, frozen=True):
    """A link's token for each login, in their order."""

    links: list[LinkShape]


class _Find(msgspec.Struct, forbid_unknown_fields=True):
    login: str


class _Links(msgspec.Struct, forbid_unknown_fields=True):
    logins: Annotated[list[str], msgspec.Meta(min_length=1, max_length=MOST_LINKS)]


def profiles(site_key: str) -> Response:
    """List the profiles of a site."""
    given = request.args.to_dict(flat=False)
    scope = parse_scope(current_site(), {word: values for word, values in given.items() if word not in _OWN})
    with asking() as (session, ask):
        found = find_profiles(session, ask, scope, request.args.get("order", "newest"), request.args.get("who", "all"))
    return answer(Profiles(list(found.rows), found.more))


def profile(site_key: str, profile_id: str) -> Response:
    """Tell of one profile: identifiers, edges with what speaks for them, sources, devices and places.

    The id of a profile that has become part of another leads to that one.
    """
    with asking() as (session, ask):
        found = find_profile(session, ask, current_site(), _profile(session, profile_id))
    return answer(found or abort(404, "There is no such profile."))


def timeline(site_key: str, profile_id: str) -> Response:
    """Tell what happened to one profile, the newest first: visits, sign-ins, ties."""
    with asking() as (session, ask):
        one = _profile(session, profile_id)
        found = find_timeline(
            session, ask, current_site(), one, before=read_before(request.args.get("before"), current_site())
        )
    return answer(found)


def find(site_key: str) -> Response:
    """Find the profile of a login; nothing is changed, and the login is written nowhere."""
    login = read_body(_Find).login
    with current_house().database.session() as session:
        found = by_login(session, current_site(), login)
    return answer(FoundShape(None if found is None else str(found)))


def make_links(site_key: str) -> Response:
    """Make tokens for links to known people; nothing is kept of it."""
    logins = read_body(_Links, longest=MOST_LINKS * (LONGEST_LOGIN + 4) * 4).logins
    return answer(LinksShape([LinkShape(login, link_of(current_site(), login)) for login in logins]))


@contextmanager
def asking() -> Iterator[tuple[Any, Ask]]:
    """Open the relational store and a way to ask the event store."""
    house = current_house()
    with house.database.session() as session:
        yield session, ask_of(house.store)


def number(text: str, what: str) -> int:
    """Return the number that stands in an address; 404 when it is none."""
    found = read_id(text)
    return abort(404, f"There is no such {what}.") if found is None else found


def _profile(session: Any, text: str) -> int:
    return now_part_of(session, current_site().id, number(text, "profile"))
