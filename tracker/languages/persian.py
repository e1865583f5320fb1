"""Days in the Persian calendar."""

from datetime import date

import jdatetime


def persian_day(time: date, *, with_year: bool) -> str:
    """Write a day with its month's name, the year behind: 12 آبان 1405."""
    found = jdatetime.date.fromgregorian(year=time.year, month=time.month, day=time.day)
    month = jdatetime.date.j_months_fa[found.month - 1]
    return f"{found.day} {month} {found.year}" if with_year else f"{found.day} {month}"
