"""What an answer is about, in lines: of which days, compared with what, of whom."""

from collections.abc import Sequence

from reports.scope import Scope
from reports.wording import words
from tracker.languages import dates, gettext


def about(scope: Scope) -> Sequence[str]:
    """Return the lines that stand above a scope's figures where no menu tells it."""
    days, named = words.days_of(scope.range), words.RANGES.get(scope.range.name)
    when = gettext("%(range)s (%(days)s)", range=gettext(named), days=days) if named else days
    if scope.compared:
        when = gettext("%(range)s, compared with %(other)s", range=when, other=words.days_of(scope.compared))
    whom = [gettext("Segment: %(name)s", name=scope.segment.name)] if scope.segment else []
    of_segment = set(scope.segment.filters) if scope.segment else set()
    whom += [words.criterion(one) for one in scope.filters if not of_segment.issuperset(one.texts)]
    whom += [gettext(words.BOTS[scope.bots])] if scope.bots != "out" else []
    return [when, *([" · ".join(whom)] if whom else [])]


def made_at(scope: Scope) -> str:
    """Say when a scope was asked about, by the site's clock."""
    now = scope.now.astimezone(scope.site.tzinfo)
    return gettext(
        "Made on %(day)s at %(time)s (%(zone)s).", day=dates.full_day(now), time=dates.clock(now), zone=scope.site.zone
    )
