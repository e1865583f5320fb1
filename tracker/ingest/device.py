"""Tells what was browsed with, from the user agent and the width of the window."""

from functools import lru_cache

import ua_parser
from user_agents.parsers import UserAgent, parse_browser, parse_device, parse_operating_system

from tracker.event import Footprint
from tracker.ingest.rows import Row
from tracker.sites import SiteInfo

_TOLD = ("device", "browser", "browser_version", "os", "os_version")
_SCREENS = ((640, "small"), (1024, "medium"), (1440, "large"))


def find_device(footprint: Footprint, rows: list[Row], site: SiteInfo) -> None:
    """Set device, browser, os and their versions, and the class of the window's width.

    Without a user agent they are what an import was told.
    """
    shared = read_agent(footprint.user_agent) if footprint.user_agent else footprint.told
    shared = {name: shared[name] for name in _TOLD if name in shared}
    if footprint.viewport:
        shared["screen"] = screen_of(footprint.viewport[0])
    for row in rows:
        row.update(shared)


def screen_of(width: int) -> str:
    """Return the class of a window by its width in CSS px."""
    return next((name for below, name in _SCREENS if width < below), "wide")


@lru_cache(maxsize=4096)
def read_agent(text: str) -> dict[str, str]:
    """Return the columns that a user agent tells; what it does not tell is left out."""
    agent = _FastUserAgent(text)
    found = {
        "device": _class_of(agent),
        "browser": agent.browser.family,
        "browser_version": str(agent.browser.version[0]) if agent.browser.version else "",
        "os": agent.os.family,
        "os_version": agent.os.version_string,
    }
    return {name: value for name, value in found.items() if value and value != "Other"}


def _class_of(agent: UserAgent) -> str:
    if agent.is_tablet:
        return "tablet"
    if agent.is_mobile:
        return "mobile"
    return "desktop" if agent.is_pc else "other"


class _FastUserAgent(UserAgent):  # type: ignore[misc]  # the package has no types
    """user-agents' judgement over ua-parser's own interface: 10 times faster than its legacy one."""

    def __init__(self, text: str) -> None:
        told = ua_parser.parse(text).with_defaults()
        self.ua_string = text
        browser, system, device = told.user_agent, told.os, told.device
        self.browser = parse_browser(browser.family, browser.major, browser.minor, browser.patch)
        self.os = parse_operating_system(system.family, system.major, system.minor, system.patch)
        self.device = parse_device(device.family, device.brand, device.model)
