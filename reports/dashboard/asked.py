"""What a page is asked for: a site, a scope, and the address that says so."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask import abort, request, url_for

from reports.dashboard.filtering import with_filter
from reports.dashboard.newest import newest_event
from reports.funnels import chosen_funnel
from reports.query.filters import Criterion, parse_filters
from reports.report import Report
from reports.run import ReportAnswer, Seen, run_report
from reports.scope import WORDS, Scope, check_goals, filters_of, parse_scope
from reports.wording import words
from reports.wording.links import Address
from tracker.errors import InvalidInputError
from tracker.gate import current_share, current_site
from tracker.house import current_house
from tracker.imports.counts import KINDS
from tracker.languages import gettext
from tracker.shares import Share
from tracker.sites import SiteInfo

MOST_RELEASES = 20
# The keys that choose a range, where other products have them too.
_KEYS = {
    "today": "d",
    "yesterday": "e",
    "7d": "w",
    "28d": "f",
    "91d": "n",
    "month": "m",
    "last_month": "p",
    "year": "y",
    "all": "a",
}


@dataclass(frozen=True)
class Choice:
    """A line of a menu, perhaps with the key that chooses it."""

    title: str
    link: Address
    chosen: bool
    key: str = ""


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

    def first_rows(self, report: Report, rows: int, *, compare: bool = False, seen: Seen | None = None) -> ReportAnswer:
        """Ask a report for its first rows alone, compared with nothing unless told to; `seen` as in `run_report`."""
        scope = replace(self.scope, limit=rows)
        if not compare:
            scope = replace(scope, compare="none", compared=None)
        return run_report(report, scope, current_house().store, seen=seen)

    @property
    def scoped(self) -> Address:
        """The address with nothing but its scope, to ask the same of another page."""
        return Address(self.address.path, tuple(pair for pair in self.address.words if pair[0] in WORDS))

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
            Choice(gettext(title), self._ranged(name), chosen=self.scope.range.name == name, key=_KEYS[name])
            for name, title in words.RANGES.items()
        ]

    @property
    def comparisons(self) -> list[Choice]:
        """The menu of what to compare with; nothing can come before a range of all days."""
        if self.scope.range.name == "all":
            return []
        return [
            Choice(gettext(title), self.address.having(compare=name), chosen=self.scope.compare == name)
            for name, title in words.COMPARISONS.items()
        ]

    @property
    def bots(self) -> list[Choice]:
        """The menu of whom to count."""
        return [
            Choice(gettext(title), self.address.having(bots=name), chosen=self.scope.bots == name)
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
    def funnels(self) -> list[Choice]:
        """The menu of funnels; the first is asked about where none is chosen."""
        chosen = chosen_funnel(self.scope)
        return [
            Choice(one.name, self.address.having(funnel=one.name), chosen=one == chosen) for one in self.site.funnels
        ]

    @property
    def kinds(self) -> list[Choice]:
        """The menu of what others counted; none where nobody did."""
        return [
            Choice(gettext(one.title), self.address.having(imported=one.name), chosen=one.name == self.scope.imported)
            for one in (KINDS if self.site.imports else ())
        ]

    @property
    def segments(self) -> list[Choice]:
        """The menu of segments, after everyone."""
        chosen = self.scope.segment
        everyone = Choice(gettext("Everyone"), self.address.having(segment=None), chosen=chosen is None)
        return [
            everyone,
            *(
                Choice(one.name, self.address.having(segment=one.name), chosen=one == chosen)
                for one in self.site.segments
            ),
        ]

    @property
    def own_filters(self) -> Sequence[Criterion]:
        """The filters that the address itself names, without those of the segment."""
        return self.scope.filters[: len(self.address.filters)]

    @property
    def chips(self) -> list[Chip]:
        """The active filters, and the segment."""
        segment = self.scope.segment
        of_segment = (
            [Chip(gettext("Segment: %(name)s", name=segment.name), self.address.having(segment=None))]
            if segment
            else []
        )
        return of_segment + [
            Chip(words.criterion(one), self.address.without_filter(number))
            for number, one in enumerate(self.own_filters)
        ]

    def _ranged(self, name: str) -> Address:
        """Choose a range; a comparison that it cannot have is dropped."""
        return self.address.having(range=name, **({"compare": None} if name == "all" else {}))


def page_of(site: SiteInfo, report: Report) -> str:
    """Return the path of a report's page."""
    if share := current_share():
        return shared_page(share, report.name)
    if report.name == "overview":
        return url_for("dashboard.overview", site_key=site.key)
    return url_for("dashboard.report", site_key=site.key, name=report.name)


def shared_page(share: Share, report: str) -> str:
    """Return the path of a report's page as those who come by a share link see it."""
    if report == "overview":
        return url_for("dashboard.shared_home", token=share.token)
    return url_for("dashboard.shared_report", token=share.token, name=report)


def read_request(compare: str, also: Sequence[str] = ()) -> Asked:
    """Understand this request; `compare` is what is compared with unless it says so, `also` its further words.

    The filters that a share link is bound to hold whatever the address says. Raises InvalidInputError.
    """
    given = tuple((name, value) for name, value in request.args.items(multi=True) if value or name == "filter")
    address = Address(request.path, _with_days(with_filter(given)))
    scope_words = {
        name: [value for other, value in address.words if other == name]
        for name, _ in address.words
        if name not in also
    }
    if scope_words.get("range") != ["all"]:
        scope_words.setdefault("compare", [compare])
    site, share = current_site(), current_share()
    scope = parse_scope(site, scope_words)
    if share:
        bound = bound_filters(share)
        scope = replace(scope, filters=(*scope.filters, *bound), bound=bound)
    return Asked(site, scope, address)


def bound_filters(share: Share) -> tuple[Criterion, ...]:
    """Return what a share link is bound to; 410 when its segment, or a goal that it names, is there no more."""
    site = current_house().sites.by_id(share.site_id) or abort(410)
    bound = parse_filters(share.filters)
    if share.segment is not None:
        named = next((one for one in site.segments if one.name == share.segment), None) or abort(410)
        bound = (*bound, *filters_of(named))
    try:
        check_goals(site, bound)
    except InvalidInputError:
        abort(410)
    return bound


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
            raise InvalidInputError(
                "range", gettext("%(given)s is no day such as 2026-01-31", given=repr(text))
            ) from error
    return (*rest, ("range", f"{first or last}..{last or first}"))
