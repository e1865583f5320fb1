"""How many calls one key, person or address may make: counted at each, told by each answer.

The headers are those of draft-ietf-httpapi-ratelimit-headers-10.
"""

from collections.abc import Hashable

from flask import Blueprint, Response, g, request

from tracker.gate import current_principal
from tracker.house import current_house
from tracker.rate import CALLS_WINDOW_S

_POLICY = "calls"


class TooManyCallsError(Exception):
    """More calls than may be; `wait_s` are the whole seconds after which one may come again."""

    def __init__(self, wait_s: int) -> None:
        super().__init__(wait_s)
        self.wait_s = wait_s


def register(blueprint: Blueprint) -> None:
    """Count every call of the API, and let every answer say how many are left."""
    blueprint.before_request(_count)
    blueprint.after_request(_tell)


def count_call() -> int:
    """Count this call, once; returns 0, or the whole seconds after which the caller may come again."""
    if "counted" in g:
        return 0
    g.counted = True
    return current_house().calls.wait_s(_caller())


def _count() -> None:
    if wait_s := count_call():
        raise TooManyCallsError(wait_s)


def _tell(response: Response) -> Response:
    house = current_house()
    count_call()  # where the gate refused it before
    left = house.calls.left(_caller())
    if left is not None:
        response.headers["RateLimit-Policy"] = f'"{_POLICY}";q={house.settings.api_rate};w={CALLS_WINDOW_S}'
        response.headers["RateLimit"] = f'"{_POLICY}";r={left.calls};t={left.full_in_s}'
    return response


def _caller() -> Hashable:
    """Return whose calls these are: a key's or a person's by its number, anybody else's by the address."""
    principal = current_principal()
    return (principal.kind, principal.key_id or principal.user_id or request.remote_addr)
