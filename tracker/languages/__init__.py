"""The words of pages, letters and papers in the languages of those who read them.

Words stand in the code in English, as `gettext("…")`, `counted("…", "…", n)` or `marked("…")`; each other
language has them in its file here, which translators edit. `python -m reports.words` brings the files up to date.
"""

from tracker.languages import dates, numbers
from tracker.languages.known import ENGLISH, LANGUAGES, Language, language_of
from tracker.languages.speaking import counted, gettext, marked, marked_as, pgettext
from tracker.languages.spoken import install, speaking, spoken_language

__all__ = [
    "ENGLISH",
    "LANGUAGES",
    "Language",
    "counted",
    "dates",
    "gettext",
    "install",
    "language_of",
    "marked",
    "marked_as",
    "numbers",
    "pgettext",
    "speaking",
    "spoken_language",
]
