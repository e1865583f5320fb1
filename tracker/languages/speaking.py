"""How words are said in the language that is spoken now."""

from collections.abc import Mapping

import flask_babel

from tracker.languages.numbers import whole


def gettext(text: str, /, **told: object) -> str:
    """Say a text; its `%(name)s` become what is told. Without any, a % is a % and not doubled.

    A whole number that is told is written as the language writes it; one that only names something, such as an id
    or a status, is told as a text.
    """
    return str(flask_babel.gettext(text, **_written(told))) if text else ""  # a file of words has its head there


def counted(one: str, many: str, n: float, /, **told: object) -> str:
    """Say a text in the form that goes with a number, `%(n)s` in it: one visit, 12,345 visits."""
    return str(flask_babel.ngettext(one, many, round(n), n=whole(n), **_written(told)))


def form_of(one: str, many: str, n: int) -> str:
    """Return the text in the form that goes with a number, nothing put into it yet: Jinja does that, and escapes."""
    return str(flask_babel.get_domain().get_translations().ungettext(one, many, n))


def pgettext(about: str, text: str, /, **told: object) -> str:
    """Say a text whose English has several meanings; `about` says which is meant."""
    return str(flask_babel.pgettext(about, text, **_written(told)))


def marked(text: str) -> str:
    """Return a text as it is, marked for the translators: it is said by `gettext` where it is shown."""
    return text


def marked_as(about: str, text: str) -> str:
    """Return a text as it is, marked with which of its meanings it has: it is said by `pgettext` where it is shown."""
    del about  # read by the translators' tool alone
    return text


def _written(told: Mapping[str, object]) -> dict[str, object]:
    return {name: whole(one) if type(one) is int else one for name, one in told.items()}
