"""Why rows were left out, how often, and where each reason was met first: a person looks there."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from tracker.errors import FootfallError
from tracker.languages import gettext

_MOST = 1_000_000


@dataclass
class Place:
    """Where somebody reads: the file, or its name in an archive, and its line; 0 in what has none."""

    file: str = ""
    line: int = 0


class Reasons(Counter[str]):
    """Counts reasons, and keeps in `first` the file and line at which each was met first.

    FootfallError for more than there are in what is an export of the product.
    """

    def __init__(self, place: Place) -> None:
        self._place = place
        self.first: dict[str, tuple[str, int]] = {}
        super().__init__()

    def __setitem__(self, reason: str, count: int) -> None:
        self.first.setdefault(reason, (self._place.file, self._place.line))
        super().__setitem__(reason, count)
        if self.total() > _MOST:
            raise FootfallError(
                gettext(
                    "%(file)s: more than %(most)s rows cannot be understood; is it the product’s export?",
                    file=self._place.file,
                    most=_MOST,
                )
            )


def firsts_of(reasons: Mapping[str, int]) -> dict[str, tuple[str, int]]:
    """Return where each reason was met first, as far as that was kept."""
    return reasons.first if isinstance(reasons, Reasons) else {}


def said_place(file: str, line: int) -> str:
    """Say where a reason was met first."""
    if line:
        return gettext("first in line %(line)s of %(file)s", line=line, file=file)
    return gettext("first in %(file)s", file=file)
