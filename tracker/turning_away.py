"""Says why somebody is turned away at the API's doors: without a key that counts, or with one that may not."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from tracker.access import ACTIONS, Principal, expiry_of_key
from tracker.problems import BY_NAME, Kind

_CHALLENGE = 'Bearer realm="footfall"'


@dataclass(frozen=True)
class TurnedAway:
    """The kind of problem and what is said of it; the `scope` that a key lacks; a 401's `challenge`."""

    kind: Kind
    detail: str
    scope: str | None = None
    challenge: str | None = None


def nobody(session: Session, authorization: str) -> TurnedAway:
    """Say why the header Authorization names nobody."""
    scheme, _, token = authorization.partition(" ")
    ended = expiry_of_key(session, token.strip()) if scheme.lower() == "bearer" else None
    if ended is None:
        said = "Send an API key that is known and not expired: Authorization: Bearer ff_…."
        return TurnedAway(BY_NAME["no-key"], said, challenge=_CHALLENGE)
    said = f"This key expired at {ended:%Y-%m-%d %H:%M} UTC; make a new one."
    return TurnedAway(BY_NAME["expired-key"], said, challenge=f'{_CHALLENGE}, error="invalid_token"')


def forbidden(principal: Principal, action: str) -> TurnedAway:
    """Say why somebody who is known may not do an action."""
    scope = ACTIONS[action].scope
    if principal.kind != "key":
        return TurnedAway(BY_NAME["forbidden"], "This account may not do this.")
    if scope is not None and scope not in principal.scopes:
        return TurnedAway(BY_NAME["missing-scope"], f"This key lacks the scope {scope}.", scope)
    return TurnedAway(BY_NAME["forbidden"], "This key is for another site.")
