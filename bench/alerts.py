"""How often alerts are wrong, and how soon they are right: `python -m bench.alerts [SITES] [DAYS]`.

A year of traffic for each of 200 sites, from 2 visits an hour to the 41,000 of MSNBC's day, goes through the
function that decides, every five minutes; where fewer days are asked for, the quarters of the year by turns.
The day's shape is that of a real access log, the greatest volume that of MSNBC (../shared/data, not part of this
repository; without them shapes of the same kind are made up, and the bench says so). On top come growth, seasons,
days and hours that differ beyond chance, small bursts, eight holidays a year, and clocks that change. False alarms
are all that is told of that. Then visits are tripled, or 60 % of them taken away, or all of them, at random moments
of the same days, and it is noted how long it takes until that is told.
"""

import math
import random
import re
import sys
import zipfile
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from statistics import median
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tests.kit.evaluation import REAL
from tracker.alerts.look import STEPS_A_DAY, Track, departures, look, track
from tracker.alerts.rules import DROP, SENSITIVITIES, SPIKE, rule_of
from tracker.alerts.usual import HOURS_A_WEEK, WEEKS, learn

DATA = REAL
LOG, MSNBC = DATA / "weblogs/apache_2015.log", DATA / "msnbc/msnbc990928.zip"
BEGIN = datetime(2025, 1, 6, tzinfo=UTC)
ZONES = ("Europe/Helsinki", "America/New_York", "Australia/Sydney", "UTC", "Asia/Kathmandu")
VOLUMES = (2, 5, 10, 20, 50, 100, 300, 1000, 10_000)
BEFORE = WEEKS * 7
COOL_DOWN = 6 * 12
INJECTIONS = 8
HAPPENED = {"3 × spike": (SPIKE, 3.0), "60 % drop": (DROP, 0.4), "tag lost": (DROP, 0.0)}
_TIME = re.compile(r"\[(\d\d)/May/2015:(\d\d):")


@dataclass(frozen=True)
class Shapes:
    """Shares of a day by hour and of a week by weekday, the greatest volume an hour, and where they are from."""

    hours: tuple[float, ...]
    weekdays: tuple[float, ...]
    most: int
    whence: str


class Wrong(NamedTuple):
    """What one site's year told wrongly, by rule."""

    volume: int
    months: float
    by_rule: dict[str, int]


class Late(NamedTuple):
    """After how many minutes something was told, None where not within a day; `volume` is what was usual then."""

    what: str
    volume: float
    minutes: int | None


@cache
def shapes() -> Shapes:
    """Read the shapes where the data are, or make them up."""
    hours = [0.4, 0.3, 0.25, 0.25, 0.3, 0.5, 0.8, 1.1, 1.4, 1.5, 1.5, 1.5, 1.4, 1.5, 1.5, 1.4, 1.3, 1.2, 1.2, 1.3]
    hours += [1.3, 1.1, 0.8, 0.5]
    weekdays, most, whence = [1.1, 1.1, 1.1, 1.05, 1.0, 0.75, 0.8], 40_000, "made up"
    if LOG.exists() and MSNBC.exists():
        visits = {(found[1], found[2], line.split()[0]) for line in LOG.open() if (found := _TIME.search(line))}
        by_hour = Counter(int(hour) for _, hour, _ in visits)
        by_day = Counter(day for day, hour, _ in visits if int(hour) >= 11)  # the first day begins at ten
        smooth = [sum(by_hour[(hour + near) % 24] for near in (-1, 0, 1)) for hour in range(24)]
        hours = [24 * one / sum(smooth) for one in smooth]
        sunday, *others = (by_day[day] for day in sorted(by_day))
        weekend = sunday / (sum(others) / len(others))
        weekdays = [1.0, 1.0, 1.0, 1.0, 1.0, (1 + weekend) / 2, weekend]
        with zipfile.ZipFile(MSNBC) as archive, archive.open("msnbc990928.seq") as file:
            most = sum(line[:1].isdigit() for line in file) // 24
        whence = "a real access log and MSNBC's day"
    scale = 7 / sum(weekdays)
    return Shapes(tuple(hours), tuple(scale * one for one in weekdays), most, whence)


@dataclass(frozen=True)
class Site:
    """A simulated site: its means by step, and what came."""

    zone: ZoneInfo
    volume: int
    begin: datetime
    means: list[float]
    counts: list[int]


def poisson(dice: random.Random, mean: float) -> int:
    """Draw a count."""
    if mean > 50:
        return max(0, round(dice.gauss(mean, math.sqrt(mean))))
    limit, drawn, left = math.exp(-mean), 0, dice.random()
    while left > limit:
        left *= dice.random()
        drawn += 1
    return drawn


def simulate(number: int, days: int) -> Site:
    """Make a site's year and the weeks before it."""
    dice = random.Random(number)
    volumes = (*VOLUMES, shapes().most)
    volume, zone = volumes[number % len(volumes)], ZoneInfo(dice.choice(ZONES))
    growth, season, phase = dice.uniform(-0.3, 0.8), dice.uniform(0, 0.25), dice.uniform(0, 2 * math.pi)
    day_noise, hour_noise = dice.uniform(0.04, 0.12), dice.uniform(0.04, 0.1)
    turn, flat = dice.randrange(24), dice.uniform(0.5, 1.0)  # nights are more or less quiet
    total = days + BEFORE
    holidays = {dice.randrange(total): dice.uniform(0.5, 0.9) for _ in range(8 * total // 365)}
    bursts = {dice.randrange(total * 24): dice.uniform(1.2, 1.6) for _ in range(total // 15)}
    begin = BEGIN + timedelta(days=number % 4 * 91) if days < 365 else BEGIN
    means: list[float] = []
    counts: list[int] = []
    burst, left = 1.0, 0
    for day in range(total):
        level = (1 + growth * day / 365) * (1 + season * math.sin(2 * math.pi * day / 365 + phase))
        level *= math.exp(dice.gauss(0, day_noise)) * holidays.get(day, 1.0)
        for hour in range(24):
            left -= 1
            if day * 24 + hour in bursts:
                burst, left = bursts[day * 24 + hour], 3
            local = (begin + timedelta(days=day, hours=hour)).astimezone(zone)
            shape = shapes().hours[(local.hour + turn) % 24] ** flat * shapes().weekdays[local.weekday()]
            mean = volume * level * shape * math.exp(dice.gauss(0, hour_noise)) * (burst if left > 0 else 1) / 12
            means += [mean] * 12
            counts += [poisson(dice, mean) for _ in range(12)]
    return Site(zone, volume, begin, means, counts)


def day_track(site: Site, day: int) -> tuple[Track, int]:
    """Learn from the weeks before a day, and return the track of it and two days before, and where it begins."""
    begin = day * STEPS_A_DAY
    start = begin - WEEKS * HOURS_A_WEEK * 12
    hours = [
        ((site.begin + timedelta(minutes=5 * at)).astimezone(site.zone), sum(site.counts[at : at + 12]))
        for at in range(start, begin, 12)
    ]
    usual = learn(hours)
    assert usual is not None
    first, counts = begin - 2 * STEPS_A_DAY, site.counts
    levels = []
    for at in range(first, begin + 2 * STEPS_A_DAY, 12):
        levels += [usual.at((site.begin + timedelta(minutes=5 * at)).astimezone(site.zone)) / 12] * 12
    return track(counts[first : begin + 2 * STEPS_A_DAY], levels[: len(counts) - first], usual.spread_of), begin - first


def false_alarms(site: Site, days: int) -> Wrong:
    """Count what a year without incidents told."""
    wrong: Counter[str] = Counter()
    rules = {"spike": rule_of(SPIKE, SENSITIVITIES[1]), "drop": rule_of(DROP, SENSITIVITIES[1])}
    quiet_until = dict.fromkeys(rules, 0)
    for day in range(BEFORE, BEFORE + days - 2):
        made, begin = day_track(site, day)
        for name, rule in rules.items():
            first = max(begin, quiet_until[name] - day * STEPS_A_DAY + begin)
            for _, over in departures(made, first, begin + STEPS_A_DAY - 1, rule, COOL_DOWN):
                wrong[name] += 1
                quiet_until[name] = over - begin + day * STEPS_A_DAY + COOL_DOWN
    return Wrong(site.volume, days / 30, dict(wrong))


def delays(site: Site, number: int, days: int) -> list[Late]:
    """Let things happen at random moments, and note how long it takes until they are told."""
    dice, found = random.Random(-number - 1), []
    for what, (kind, factor) in HAPPENED.items():
        rule = rule_of(kind, SENSITIVITIES[1])
        for _ in range(INJECTIONS):
            day, offset = dice.randrange(BEFORE, BEFORE + days - 2), dice.randrange(STEPS_A_DAY)
            onset = day * STEPS_A_DAY + offset
            kept = site.counts[onset : onset + STEPS_A_DAY]
            site.counts[onset : onset + STEPS_A_DAY] = [
                poisson(dice, factor * mean) for mean in site.means[onset : onset + STEPS_A_DAY]
            ]
            made, begin = day_track(site, day)
            told = None
            for step in range(1, STEPS_A_DAY + 1):
                if look(made, begin + offset + step, rule) is not None:
                    told = step * 5
                    break
            site.counts[onset : onset + STEPS_A_DAY] = kept
            usual = sum(site.means[onset : onset + 12])
            found.append(Late(what, usual, told))
    return found


def one(job: tuple[int, int]) -> tuple[Wrong, list[Late], str]:
    number, days = job
    site = simulate(number, days)
    return false_alarms(site, days), delays(site, number, days), shapes().whence


BANDS = ((0, 2), (2, 5), (5, 10), (10, 20), (20, 50), (50, 100), (100, 300), (300, 1_000_000_000))


def main() -> None:
    """Print the tables."""
    sites = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    days = int(sys.argv[2]) if len(sys.argv) > 2 else 365
    with ProcessPoolExecutor(2) as pool:
        told = list(pool.map(one, [(number, days) for number in range(sites)], chunksize=1))
    print(f"{sites} sites, {days} days each; shapes: {told[0][2]}.\n")
    tell_wrong([wrong for wrong, _, _ in told])
    print()
    tell_late([one for _, some, _ in told for one in some])


def tell_wrong(wrongs: list[Wrong]) -> None:
    """Print the table of false alarms."""
    print("| visits an hour | sites | false alarms a month a site | of them spikes | drops | the worst site |")
    print("|---|---|---|---|---|---|")
    by_volume: dict[int, list[Wrong]] = defaultdict(list)
    for wrong in wrongs:
        by_volume[wrong.volume].append(wrong)
    rows = [(f"{volume:,}", by_volume[volume]) for volume in sorted(by_volume)]
    for name, some in [*rows, ("all", wrongs)]:
        months = sum(one.months for one in some)
        spikes, drops = (sum(one.by_rule.get(kind, 0) for one in some) / months for kind in ("spike", "drop"))
        worst = max(sum(one.by_rule.values()) / one.months for one in some)
        print(f"| {name} | {len(some)} | {spikes + drops:.3f} | {spikes:.3f} | {drops:.3f} | {worst:.2f} |")


def tell_late(late: list[Late]) -> None:
    """Print the table of delays."""
    print("| what happened | usual visits an hour then | times | within an hour | 4 hours | a day | half | 9 of 10 |")
    print("|---|---|---|---|---|---|---|---|")
    for what in HAPPENED:
        for low, high in BANDS:
            some = [one.minutes for one in late if one.what == what and low <= one.volume < high]
            if not some:
                continue
            told = [sum(one is not None and one <= limit for one in some) / len(some) for limit in (60, 240, 1440)]
            ordered = sorted(math.inf if one is None else one for one in some)
            name = f"{low:,} to {high:,}" if high < BANDS[-1][1] else f"{low:,} and more"
            shares = " | ".join(f"{100 * one:.0f} %" for one in told)
            half, most = median(ordered), ordered[math.ceil(0.9 * len(ordered)) - 1]
            print(f"| {what} | {name} | {len(some)} | {shares} | {_told(half)} | {_told(most)} |")


def _told(minutes: float) -> str:
    if minutes == math.inf:
        return "more than a day"
    return f"{minutes:.0f} min" if minutes < 120 else f"{minutes / 60:.1f} h"


if __name__ == "__main__":
    main()
