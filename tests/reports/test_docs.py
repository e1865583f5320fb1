"""The documentation says what the code does: every word, dimension, report, column and measure."""

import re
import runpy
from pathlib import Path

from reports import REPORTS
from reports.api.routes import ROUTES
from reports.manual import with_manual
from reports.query.dimensions import DIMENSIONS
from reports.query.filters import OPERATIONS
from reports.query.ranges import COMPARISONS, NAMES
from reports.question.dates import MOST_DAYS
from reports.question.reading import INCLUDES, MOST_DIMENSIONS, MOST_METRICS
from reports.question.schema import known_names
from reports.question.trees import ASKED, DEEPEST, JOINS, MOST_CONDITIONS
from reports.scope import BOTS, MOST_ROWS, WORDS

DOCS = Path(__file__).parent.parent.parent / "docs"
READ = (DOCS / "reports.md").read_text()


def test_reports_and_measures_are_described_as_they_describe_themselves() -> None:
    assert with_manual(READ) == READ, "run `make docs`"
    for report in REPORTS:
        assert report.question in READ


def test_every_word_is_described() -> None:
    names = [dimension.name for dimension in DIMENSIONS]
    for word in (*WORDS, *NAMES, *COMPARISONS, *BOTS, *OPERATIONS, *names):
        assert f"`{word}`" in READ, word


def test_every_address_of_the_api_is_described() -> None:
    described = (DOCS / "api.md").read_text()
    for route in ROUTES:
        address = route.rule.replace("<site_key>", "{site}").replace("<name>", "{report}")
        address = re.sub(r"<(\w+)>", r"{\1}", address)
        assert f"`{route.method} {address}`" in described


def test_the_report_in_the_guide_is_one(tmp_path: Path) -> None:
    [code] = re.findall(r"```python\n(.*?)```", (DOCS / "adding-a-report.md").read_text(), re.DOTALL)
    module = tmp_path / "custom_events.py"
    module.write_text(code)
    report = runpy.run_path(str(module))["report"]
    assert (report.name, report.question) == ("custom-events", "Which custom events happen, and how often?")
    assert report.name not in [one.name for one in REPORTS]


def test_every_name_of_a_question_is_described() -> None:
    described = (DOCS / "api" / "query.md").read_text()
    for word in known_names():
        assert f"`{word}`" in described, word
    for word in (*ASKED, *JOINS, *INCLUDES):
        assert word in described
    for amount in (MOST_CONDITIONS, f"{MOST_DAYS:,}", MOST_DIMENSIONS, MOST_METRICS, DEEPEST, MOST_ROWS):
        assert str(amount) in described
