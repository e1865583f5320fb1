"""Funnels: listing, saving and deleting steps that visitors are to take one after the other."""

import msgspec
from flask import Response, abort

from reports.api.bodies import answer, named, read_body
from reports.api.goals import CONDITION
from reports.api.texts import readable
from tracker.conditions import LONGEST_WORD, Condition, in_words
from tracker.funnels import LEAST_STEPS, MOST_STEPS, FunnelInfo, StepInfo, delete_funnel, save_funnel
from tracker.gate import current_principal, current_site
from tracker.house import current_house

_LONGEST_BODY = MOST_STEPS * 4096

SAVE: dict[str, object] = {
    "type": "object",
    "description": "A funnel to save under its name, in place of the one that went by it.",
    "properties": {
        "name": {**readable(LONGEST_WORD, slash=False), "examples": ["Order"]},
        "steps": {
            "type": "array",
            "minItems": LEAST_STEPS,
            "maxItems": MOST_STEPS,
            "items": {
                "type": "object",
                "properties": {
                    "name": {"type": "string", "format": "readable", "maxLength": LONGEST_WORD},
                    "condition": {**CONDITION, "examples": [{"kind": "path", "path": "/basket"}]},
                },
                "required": ["condition"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["name", "steps"],
    "additionalProperties": False,
    "examples": [
        {
            "name": "Order",
            "steps": [
                {"condition": {"kind": "path", "path": "/product/*"}},
                {"name": "Paid", "condition": {"kind": "event", "event": "purchase"}},
            ],
        }
    ],
}


class StepShape(msgspec.Struct, frozen=True):
    """A step of a funnel; `says` is the condition in words."""

    name: str
    condition: Condition
    says: str


class FunnelShape(msgspec.Struct, frozen=True):
    """Steps in the order in which a visit takes them."""

    name: str
    steps: list[StepShape]


class Funnels(msgspec.Struct, frozen=True):
    """The site's funnels, by name."""

    funnels: list[FunnelShape]


class _Step(msgspec.Struct, forbid_unknown_fields=True):
    condition: Condition
    name: str = ""


class _Save(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    steps: list[_Step]


def funnels(site_key: str) -> Response:
    """List the funnels of a site."""
    return _listed()


def save(site_key: str) -> Response:
    """Save a funnel under its name; answers it, with status 201 where its name is a new one."""
    given, house = read_body(_Save, longest=_LONGEST_BODY), current_house()
    wanted = FunnelInfo(given.name, tuple(StepInfo(one.name, one.condition) for one in given.steps))
    with house.database.session() as session:
        saved, is_new = save_funnel(session, current_site().id, wanted, named(current_principal()))
    house.sites.forget()
    return answer(_shape(saved), 201 if is_new else 200)


def delete(site_key: str, funnel: str) -> Response:
    """Delete a funnel; answers those that are left."""
    house = current_house()
    with house.database.session() as session:
        if not delete_funnel(session, current_site().id, funnel):
            abort(404, "No funnel has this name.")
    house.sites.forget()
    return _listed()


def _listed() -> Response:
    return answer(Funnels([_shape(one) for one in current_site().funnels]))


def _shape(funnel: FunnelInfo) -> FunnelShape:
    steps = [StepShape(one.name, one.condition, in_words(one.condition)) for one in funnel.steps]
    return FunnelShape(funnel.name, steps)
