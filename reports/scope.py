"""The scope of a report: whose data, of which days, of whom; read from the same words everywhere.

`range`, `filter` (repeatable), `segment`, `compare`, `bots`, `release`, `funnel`, `imported` and `limit` mean the same
in a URL, in the API and on the command line.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from reports.query.filters import Criterion, check_all, parse_filters
from reports.query.ranges import COMPARISONS, Range, compared, parse_range
from reports.query.words import check_known, check_words, nearest
from tracker.checking import check_number
from tracker.clock import utc_now
from tracker.errors import InvalidInputError
from tracker.funnels import FunnelInfo
from tracker.imports.counts import KIND_NAMES
from tracker.languages import gettext, marked
from tracker.releases import ReleaseInfo
from tracker.segments import SegmentInfo
from tracker.sites import SiteInfo

WORDS = ("range", "filter", "segment", "compare", "bots", "limit", "release", "funnel", "imported")
BOTS = ("out", "in", "only")
DEFAULT_RANGE = "28d"
DEFAULT_LIMIT = 100
Named = TypeVar("Named", ReleaseInfo, SegmentInfo, FunnelInfo)
MOST_ROWS = 10_000


@dataclass(frozen=True)
class Scope:
    """What is asked about. `compared` is the range to compare with, if any; `now` is when it was asked.

    `release` is the one chosen by name, for the report that compares before with after, `funnel` the one for the
    report on funnels, and `imported` the kind of thing for the one on what others counted. `filters` are those that
    were asked for, then those of the `segment`; all must hold. Those of them that are `bound` hold even where what
    is counted does not carry what they are about: nothing beyond them may be told.
    """

    site: SiteInfo
    range: Range
    filters: tuple[Criterion, ...]
    compare: str
    compared: Range | None
    bots: str
    limit: int
    now: datetime
    release: ReleaseInfo | None = None
    segment: SegmentInfo | None = None
    bound: tuple[Criterion, ...] = ()
    funnel: FunnelInfo | None = None
    imported: str = KIND_NAMES[0]

    @property
    def rows_wanted(self) -> int:
        """One more than the limit, so that it shows when there are more."""
        return self.limit + 1


def parse_scope(site: SiteInfo, words: Mapping[str, Sequence[str]], now: datetime | None = None) -> Scope:
    """Read a scope; each word has the list of values given for it, as `MultiDict.to_dict(flat=False)`.

    Raises InvalidInputError, naming the word and what may stand there.
    """
    now = now or utc_now()
    check_words(words, WORDS, lists=("filter",))
    segment = _segment(site, _one(words, "segment", ""))
    filters = (*parse_filters(words.get("filter", ())), *(filters_of(segment) if segment else ()))
    check_all(filters)
    check_goals(site, filters)
    chosen = parse_range(_one(words, "range", DEFAULT_RANGE), site.tzinfo, now)
    compare = _choice(words, "compare", COMPARISONS)
    return Scope(
        site=site,
        range=chosen,
        filters=filters,
        compare=compare,
        compared=compared(compare, chosen, now),
        bots=_choice(words, "bots", BOTS),
        limit=_limit(_one(words, "limit", str(DEFAULT_LIMIT))),
        now=now,
        release=_release(site, _one(words, "release", "")),
        segment=segment,
        funnel=_funnel(site, _one(words, "funnel", "")),
        imported=_choice(words, "imported", KIND_NAMES),
    )


def filters_of(segment: SegmentInfo) -> tuple[Criterion, ...]:
    """Read a segment's filters; InvalidInputError says it of the segment, as when a dimension is there no more."""
    try:
        return parse_filters(segment.filters)
    except InvalidInputError as error:
        raise InvalidInputError(
            "segment",
            gettext(
                "%(name)s can be asked no more (%(problem)s); delete it, or save it anew",
                name=repr(segment.name),
                problem=error.problem,
            ),
        ) from error


def _one(words: Mapping[str, Sequence[str]], word: str, default: str) -> str:
    given = words.get(word)
    return given[0] if given else default


def _choice(words: Mapping[str, Sequence[str]], word: str, choices: Sequence[str]) -> str:
    given = _one(words, word, choices[0])
    check_known(word, given, choices)
    return given


def _release(site: SiteInfo, name: str) -> ReleaseInfo | None:
    return _named(
        "release", name, site.releases, marked("no release is named %(name)s; %(hint)s"), marked("none is marked yet")
    )


def _segment(site: SiteInfo, name: str) -> SegmentInfo | None:
    return _named(
        "segment", name, site.segments, marked("no segment is named %(name)s; %(hint)s"), marked("none is saved yet")
    )


def _funnel(site: SiteInfo, name: str) -> FunnelInfo | None:
    return _named(
        "funnel", name, site.funnels, marked("no funnel is named %(name)s; %(hint)s"), marked("none is made yet")
    )


def check_goals(site: SiteInfo, filters: Sequence[Criterion]) -> None:
    """Refuse a filter on a goal that is not there, rather than to answer that nobody reached it."""
    known = [goal.name for goal in site.goals]
    for one in (part for condition in filters for part in condition.parts):
        for value in one.values if one.dimension.by_goals and one.operation in ("is", "is_not") else ():
            if value and value not in known:
                raise InvalidInputError(
                    "filter",
                    gettext(
                        "no goal is named %(name)s; %(hint)s",
                        name=repr(value[:64]),
                        hint=nearest(value, known) if known else gettext("there is none"),
                    ),
                )


def _named(word: str, name: str, all_: Sequence[Named], unknown: str, none: str) -> Named | None:
    """Return what goes by a name; None without a name."""
    if not name:
        return None
    known = {one.name: one for one in all_}
    if name not in known:
        hint = nearest(name, known) if known else gettext(none)
        raise InvalidInputError(word, gettext(unknown, name=repr(name[:64]), hint=hint))
    return known[name]


def _limit(text: str) -> int:
    return check_number("limit", text, 1, MOST_ROWS)
