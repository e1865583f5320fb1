"""What the house is asked about counts of other products: to take them in, to list them, to let them go."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tracker.commands.finding import find_site
from tracker.control import Item
from tracker.house import House
from tracker.imports import book
from tracker.imports.counts import Count
from tracker.imports.files import ExportFile
from tracker.imports.formats import FORMATS
from tracker.imports.formats.format import Format, Left
from tracker.imports.titles import title_of

_WHO = "command line"
_READ = {one.name: one for one in FORMATS}


def import_counts(house: House, *, product: str, site: str | None, files: list[str], kind: str) -> Iterator[Item]:
    """Take the counts of a product's files in as one import; what became of them."""
    found = find_site(house.sites, site)
    left, taken = Left(), Counter[str]()
    paths = [Path(file) for file in files]
    wanted = book.WantedImport(product, ", ".join(path.name for path in paths), _WHO)
    made = book.keep(house.database, found.id, wanted, _counts(_READ[product], paths, kind, left, taken))
    house.sites.forget()
    became = {"taken": dict(taken), "skipped": dict(left.skipped), "bad": dict(left.bad)}
    yield {**_item(made), "site": found.name, **became}


def list_imports(house: House, *, site: str | None) -> Iterator[Item]:
    """Each import of a site in turn."""
    yield from (_item(one) for one in find_site(house.sites, site).imports)


def remove_import(house: House, *, site: str | None, number: str) -> Iterator[Item]:
    """Let go of an import, and of all it counted."""
    gone = book.remove(house.database, find_site(house.sites, site).id, number, _WHO)
    house.sites.forget()
    yield _item(gone)


def _counts(of: Format, paths: list[Path], kind: str, left: Left, taken: Counter[str]) -> Iterator[Count]:
    for path in paths:
        with ExportFile(path) as export:
            for one in of.read(export, kind, left):
                taken[one.kind] += 1
                yield one


def _item(one: book.ImportInfo) -> Item:
    days = {"first_day": one.first_day.isoformat(), "last_day": one.last_day.isoformat()}
    return {"number": one.number, "product": title_of(one.product), **days, "rows": one.rows, "files": one.files}
