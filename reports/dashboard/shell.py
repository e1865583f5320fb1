"""What every page's template has at hand: how to write things, who is signed in, where one can go."""

from typing import Any

from flask import request, url_for
from markupsafe import Markup

from reports.dashboard.assets import SCRIPTS, STYLES, asset_url
from reports.dashboard.rooms import may_here, rooms_of
from reports.wording import words
from tracker.gate import current_principal, is_secure
from tracker.house import current_house
from tracker.signal_book import BY_NAME
from tracker.sites import SiteInfo

_LOOPBACK = ("127.", "localhost", "[::1]")


def helpers() -> dict[str, Any]:
    """Give templates what they write with."""
    return {
        "ago": words.ago,
        "asset_url": asset_url,
        "breakable": words.breakable,
        "cell": words.cell,
        "count": words.count,
        "definition_link": definition_link,
        "insecure": _is_insecure,
        "may": may_here,
        "name_of": words.name_of,
        "principal": current_principal,
        "rooms_of": rooms_of,
        "scripts": SCRIPTS,
        "styles": STYLES,
    }


def definition_link(site: SiteInfo, signal: str, text: str | None = None) -> Markup:
    """Return a link to where the site's pages define a signal; its words are the signal's name unless given."""
    address = url_for("dashboard.signals", site_key=site.key, _anchor=signal)
    found = BY_NAME[signal]
    words_of_it = text or found.title.lower()
    title = f"{found.title}: {found.definition(site.limits)}"
    return Markup('<a class="defined" href="{}" title="{}">{}</a>').format(address, title, words_of_it)


def _is_insecure() -> bool:
    """Tell whether passwords travel in the open: no https, and not inside one machine either."""
    return not is_secure(current_house()) and not request.is_secure and not request.host.startswith(_LOOPBACK)
