"""The docs are true: what is there is in them, what they name is there, and links lead somewhere."""

import re
from pathlib import Path

import attrs
import click
import pytest

from collectors import COLLECTORS
from reports import REPORTS
from tracker.cli import COMMANDS, cli
from tracker.jobs import JOBS
from tracker.settings import Settings

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *ROOT.glob("bench/*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def page(name: str) -> str:
    return (ROOT / name).read_text()


@pytest.mark.parametrize("field", attrs.fields(Settings), ids=lambda field: field.name)
def test_every_setting_is_explained_with_its_default(field: "attrs.Attribute[object]") -> None:
    [about] = [value for value in field.metadata.values() if hasattr(value, "default")]
    default = f"`{about.default}`" if about.default else "empty"
    assert f"| `FOOTFALL_{field.name.upper()}` | {default} | " in page("docs/settings.md")


def test_no_setting_is_explained_that_is_not_there() -> None:
    named = set(re.findall(r"FOOTFALL_([A-Z_]*[A-Z])", page("docs/settings.md") + page("docs/operators.md")))
    assert named <= {field.name.upper() for field in attrs.fields(Settings)}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_explained_with_its_options(command: str) -> None:
    told = page("docs/cli.md")
    context = click.Context(cli)
    found = cli.get_command(context, command)  # type: ignore[attr-defined]
    if isinstance(found, click.Group):
        for name in found.list_commands(context):
            assert re.search(rf"`footfall {command} {name}[ `]", told)
    else:
        assert f"`footfall {command}" in told


def test_no_command_is_explained_that_is_not_there() -> None:
    named = set(re.findall(r"^\| `footfall ([a-z]+)", page("docs/cli.md"), re.MULTILINE))
    assert named == set(COMMANDS)


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)
def test_every_report_is_in_the_readme(report: object) -> None:
    assert f"| `{report.name}` |" in page("README.md")  # type: ignore[attr-defined]


def test_no_report_is_in_the_readme_that_is_not_there() -> None:
    assert {report.name for report in REPORTS} == set(
        re.findall(r"^\| `([a-z-]+)` \|", page("README.md"), re.MULTILINE)
    )


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_every_job_is_explained(job: object) -> None:
    assert f"| `{job.name}` | " in page("docs/architecture.md")  # type: ignore[attr-defined]


@pytest.mark.parametrize("collector", COLLECTORS, ids=lambda module: module.__name__)
def test_every_collector_is_in_the_glossary(collector: object) -> None:
    name = collector.__name__.rpartition(".")[2]  # type: ignore[attr-defined]
    assert f"**{name}**" in page("docs/glossary.md")


@pytest.mark.parametrize("found", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(found: Path) -> None:
    for target in LINK.findall(found.read_text()):
        if "://" not in target and not target.startswith(("#", "mailto:")):
            assert (found.parent / target.split("#")[0]).exists(), target


@pytest.mark.parametrize("decision", sorted(DOCS.glob("decisions/*.md")), ids=lambda path: path.stem)
def test_a_decision_is_short_and_says_why(decision: Path) -> None:
    text = decision.read_text()
    assert len(text.splitlines()) <= 30
    for part in ("**Context.**", "**Decision.**", "**Consequence.**"):
        assert part in text
