"""Checks a language that somebody chose."""

from tracker.checking import one_of
from tracker.languages.known import LANGUAGES


def check_language(tag: str, field: str = "language") -> str:
    """Return a tag that is spoken; InvalidInputError names those that are."""
    return one_of(field, tag, [one.tag for one in LANGUAGES])
