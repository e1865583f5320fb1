"""Takes in what other products have counted, from the files of an export to an import that counts."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from tracker.database import Database
from tracker.errors import FootfallError
from tracker.imports import book
from tracker.imports.counts import Count
from tracker.imports.files import ExportFile, GivenFile, Progress, opened
from tracker.imports.formats import FORMATS
from tracker.imports.formats.format import Format, Left
from tracker.imports.reasons import Place, Reasons
from tracker.languages import gettext

MOST_COUNTS = 10_000_000  # 500 pages and 500 sources a day for 27 years
_READ = {one.name: one for one in FORMATS}


@dataclass
class Became:
    """What became of an export's rows: taken by kind, and what was left by reason."""

    taken: Counter[str] = field(default_factory=Counter)
    left: Left = field(default_factory=Left)


def take_counts(  # noqa: PLR0917 - what is taken, from where, into what
    database: Database,
    site_id: int,
    wanted: book.WantedImport,
    files: Sequence[GivenFile],
    kind: str = "",
    progress: Progress = lambda done, total: None,
) -> tuple[book.ImportInfo, Became]:
    """Take the counts of a product's files in as one import; `kind` is what a file counts that does not say it.

    What `progress` raises breaks it off. FootfallError when a file cannot be read or is none of the product's by day,
    or they hold more than MOST_COUNTS. Nothing is changed by an import that breaks off.
    """
    place = Place()
    became = Became(left=Left(bad=Reasons(place)))
    exports = opened(files, progress, place)
    counts = _counts(_READ[wanted.product], exports, kind, became)
    return book.keep(database, site_id, wanted, counts), became


def _counts(
    of: Format, opening: AbstractContextManager[list[ExportFile]], kind: str, became: Became
) -> Iterator[Count]:
    taken = 0
    with opening as exports:
        for export in exports:
            for one in of.read(export, kind, became.left):
                taken += 1
                if taken > MOST_COUNTS:
                    told = gettext("more than %(most)s counts are in it; export fewer days at once", most=MOST_COUNTS)
                    raise FootfallError(told)
                became.taken[one.kind] += 1
                yield one
