"""Reads what other products have counted, for reports."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from tracker.database import Database
from tracker.imports.counts import NUMBERS
from tracker.models import Import, ImportedCount

Sums = dict[str, Any]


class Past:
    """What others counted of a site, from `first` up to, and without, `end_day`; what they do not say is None.

    Without a database it is nothing.
    """

    def __init__(self, database: Database | None = None, site_id: int = 0) -> None:
        self._database = database
        self._site_id = site_id

    def by_day(self, first: date, end_day: date) -> Sequence[Sums]:
        """Return the sums of each day and product, in the order of days."""
        c = ImportedCount
        named = c.day.label("day"), Import.product.label("product")
        chosen = self._chosen("days", first, end_day, *named)
        return self._read(chosen.group_by(c.day, Import.product).order_by(c.day, Import.product))

    def by_name(self, kind: str, first: date, end_day: date, most: int) -> Sequence[Sums]:
        """Return the sums of each thing of a kind and product, the most first."""
        c = ImportedCount
        named = c.name.label("name"), Import.product.label("product")
        largest = func.coalesce(func.sum(c.visits), func.sum(c.views), func.sum(c.events), func.sum(c.visitors), 0)
        chosen = self._chosen(kind, first, end_day, *named).group_by(c.name, Import.product)
        return self._read(chosen.order_by(largest.desc(), c.name, Import.product).limit(most))

    def _chosen(self, kind: str, first: date, end_day: date, *named: ColumnElement[Any]) -> Select[Any]:
        c = ImportedCount
        sums = (func.sum(getattr(c, name)).label(name) for name in NUMBERS)
        return (
            select(*named, *sums)
            .join(Import, Import.id == c.import_id)
            .where(Import.finished_at.is_not(None), c.site_id == self._site_id, c.kind == kind)
            .where(c.day >= first, c.day < end_day)
        )

    def _read(self, statement: Select[Any]) -> Sequence[Sums]:
        if self._database is None:
            return ()
        with self._database.session() as session:
            found = session.execute(statement).mappings()
            return [{name: _plain(value) for name, value in row.items()} for row in found]


def _plain(value: Any) -> Any:
    """Return a sum as a whole number: PostgreSQL gives those of large ones as decimals."""
    return value if value is None or isinstance(value, (str, date)) else int(value)
