"""What a page is asked for: a site, a scope, and the address that says so."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask import request, url_for

from reports.dashboard.newest import newest_event
from reports.query.filters import Filter
from reports.report import Report
from reports.run import ReportAnswer, run_report
from reports.scope import Scope, parse_scope
from reports.wording import words
from reports.wording.links import Address
from tracker.errors import InvalidInputError
from tracker.gate import current_site
from tracker.house import current_house
from tracker.sites import SiteInfo

MOST_RELEASES = 20


@dataclass(frozen=True)
class Choice:
    """A line of a menu."""

    title: str
    link: Address
    chosen: bool


@dataclass(frozen=True)
class Chip:
    """An active filter in words, and the address without it."""

    text: str
    without: Address


@dataclass(frozen=True)
class Asked:
    """A request for a page of reports, understood."""

    site: SiteInfo
    scope: Scope
    address: Address

    def answer(self, report: Report, limit: int | None = None) -> ReportAnswer:
        """Ask a report within this scope, perhaps for fewer rows."""
        scope = self.scope if limit is None else replace(self.scope, limit=limit)
        return run_report(report, scope, current_house().store)

    def first_rows(self, report: Report, rows: int) -> ReportAnswer:
        """Ask a report for its first rows alone, compared with nothing."""
        scope = replace(self.scope, limit=rows, compare="none", compared=None)
        return run_report(report, scope, current_house().store)

    @property
    def ever(self) -> bool:
        """Whether the site has any event at all, be it in no scope."""
        return newest_event(self.site) is not None

    @property
    def range_title(self) -> str:
        """The range in words."""
        return words.range_name(self.scope.range)

    @property
    def compared_title(self) -> str:
        """What it is compared with, in words."""
        return words.range_name(self.scope.compared) if self.scope.compared else ""

    @property
    def last_day(self) -> date:
        """The last day of the range."""
        return words.last_day(self.scope.range)

    @property
    def ranges(self) -> list[Choice]:
        """The menu of ranges."""
        return [
            Choice(title, self._ranged(name), chosen=self.scope.range.name == name)
            for name, title in words.RANGES.items()
        ]

    @property
    def comparisons(self) -> list[Choice]:
        """The menu of what to compare with; nothing can come before a range of all days."""
        if self.scope.range.name == "all":
            return []
        return [
            Choice(title, self.address.having(compare=name), chosen=self.scope.compare == name)
            for name, title in words.COMPARISONS.items()
        ]

    @property
    def bots(self) -> list[Choice]:
        """The menu of whom to count."""
        return [
            Choice(title, self.address.having(bots=name), chosen=self.scope.bots == name)
            for name, title in words.BOTS.items()
        ]

    @property
    def releases(self) -> list[Choice]:
        """The menu of releases, the newest first."""
        chosen = self.scope.release
        return [
            Choice(one.name, self.address.having(release=one.name), chosen=one == chosen)
            for one in reversed(self.site.releases[-MOST_RELEASES:])
        ]

    @property
    def segments(self) -> list[Choice]:
        """The menu of segments, after everyone."""
        chosen = self.scope.segment
        everyone = Choice("Everyone", self.address.having(segment=None), chosen=chosen is None)
        return [
            everyone,
            *(
                Choice(one.name, self.address.having(segment=one.name), chosen=one == chosen)
                for one in self.site.segments
            ),
        ]

    @property
    def own_filters(self) -> Sequence[Filter]:
        """The filters that the address itself names, without those of the segment."""
        return self.scope.filters[: sum(name == "filter" for name, _ in self.address.words)]

    @property
    def chips(self) -> list[Chip]:
        """The active filters, and the segment."""
        segment = self.scope.segment
        of_segment = [Chip(f"Segment: {segment.name}", self.address.having(segment=None))] if segment else []
        return of_segment + [
            Chip(
                f"{one.dimension.title} {words.OPERATIONS[one.operation]} "
                + " or ".join(words.name_of(one.dimension.name, value) for value in one.values),
                self.address.without_filter(number),
            )
            for number, one in enumerate(self.own_filters)
        ]

    def _ranged(self, name: str) -> Address:
        """Choose a range; a comparison that it cannot have is dropped."""
        return self.address.having(range=name, **({"compare": None} if name == "all" else {}))


def page_of(site: SiteInfo, report: Report) -> str:
    """Return the path of a report's page."""
    if report.name == "overview":
        return url_for("dashboard.overview", site_key=site.key)
    return url_for("dashboard.report", site_key=site.key, name=report.name)


def read_request(compare: str, also: Sequence[str] = ()) -> Asked:
    """Understand this request; `compare` is what is compared with unless it says so, `also` its further words.

    Raises InvalidInputError.
    """
    given = tuple((name, value) for name, value in request.args.items(multi=True) if value or name == "filter")
    address = Address(request.path, _with_days(given))
    scope_words = {
        name: [value for other, value in address.words if other == name]
        for name, _ in address.words
        if name not in also
    }
    if scope_words.get("range") != ["all"]:
        scope_words.setdefault("compare", [compare])
    site = current_site()
    return Asked(site, parse_scope(site, scope_words), address)


def _with_days(given: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Turn the two fields of the form for days of one's own into the word `range`."""
    first = next((value for name, value in given if name == "from"), None)
    last = next((value for name, value in given if name == "to"), None)
    if first is None and last is None:
        return given
    rest = tuple(pair for pair in given if pair[0] not in ("from", "to", "range"))
    for text in (first or last, last or first):
        try:
            date.fromisoformat(text or "")
        except ValueError as error:
            raise InvalidInputError("range", f"{text!r} is no day such as 2026-01-31") from error
    return (*rest, ("range", f"{first or last}..{last or first}"))
