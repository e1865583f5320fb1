"""What stands in the cells of a report's table, and where a click on it leads."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import zip_longest

from reports.query.dimensions import BY_NAME
from reports.query.intervals import HIGH, LOW
from reports.render.svg import sparkline
from reports.report import Cell, Column, Row
from reports.wording import words
from reports.wording.columns import NUMBERS
from reports.wording.deltas import Delta, short_delta
from reports.wording.elements import error_parts
from reports.wording.links import Address
from reports.wording.shown import Shown
from reports.wording.special import SPECIAL
from tracker.languages import counted, gettext, numbers, spoken_language
from tracker.languages.lists import listed
from tracker.signal_book import BY_NAME as SIGNALS


def rows_shown(
    columns: Sequence[Column], rows: Sequence[Row], address: Address, before: Sequence[Row | None] = ()
) -> list[list[Shown]]:
    """Return the cells of the rows, the figures of a column with as many decimals.

    `before` has the like of each row in the range compared with, None where it is not known.
    """
    writers = [words.in_line(column.kind, [row.get(column.name) for row in rows]) for column in columns]
    return [
        [
            replace(_shown(column, row, address, write), delta=_delta(column, row, earlier))
            for column, write in zip(columns, writers, strict=True)
        ]
        for row, earlier in zip_longest(rows, before)
    ]


def _shown(column: Column, row: Row, address: Address, write: Callable[[Cell], str]) -> Shown:
    value: Cell = row.get(column.name)
    said = None if value is None else str(value)
    if isinstance(value, list):
        return _several(column.kind, value, row, address)
    if column.name == "signal":
        return _signal(row, address)
    if column.name == "visits" and "last_signal" in row:
        return replace(Shown(column.kind, write(value)), link=_examples_of_way(row, address))
    if column.name in SPECIAL:
        shown = SPECIAL[column.name](said, row)
    elif column.name in BY_NAME:
        shown = Shown(column.kind, words.name_of(column.name, said))
    else:
        shown = Shown(column.kind, write(value), small=_interval(column, row))
    leads = column.name in BY_NAME and (said is not None or column.name != "element")
    return replace(shown, link=address.filtered(column.name, said)) if leads else shown


def _delta(column: Column, row: Row, before: Row | None) -> Delta | None:
    if before is None or column.kind not in NUMBERS:
        return None
    return short_delta(column.name, row.get(column.name), before.get(column.name), column.kind)


def told_in_words(column: Column, row: Row) -> str:
    """Return what stands in a cell, in words alone."""
    if column.name not in SPECIAL:
        return words.cell(column.kind, row[column.name])
    shown = SPECIAL[column.name](None if row[column.name] is None else str(row[column.name]), row)
    parts = shown.text, shown.badge.lower() if shown.text else shown.badge
    return listed([part for part in parts if part])


def _several(kind: str, values: Sequence[str | int], row: Row, address: Address) -> Shown:
    """Show a list: a trail as steps, counts of days as a line, examples as links to their stories."""
    if kind == "days":
        counts = [int(value) for value in values]
        return Shown(
            "days",
            gettext("From the first day on: %(counts)s", counts=listed([words.count(one) for one in counts])),
            picture=sparkline(counts),
        )
    if kind == "examples":
        story = Address("", (("signal", str(row.get("signal") or "")),))
        links = [(words.count(n), story.at(address.beside(f"../stories/{one}"))) for n, one in enumerate(values, 1)]
        return Shown("examples", "", links=links)
    return Shown("trail" if kind == "trail" else "text", words.cell(kind, list(values)), parts=[*map(str, values)])


def _signal(row: Row, address: Address) -> Shown:
    """Name a signal, say what else is told of its element, and lead to its examples."""
    signal = str(row["signal"])
    raging = row.get("raging_visitors")
    error = row.get("script_error") if signal != "script_error" else None
    also = []
    if isinstance(raging, int) and raging:
        also.append(counted("%(n)s also clicked in rage", "%(n)s also clicked in rage", raging))
    if error:
        also.append(gettext("then “%(error)s”", error=error_parts(error)[0]))
    place = {name: str(row[name]) for name in ("path", "element") if row.get(name) is not None}
    link = address.having(signal=signal, release=None, **place).at(address.beside("../examples"))
    return Shown("what", gettext(SIGNALS[signal].title), small=listed(also) if also else "", link=link)


def _examples_of_way(row: Row, address: Address) -> Address | None:
    """Lead from a row of bounce paths or exit paths to visits that took this way."""
    trail = row.get("trail")
    if not isinstance(trail, list) or not all(trail):  # a page without a path has no name in an address
        return None
    is_bounce = "ending" in row
    there = address.having(measure=None, limit=None, compare=None).at(address.beside("../visits"))
    if is_bounce:
        there = there.filtered("source", None if row["source"] is None else str(row["source"]))
        there = there.having(ending=str(row["ending"]))
    signal, on = row.get("last_signal"), row.get("last_signal_element")
    there = there.having(signal=str(signal or "none"), element=None if on is None else str(on))
    word = "trail" if is_bounce else "last"
    return Address(there.path, (*there.words, *((word, str(page)) for page in trail)))


def _interval(column: Column, row: Row) -> str:
    """Say between which numbers the true one lies, as far as the little that was seen can tell."""
    low, high = row.get(f"{column.name}{LOW}"), row.get(f"{column.name}{HIGH}")
    if not isinstance(low, int | float) or not isinstance(high, int | float) or low == high:
        return ""
    if column.kind == "share":
        decimals = 0 if high - low > 0.02 else 1
        first, last = numbers.decimal(100 * low, decimals), numbers.percent(high, decimals)
    else:
        decimals = 0 if high >= 10 else 1
        first, last = numbers.decimal(low, decimals, 0), numbers.decimal(high, decimals, 0)
    # From right to left a dash would join them the wrong way round, and beside a minus it is one sign too many.
    plain = low >= 0 and spoken_language().direction == "ltr"
    return f"{first}–{last}" if plain else gettext("%(low)s to %(high)s", low=first, high=last)
