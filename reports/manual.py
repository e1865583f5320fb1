"""Writes the part of docs/reports.md that follows from the code: reports and measures. `make docs` calls it."""

import sys
from pathlib import Path

from reports import REPORTS, event_measures, measures
from reports.measures import COUNTED, Measure, Ratio
from reports.report import Report

MARK = "<!-- From here on this page is written by `make docs`. -->\n"


def with_manual(page: str) -> str:
    """Return the page with everything after the mark written anew."""
    return page.partition(MARK)[0] + MARK + "\n" + manual()


def manual() -> str:
    """Return a chapter for every report, and one for the measures."""
    return "\n".join([*(_chapter(report) for report in REPORTS), _measures()])


def _chapter(report: Report) -> str:
    columns = "\n".join(f"| `{column.name}` | {column.title} | {column.help} |" for column in report.columns)
    return (
        f"## {report.title} (`{report.name}`)\n\n**{report.question}**\n\n{report.reading}\n\n"
        f"| column | title | meaning |\n|---|---|---|\n{columns}\n"
    )


def _measures() -> str:
    both = (*measures.MEASURES, *event_measures.MEASURES)
    rows = "\n".join(f"| `{one.name}` | {_formula(one)} | {one.help} |" for one in both)
    return (
        "## Measures\n\nEach number is defined once, in `reports/measures/` or `reports/event_measures.py`. "
        "A sum is counted, a ratio is\none sum for each of another; where there is nothing to divide by "
        "it is unknown, not 0.\n\n"
        f"| measure | formula | meaning |\n|---|---|---|\n{rows}\n"
    )


def _formula(one: Measure) -> str:
    if isinstance(one, Ratio):
        return f"`{one.over.name}` / `{one.under.name}`"
    return f"counted over {COUNTED[one.of]}"


if __name__ == "__main__":
    for name in sys.argv[1:]:
        path = Path(name)
        path.write_text(with_manual(path.read_text()))
