"""Rows as tables of pandas or polars, which are imported only when one is asked for."""

from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

from tracker.client.errors import NoTableError

if TYPE_CHECKING:
    import pandas
    import polars

Numbers = Mapping[str, Literal["int64", "float64"]]
"""What columns of numbers hold, which their rows do not tell where there are none, or none has a value."""

_OFFSET_AT = len("2026-03-01T00:00:00")
_POLARS = {"int64": "Int64", "float64": "Float64"}


def to_pandas(
    rows: Iterable[Mapping[str, Any]], names: Sequence[str], times: Iterable[str], numbers: Numbers | None = None
) -> "pandas.DataFrame":
    """Return rows as a frame with these columns at first; `times` become UTC moments, or days where they are days.

    What is not known is NaN in a column of `numbers`, which makes whole ones fractions.
    """
    made = _imported("pandas")
    found = [dict(row) for row in rows]
    frame: pandas.DataFrame = made.DataFrame(found, columns=_all_names(found, names))
    for name, kind in (numbers or {}).items():
        frame[name] = frame[name].astype("float64" if frame[name].hasnans else kind)
    for name in _texts_of(found, times):
        frame[name] = made.to_datetime(frame[name], utc=_has_moments(found, name), format="ISO8601")
    return frame


def to_polars(
    rows: Iterable[Mapping[str, Any]], names: Sequence[str], times: Iterable[str], numbers: Numbers | None = None
) -> "polars.DataFrame":
    """Return rows as a frame as `to_pandas` does; what is not known is null, and what nothing is known of is text."""
    made = _imported("polars")
    found = [dict(row) for row in rows]
    known = _all_names(found, names)
    columns = {name: [row.get(name) for row in found] for name in known}
    frame: polars.DataFrame = made.DataFrame(columns, strict=False)
    for name in _texts_of(found, times):
        column = made.col(name).cast(made.String).str
        is_moment = _has_moments(found, name)
        frame = frame.with_columns(
            column.to_datetime(time_unit="ms", time_zone="UTC") if is_moment else column.to_date()
        )
    if numbers is None:
        return frame
    kinds = {name: getattr(made, _POLARS[kind]) for name, kind in numbers.items()}
    texts = {name: made.String for name, kind in frame.schema.items() if kind == made.Null and name not in times}
    return frame.cast(texts | kinds)


def _imported(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise NoTableError(f"{name} is not installed; `pip install {name}`, or use the rows as they are") from error


def _all_names(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> list[str]:
    return list(dict.fromkeys((*names, *(name for row in rows for name in row))))


def _texts_of(rows: Sequence[Mapping[str, Any]], times: Iterable[str]) -> list[str]:
    return [name for name in times if any(isinstance(row.get(name), str) for row in rows)]


def _has_moments(rows: Sequence[Mapping[str, Any]], name: str) -> bool:
    return any(len(row.get(name) or "") > _OFFSET_AT for row in rows)
