"""What `footfall check` asks of the house."""

from collections.abc import Iterator

import msgspec

from reports.release import checking
from reports.release.asking import parse_check
from reports.run import lateness
from tracker.commands.finding import find_site
from tracker.control import Item
from tracker.errors import FootfallError
from tracker.house import House
from tracker.store.base import QueryTimeoutError


def check_release(house: House, *, site: str | None, words: dict[str, list[str]]) -> Iterator[Item]:
    """What a release made worse, page by page, as the API has it; and of which site."""
    found = find_site(house.sites, site)
    scope, release, least = parse_check(found, words)
    try:
        checked = checking.check_release(scope, release, least, house.store)
    except QueryTimeoutError as error:
        raise FootfallError(lateness(error)) from error
    yield {"site": found.name, "check": msgspec.to_builtins(checked)}
