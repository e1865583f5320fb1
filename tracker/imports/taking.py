"""Takes in what other products have counted, from the files of an export to an import that counts."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from tracker.database import Database
from tracker.imports import book
from tracker.imports.counts import Count
from tracker.imports.files import ExportFile, GivenFile
from tracker.imports.formats import FORMATS
from tracker.imports.formats.format import Format, Left

Progress = Callable[[int, int], None]

_READ = {one.name: one for one in FORMATS}
_COUNTS_A_LOOK = 1000


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

    `progress` is told how many bytes of the files are read, and of how many; what it raises breaks off. FootfallError
    when a file cannot be read or is none of the product's by day. Nothing is changed by an import that breaks off.
    """
    became = Became()
    counts = _counts(_READ[wanted.product], files, kind, became, progress)
    return book.keep(database, site_id, wanted, counts), became


def _counts(of: Format, files: Sequence[GivenFile], kind: str, became: Became, progress: Progress) -> Iterator[Count]:
    with ExitStack() as leaving:
        exports = [leaving.enter_context(ExportFile(*file)) for file in files]
        total = sum(one.total for one in exports)
        for export in exports:
            for one in of.read(export, kind, became.left):
                if became.taken.total() % _COUNTS_A_LOOK == 0:
                    progress(sum(each.done for each in exports), total)
                became.taken[one.kind] += 1
                yield one
