"""Did a release make the site harder to use? Every page and measure that can be compared, each with its verdict."""

import time
from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import func

from reports.query.chosen import events, visits
from reports.release.comparing import Change, Sides, beyond_chance, depth_of, sides, struck_shares
from reports.release.shapes import CheckShape, ComparisonShape, PlaceShape, SideShape, Verdict
from reports.release.slowness import CORE, slow_shares
from reports.report import Ask
from reports.run import TIMEOUT_S
from reports.scope import Scope
from reports.struggle.faults import error_words
from tracker.releases import ReleaseInfo
from tracker.signal_book import SIGNALS
from tracker.store.base import EventStore

MOST_TOLD = 1000
MOST_PLACES = 5
TITLES = {
    **{signal.name: signal.title for signal in SIGNALS},
    **{one.name: f"{one.title} above {f'{one.good} ms' if one.unit == 1 else one.good / one.unit}" for one in CORE},
}

_Where = tuple[str, str | None]


def check_release(
    scope: Scope, release: ReleaseInfo, least: int, store: EventStore, timeout_s: float = TIMEOUT_S
) -> CheckShape:
    """Compare before with after a release; `least` visits are wanted on either side.

    Struggles and web vitals are judged apart, so that this says of struggles what the report `releases` says.
    QueryTimeoutError where it takes too long.
    """
    began = time.monotonic()
    ask = Ask(store, began + timeout_s)
    compared = sides(scope, release)
    before = after = SideShape(release.at, release.at, 0, 0)
    changes: list[Change] = []
    told: list[ComparisonShape] = []
    if compared is not None:
        before, after = (_side(side, ask) for side in (compared.before, compared.after))
        changes, told = _compared(compared, ask)
    enough = compared is not None and min(before.visits, after.visits) >= least
    worse = any(one.verdict == "worse" for one in told)
    return CheckShape(
        release=release.name,
        released_at=release.at.astimezone(scope.site.tzinfo),
        verdict="too little" if not enough else "worse" if worse else "fine",
        min_visits=least,
        before=before,
        after=after,
        compared=len(changes),
        comparisons=told[:MOST_TOLD],
        took_ms=round((time.monotonic() - began) * 1000),
    )


def _side(scope: Scope, ask: Ask) -> SideShape:
    [of_visits] = ask(visits(scope, func.count().label("visits")))
    [of_views] = ask(events(scope, "view", func.count().label("views")))
    views = int(of_views["views"])
    return SideShape(scope.range.start, scope.range.end, int(of_visits["visits"]) or views, views)


def _compared(compared: Sides, ask: Ask) -> tuple[list[Change], list[ComparisonShape]]:
    struck, slow = struck_shares(compared, ask), slow_shares(compared, ask)
    believed = [*beyond_chance(struck), *beyond_chance(slow)]
    by_place: dict[_Where, list[Change]] = defaultdict(list)
    for one in believed:
        by_place[one.key[:2]].append(one)
    whole = [one for one in (*struck, *slow) if depth_of(one.key) <= 2]
    told = [_comparison(one, by_place[one.key[:2]]) for one in whole]
    told.sort(key=lambda one: (one.verdict != "worse", -one.difference * one.views if one.verdict == "worse" else 0,
                               -one.views, one.path or "", one.measure))  # fmt: skip
    return [*struck, *slow], told


def _comparison(one: Change, believed: Sequence[Change]) -> ComparisonShape:
    """Tell of a page, or the site; it is worse where it became so as a whole or at a place on it."""
    worse = [other for other in believed if other.is_worse]
    verdict: Verdict = "worse" if worse else "better" if one in believed else "same"
    places = sorted((other for other in worse if depth_of(other.key) > 2), key=lambda other: -other.difference.value)
    measure, path, _, _ = one.key
    return ComparisonShape(
        measure=measure,
        title=TITLES[measure],
        path=path,
        verdict=verdict,
        is_new=any(not other.pair.other_hits for other in worse),
        views_before=one.pair.other_tries,
        views=one.pair.tries,
        hits_before=one.pair.other_hits,
        hits=one.pair.hits,
        rate_before=one.pair.other_hits / one.pair.other_tries,
        rate=one.pair.hits / one.pair.tries,
        difference=one.difference.value,
        difference_low=one.difference.low,
        difference_high=one.difference.high,
        places=[_place(other) for other in places[:MOST_PLACES]],
    )


def _place(one: Change) -> PlaceShape:
    _, _, element, message = one.key
    return PlaceShape(
        element=element,
        element_text=one.element_text if element else None,
        script_error=error_words(message),
        rate_before=one.pair.other_hits / one.pair.other_tries,
        rate=one.pair.hits / one.pair.tries,
        difference_low=one.difference.low,
        difference_high=one.difference.high,
    )
