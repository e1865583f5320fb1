"""For how long what was collected is kept: what an owner may choose, and from which day on that is."""

from datetime import datetime, timedelta

from tracker.errors import InvalidInputError
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
    text = typed.strip() if choice == "days" else choice
    days = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    if not 1 <= days <= LONGEST_DAYS:
        raise InvalidInputError("retention", f"must be one of the choices, or 1 to {LONGEST_DAYS:,} days")
    return days


def period_in_words(days: int | None) -> str:
    """Say for how long: "25 months", "30 days"; "without end" for None."""
    if days is None:
        return "without end"
    months = next((months for months, same in MONTHS.items() if same == days), None)
    return f"{months} months" if months else f"{days:,} day{'s' if days != 1 else ''}"


def retention_in_words(days: int | None) -> str:
    """Say in a visitor's words what becomes of what is kept."""
    if days is None:
        return "This is kept for as long as we keep these statistics."
    return f"This is deleted after {period_in_words(days)}."


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
