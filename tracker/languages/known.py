"""The languages that Footfall speaks, and how each writes numbers and days."""

from dataclasses import dataclass
from typing import Literal

from babel import Locale


@dataclass(frozen=True)
class Language:
    """A language by its tag (BCP 47) and its own name; `locale` is CLDR's, by which numbers and dates are written.

    `numbering` are the digits, by CLDR's name; `calendar` is the one that dates are told in.
    """

    tag: str
    name: str
    locale: Locale
    numbering: Literal["latn", "arabext"] = "latn"
    calendar: Literal["gregorian", "persian"] = "gregorian"

    @property
    def direction(self) -> str:
        """Where its lines go: ltr or rtl."""
        return self.locale.text_direction

    @property
    def code(self) -> str:
        """Its name for HTML's and mail's `lang`, and of its file of words."""
        return self.locale.language


ENGLISH = Language("en", "English", Locale("en", "GB"))
LANGUAGES: tuple[Language, ...] = (
    ENGLISH,
    Language("fi", "Suomi", Locale("fi")),
    Language("pl", "Polski", Locale("pl")),
    Language("fa", "فارسی", Locale("fa"), numbering="arabext", calendar="persian"),
    Language("fa-u-ca-gregory", "فارسی، تقویم میلادی", Locale("fa"), numbering="arabext"),
    Language("fa-u-nu-latn", "فارسی، ارقام 123", Locale("fa"), calendar="persian"),
    Language("fa-u-ca-gregory-nu-latn", "فارسی، تقویم میلادی، ارقام 123", Locale("fa")),
)
_BY_TAG = {language.tag: language for language in LANGUAGES}


def language_of(tag: str | None) -> Language:
    """Return the language of a tag; English for one that is not spoken any more, or none."""
    return _BY_TAG.get(tag or "", ENGLISH)
