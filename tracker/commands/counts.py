"""What the house is asked about counts of other products: to take them in, to list them, to let them go."""

from collections.abc import Iterator
from pathlib import Path

from tracker.commands.finding import find_site
from tracker.control import Item
from tracker.house import House
from tracker.imports import book
from tracker.imports.events import events_taken
from tracker.imports.files import GivenFile
from tracker.imports.reasons import firsts_of
from tracker.imports.taking import take_counts
from tracker.imports.titles import TITLES, title_of

WHO = "command line"


def import_counts(house: House, *, product: str, site: str | None, files: list[str], kind: str) -> Iterator[Item]:
    """Take the counts of a product's files in as one import; what became of them."""
    found = find_site(house.sites, site)
    paths = [Path(file) for file in files]
    wanted = book.WantedImport(product, ", ".join(path.name for path in paths), WHO)
    made, became = take_counts(house.database, found.id, wanted, [GivenFile(path) for path in paths], kind)
    house.sites.forget()
    left = {"skipped": dict(became.left.skipped), "bad": dict(became.left.bad)}
    first = firsts_of(became.left.bad)
    yield {**_item(made), "site": found.name, "taken": dict(became.taken), **left, "first": first}


def list_imports(house: House, *, site: str | None) -> Iterator[Item]:
    """Each import of a site in turn, those of events after those of counts."""
    found = find_site(house.sites, site)
    with house.database.session() as session:
        events = events_taken(session, found.id)
    yield from (_item(one) for one in (*found.imports, *events))


def remove_import(house: House, *, site: str | None, number: str) -> Iterator[Item]:
    """Let go of an import, and of all it counted."""
    gone = book.remove(house.database, find_site(house.sites, site).id, number, WHO)
    house.sites.forget()
    yield _item(gone)


def _item(one: book.ImportInfo) -> Item:
    days = {"first_day": one.first_day.isoformat(), "last_day": one.last_day.isoformat()}
    of = "counts" if one.product in TITLES else "events"
    told = {"number": one.number, "product": title_of(one.product), "rows": one.rows, "files": one.files}
    return {**told, **days, "of": of}
