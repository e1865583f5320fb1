"""Writes the letter of a schedule and a period."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import css_inline
import jinja2

from reports import REPORTS, overview, struggles
from reports.mail.findings import Findings, find
from reports.mail.sections import MOST_ROWS, Section, link_to, section
from reports.render import csv, json, png
from reports.render.svg import Size
from reports.report import Report, by_name
from reports.run import ReportAnswer, run_report
from reports.scope import parse_scope
from reports.wording import words
from reports.wording.headline import Number, charts, numbers
from reports.wording.links import Address
from tracker.errors import UnreachableError
from tracker.mail import Attached, Letter
from tracker.schedules.rhythm import Due
from tracker.sites import SiteInfo
from tracker.store.base import EventStore

ATTACHED_ROWS = 1000
CHART = "chart"
MOST_DAYS_TOLD = 31
_HERE = Path(__file__).parent / "templates"
_PAINT = (_HERE / "chart.css").read_text()
_SIZE = Size("letter", 584, 200)
_BY_NAME = by_name(REPORTS)


@dataclass(frozen=True)
class Contents:
    """What a schedule wants in its letters: reports by name, forms of files, a segment, what to compare with."""

    sections: tuple[str, ...]
    attached: tuple[str, ...]
    segment: str | None
    compare: str


@dataclass(frozen=True)
class Foot:
    """What a letter's last lines say: whose list the reader is on, and where that can be changed, in full."""

    schedule: str
    unsubscribe: str | None
    settings: str


@dataclass(frozen=True)
class Draft:
    """A letter but for its foot, which is each reader's own.

    `days` says in words what the `picture` (PNG) shows; `page` is where the report is, in full; `answers` are
    what all of it was made from, the overview first.
    """

    site: SiteInfo
    title: str
    period: str
    segment: str | None
    found: Findings
    numbers: Sequence[Number]
    days: str
    picture: bytes | None
    sections: Sequence[Section]
    notes: Sequence[str]
    page: str
    answers: Sequence[ReportAnswer]
    files: Sequence[Attached]

    @property
    def subject(self) -> str:
        """What stands above it in a list of letters."""
        return f"{self.title} · {self.period}"

    def letter(self, foot: Foot) -> Letter:
        """Write it to one reader."""
        told = {"draft": self, "title": self.title, "foot": foot}
        return Letter(
            subject=self.subject,
            text=_templates().get_template("letter.txt").render(told),
            html=_inlined(_templates().get_template("letter.html").render(told)),
            pictures=[Attached("visitors.png", "image/png", self.picture, CHART)] if self.picture else [],
            files=self.files,
            unsubscribe=foot.unsubscribe,
        )


def draft(store: EventStore, site: SiteInfo, address: str, contents: Contents, due: Due) -> Draft:
    """Ask a site's reports of a period; `address` is where this server is reached.

    A report that fails says so in its place; UnreachableError when that is the overview, without which there is
    nothing to say. InvalidInputError when the segment is there no more.
    """
    asked = [("range", due.range), ("compare", contents.compare)]
    if contents.segment:
        asked.append(("segment", contents.segment))
    words_asked = {name: [word] for name, word in asked}
    limit = ATTACHED_ROWS if contents.attached else MOST_ROWS
    scope = parse_scope(site, {**words_asked, "limit": [str(limit)]}, due.at)
    first = run_report(overview.report, scope, store)
    if first.error:
        raise UnreachableError(first.error)
    answers = [run_report(one, scope, store) for one in _reports(contents.sections)]
    mend = next((one for one in answers if one.report is struggles.report), None)
    found = find(first, mend or run_report(struggles.report, scope, store))
    return Draft(
        site=site,
        title=f"{site.name}: {found.headline}",
        period=words.range_name(scope.range),
        segment=contents.segment,
        found=found,
        numbers=numbers(first, Address(""), "visitors") if first.totals else [],
        days=_days(first),
        picture=_chart(first),
        sections=[section(one, link_to(address, site.key, one.report.name, asked)) for one in answers],
        notes=first.notes,
        page=link_to(address, site.key, "overview", asked),
        answers=[first, *answers],
        files=[_file(one, form) for one in (first, *answers) for form in contents.attached],
    )


def ask_to_confirm(site: SiteInfo, schedule: str, confirm: str, never: str) -> Letter:
    """Write the letter that asks somebody who is not of the team whether they want the others, or never want any."""
    told = {"site": site, "schedule": schedule, "confirm": confirm, "never": never, "title": f"Reports on {site.name}"}
    return Letter(
        subject=f"Do you want reports on {site.name}?",
        text=_templates().get_template("confirm.txt").render(told),
        html=_inlined(_templates().get_template("confirm.html").render(told)),
    )


def _reports(names: Sequence[str]) -> list[Report]:
    """Return reports by name; the overview is in every letter, and one that is no more is left out."""
    return [_BY_NAME[name] for name in names if name in _BY_NAME and name != overview.report.name]


def _chart(answer: ReportAnswer) -> bytes | None:
    """Draw the visitors over the period; None where nothing can be drawn."""
    if not answer.series or len(answer.series) < 2 or not png.can_draw():
        return None
    [chart] = charts(answer, "visitors", [_SIZE])
    return png.render(chart, _PAINT, zoom=2)  # as sharp as screens are


def _days(answer: ReportAnswer) -> str:
    """Say in words what the chart shows: each day with its visitors."""
    rows = answer.series or () if len(answer.series or ()) <= MOST_DAYS_TOLD else ()
    return ", ".join(f"{words.cell('time', row['time'])}: {words.cell('count', row['visitors'])}" for row in rows)


def _file(answer: ReportAnswer, form: str) -> Attached:
    name = f"{answer.report.name}_{answer.scope.range.name.replace('..', '_')}.{form}"
    if form == "csv":
        return Attached(name, "text/csv", csv.render(answer).encode())
    return Attached(name, "application/json", json.render(answer))


def _inlined(html: str) -> str:
    """Write the styles into the elements, for many mail programs drop style sheets."""
    return css_inline.inline(html, keep_style_tags=True, load_remote_stylesheets=False)


@cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE),
        autoescape=jinja2.select_autoescape(["html"]),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
