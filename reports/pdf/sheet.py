"""What stands on a report's sheets of paper: plain data, all of it words and figures already."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tracker.languages import gettext, numbers, spoken_language


@dataclass(frozen=True)
class Figure:
    """A number with its name; `mood` (better, worse or none) is the colour of its change, which says it in words."""

    title: str
    figure: str
    change: str = ""
    mood: str = ""


@dataclass(frozen=True)
class Picture:
    """A chart as SVG, what it is called, and all that it shows in words, for those who cannot see it."""

    title: str
    svg: str
    alt: str
    caption: str = ""


@dataclass(frozen=True)
class Heading:
    """A table's column; `wide` ones hold long words, such as paths."""

    title: str
    is_number: bool = False
    wide: bool = False


@dataclass(frozen=True)
class Cell:
    """A cell's words, and what is said in small below them."""

    text: str
    small: str = ""


@dataclass(frozen=True)
class Table:
    """A table under its title; `error` or `empty` stands in its place, `more` below it, leading to `link`."""

    title: str
    columns: Sequence[Heading]
    rows: Sequence[Sequence[Cell]]
    lead: str = ""
    error: str | None = None
    empty: str = field(default_factory=lambda: gettext("Nothing in these days."))
    more: str = ""
    link: str = ""


@dataclass(frozen=True)
class Voice:
    """In what language a sheet is, where its lines go (ltr or rtl), and what the printer adds in it.

    `first` is how it writes the number 1; `pages` has {page} and {pages} in it.
    """

    language: str
    direction: str
    first: str
    pages: str
    web: str


def spoken_voice() -> Voice:
    """Return the voice of the language that is spoken now."""
    language = spoken_language()
    return Voice(
        language=language.code,
        direction=language.direction,
        first=numbers.digits("1"),
        pages=gettext("Page %(page)s of %(pages)s", page="{page}", pages="{pages}"),
        web=gettext("This report on the web:"),
    )


@dataclass(frozen=True)
class Sheet:
    """A report, ready for the printer.

    `about` are short facts on top (the days, whom it is about), `news` paragraphs, before the last of
    which goes `lead`, which stands out; `foot` stands on every page beside its number, `page` is where the
    report is on the web, in full. `broad` paper lies on its side, for tables of many columns.
    """

    title: str
    author: str
    about: Sequence[str]
    foot: str
    page: str
    news: Sequence[str] = field(default=())
    lead: str = ""
    figures: Sequence[Figure] = field(default=())
    picture: Picture | None = None
    tables: Sequence[Table] = field(default=())
    notes: Sequence[str] = field(default=())
    broad: bool = False
    voice: Voice = field(default_factory=spoken_voice)
