"""Which language a page speaks: that of who is signed in, or the browser's."""

from flask import request

from tracker.gate import current_principal
from tracker.languages import ENGLISH, LANGUAGES, Language, language_of
from tracker.permissions import PERMISSIONS

_OF_PROGRAMS = ("api", "machine")


def language_of_request() -> Language:
    """Return the language that a person chose, else the one that their browser likes best; programs get English.

    The door of the address says whether it is a person who reads the answer, and an unknown address is a page.
    """
    permission = PERMISSIONS.get(request.endpoint or "")
    if permission is not None and permission.door in _OF_PROGRAMS:
        return ENGLISH
    chosen = current_principal().language
    return language_of(chosen) if chosen else browser_language()


def browser_language() -> Language:
    """Return the first of the browser's languages that is spoken here, English where none is."""
    for asked, quality in request.accept_languages:
        code = asked.replace("_", "-").partition("-")[0].lower()
        if quality > 0 and (found := next((one for one in LANGUAGES if one.code == code), None)):
            return found
    return ENGLISH
