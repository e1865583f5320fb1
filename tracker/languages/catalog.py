"""Reads a language's file of words."""

from collections.abc import Sequence
from functools import cache
from gettext import c2py
from pathlib import Path
from threading import Lock

from babel.messages import Catalog
from babel.messages.pofile import read_po
from babel.support import NullTranslations
from flask_babel import Domain, get_locale

FILES = Path(__file__).parent


class Said(NullTranslations):
    """What a file of words says for English texts, by their context where they have one; asked as Flask-Babel does.

    The compiled form (MO) of the file would say the same, but takes as long to make as the file to read.
    """

    def __init__(self, words: Catalog) -> None:
        super().__init__()
        self._form = c2py(words.plural_expr)
        self._said = {
            (one.context, _forms(one.id)[0]): _forms(one.string, _forms(one.id))
            for one in words
            if one.id and one.string and not one.fuzzy
        }

    def ugettext(self, message: str) -> str:
        """Say a text."""
        return self._say(None, message, message, 1)

    def ungettext(self, one: str, many: str, n: int) -> str:
        """Say a text in the form that goes with a number."""
        return self._say(None, one, one if n == 1 else many, n)

    def upgettext(self, context: str, message: str) -> str:
        """Say a text in one of its meanings."""
        return self._say(context, message, message, 1)

    def unpgettext(self, context: str, one: str, many: str, n: int) -> str:
        """Say a text in one of its meanings, in the form that goes with a number."""
        return self._say(context, one, one if n == 1 else many, n)

    def _say(self, context: str | None, message: str, english: str, n: int) -> str:
        forms = self._said.get((context, message))
        if forms is None:
            return english
        return forms[0] if len(forms) == 1 else forms[self._form(n)]


class Words(Domain):  # type: ignore[misc]
    """Flask-Babel's words, read from the files that translators edit, so that none is compiled and out of date."""

    def get_translations(self) -> NullTranslations:
        """Return the words of the language that is spoken now; of English there are none, for the code has them."""
        locale = get_locale()
        return words_of(locale.language) if locale else NullTranslations()


_lock = Lock()


def words_of(code: str) -> NullTranslations:
    """Return a language's words, kept after the first time, which takes a tenth of a second."""
    with _lock:
        return _read(code)


@cache
def _read(code: str) -> NullTranslations:
    file = FILES / f"{code}.po"
    if not file.exists():
        return NullTranslations()
    with file.open("rb") as text:
        return Said(read_po(text, locale=code))


def _forms(text: str | Sequence[str], english: Sequence[str] = ()) -> Sequence[str]:
    """Return the forms of a text, one where it goes with no number; English where the translators left one out."""
    if isinstance(text, str):
        return (text,)
    return [form or english[min(number, 1)] for number, form in enumerate(text)]
