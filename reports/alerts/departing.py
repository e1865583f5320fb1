"""Follows a series: learns its usual from the days before, and looks whether it departs from that."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

from reports.alerts.counting import HOUR, STEP, count, span_scope
from reports.alerts.kind import Departure, Kind, Known, Looking, Model, Seen
from reports.query.ranges import midnight
from tracker.alerts.chances import between
from tracker.alerts.incidents import Noticed
from tracker.alerts.look import STEPS_A_DAY, Off, Rule, Track, departures, goes_on, look, track
from tracker.alerts.quiet import is_day_off
from tracker.alerts.usual import LEAST_DAYS, WEEKS

_DAY = timedelta(days=1)
Counts = Sequence[tuple[int, int]]
_LEARNED = timedelta(weeks=WEEKS)
_BEFORE = timedelta(days=2)
LEAST_MISSED = 8  # visits that are usual in a silence, from which on it is no chance
_STEPS_AN_HOUR = HOUR // STEP


def look_at(kind: Kind, departure: Departure, looking: Looking) -> Noticed | None:
    """Look at the last stretches of a series; None where nothing is out of the usual, or what is usual is not known."""
    found = _recent(departure, looking)
    if found is None:
        return None
    made, first = found
    rule = departure.rule(looking.sensitivity, looking.least)
    over = looking.over.get((kind.name, departure.subject))
    since = max(0, (over - first) // STEP) if over is not None else 0
    off = look(made, len(made.seen) - 1, rule, since)
    if off is None:
        return None
    return _noticed(kind, departure, _seen(looking, made, first, off, rule), _points(made, first, off.last, looking))


def still_goes_on(departure: Departure, looking: Looking, length: timedelta) -> bool:
    """Tell whether what was found in a stretch of that length is not over yet."""
    found = _recent(departure, looking)
    if found is None:
        return False
    made, _ = found
    return goes_on(made, len(made.seen) - 1, departure.rule(looking.sensitivity, looking.least), length // STEP)


def _recent(departure: Departure, looking: Looking) -> tuple[Track, datetime] | None:
    """Return the last days with what is usual in them, and when they begin."""
    model = learned(departure, looking)
    if model is None:
        return None
    first = _begin_of(looking) - _BEFORE
    steps = _known(looking, first, _count(departure, looking, first, looking.until, STEP), STEP)
    return _track(departure, model, steps), first


def replay(kind: Kind, departure: Departure, looking: Looking, days: int, cool_down: timedelta) -> Iterator[Noticed]:
    """Yield what looks at every step of the last days would have told, each day by what was usual until then."""
    zone = looking.site.tzinfo
    end = looking.site.day_of(_begin_of(looking)) + _DAY
    midnights = [midnight(end - n * _DAY, zone).astimezone(UTC) for n in range(days, -1, -1)]
    first, oldest = midnights[0] - _BEFORE, midnights[0] - _LEARNED
    steps = _known(looking, first, _count(departure, looking, first, looking.until, STEP), STEP)
    hours = _known(looking, oldest, _count(departure, looking, oldest, looking.until, HOUR), HOUR)
    rule = departure.rule(looking.sensitivity, looking.least)
    quiet_until = midnights[0]
    for begin, next_begin in pairwise(midnights):
        model = departure.learn(hours[: (begin - oldest) // HOUR])
        if model is None:
            continue
        start = begin - _BEFORE
        made = _track(departure, model, steps[(start - first) // STEP : (next_begin - first) // STEP])
        from_step = (max(begin, quiet_until) - start) // STEP
        for found, over in departures(made, from_step, len(made.seen) - 1, rule, cool_down // STEP):
            quiet_until = start + over * STEP + cool_down
            yield _noticed(kind, departure, _seen(looking, made, start, found, rule), [])


def learned(departure: Departure, looking: Looking) -> Model | None:
    """Return what is usual, learned from the weeks before today once a day; None where they are too few."""
    today, site = _begin_of(looking), looking.site
    key, then = (
        (site.id, departure.series.name, departure.learn),
        (today, site.zone, site.privacy_mode, tuple(looking.days_off)),
    )
    if looking.memory.get(key, (None, None))[0] != then:
        first = today - _LEARNED
        model = departure.learn(_known(looking, first, _count(departure, looking, first, today, HOUR), HOUR))
        looking.memory[key] = then, model
    kept: Model | None = looking.memory[key][1]
    return kept


def learning_until(departure: Departure, looking: Looking) -> date | None:
    """Return the day from which what is usual will be known, if nothing comes between; None where it is known."""
    if learned(departure, looking) is not None:
        return None
    today = _begin_of(looking)
    hours = _known(looking, today - _LEARNED, _count(departure, looking, today - _LEARNED, today, HOUR), HOUR)
    known = sum(one.number is not None for one in hours)
    left = timedelta(days=LEAST_DAYS) - known * HOUR
    return looking.site.day_of(today + max(left, _DAY))


def _count(departure: Departure, looking: Looking, first: datetime, until: datetime, step: timedelta) -> Counts:
    key = departure.series.name, first, until, step
    if key not in looking.counts:
        looking.counts[key] = count(departure.series, looking.ask, span_scope(looking.site, first, until), step)
    return looking.counts[key]


def _begin_of(looking: Looking) -> datetime:
    """Return today's midnight on the site's own clock, in UTC."""
    return midnight(looking.site.day_of(looking.until), looking.site.tzinfo).astimezone(UTC)


def _known(looking: Looking, first: datetime, counts: Counts, step: timedelta) -> list[Known]:
    """Say of steps which are known: not those before the site's first visit, in a gap, or on a day off."""
    zone = looking.site.tzinfo
    began = next((at for at, (number, of) in enumerate(counts) if number or of), len(counts)) if step == HOUR else 0
    found = []
    for at, (number, of) in enumerate(counts):
        begin = first + at * step
        local = begin.astimezone(zone)
        in_gap = any(left < begin + step and begin < right for left, right in looking.gaps)
        unknown = at < began or in_gap or (looking.days_off and is_day_off(local.date(), looking.days_off))
        found.append(Known(local, None if unknown else number, of))
    return found


def _track(departure: Departure, model: Model, steps: Sequence[Known]) -> Track:
    usual = [model.expect(one.local, one.of, 1 / _STEPS_AN_HOUR) for one in steps]
    of_each = [one.of for one in steps] if departure.series.share else None
    return track([one.number for one in steps], usual, model.spread_of, of_each)


def _noticed(kind: Kind, departure: Departure, seen: Seen, points: list[list[str | int]]) -> Noticed:
    begin, end, off, words = seen.begin, seen.end, seen.off, departure.tell(seen)
    low, high = between(off.usual, off.spread)
    facts: dict[str, Any] = {
        "seen": off.seen,
        "of": off.of,
        "usual": round(off.usual, 1),
        "usual_low": low,
        "usual_high": high,
        "from": begin.isoformat(),
        "until": end.isoformat(),
        "minutes": (off.last - off.first) * int(STEP.total_seconds()) // 60,
        "report": kind.report,
        "range": f"{begin.date()}..{end.date()}",
        "title": departure.title,
        "points": points,
        "contributing": list(words.contributing),
    }
    return Noticed(kind.name, departure.subject, begin.astimezone(UTC), words.headline, words.told, words.why, facts)


def _seen(looking: Looking, made: Track, first: datetime, off: Off, rule: Rule) -> Seen:
    begin, end = ((first + at * STEP).astimezone(looking.site.tzinfo) for at in (off.first, off.last))
    silent = bisect_left(made.seen, made.seen[off.last])  # the first of the sums that did not grow any more
    missed = made.usual[off.last] - made.usual[silent]
    since = (first + silent * STEP).astimezone(looking.site.tzinfo) if missed >= LEAST_MISSED else None
    return Seen(looking, begin, end, off, rule, since)


def _points(made: Track, first: datetime, last: int, looking: Looking) -> list[list[str | int]]:
    """Return the last day by hours, each with its time, what was seen and what is usual."""
    points: list[list[str | int]] = []
    for start in range(max(0, last - STEPS_A_DAY), last, _STEPS_AN_HOUR):
        stop = min(start + _STEPS_AN_HOUR, last)
        local = (first + start * STEP).astimezone(looking.site.tzinfo)
        seen, usual = made.seen[stop] - made.seen[start], made.usual[stop] - made.usual[start]
        points.append([local.isoformat(), seen, round(usual)])
    return points
