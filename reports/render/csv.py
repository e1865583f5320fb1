"""An answer's rows as CSV (RFC 4180, UTF-8), safe to open in a spreadsheet."""

import csv
import io

from reports.report import Cell
from reports.run import ReportAnswer

# A spreadsheet takes a text that begins so for a formula, also after white space.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def render(answer: ReportAnswer) -> str:
    """Write the column names and then a line a row; numbers as they are, not rounded."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    names = [column.name for column in answer.report.columns]
    writer.writerow(names)
    for row in answer.rows:
        writer.writerow([cell(row.get(name)) for name in names])
    return text.getvalue()


def cell(value: Cell) -> str:
    """Write one value; a text that a spreadsheet would run gets an apostrophe before it."""
    if value is None:
        return ""
    if isinstance(value, list):
        value = " > ".join(value)
    if isinstance(value, str):
        return f"'{value}" if value.lstrip(" \u00a0\ufeff\0").startswith(_FORMULA) else value
    return str(value)
