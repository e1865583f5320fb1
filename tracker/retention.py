"""For how long what was collected is kept: what an owner may choose, and from which day on that is."""

from datetime import UTC, datetime, timedelta

from tracker.errors import InvalidInputError
from tracker.languages import counted, gettext, numbers
from tracker.sites import SiteInfo
from tracker.store.local import day_start

MONTHS = {3: 89, 6: 181, 13: 393, 25: 758}
"""Days of so many months wherever in the calendar they begin, the fewest: so that nothing is kept longer."""

LONGEST_DAYS = 3650


def retention_of(choice: str, typed: str = "") -> int | None:
    """Return for how many days a choice of the form keeps data, None for ever; `typed` counts where it is "days".

    InvalidInputError when that is no number of days.
    """
    if choice == "ever":
        return None
    days = numbers.read_whole(typed if choice == "days" else choice)
    if days is None or not 1 <= days <= LONGEST_DAYS:
        problem = gettext("must be one of the choices, or 1 to %(most)s days", most=LONGEST_DAYS)
        raise InvalidInputError("retention", problem)
    return days


def period_in_words(days: int | None) -> str:
    """Say for how long: "25 months", "30 days"; "without end" for None."""
    if days is None:
        return gettext("without end")
    months = _months(days)
    return counted("%(n)s month", "%(n)s months", months) if months else counted("%(n)s day", "%(n)s days", days)


def retention_in_words(days: int | None) -> str:
    """Say in a visitor's words what becomes of what is kept."""
    if days is None:
        return gettext("This is kept for as long as we keep these statistics.")
    if months := _months(days):
        return counted("This is deleted after %(n)s month.", "This is deleted after %(n)s months.", months)
    return counted("This is deleted after %(n)s day.", "This is deleted after %(n)s days.", days)


def _months(days: int) -> int | None:
    return next((months for months, same in MONTHS.items() if same == days), None)


def kept_from(site: SiteInfo, now: datetime) -> datetime | None:
    """Return the midnight from which on the site keeps what it has, in UTC without a zone; None: all.

    What is kept are the site's last `retention_days` days, today among them, so that nothing
    is ever older than that. `now` is aware.
    """
    if site.retention_days is None:
        return None
    today = day_start(now.replace(tzinfo=None), site.tzinfo)
    middle_of_first = today + timedelta(hours=12) - timedelta(days=site.retention_days - 1)
    return day_start(middle_of_first, site.tzinfo)


def kept_from_ms(site: SiteInfo, now: datetime) -> int | None:
    """Return that midnight in ms since 1970."""
    kept = kept_from(site, now)
    return int(kept.replace(tzinfo=UTC).timestamp() * 1000) if kept is not None else None
