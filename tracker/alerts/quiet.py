"""Hours in which nothing is sent, and days that are not like others: pure reckoning with a site's own clock."""

import re
from collections.abc import Collection
from datetime import date, datetime

from tracker.errors import InvalidInputError
from tracker.languages import gettext

MOST_DAYS_OFF = 100
_DAY = re.compile(r"(?:(\d{4})-)?(\d\d)-(\d\d)", re.ASCII)
_LEAP_YEAR = 2028


def is_quiet(local: datetime, quiet_from: int | None, quiet_until: int | None) -> bool:
    """Tell whether a time lies in the quiet hours, which may go over midnight; without both there are none."""
    if quiet_from is None or quiet_until is None or quiet_from == quiet_until:
        return False
    if quiet_from < quiet_until:
        return quiet_from <= local.hour < quiet_until
    return local.hour >= quiet_from or local.hour < quiet_until


def is_day_off(day: date, days_off: Collection[str]) -> bool:
    """Tell whether a day is one of those that are not like others."""
    return f"{day:%Y-%m-%d}" in days_off or f"{day:%m-%d}" in days_off


def check_days_off(texts: Collection[str]) -> list[str]:
    """Return days as they are kept; InvalidInputError when one is none, or there are too many."""
    if len(texts) > MOST_DAYS_OFF:
        raise InvalidInputError("days_off", gettext("name %(most)s days at most", most=MOST_DAYS_OFF))
    for text in texts:
        found = _DAY.fullmatch(text)
        try:
            if found is None:
                raise ValueError
            date(int(found[1] or _LEAP_YEAR), int(found[2]), int(found[3]))
        except ValueError as error:
            problem = gettext("%(given)s is no day such as 2026-04-06 or 12-25", given=repr(text[:32]))
            raise InvalidInputError("days_off", problem) from error
    return sorted(set(texts))
