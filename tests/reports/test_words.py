"""The translators' files have every word that Footfall says, and none that it says no more."""

import re

import pytest
from babel.messages.catalog import Catalog, Message

from reports.words import CODES, catalog_of, file_of, forms_of, untranslated, words, write
from tracker.languages import LANGUAGES, counted, gettext, language_of, speaking

_PLACE = re.compile(r"%\((\w+)\)s")
_TAG = re.compile(r"</?[a-z][^>]*>")
_COUNTS = {"n", "num"}


@pytest.fixture(scope="module")
def said() -> Catalog:
    """All that is said, in English."""
    return words()


def keys(catalog: Catalog) -> set[tuple[str | None, str]]:
    return {(one.context, texts_of(one)[0]) for one in catalog if one.id}


def texts_of(message: Message) -> list[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


@pytest.mark.parametrize("code", CODES)
def test_no_word_is_missing_and_none_is_said_no_more(said: Catalog, code: str) -> None:
    catalog = catalog_of(code)
    assert keys(said) ^ keys(catalog) == set(), "make words"
    assert untranslated(catalog) == []


def test_a_word_of_several_meanings_is_asked_for_by_each(said: Catalog) -> None:
    assert {(None, "Search"), ("kind of field", "Search"), (None, "Known"), ("error", "Known")} <= keys(said)


@pytest.mark.parametrize("code", CODES)
def test_translations_keep_places_and_tags(code: str) -> None:
    wrong = []
    for message in (one for one in catalog_of(code) if one.id):
        english = texts_of(message)
        places, tags = set(_PLACE.findall(english[-1])), sorted(_TAG.findall(english[-1]))
        for form in forms_of(message):
            found = set(_PLACE.findall(form))
            needless = _COUNTS if len(english) > 1 else set()
            if found - places or places - needless - found or sorted(_TAG.findall(form)) != tags:
                wrong.append((english[-1], form))
            if places and "%" in _PLACE.sub("", form).replace("%%", ""):
                wrong.append((english[-1], form))
    assert wrong == []


@pytest.mark.parametrize("code", CODES)
def test_a_file_is_written_as_it_stands(
    said: Catalog, code: str, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    before, catalog = file_of(code).read_bytes(), catalog_of(code)
    catalog.update(said, no_fuzzy_matching=True)
    monkeypatch.setattr("reports.words.FILES", tmp_path)
    write(code, catalog)
    assert file_of(code).read_bytes() == before, "make words"


@pytest.mark.parametrize(
    ("tag", "word", "one", "few", "many"),
    [
        ("en", "Visitors", "1 visit", "3 visits", "12,345 visits"),
        ("fi", "Kävijät", "1 käynti", "3 käyntiä", "12\u00a0345 käyntiä"),
        ("pl", "Odwiedzający", "1 wizyta", "3 wizyty", "12\u00a0345 wizyt"),
        ("fa", "بازدیدکنندگان", "۱ بازدید", "۳ بازدید", "۱۲٬۳۴۵ بازدید"),
        ("fa-u-ca-gregory-nu-latn", "بازدیدکنندگان", "1 بازدید", "3 بازدید", "12,345 بازدید"),
    ],
)
def test_words_are_said_in_the_form_that_goes_with_a_number(tag: str, word: str, one: str, few: str, many: str) -> None:
    with speaking(language_of(tag)):
        assert gettext("Visitors") == word
        assert [counted("%(n)s visit", "%(n)s visits", n) for n in (1, 3, 12_345)] == [one, few, many]


def test_every_language_but_english_has_a_file() -> None:
    assert {one.code for one in LANGUAGES} == {"en", *CODES}
    assert all(file_of(code).exists() for code in CODES)
