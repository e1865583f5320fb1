"""What the fields of forms have in common: texts of some length that can be read, whole numbers, and choices."""

from collections.abc import Collection

from tracker.errors import InvalidInputError
from tracker.languages import counted, gettext
from tracker.languages.lists import listed
from tracker.languages.numbers import read_whole

_MOST_ID = 2**31 - 1  # of PostgreSQL's integer


def check_title(field: str, text: str, longest: int, *, slash: bool = True) -> str:
    """Return what something is called without the spaces around it; InvalidInputError when it cannot be.

    Names that stand in the path of an address may have no `slash`.
    """
    title = text.strip()
    if not title or len(title) > longest or not title.isprintable() or (not slash and "/" in title):
        problem = (
            gettext("must have 1 to %(most)s characters that can be read", most=longest)
            if slash
            else gettext("must have 1 to %(most)s characters that can be read, and no slash", most=longest)
        )
        raise InvalidInputError(field, problem)
    return title


def check_length(field: str, text: str, longest: int) -> str:
    """Return a text; InvalidInputError when it is longer, or cannot be read."""
    if len(text) > longest or not text.isprintable():
        problem = counted(
            "must have at most %(n)s character that can be read",
            "must have at most %(n)s characters that can be read",
            longest,
        )
        raise InvalidInputError(field, problem)
    return text


def whole_number(field: str, text: str) -> int:
    """Return the whole number that somebody typed in a form; InvalidInputError when it is none."""
    number = read_whole(text)
    if number is None:
        raise InvalidInputError(field, gettext("must be a whole number"))
    return number


def number_in(text: str, least: int, most: int) -> int | None:
    """Return the whole number that a program wrote, where it lies in between; None where it does not, or is none."""
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(most))
    return int(text) if is_number and least <= int(text) <= most else None


def id_of(text: str) -> int:
    """Return the number that names a row, as a form or an address has it; 0, which names none, where it is none."""
    return number_in(text, 1, _MOST_ID) or 0


def check_number(field: str, text: str, least: int, most: int) -> int:
    """Return the whole number that a program wrote; InvalidInputError when it is none, or does not lie in between."""
    number = number_in(text, least, most)
    if number is None:
        raise InvalidInputError(
            field, gettext("must be a whole number from %(least)s to %(most)s", least=least, most=most)
        )
    return number


def one_of(field: str, given: str, known: Collection[str]) -> str:
    """Return what is given where it is among those that are known; InvalidInputError names them otherwise."""
    if given not in known:
        raise InvalidInputError(field, gettext("must be one of %(names)s", names=listed(known)))
    return given
