"""The scope of a report: whose data, of which days, of whom; read from the same words everywhere.

`range`, `filter` (repeatable), `segment`, `compare`, `bots`, `release` and `limit` mean the same in a URL, in the
API and on the command line.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from reports.query.filters import Filter, nearest, parse_filters
from reports.query.ranges import COMPARISONS, Range, compared, parse_range
from tracker.clock import utc_now
from tracker.errors import InvalidInputError
from tracker.releases import ReleaseInfo
from tracker.segments import SegmentInfo
from tracker.sites import SiteInfo

WORDS = ("range", "filter", "segment", "compare", "bots", "limit", "release")
BOTS = ("out", "in", "only")
DEFAULT_RANGE = "28d"
DEFAULT_LIMIT = 100
Named = TypeVar("Named", ReleaseInfo, SegmentInfo)
MOST_ROWS = 10_000


@dataclass(frozen=True)
class Scope:
    """What is asked about. `compared` is the range to compare with, if any; `now` is when it was asked.

    `release` is the one chosen by name, for the report that compares before with after. `filters` are those
    that were asked for, then those of the `segment`; all of them must hold.
    """

    site: SiteInfo
    range: Range
    filters: tuple[Filter, ...]
    compare: str
    compared: Range | None
    bots: str
    limit: int
    now: datetime
    release: ReleaseInfo | None = None
    segment: SegmentInfo | None = None

    @property
    def rows_wanted(self) -> int:
        """One more than the limit, so that it shows when there are more."""
        return self.limit + 1


def parse_scope(site: SiteInfo, words: Mapping[str, Sequence[str]], now: datetime | None = None) -> Scope:
    """Read a scope; each word has the list of values given for it, as `MultiDict.to_dict(flat=False)`.

    Raises InvalidInputError, naming the word and what may stand there.
    """
    now = now or utc_now()
    for word in words:
        if word not in WORDS:
            raise InvalidInputError(word[:64], f"unknown; {nearest(word, WORDS)}")
    segment = _segment(site, _one(words, "segment", ""))
    chosen = parse_range(_one(words, "range", DEFAULT_RANGE), site.tzinfo, now)
    compare = _choice(words, "compare", COMPARISONS)
    return Scope(
        site=site,
        range=chosen,
        filters=(*parse_filters(words.get("filter", ())), *(filters_of(segment) if segment else ())),
        compare=compare,
        compared=compared(compare, chosen, now),
        bots=_choice(words, "bots", BOTS),
        limit=_limit(_one(words, "limit", str(DEFAULT_LIMIT))),
        now=now,
        release=_release(site, _one(words, "release", "")),
        segment=segment,
    )


def filters_of(segment: SegmentInfo) -> tuple[Filter, ...]:
    """Read a segment's filters; InvalidInputError says it of the segment, as when a dimension is there no more."""
    try:
        return parse_filters(segment.filters)
    except InvalidInputError as error:
        raise InvalidInputError(
            "segment", f"{segment.name!r} can be asked no more ({error.problem}); delete it, or save it anew"
        ) from error


def _one(words: Mapping[str, Sequence[str]], word: str, default: str) -> str:
    given = words.get(word, ())
    if len(given) > 1:
        raise InvalidInputError(word, "given more than once")
    return given[0] if given else default


def _choice(words: Mapping[str, Sequence[str]], word: str, choices: Sequence[str]) -> str:
    given = _one(words, word, choices[0])
    if given not in choices:
        raise InvalidInputError(word, f"{given[:64]!r} is unknown; {nearest(given, choices)}")
    return given


def _release(site: SiteInfo, name: str) -> ReleaseInfo | None:
    return _named("release", name, site.releases, "none is marked yet")


def _segment(site: SiteInfo, name: str) -> SegmentInfo | None:
    return _named("segment", name, site.segments, "none is saved yet")


def _named(word: str, name: str, all_: Sequence[Named], none: str) -> Named | None:
    """Return what goes by a name; None without a name."""
    if not name:
        return None
    known = {one.name: one for one in all_}
    if name not in known:
        raise InvalidInputError(word, f"no {word} is named {name[:64]!r}; {nearest(name, known) if known else none}")
    return known[name]


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 6 and 1 <= int(text) <= MOST_ROWS):
        raise InvalidInputError("limit", f"must be a whole number from 1 to {MOST_ROWS}")
    return int(text)
