"""A language that nobody speaks: each message in brackets, so that what is said past the translators stands out."""

import re
from html.parser import HTMLParser

from babel import Locale
from babel.support import NullTranslations

BEGIN, END = "⟦", "⟧"
TAG = "fi"
"""Whose numbers and dates it borrows, and how a browser asks for it."""

_VOID = frozenset(("area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"))
_NOT_OURS = frozenset(("script", "style", "bdi", "code", "kbd", "pre", "textarea"))
_READ = ("aria-label", "title", "placeholder", "alt", "data-title")
_MARKS = " .,:;·–-→›()“”…%+−"
_BETWEEN = re.compile(r" · |, | – |: | › ")
_LETTERS = re.compile(r"[^\W\d_]+")


class Bracketed(NullTranslations):
    """Translations into brackets; places such as %(name)s stay."""

    def ugettext(self, message: str) -> str:
        return f"{BEGIN}{message}{END}"

    def ungettext(self, one: str, many: str, n: int) -> str:
        return f"{BEGIN}{one if n == 1 else many}{END}"

    def upgettext(self, context: str, message: str) -> str:
        return f"{BEGIN}{message}{END}"

    def unpgettext(self, context: str, one: str, many: str, n: int) -> str:
        return self.ungettext(one, many, n)

    gettext, ngettext, pgettext, npgettext = ugettext, ungettext, upgettext, unpgettext


class Unsaid(HTMLParser):
    """Collects what a page says outside of brackets, but for what is marked as from outside, and `names`.

    Marked is what stands in <bdi>, <code>, <kbd>, <pre>, <textarea>, or in an element with a `lang` of its own.
    """

    def __init__(self, names: frozenset[str]) -> None:
        super().__init__()
        self.found: list[str] = []
        self._names = names
        self._open: list[tuple[str, bool]] = []
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        offered = tag == "option" and any(outer == "datalist" for outer, _ in self._open)
        for name in (*_READ, "value") if offered else _READ:
            _, outside = _split(told.get(name, ""), 0)
            self.found += [f"{name}={piece!r}" for piece in outside if self._is_said(piece)]
        if tag not in _VOID:
            outer = bool(self._open) and self._open[-1][1]
            self._open.append((tag, outer or tag in _NOT_OURS or ("lang" in told and tag != "html")))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        self._depth, outside = _split(data, self._depth)
        if not (self._open and self._open[-1][1]):
            self.found += [" ".join(piece.split()) for piece in outside if self._is_said(piece)]

    def close(self) -> None:
        super().close()
        if self._depth:
            self.found.append(f"{self._depth} brackets are open at the end")

    def _is_said(self, piece: str) -> bool:
        """Tell whether a piece has words that are neither names nor those of CLDR."""
        text = " ".join(piece.split())
        if text in self._names or text.startswith(("/", "https://", "http://")):
            return False
        return any(self._is_word(part.strip()) for part in _BETWEEN.split(f" {text} "))

    def _is_word(self, part: str) -> bool:
        return not {part, part.strip(_MARKS)} & self._names and bool(set(_LETTERS.findall(part)) - _CLDR)


def unsaid(html: str, names: frozenset[str] = frozenset()) -> list[str]:
    """Return what a page says past the translators."""
    reader = Unsaid(names)
    reader.feed(html)
    reader.close()
    return list(dict.fromkeys(reader.found))


def _split(text: str, depth: int) -> tuple[int, list[str]]:
    """Return how many brackets are open at the end of a text, and its pieces outside of any."""
    pieces = [""]
    for letter in text:
        if letter == BEGIN:
            depth += 1
            pieces.append("")
        elif letter == END:
            depth -= 1
        elif not depth:
            pieces[-1] += letter
    return depth, [piece for piece in pieces if piece.strip()]


def _of_cldr(locale: Locale) -> frozenset[str]:
    told = [*locale.territories.values()]
    for kinds in (locale.months, locale.days):
        told += [
            name for widths in kinds.values() for width in ("wide", "abbreviated") for name in widths[width].values()
        ]
    told += [str(one) for one in locale.compact_decimal_formats["short"].values() for one in one.values()]
    return frozenset(word for text in (*told, "ja", "tai", "GBP") for word in _LETTERS.findall(str(text)))


_CLDR = _of_cldr(Locale(TAG))
