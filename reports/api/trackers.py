"""Other trackers: listing, adding and removing the names by which they know a site."""

import msgspec
from flask import Response, abort

from reports.api.bodies import answer, named, read_body
from tracker.errors import InvalidInputError
from tracker.foreign import LONGEST_SECRET, PRODUCTS, ForeignInfo, WantedId, add_foreign_id, remove_foreign_id
from tracker.gate import current_principal, current_site
from tracker.house import current_house

_SECRET = {"type": "string", "maxLength": LONGEST_SECRET, "description": "What its senders prove themselves by."}
_CONSENTED = {"type": "boolean", "description": "Visitors agree before it keeps an id on their device."}
ADD: dict[str, object] = {
    "type": "object",
    "description": "Another tracker whose beacons are this site's, and what it calls the site.",
    "oneOf": [
        {
            "type": "object",
            "properties": {
                "product": {"type": "string", "const": product.name},
                "id": {"type": "string", "maxLength": 255, "pattern": f"^({product.pattern})$"},
                **({"secret": _SECRET} if product.has_secret else {}),
                "consented": _CONSENTED,
            },
            "required": ["product", "id"],
            "additionalProperties": False,
        }
        for product in PRODUCTS
    ],
    "required": ["product", "id"],
    "examples": [{"product": "plausible", "id": "shop.example"}],
}


class TrackerShape(msgspec.Struct, frozen=True):
    """What a tracker calls the site; `number` is for removing it."""

    number: int
    product: str
    id: str
    consented: bool


class Trackers(msgspec.Struct, frozen=True):
    """The other trackers whose beacons are taken, in the order in which they were added."""

    trackers: list[TrackerShape]


class _Add(msgspec.Struct, forbid_unknown_fields=True):
    product: str
    id: str
    secret: str = ""
    consented: bool = False


def trackers(site_key: str) -> Response:
    """List the other trackers whose beacons are taken for a site."""
    return _listed()


def add(site_key: str) -> Response:
    """Take what another tracker sends from now on; answers 201 with it."""
    given, house = read_body(_Add), current_house()
    wanted = WantedId(given.product, given.id, given.consented, given.secret)
    try:
        with house.database.session() as session:
            added = add_foreign_id(session, current_site().id, wanted, named(current_principal()))
    except InvalidInputError as error:
        field = "id" if error.field == "their_id" else error.field
        raise type(error)(field, error.problem) from error
    house.sites.forget()
    return answer(_shape(added), 201)


def remove(site_key: str, number: str) -> Response:
    """Take nothing more of one; answers those that are left. What was counted stays."""
    house = current_house()
    with house.database.session() as session:
        if remove_foreign_id(session, current_site().id, number, named(current_principal())) is None:
            abort(404, "No tracker has this number.")
    house.sites.forget()
    return _listed()


def _listed() -> Response:
    return answer(Trackers([_shape(one) for one in current_site().foreign_ids]))


def _shape(known: ForeignInfo) -> TrackerShape:
    return TrackerShape(known.number, known.product, known.their_id, known.consented)
