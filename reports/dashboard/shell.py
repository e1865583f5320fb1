"""What every page's template has at hand: how to write things, who is signed in, where one can go."""

from typing import Any

from flask import request, url_for

from reports import REPORTS
from reports.dashboard import words
from reports.dashboard.asked import Asked, Choice, page_of
from reports.dashboard.assets import SCRIPTS, STYLES, asset_url
from reports.dashboard.links import Address
from tracker.access import may
from tracker.gate import current_principal, is_secure
from tracker.house import current_house
from tracker.sites import SiteInfo

_LOOPBACK = ("127.", "localhost", "[::1]")


def helpers() -> dict[str, Any]:
    """Give templates what they write with."""
    return {
        "ago": words.ago,
        "asset_url": asset_url,
        "cell": words.cell,
        "count": words.count,
        "insecure": _is_insecure,
        "may": _may,
        "principal": current_principal,
        "rooms_of": _rooms_of,
        "scripts": SCRIPTS,
        "styles": STYLES,
    }


def _may(action: str, site: SiteInfo | None = None) -> bool:
    return may(current_principal(), site.id if site else None, action)


def _is_insecure() -> bool:
    """Tell whether passwords travel in the open: no https, and not inside one machine either."""
    return not is_secure(current_house()) and not request.is_secure and not request.host.startswith(_LOOPBACK)


def _rooms_of(site: SiteInfo, asked: Asked | None) -> list[Choice]:
    """Return the pages of a site: one a report, in their order, then the tag and the settings.

    Reports keep the scope that is being looked at.
    """
    address = asked.address.having(measure=None, limit=None) if asked else Address("")
    places = [(one.title, address.at(page_of(site, one))) for one in REPORTS]
    places.append(("Tag", Address(url_for("dashboard.tag", site_key=site.key))))
    if _may("change-site", site):
        places.append(("Settings", Address(url_for("dashboard.settings", site_key=site.key))))
    return [Choice(title, link, chosen=link.path == request.path) for title, link in places]
