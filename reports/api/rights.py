"""A person's rights, for programs: everything that is kept of somebody, and their erasure."""

from datetime import datetime
from typing import Any

import msgspec
from flask import Response, abort

from reports.api.bodies import named, read_body
from reports.api.profiles import number
from tracker.errors import InvalidInputError
from tracker.gate import current_principal, current_site
from tracker.house import current_house
from tracker.rights.export import export_person, write_json

ERASE: dict[str, object] = {
    "type": "object",
    "description": "Nothing is needed.",
    "properties": {
        "again": {
            "type": "boolean",
            "default": False,
            "description": "Also when somebody who went by this number was erased before.",
        }
    },
    "additionalProperties": False,
    "examples": [{}, {"again": True}],
}


class PersonShape(msgspec.Struct, frozen=True):
    """Everything that is kept of one person; docs/rights.md describes the items. Times are in UTC, ids are strings."""

    format: int
    made_at: datetime
    site: dict[str, Any]
    profile: str
    identifiers: list[dict[str, Any]]
    edges: list[dict[str, Any]]
    sign_ins: list[dict[str, Any]]
    browsers: list[dict[str, Any]]
    conflicts: list[dict[str, Any]]
    audit: list[dict[str, Any]]
    visits: list[dict[str, Any]]
    struggles: list[dict[str, Any]]
    events: list[dict[str, Any]]


class ErasedShape(msgspec.Struct, frozen=True):
    """An erasure that was begun: the person's names count no more, and the rest goes within minutes.

    `reference` is what stands for it in the audit.
    """

    reference: str
    identifiers: int
    edges: int
    events: int


class _Erase(msgspec.Struct, forbid_unknown_fields=True):
    again: bool = False


def export(site_key: str, profile_id: str) -> Response:
    """Give everything that is kept of a person."""
    house = current_house()
    try:
        held = export_person(
            house.database, house.store, current_site(), number(profile_id, "profile"), named(current_principal())
        )
    except InvalidInputError as error:
        abort(404, f"There is no such profile: {error.problem}.")
    if held is None:
        abort(404, "There is no such profile.")
    return Response(write_json(held), mimetype="application/json", headers={"Cache-Control": "no-store"})


def erase(site_key: str, profile_id: str) -> Response:
    """Erase a person from everywhere, for good."""
    house, again = current_house(), read_body(_Erase, optional=True).again
    one = number(profile_id, "profile")
    try:
        begun = house.erasing.begin(current_site(), one, named(current_principal()), again=again)
    except InvalidInputError as error:
        abort(404, f"There is no such profile: {error.problem}.")
    house.erasing.ask()
    told = ErasedShape(begun.reference, begun.identifiers, begun.edges, begun.events)
    return Response(msgspec.json.encode(told), 202, mimetype="application/json")
