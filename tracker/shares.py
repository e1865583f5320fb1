"""Share links: made, opened by their token, unlocked by their password, taken back."""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tracker import audit
from tracker.access import hash_token
from tracker.checking import check_title
from tracker.clock import utc_now
from tracker.errors import ConflictError, InvalidInputError
from tracker.languages import counted, gettext, numbers
from tracker.models import ShareLink
from tracker.of_site import how_many, named
from tracker.passwords import hash_password, password_fits
from tracker.sites import clean_host

LONGEST_NAME = 64
MOST_LINKS, MOST_HOSTS = 100, 20
UNLOCKED_FOR = timedelta(hours=12)
_NOTED_EVERY = timedelta(minutes=1)  # a link that many look at is not one write a look


@dataclass(frozen=True)
class WantedLink:
    """What a link's form says; `sections` are names of reports, `filters` as they stand in an address."""

    name: str
    sections: Sequence[str]
    filters: Sequence[str] = ()
    segment: str | None = None
    password: str = ""
    expires_at: datetime | None = None
    hosts: Sequence[str] = ()


@dataclass(frozen=True)
class Share:
    """A link that somebody came by, with the `token` in its address. `segment` is a name, see `ShareLink`."""

    id: int
    site_id: int
    token: str
    name: str
    sections: tuple[str, ...]
    filters: tuple[str, ...]
    segment: str | None
    hosts: tuple[str, ...]
    password_hash: str | None
    expires_at: datetime | None
    used_at: datetime | None

    @property
    def is_over(self) -> bool:
        """Whether its last day has passed."""
        return self.expires_at is not None and self.expires_at <= utc_now()

    @property
    def is_narrow(self) -> bool:
        """Whether it shows some of the visits alone."""
        return bool(self.filters or self.segment)


class Choices(NamedTuple):
    """What may be shared of a site: names of reports, and of its segments."""

    reports: Collection[str]
    segments: Collection[str]


def create_link(
    session: Session, site_id: int, wanted: WantedLink, choices: Choices, who: str
) -> tuple[ShareLink, str]:
    """Add a link, and return it with its token, which is never shown again; InvalidInputError names the field."""
    name = _check_name(session, site_id, wanted.name)
    if not wanted.sections:
        raise InvalidInputError("sections", gettext("choose at least one page"))
    for section in wanted.sections:
        if section not in choices.reports:
            raise InvalidInputError("sections", gettext("%(name)s is no report", name=repr(section[:64])))
    if wanted.segment is not None and wanted.segment not in choices.segments:
        problem = gettext("no segment is named %(name)s", name=repr(wanted.segment[:64]))
        raise InvalidInputError("segment", problem)
    if wanted.expires_at is not None and wanted.expires_at <= utc_now():
        raise InvalidInputError("expires", gettext("must lie in the future"))
    hosts = _check_hosts(wanted.hosts)
    if hosts and wanted.password:
        raise InvalidInputError(
            "hosts", gettext("a page in a frame cannot ask for a password: make one link with it, and one to embed")
        )
    token = _new_token()
    link = ShareLink(
        site_id=site_id,
        name=name,
        token_hash=hash_token(token),
        password_hash=hash_password(wanted.password) if wanted.password else None,
        sections=list(dict.fromkeys(wanted.sections)),
        filters=list(wanted.filters),
        segment=wanted.segment,
        hosts=hosts,
        expires_at=wanted.expires_at,
        created_at=utc_now(),
        created_by=who,
    )
    session.add(link)
    session.flush()
    audit.note(session, site_id, who, "make-share", name, {"pages": ", ".join(link.sections)})
    return link, token


def renew_link(session: Session, link: ShareLink, who: str) -> str:
    """Give a link another address, which is never shown again; the one that it had leads nowhere from now on."""
    token = _new_token()
    link.token_hash = hash_token(token)
    audit.note(session, link.site_id, who, "renew-share", link.name)
    return token


def revoke_link(session: Session, link: ShareLink, who: str) -> None:
    """End a link at once."""
    session.delete(link)
    audit.note(session, link.site_id, who, "revoke-share", link.name)


def links_of(session: Session, site_id: int) -> list[ShareLink]:
    """Return a site's links by name."""
    return list(session.scalars(select(ShareLink).where(ShareLink.site_id == site_id).order_by(ShareLink.name)))


def find_link(session: Session, site_id: int, number: int) -> ShareLink | None:
    """Return one of a site's links."""
    link = session.get(ShareLink, number)
    return link if link is not None and link.site_id == site_id else None


def open_share(session: Session, token: str) -> Share | None:
    """Return what an address leads to; None when it leads nowhere. Whether it is over or locked is not looked at."""
    link = session.scalar(select(ShareLink).where(ShareLink.token_hash == hash_token(token)))
    if link is None:
        return None
    return Share(
        id=link.id,
        site_id=link.site_id,
        token=token,
        name=link.name,
        sections=tuple(link.sections),
        filters=tuple(link.filters),
        segment=link.segment,
        hosts=tuple(link.hosts),
        password_hash=link.password_hash,
        expires_at=link.expires_at,
        used_at=link.used_at,
    )


def note_use(session: Session, share: Share) -> None:
    """Note that somebody looks at it now, to the minute."""
    now = utc_now()
    if share.used_at is None or share.used_at < now - _NOTED_EVERY:
        session.execute(update(ShareLink).where(ShareLink.id == share.id).values(used_at=now))


def unlock(share: Share, password: str, secret: str | bytes) -> str | None:
    """Return what the browser keeps when the password fits, to be shown to `is_unlocked`; None when it does not."""
    if share.password_hash is None or not password_fits(password, share.password_hash):
        return None
    return str(_signer(secret).dumps(_proof(share)))


def is_unlocked(share: Share, kept: str, secret: str | bytes) -> bool:
    """Tell whether a browser may look at it: no password is asked, or it was given within the last hours."""
    if share.password_hash is None:
        return True
    try:
        proof = _signer(secret).loads(kept, max_age=int(UNLOCKED_FOR.total_seconds()))
    except BadSignature:
        return False
    return isinstance(proof, str) and secrets.compare_digest(proof, _proof(share))


def _signer(secret: str | bytes) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt="share")


def _proof(share: Share) -> str:
    """Name this link with this address and this password: another of any of them has to be unlocked anew."""
    return hashlib.sha256(f"{share.id} {share.token} {share.password_hash}".encode()).hexdigest()


def _new_token() -> str:
    return secrets.token_urlsafe(32)


def _check_name(session: Session, site_id: int, text: str) -> str:
    name = check_title("name", text, LONGEST_NAME)
    if named(session, ShareLink, site_id, name) is not None:
        raise ConflictError("name", gettext("%(name)s is another link's", name=repr(name)))
    if how_many(session, ShareLink, site_id) >= MOST_LINKS:
        problem = counted(
            "there is %(n)s link already; revoke one first",
            "there are %(n)s links already; revoke one first",
            MOST_LINKS,
        )
        raise ConflictError("name", problem)
    return name


def _check_hosts(given: Sequence[str]) -> list[str]:
    """Return hosts as a policy names them, a port after them where one is given."""
    if len(given) > MOST_HOSTS:
        raise InvalidInputError("hosts", gettext("at most %(most)s", most=numbers.whole(MOST_HOSTS)))
    return sorted({_check_host(one) for one in given})


def _check_host(text: str) -> str:
    bare = text.strip().split("://")[-1].split("/")[0]
    name, colon, port = bare.rpartition(":")
    if colon and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise _no_host(text)
    try:
        host = clean_host(name if colon else bare)
    except InvalidInputError as error:
        raise InvalidInputError("hosts", error.problem) from error
    www = "www." if (name if colon else bare).lower().startswith("www.") else ""
    if not all(part.replace("-", "").isalnum() for part in host.split(".")):
        raise _no_host(text)
    return f"{www}{host}{colon}{port if colon else ''}"


def _no_host(text: str) -> InvalidInputError:
    example = "intranet.example.org"
    problem = gettext("%(given)s is no host name; use one such as %(example)s", given=repr(text[:64]), example=example)
    return InvalidInputError("hosts", problem)
