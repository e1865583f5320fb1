"""Explains the kinds of problem, where a problem's `type` leads."""

import msgspec
from flask import Response, abort

from reports.api.bodies import answer
from reports.query.words import nearest
from tracker.problems import BY_NAME, KINDS, Kind


class KindShape(msgspec.Struct, frozen=True):
    """A kind of problem: when it arises and what helps. `type` is what problems of it carry."""

    name: str
    type: str
    status: int
    title: str
    when: str
    help: str


class Kinds(msgspec.Struct, frozen=True):
    """All kinds of problem, by status."""

    problems: list[KindShape]


def listed() -> Response:
    """List the kinds of problem."""
    return answer(Kinds([_shape(one) for one in KINDS]), caching=None)


def explained(kind: str) -> Response:
    """Explain a kind of problem, as a problem's `type` names it."""
    if kind not in BY_NAME:
        abort(404, f"No kind of problem has this name; {nearest(kind, BY_NAME)}.")
    return answer(_shape(BY_NAME[kind]), caching=None)


def _shape(kind: Kind) -> KindShape:
    return KindShape(kind.name, kind.type, kind.status, kind.title, kind.when, kind.help)
