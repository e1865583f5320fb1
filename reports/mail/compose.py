"""Writes the letter of a schedule and a period."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reports import REPORTS, overview, struggles
from reports.mail.attach import MOST_ROWS_OF, attach
from reports.mail.draft import Draft
from reports.mail.findings import find
from reports.mail.sections import MOST_ROWS, section
from reports.mail.tables import Tables
from reports.mail.writing import PAINT
from reports.render import png
from reports.render.svg import Size
from reports.report import Report, by_name
from reports.run import AWAY, FAILED, TOO_LONG, ReportAnswer, run_report
from reports.scope import Scope, parse_scope
from reports.wording import words
from reports.wording.headline import charts, numbers
from reports.wording.links import Address, link_to
from reports.wording.places import isolated
from tracker.errors import UnreachableError
from tracker.languages import Language, speaking, spoken_language
from tracker.languages.lists import listed
from tracker.schedules.rhythm import Due
from tracker.sites import SiteInfo
from tracker.store.base import EventStore

MOST_DAYS_TOLD = 31
_SIZE = Size("letter", 584, 200)
_BY_NAME = by_name(REPORTS)


@dataclass(frozen=True)
class Contents:
    """What a schedule wants in its letters: reports by name, forms of files, a segment, what to compare with."""

    sections: tuple[str, ...]
    attached: tuple[str, ...]
    segment: str | None
    compare: str


def draft(  # noqa: PLR0917 - who asks, of whom, what, of when, and for whom
    store: EventStore, site: SiteInfo, address: str, contents: Contents, due: Due, language: Language
) -> Draft:
    """Ask a site's reports of a period, in its readers' language; `address` is where this server is reached.

    A report that fails says so in its place; UnreachableError, in English, when that is the overview, without
    which there is nothing to say. InvalidInputError, in the language spoken now, when the segment is there no more.
    """
    asked = [("range", due.range), ("compare", contents.compare)]
    if contents.segment:
        asked.append(("segment", contents.segment))
    words_asked = {name: [word] for name, word in asked}
    limit = max([MOST_ROWS, *(MOST_ROWS_OF[form] for form in contents.attached)])
    scope = parse_scope(site, {**words_asked, "limit": [str(limit)]}, due.at)
    with speaking(language):
        return draft_within(store, scope, address, contents, asked)


def draft_within(
    store: EventStore, scope: Scope, address: str, contents: Contents, asked: Sequence[tuple[str, str]]
) -> Draft:
    """Ask a site's reports in a scope, in the language spoken now; its words are `asked`, the rest is as above."""
    site = scope.site
    first = run_report(overview.report, scope, store)
    if first.error:
        raise UnreachableError(TOO_LONG if first.timed_out else AWAY if first.away else FAILED)
    answers = [run_report(one, scope, store, seen=first.seen) for one in _reports(contents.sections)]
    mend = next((one for one in answers if one.report.name == struggles.report.name), None)
    found = find(first, mend or run_report(struggles.report, scope, store, seen=first.seen))
    made = Draft(
        site=site,
        title=f"{isolated(site.name)}: {found.headline}",
        period=words.range_name(scope.range),
        segment=contents.segment,
        found=found,
        numbers=numbers(first, Address(""), "visitors") if first.totals else [],
        days=_days(first),
        picture=_chart(first),
        sections=[section(one, link_to(address, site.key, one.report.name, asked)) for one in answers],
        notes=first.notes,
        page=link_to(address, site.key, "overview", asked),
        tables=Tables([first, *answers], spoken_language(), store),
    )
    files, problems = attach(made, contents.attached)
    return replace(made, files=files, notes=[*made.notes, *problems])


def _reports(names: Sequence[str]) -> list[Report]:
    """Return reports by name; the overview is in every letter, and one that is no more is left out."""
    return [_BY_NAME[name] for name in names if name in _BY_NAME and name != overview.report.name]


def _chart(answer: ReportAnswer) -> bytes | None:
    """Draw the visitors over the period; None where nothing can be drawn."""
    if not answer.series or len(answer.series) < 2 or not png.can_draw():
        return None
    [chart] = charts(answer, "visitors", [_SIZE])
    return png.render(chart, PAINT, zoom=2)  # as sharp as screens are


def _days(answer: ReportAnswer) -> str:
    """Say in words what the chart shows: each day with its visitors."""
    rows = answer.series or () if len(answer.series or ()) <= MOST_DAYS_TOLD else ()
    return listed([f"{words.cell('time', row['time'])}: {words.cell('count', row['visitors'])}" for row in rows])
