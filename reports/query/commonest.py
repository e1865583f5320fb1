"""The most frequent value of each group, the same on either engine: of equally frequent ones the first by name."""

from collections.abc import Sequence

from sqlalchemy import FromClause, Subquery, func, select


def commonest(rows: FromClause, keys: Sequence[str], value: str) -> Subquery:
    """Return `keys`, the column `value` and `times`, how often it was, one row a group; nulls do not count."""
    times = func.count()
    place = func.row_number().over(partition_by=[rows.c[key] for key in keys], order_by=[times.desc(), rows.c[value]])
    counted = (
        select(*(rows.c[key] for key in keys), rows.c[value], times.label("times"), place.label("place"))
        .where(rows.c[value].is_not(None))
        .group_by(*(rows.c[key] for key in keys), rows.c[value])
        .subquery(f"counted_{value}")
    )
    return (
        select(*(column for column in counted.c if column.name != "place"))
        .where(counted.c.place == 1)
        .subquery(f"commonest_{value}")
    )
