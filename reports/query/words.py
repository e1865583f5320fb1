"""Which words an address may have, how often each, and what a mistyped one was perhaps meant to be."""

import difflib
from collections.abc import Collection, Iterable, Mapping, Sequence

from tracker.errors import InvalidInputError
from tracker.languages import gettext
from tracker.languages.lists import listed


def check_words(given: Mapping[str, Sequence[str]], known: Collection[str], lists: Collection[str] = ()) -> None:
    """Raise InvalidInputError for a word that is not known, and for one given twice that is no list."""
    for word, values in given.items():
        if word not in known:
            raise InvalidInputError(word[:64], gettext("unknown; %(hint)s", hint=nearest(word, known)))
        if len(values) > 1 and word not in lists:
            raise InvalidInputError(word, gettext("given more than once"))


def check_known(word: str, given: str, known: Collection[str]) -> None:
    """Raise InvalidInputError where what is given for a word is none of what may stand there."""
    if given not in known:
        hint = nearest(given, known) if known else gettext("there is none")
        raise InvalidInputError(word, gettext("%(given)s is unknown; %(hint)s", given=repr(given[:64]), hint=hint))


def nearest(word: str, known: Iterable[str]) -> str:
    """Say what a mistyped word was perhaps meant to be, and what there is."""
    known = list(known)
    close = difflib.get_close_matches(word[:64], known, n=1)
    return (
        gettext("did you mean %(word)s?", word=close[0])
        if close
        else gettext("use one of %(words)s", words=listed(known))
    )
