"""A language's words are those of its file, as every other program that reads such files would say them."""

from io import BytesIO

import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from tracker.languages.catalog import FILES, Said, words_of

FEW_FORMS = b"""
msgid ""
msgstr ""
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 ? 1 : 2);\\n"
"Content-Type: text/plain; charset=utf-8\\n"

msgid "%(n)s fox"
msgid_plural "%(n)s foxes"
msgstr[0] "%(n)s lis"
msgstr[1] "%(n)s lisy"
msgstr[2] ""

msgid "Left"
msgstr ""

#, fuzzy
msgid "Right"
msgstr "Prawie"

msgctxt "a side"
msgid "Right"
msgstr "Prawo"
"""


def compiled(words: Catalog) -> Translations:
    file = BytesIO()
    write_mo(file, words)
    file.seek(0)
    return Translations(file)


def said(words: Said | Translations, catalog: Catalog) -> list[str]:
    """All that a file says, each text as it is asked for."""
    told = []
    for one in (message for message in catalog if message.id):
        if isinstance(one.id, str):
            told.append(words.upgettext(one.context, one.id) if one.context else words.ugettext(one.id))
        elif one.context:
            told += [words.unpgettext(one.context, *one.id, n) for n in (0, 1, 2, 5, 22)]
        else:
            told += [words.ungettext(*one.id, n) for n in (0, 1, 2, 5, 22)]
    return told


@pytest.mark.parametrize("code", ["fi", "pl", "fa"])
def test_all_words_of_a_language_are_those_of_its_compiled_file(code: str) -> None:
    with (FILES / f"{code}.po").open("rb") as file:
        catalog = read_po(file, locale=code)
    words = words_of(code)
    assert isinstance(words, Said)
    assert said(words, catalog) == said(compiled(catalog), catalog)


def test_what_is_not_said_yet_or_not_surely_is_english() -> None:
    catalog = read_po(BytesIO(FEW_FORMS), locale="pl")
    words = Said(catalog)
    assert [words.ungettext("%(n)s fox", "%(n)s foxes", n) for n in (1, 3, 5)] == [
        "%(n)s lis",
        "%(n)s lisy",
        "%(n)s foxes",
    ]
    assert (words.ugettext("Left"), words.ugettext("Right"), words.ugettext("New")) == ("Left", "Right", "New")
    assert words.upgettext("a side", "Right") == "Prawo"
    assert said(words, catalog) == said(compiled(catalog), catalog)
