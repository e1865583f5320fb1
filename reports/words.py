"""Brings the translators' files up to date with the words of the code, of templates and of reports.

`make words` calls it and says what is not translated yet.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from reports import GROUPS, REPORTS
from reports.query.dimensions import DIMENSIONS
from tracker.languages.catalog import FILES
from tracker.languages.known import LANGUAGES
from tracker.signal_book import SIGNALS
from tracker.store.schema import event, struggle, visit

ROOMS = ("tracker", "collectors", "reports")
_ROOT = Path(__file__).parent.parent
_HOW = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("**/templates/**.txt", "jinja2")]
_OPTIONS = {name: {"trimmed": "true", "silent": "false"} for name in ("**/templates/**.html", "**/templates/**.txt")}
_CALLS = {
    "gettext": None,
    "_": None,
    "marked": None,
    "marked_as": ((1, "c"), 2),
    "counted": (1, 2),
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
_NOTE = "Translators:"
_WIDTH = 110
_NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)
CODES = tuple(dict.fromkeys(language.code for language in LANGUAGES if language.code != "en"))


def words() -> Catalog:
    """Return all that Footfall says, in English, each with the files that say it."""
    found = Catalog(project="Footfall", fuzzy=False)
    for room in ROOMS:
        for file, _line, message, comments, context in extract_from_dir(_ROOT / room, _HOW, _OPTIONS, _CALLS, (_NOTE,)):
            found.add(message, locations=[(f"{room}/{file}", 1)], auto_comments=comments, context=context)
    for file, text in _of_books():
        found.add(text, locations=[(file, 1)])
    return found


def _of_books() -> Iterator[tuple[str, str]]:
    """Yield what is said from data rather than by a call, with the file that has it."""
    for report in REPORTS:
        for text in (report.title, report.question, *report.reading.split("\n\n")):
            yield "reports/__init__.py", text
        for column in report.columns:
            yield "reports/__init__.py", column.title
            yield "reports/__init__.py", column.help
    for group in GROUPS:
        yield "reports/__init__.py", group.title
    for dimension in DIMENSIONS:
        yield "reports/query/dimensions.py", dimension.title
    for column in (*event.columns, *visit.columns, *struggle.columns):
        yield "tracker/store/schema.py", column.name.replace("_", " ")
    for signal in SIGNALS:
        yield "tracker/signal_book.py", signal.title


def file_of(code: str) -> Path:
    """Return a language's file of words."""
    return FILES / f"{code}.po"


def catalog_of(code: str) -> Catalog:
    """Return a language's words as they are translated, an empty catalogue where there is no file yet."""
    file = file_of(code)
    if not file.exists():
        return Catalog(locale=code, project="Footfall", fuzzy=False)
    with file.open("rb") as text:
        return read_po(text, locale=code)


def bring_up_to_date(code: str, template: Catalog) -> int:
    """Write a language's file anew: what is said no more goes, what is new comes empty; return how much is empty."""
    catalog = catalog_of(code)
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    for message in catalog:
        if message.pluralizable and message.fuzzy:  # it had one form until now
            message.string = tuple(forms_of(message)[:1]) * catalog.num_plurals
            message.flags.discard("fuzzy")
    write(code, catalog)
    return len(untranslated(catalog))


def write(code: str, catalog: Catalog) -> None:
    """Write a language's file, without dates and line numbers, which would differ every time."""
    catalog.header_comment = f"# What Footfall says, in {catalog.locale and catalog.locale.get_language_name('en')}."
    catalog.creation_date = catalog.revision_date = _NO_DATE
    catalog.last_translator = catalog.language_team = catalog.msgid_bugs_address = ""
    with file_of(code).open("wb") as file:
        write_po(file, catalog, width=_WIDTH, sort_by_file=True, include_lineno=False)


def untranslated(catalog: Catalog) -> list[str]:
    """Return the messages that lack words, or a form of them."""
    return [str(message.id) for message in catalog if message.id and (message.fuzzy or not all(forms_of(message)))]


def forms_of(message: Message) -> Sequence[str]:
    """Return what a message is translated to: one text, or as many as the language has forms for numbers."""
    said = message.string
    return [str(one) for one in said] if isinstance(said, list | tuple) else [str(said or "")]


def main() -> None:
    """Bring every file up to date."""
    template = words()
    for code in CODES:
        left = bring_up_to_date(code, template)
        click.echo(f"{code}: {len(template)} messages, {left} to translate")


if __name__ == "__main__":
    main()
