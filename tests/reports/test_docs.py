"""The documentation says what the code does: every word, dimension, report, column and measure."""

import re
import runpy
from pathlib import Path

import pytest

from reports import REPORTS
from reports.api.routes import ROUTES
from reports.dimensions import DIMENSIONS
from reports.filters import OPERATIONS
from reports.measures import MEASURES, Ratio
from reports.ranges import COMPARISONS, NAMES
from reports.report import Report
from reports.scope import BOTS, WORDS

DOCS = Path(__file__).parent.parent.parent / "docs"
READ = (DOCS / "reports.md").read_text()


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)
def test_every_report_is_described_as_it_describes_itself(report: Report) -> None:
    assert f"## {report.title} (`{report.name}`)" in READ
    assert report.question in READ
    assert report.reading in READ
    for column in report.columns:
        assert f"| `{column.name}` | {column.title} | {column.help} |" in READ


def test_every_measure_has_its_formula() -> None:
    for one in MEASURES:
        assert one.help in READ
        if isinstance(one, Ratio):
            assert f"| `{one.name}` | `{one.over.name}` / `{one.under.name}` |" in READ


def test_every_word_is_described() -> None:
    names = [dimension.name for dimension in DIMENSIONS]
    for word in (*WORDS, *NAMES, *COMPARISONS, *BOTS, *OPERATIONS, *names):
        assert f"`{word}`" in READ, word


def test_every_address_of_the_api_is_described() -> None:
    described = (DOCS / "api.md").read_text()
    for route in ROUTES:
        address = route.rule.replace("<site_key>", "{site}").replace("<name>", "{report}")
        assert f"`GET {address}`" in described


def test_the_report_in_the_guide_is_one(tmp_path: Path) -> None:
    [code] = re.findall(r"```python\n(.*?)```", (DOCS / "adding-a-report.md").read_text(), re.DOTALL)
    module = tmp_path / "browsers.py"
    module.write_text(code)
    report = runpy.run_path(str(module))["report"]
    assert (report.name, report.question) == ("browsers", "Which browsers do people use?")
