"""What identifiers are called, and what fields of fingerprints say, on pages and in the API."""

from tracker.languages import gettext, marked

IDENTIFIERS = {
    "daily_hash": (
        marked("day number"),
        marked("A number that is good for one day, made from address and browser"),
    ),
    "first_party": (marked("browser id"), marked("A random id that a browser keeps since its visitor agreed")),
    "fingerprint": (marked("known browser"), marked("A browser that is known by its looks, whatever id it has")),
    "login": (marked("login"), marked("A hash of the account that was signed in with")),
    "link_token": (marked("personal link"), marked("A link that the site made for one person")),
}
"""By kind: what an identifier is called, and what it is."""

OUTCOMES = {
    "same": marked("same %(field)s"),
    "similar": marked("nearly the same %(field)s"),
    "earlier": marked("%(field)s as it was before"),
    "newer": marked("%(field)s went up"),
    "older": marked("%(field)s went down"),
    "changed": marked("another %(field)s"),
}
"""What a field of a fingerprint says, by its outcome."""

MOVED = {
    "newer": marked("%(field)s went up from %(before)s to %(after)s"),
    "older": marked("%(field)s went down from %(before)s to %(after)s"),
}
"""The same of a field whose values are known."""


def named(kind: str) -> str:
    """Return what an identifier of a kind is called."""
    return gettext(IDENTIFIERS[kind][0]) if kind in IDENTIFIERS else kind.replace("_", " ")
