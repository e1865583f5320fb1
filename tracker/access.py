"""Who may do what: principals, actions, and the one function that decides.

`tracker.gate` asks it before every Flask handler, from the rows of `tracker.permissions`;
handlers find who asks by `tracker.gate.current_principal()`.
"""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.clock import utc_now
from tracker.errors import InvalidInputError
from tracker.languages import gettext
from tracker.languages.lists import listed
from tracker.models import ApiKey, Member, SignIn, User
from tracker.roles import ROLES, SCOPES

KEY_PREFIX = "ff_"
LONGEST_NAME = 200


class ForbiddenError(Exception):
    """This principal may not do this."""


class UnauthenticatedError(Exception):
    """Nobody is known to ask, and this is not for everybody."""


@dataclass(frozen=True)
class Principal:
    """Who asks. `roles` and `key_site_id` use the numbers of sites; a key without a site is for all of them.

    `key_id` is the number of a key, for what is counted by key.

    `language` is the tag of that which a person chose, None for the browser's.
    """

    kind: Literal["anonymous", "user", "key"] = "anonymous"
    name: str = ""
    user_id: int | None = None
    owner: bool = False
    roles: Mapping[int, str] = field(default_factory=dict)
    scopes: frozenset[str] = frozenset()
    key_id: int | None = None
    key_site_id: int | None = None
    language: str | None = None


ANONYMOUS = Principal()


@dataclass(frozen=True)
class Rule:
    """Who may do an action: `people` by the least that a person must be, `scope` by a key's."""

    people: Literal["anyone", "user", "viewer", "editor", "admin", "owner"]
    scope: str | None = None


ACTIONS: dict[str, Rule] = {
    "come-in": Rule("anyone"),
    "list-sites": Rule("user", scope="read"),
    "change-account": Rule("user"),
    "read-site": Rule("viewer", scope="read"),
    "send-events": Rule("editor", scope="ingest"),
    "change-site": Rule("editor", scope="change"),
    "manage-keys": Rule("admin"),
    "manage-members": Rule("admin"),
    "read-audit": Rule("admin"),
    "export-person": Rule("admin", scope="people"),
    "erase-person": Rule("admin", scope="erase"),
    "delete-site": Rule("admin"),
    "add-site": Rule("owner"),
}


def authorize(principal: Principal, site_id: int | None, action: str) -> None:
    """Return when `principal` may do `action` on the site (None where no site is meant).

    Raises UnauthenticatedError when signing in could help, ForbiddenError when it could not.
    """
    if may(principal, site_id, action):
        return
    if principal.kind == "anonymous":
        raise UnauthenticatedError(action)
    raise ForbiddenError(action)


def may(principal: Principal, site_id: int | None, action: str) -> bool:
    """Tell whether `authorize` would let this pass; for links that are only shown to those who may follow them."""
    rule = ACTIONS[action]
    if rule.people == "anyone":
        return True
    if principal.kind == "key":
        reaches = principal.key_site_id is None or principal.key_site_id == site_id or rule.people == "user"
        return reaches and rule.scope in principal.scopes
    if principal.kind != "user":
        return False
    if principal.owner or rule.people == "user":
        return True
    if rule.people == "owner" or site_id is None:
        return False
    role = principal.roles.get(site_id)
    return role is not None and ROLES.index(role) >= ROLES.index(rule.people)


def readable(principal: Principal, site_ids: Iterable[int]) -> list[int]:
    """Return those of the sites that the principal may read, in their order."""
    return [site_id for site_id in site_ids if may(principal, site_id, "read-site")]


def hash_token(token: str) -> str:
    """Return what is kept of a token: 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def principal_from_key(session: Session, token: str) -> Principal | None:
    """Return who an API key speaks for; None when it is unknown, revoked or expired."""
    if not token.startswith(KEY_PREFIX):
        return None
    key = session.scalar(select(ApiKey).where(ApiKey.token_hash == hash_token(token)))
    if key is None or (key.expires_at is not None and key.expires_at <= utc_now()):
        return None
    return Principal(kind="key", name=key.name, scopes=frozenset(key.scopes), key_id=key.id, key_site_id=key.site_id)


def expiry_of_key(session: Session, token: str) -> datetime | None:
    """Return when an API key expired; None when it is unknown, revoked, or still good."""
    key = session.scalar(select(ApiKey).where(ApiKey.token_hash == hash_token(token)))
    return key.expires_at if key is not None and key.expires_at is not None and key.expires_at <= utc_now() else None


def principal_from_sign_in(session: Session, token: str) -> Principal | None:
    """Return who a browser's cookie speaks for; None when it is unknown, revoked or expired."""
    user = session.scalar(
        select(User)
        .join(SignIn, SignIn.user_id == User.id)
        .where(SignIn.token_hash == hash_token(token), SignIn.expires_at > utc_now())
    )
    if user is None:
        return None
    members = session.scalars(select(Member).where(Member.user_id == user.id))
    roles = {member.site_id: member.role for member in members}
    return Principal(
        kind="user", name=user.email, user_id=user.id, owner=user.owner, roles=roles, language=user.language
    )


def create_key(
    session: Session,
    name: str,
    scopes: Iterable[str] = ("read",),
    site_id: int | None = None,
    expires_at: datetime | None = None,
) -> str:
    """Add an API key, for one site or (None) for all, and return its token, which is never shown again."""
    name, chosen = name.strip(), sorted(set(scopes))
    if not name or len(name) > LONGEST_NAME:
        raise InvalidInputError("name", gettext("must have 1 to %(most)s characters", most=LONGEST_NAME))
    if not chosen or not set(chosen) <= set(SCOPES):
        raise InvalidInputError("scopes", gettext("must be some of %(names)s", names=listed(SCOPES)))
    if expires_at is not None and expires_at <= utc_now() + timedelta(seconds=1):
        raise InvalidInputError("expires_at", gettext("must lie in the future"))
    token = KEY_PREFIX + secrets.token_urlsafe(32)
    session.add(
        ApiKey(
            site_id=site_id,
            name=name,
            token_hash=hash_token(token),
            scopes=chosen,
            created_at=utc_now(),
            expires_at=expires_at,
        )
    )
    session.flush()
    return token
