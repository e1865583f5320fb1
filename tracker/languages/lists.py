"""Lists in words: how they are written, and how they are read from a form."""

from collections.abc import Iterable

from tracker.languages.speaking import pgettext

_BETWEEN = str.maketrans(dict.fromkeys(",،;؛", " "))


def listed(parts: Iterable[object]) -> str:
    """Write one after the other, as in a table: a, b, c."""
    return pgettext("between the parts of a list", ", ").join(map(str, parts))


def semicolons(parts: Iterable[str]) -> str:
    """Write long parts of a sentence one after the other: a, of b; c, of d."""
    return pgettext("between long parts of a sentence", "; ").join(parts)


def separated(text: str) -> list[str]:
    """Read what stands between commas, semicolons or spaces, those of Arabic script too."""
    return text.translate(_BETWEEN).split()
