"""JSON Schema of texts that requests carry.

A `format` of ours names what no pattern can say: `range` (two days in their order), `filter` (a regular expression is
one), `readable` (letters that can be printed), `page` (likewise, as a path has them).
"""

PROPERTY: dict[str, object] = {"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]{0,63}$"}
ID: dict[str, object] = {"type": "string", "pattern": "^-?[0-9]{1,19}$"}


def readable(longest: int, *, slash: bool = True) -> dict[str, object]:
    """Return the schema of a name or another text that is not blank."""
    pattern = r"\S" if slash else r"^[^/]*[^/\s][^/]*$"
    return {"type": "string", "format": "readable", "minLength": 1, "maxLength": longest, "pattern": pattern}


def page(longest: int, begins: str = "/") -> dict[str, object]:
    """Return the schema of a page's path, as it stands in an address before the question mark."""
    return {"type": "string", "format": "page", "maxLength": longest, "pattern": f"^[{begins}]"}


def perhaps_page(longest: int, begins: str = "/") -> dict[str, object]:
    """Return the schema of a page's path that may be left empty."""
    return {**page(longest, begins), "pattern": f"^([{begins}]|$)"}
