"""What templates say words with."""

from typing import Any, cast

from jinja2 import Environment

from tracker.languages import dates
from tracker.languages.letters import first_lower, first_upper
from tracker.languages.lists import listed, semicolons
from tracker.languages.speaking import counted, form_of, gettext, pgettext


def speak(environment: Environment) -> None:
    """Give templates `_("…")`, `{% trans %}` and `counted`, and what writes days and times.

    In templates `_` escapes what is told, and a % is always doubled; its text is the template's own and may hold
    markup. What code has marked is said by `said`, as any other text.
    """
    cast(Any, environment).install_gettext_callables(
        gettext=gettext, ngettext=form_of, newstyle=True, pgettext=pgettext
    )
    environment.policies["ext.i18n.trimmed"] = True  # a text's line breaks are the template's, not the reader's
    environment.globals.update(
        counted=counted, said=said, clock=dates.clock, day=dates.day, full_day=dates.full_day, moment=dates.moment
    )
    environment.filters.update(first_lower=first_lower, first_upper=first_upper, listed=listed, semicolons=semicolons)


def said(text: str) -> str:
    """Say what is marked in code: nothing is told in it, a % stands for itself, and all of it is escaped."""
    return gettext(text)
