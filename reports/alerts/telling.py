"""The words of alerts: when, how much, and what is usual then."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from reports.alerts.counting import counts_views
from reports.alerts.kind import Known, Seen
from reports.wording import words
from tracker.alerts.chances import between
from tracker.alerts.rules import SAID
from tracker.alerts.share import Share, learn_share
from tracker.alerts.usual import Usual, learn
from tracker.languages import counted, dates, gettext, marked, numbers

_DAY = timedelta(days=1)
_LONG = timedelta(hours=2)


_ON_DAY = (
    marked("on Monday"),
    marked("on Tuesday"),
    marked("on Wednesday"),
    marked("on Thursday"),
    marked("on Friday"),
    marked("on Saturday"),
    marked("on Sunday"),
)
_ON_DAYS = (
    marked("on Mondays"),
    marked("on Tuesdays"),
    marked("on Wednesdays"),
    marked("on Thursdays"),
    marked("on Fridays"),
    marked("on Saturdays"),
    marked("on Sundays"),
)


def on_day(time: datetime) -> str:
    """Say on which day of the week something was: on Sunday."""
    return gettext(_ON_DAY[time.weekday()])


def arrivals(seen: Seen) -> str:
    """Say how many visits, or views where visits are not known, there were, when, and how many are usual."""
    when, span, number = stretch(seen.begin, seen.end), usual(seen), seen.off.seen
    if counts_views(seen.looking.site):
        return counted(
            "%(n)s view %(when)s; %(usual)s.", "%(n)s views %(when)s; %(usual)s.", number, when=when, usual=span
        )
    return counted(
        "%(n)s visit %(when)s; %(usual)s.", "%(n)s visits %(when)s; %(usual)s.", number, when=when, usual=span
    )


def stretch(begin: datetime, end: datetime) -> str:
    """Say from when to when: from 13:00 to 14:00 on Sunday; both days where they differ by more than a moment."""
    if begin.date() == (end - timedelta(minutes=1)).date():
        return gettext(
            "from %(begin)s to %(end)s %(on_sunday)s, %(day)s",
            begin=dates.clock(begin),
            end=dates.clock(end),
            on_sunday=on_day(begin),
            day=dates.day(begin),
        )
    return gettext(
        "from %(first)s %(begin)s to %(last)s %(end)s (%(day)s)",
        first=dates.weekday_name(begin.weekday()),
        begin=dates.clock(begin),
        last=dates.weekday_name(end.weekday()),
        end=dates.clock(end),
        day=dates.day(end),
    )


def usual(seen: Seen) -> str:
    """Say what is usual in the same hours of the week."""
    low, high = map(words.count, between(seen.off.usual, seen.off.spread))
    length, on_sundays = seen.end - seen.begin, gettext(_ON_DAYS[seen.begin.weekday()])
    if length >= _DAY:
        return gettext("in such a day it is usually %(low)s to %(high)s", low=low, high=high)
    if length >= _LONG:
        return gettext(
            "%(on_sundays)s in these hours it is usually %(low)s to %(high)s", on_sundays=on_sundays, low=low, high=high
        )
    return gettext(
        "%(on_sundays)s at this hour it is usually %(low)s to %(high)s", on_sundays=on_sundays, low=low, high=high
    )


def times(seen: Seen) -> str:
    """Write how many times what is usual it is: 3.4."""
    return words.number(round(seen.off.seen / max(seen.off.usual, 0.1), 1))


def below(seen: Seen) -> str:
    """Write by what share it is below what is usual: 40%."""
    return numbers.percent(1 - seen.off.seen / seen.off.usual, 0)


def limit(seen: Seen) -> str:
    """Say by which sensitivity, and how often that happens by chance."""
    return counted(
        "Sensitivity: %(chosen)s. By chance alone that happens less often than once in a month on a site.",
        "Sensitivity: %(chosen)s. By chance alone that happens less often than once in %(n)s months on a site.",
        max(1, round(1 / seen.rule.false_a_month)),
        chosen=gettext(SAID[seen.looking.sensitivity.name]),
    )


def share_of(seen: Seen) -> str:
    """Write the share that was seen."""
    return words.share(seen.off.seen / seen.off.of if seen.off.of else 0.0)


def usual_share(seen: Seen) -> str:
    """Write the share that is usual."""
    return words.share(seen.off.usual / seen.off.of if seen.off.of else 0.0)


def learn_hours(hours: Sequence[Known]) -> Usual | None:
    """Learn what is usual by the hour of the week."""
    return learn([(one.local, one.number) for one in hours])


def learn_days(hours: Sequence[Known]) -> Share | None:
    """Learn the usual share from whole days."""
    days: dict[object, tuple[int, int]] = {}
    for one in hours:
        if one.number is not None:
            number, of = days.get(one.local.date(), (0, 0))
            days[one.local.date()] = number + one.number, of + one.of
    return learn_share(list(days.values()))
