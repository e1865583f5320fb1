"""Identifier ids: signed 64-bit keyed hashes, from which nobody gets back what they stand for."""

import base64
import hashlib
import hmac

from tracker.identity.kinds import Kind

_SEAL_BYTES = 8


def identifier_id(site_key: bytes, kind: Kind, value: str) -> int:
    """Return the id of a value of a kind on the site with this key; of one site's none is another's."""
    return _signed(_digest(site_key, kind, value))


def hash_value(site_key: bytes, name: str, value: str) -> str:
    """Return 16 hex digits in the place of an attribute's value: equal where the values are, on this site."""
    return _digest(site_key, f"attribute {name}", value)[:8].hex()


def export_key(site_key: bytes) -> str:
    """Return the key, as hex digits, that hides in exports who came on another day as well."""
    return _digest(site_key, "export", "visitor").hex()


def make_link(site_key: bytes, login_id: int) -> str:
    """Return the token for links to one person, to stand in their addresses as `ff_link`; nobody else can make one."""
    told = login_id.to_bytes(8, "big", signed=True)
    return base64.urlsafe_b64encode(told + _seal(site_key, told)).rstrip(b"=").decode()


def read_link(site_key: bytes, token: str) -> int | None:
    """Return the login id for which a link's token was made; None when it is none of this site's."""
    if len(token) != 22 or not token.isascii():
        return None
    try:
        raw = base64.b64decode(token + "==", altchars=b"-_", validate=True)
    except ValueError:
        return None
    told, seal = raw[:8], raw[8:]
    return _signed(told) if hmac.compare_digest(seal, _seal(site_key, told)) else None


def link_id(site_key: bytes, login_id: int) -> int:
    """Return the id of the link token of a login."""
    return identifier_id(site_key, "link_token", str(login_id))


def _seal(site_key: bytes, told: bytes) -> bytes:
    return _digest(site_key, "link", told.hex())[:_SEAL_BYTES]


def _digest(site_key: bytes, name: str, value: str) -> bytes:
    if not site_key:
        raise ValueError("a site without a key has no identifiers")
    return hmac.digest(site_key, f"{name}\n{value}".encode(errors="surrogatepass"), hashlib.sha256)


def _signed(digest: bytes) -> int:
    return int.from_bytes(digest[:8], "big", signed=True)
