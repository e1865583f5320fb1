"""What identifiers, edges and rules are called on pages and in the API."""

from tracker.identity.kinds import RULES

IDENTIFIERS = {
    "daily_hash": ("day number", "A number that is good for one day, made from address and browser"),
    "first_party": ("browser id", "A random id that a browser keeps since its visitor agreed"),
    "fingerprint": ("known browser", "A browser that is known by its looks, whatever id it has"),
    "login": ("login", "A hash of the account that was signed in with"),
    "link_token": ("personal link", "A link that the site made for one person"),
}
"""By kind: what an identifier is called, and what it is."""

RULE_WORDS = {
    RULES["first_party"]: "Both came in one message of one browser",
    RULES["login"]: "Signed in on this browser",
    RULES["link_token"]: "A link of the site's own, which nobody else can make",
    RULES["fingerprint"]: "Looks alike, by more bits than chance could give",
    RULES["hand"]: "Put together by a person",
}
"""What a rule goes by; a rule that is not here is shown by its name alone."""

OUTCOMES = {
    "same": "same {field}",
    "similar": "nearly the same {field}",
    "earlier": "{field} as it was before",
    "newer": "{field} went up",
    "older": "{field} went down",
    "changed": "another {field}",
}
"""What a field of a fingerprint says, by its outcome."""


def named(kind: str) -> str:
    """Return what an identifier of a kind is called."""
    return IDENTIFIERS.get(kind, (kind.replace("_", " "), ""))[0]
