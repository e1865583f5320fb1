"""An answer's rows as CSV (RFC 4180, UTF-8), safe to open in a spreadsheet."""

import csv
import io

from reports.report import Cell, Kind
from reports.run import ReportAnswer

# A spreadsheet takes a text that begins so for a formula, also after white space.
_BLANK, _RUNS = " \u00a0\ufeff\0", "=+-@\t\r\n＝＋－＠"
FORMULA = "^[{}]*[{}]".format(*("".join(f"\\x{{{ord(one):x}}}" for one in some) for some in (_BLANK, _RUNS)))
"""How such a text begins, as a regular expression (RE2), for texts that a store writes."""

_BETWEEN = {"trail": " > ", "words": ", "}


def render(answer: ReportAnswer) -> str:
    """Write the column names and then a line a row; numbers as they are, not rounded."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    columns = answer.report.columns
    writer.writerow([column.name for column in columns])
    for row in answer.rows:
        writer.writerow([cell(row.get(column.name), column.kind) for column in columns])
    return text.getvalue()


def cell(value: Cell, kind: Kind = "text") -> str:
    """Write one value; a text that a spreadsheet would run gets an apostrophe before it."""
    if value is None:
        return ""
    if isinstance(value, list):
        value = _BETWEEN.get(kind, " ").join(map(str, value))
    if isinstance(value, str):
        return f"'{value}" if value.lstrip(_BLANK).startswith(tuple(_RUNS)) else value
    return str(value)
