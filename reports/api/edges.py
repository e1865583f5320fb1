"""Edges and conflicts, for programs: what ties identifiers together, taken back and decided by hand."""

import msgspec
from flask import Response, abort, request

from reports.api.bodies import answer, named, read_body
from reports.api.parameters import Parameter
from reports.api.profiles import asking, number
from reports.api.texts import ID, readable
from reports.profiles.conflicts import find_conflicts
from reports.profiles.deciding import change, has_edge, logins_in
from reports.profiles.edges import edge_of, edges_of
from reports.profiles.ids import read_id
from reports.profiles.known import now_part_of
from reports.profiles.shapes import ConflictShape, EdgeShape
from tracker.errors import InvalidInputError
from tracker.gate import current_principal, current_site
from tracker.house import current_house
from tracker.identity import hand
from tracker.identity.hand import LONGEST_REASON

_REASON: dict[str, object] = {"type": "string", "format": "readable", "maxLength": LONGEST_REASON}
OF_PROFILE = (Parameter("profile", "The profile whose edges to list.", ID, required=True),)
DECIDED = (
    Parameter("decided", "Those that were decided, instead of the open ones.", {"type": "boolean", "default": False}),
)
MERGE: dict[str, object] = {
    "type": "object",
    "properties": {
        "profiles": {"type": "array", "items": ID, "minItems": 2, "maxItems": 2},
        "reason": _REASON,
    },
    "required": ["profiles"],
    "additionalProperties": False,
    "examples": [{"profiles": ["17", "-42"], "reason": "one customer, two browsers"}],
}
TAKE_BACK: dict[str, object] = {
    "type": "object",
    "properties": {"reason": {**_REASON, **readable(LONGEST_REASON)}},
    "required": ["reason"],
    "additionalProperties": False,
    "examples": [{"reason": "two people at one computer"}],
}
DECIDE: dict[str, object] = {
    "type": "object",
    "properties": {"decision": {"type": "string", "enum": ["one", "apart"]}, "reason": _REASON},
    "required": ["decision"],
    "additionalProperties": False,
    "examples": [{"decision": "apart", "reason": "two people at one computer"}],
}


class Edges(msgspec.Struct, frozen=True):
    """Edges at a profile's identifiers, those that were taken back among them; `more` tells that there are more."""

    edges: list[EdgeShape]
    more: bool


class Conflicts(msgspec.Struct, frozen=True):
    """Conflicts, with what is known of either side."""

    conflicts: list[ConflictShape]


class ChangedShape(msgspec.Struct, frozen=True):
    """What a change came to: the edge as it stands now, and the profiles that its two ends are of."""

    edge: EdgeShape
    profiles: list[str]


class DecidedShape(msgspec.Struct, frozen=True):
    """What was decided, and the profiles that the two logins are of now."""

    id: int
    decision: str
    profiles: list[str]


class _Merge(msgspec.Struct, forbid_unknown_fields=True):
    profiles: list[str]
    reason: str = ""


class _TakeBack(msgspec.Struct, forbid_unknown_fields=True):
    reason: str


class _Decide(msgspec.Struct, forbid_unknown_fields=True):
    decision: str
    reason: str = ""


def edges(site_key: str) -> Response:
    """List the edges of a profile, with what speaks for each."""
    one = read_id(request.args.get("profile", ""))
    if one is None:
        raise InvalidInputError("profile", "must be the id of a profile")
    with asking() as (session, _):
        found, more = edges_of(session, current_site(), now_part_of(session, current_site().id, one))
    return answer(Edges(found, more))


def merge(site_key: str) -> Response:
    """Put two profiles together by an edge of their own, which can be taken back."""
    site, given = current_site(), read_body(_Merge)
    ids = [read_id(one) for one in given.profiles]
    if len(ids) != 2:
        raise InvalidInputError("profiles", "must be two")
    one, other = ids
    if one is None or other is None:
        raise InvalidInputError("profiles", "must be ids of profiles")
    try:
        edge = change(
            current_house(),
            lambda session: (
                hand.merge(
                    session,
                    site.id,
                    *(now_part_of(session, site.id, profile) for profile in (one, other)),
                    who=named(current_principal()),
                    reason=given.reason,
                ).id
            ),
        )
    except InvalidInputError as error:
        field = "profiles" if error.field == "profile" else error.field
        raise type(error)(field, error.problem) from error
    return _changed(edge)


def take_back(site_key: str, edge_id: str) -> Response:
    """Take an edge back; it stays, with who did it and why, and can be put back."""
    site, one = current_site(), _edge(edge_id)
    reason = read_body(_TakeBack).reason
    if not reason.strip():
        raise InvalidInputError("reason", "must say why")
    who = named(current_principal())
    change(current_house(), lambda session: hand.take_back(session, site.id, one, who=who, reason=reason).id)
    return _changed(one)


def put_back(site_key: str, edge_id: str) -> Response:
    """Make an edge that was taken back count again; it is a new row, and its id another."""
    site, one = current_site(), _edge(edge_id)
    who = named(current_principal())
    return _changed(change(current_house(), lambda session: hand.put_back(session, site.id, one, who=who).id))


def conflicts(site_key: str) -> Response:
    """List the conflicts that are to be decided, or with `decided=true` those that were."""
    decided = request.args.get("decided", "false")
    if decided not in ("true", "false"):
        raise InvalidInputError("decided", "must be true or false")
    with asking() as (session, ask):
        found = find_conflicts(session, ask, current_site(), decided=decided == "true")
    return answer(Conflicts(found))


def decide(site_key: str, conflict_id: str) -> Response:
    """Decide whether the two logins of a conflict are `one` person, or two that stay `apart`."""
    site, one, house = current_site(), number(conflict_id, "conflict"), current_house()
    with house.database.session() as session:
        logins = logins_in(session, site, one) or abort(404, "There is no such conflict.")
    given, who = read_body(_Decide), named(current_principal())
    change(house, lambda session: hand.decide(session, site.id, one, given.decision, who=who, reason=given.reason))
    with house.database.session() as session:
        ends = [now_part_of(session, site.id, login) for login in logins]
    return answer(DecidedShape(one, given.decision, [str(end) for end in ends]))


def _edge(text: str) -> int:
    found = number(text, "edge")
    with current_house().database.session() as session:
        if not has_edge(session, current_site(), found):
            abort(404, "There is no such edge.")
    return found


def _changed(edge_id: int) -> Response:
    site = current_site()
    with current_house().database.session() as session:
        edge = edge_of(session, site, edge_id) or abort(404, "There is no such edge.")
        ends = dict.fromkeys(now_part_of(session, site.id, int(one.id)) for one in (edge.a, edge.b))
    return answer(ChangedShape(edge, [str(end) for end in ends]))
