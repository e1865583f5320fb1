"""What every page's template has at hand: how to write things, who is signed in, where one can go."""

from typing import Any

from flask import request, url_for
from markupsafe import Markup

from reports.dashboard.assets import CHART, SCRIPTS, STYLES, asset_url
from reports.dashboard.charts import charts_of
from reports.dashboard.rooms import may_here, rooms_of
from reports.dashboard.shared import told_of
from reports.query.dimensions import DIMENSIONS
from reports.wording import words
from tracker.gate import current_principal, current_share, is_secure
from tracker.house import current_house
from tracker.languages import gettext, spoken_language
from tracker.languages.letters import first_lower
from tracker.passwords import SHORTEST
from tracker.signal_book import BY_NAME
from tracker.sites import SiteInfo

_LOOPBACK = ("127.", "localhost", "[::1]")


def helpers() -> dict[str, Any]:
    """Give templates what they write with."""
    return {
        "ago": words.ago,
        "asset_url": asset_url,
        "bots_counted": words.bots_counted,
        "breakable": words.breakable,
        "cell": words.cell,
        "chart_assets": CHART,
        "criterion": words.criterion,
        "charts_of": charts_of,
        "count": words.count,
        "definition_link": definition_link,
        "dimensions": [(one.name, gettext(one.title)) for one in DIMENSIONS],
        "insecure": _is_insecure,
        "language": spoken_language,
        "may": may_here,
        "name_of": words.name_of,
        "operations": [(name, gettext(title)) for name, title in words.OPERATIONS.items()],
        "principal": current_principal,
        "rooms_of": rooms_of,
        "scripts": SCRIPTS,
        "share": current_share(),
        "shortest": SHORTEST,
        "steps": words.steps,
        "styles": STYLES,
        "told_of": told_of,
    }


def definition_link(site: SiteInfo, signal: str, text: str | None = None) -> Markup:
    """Return a link to where the site's pages define a signal; its words are the signal's name unless given.

    Who came by a share link cannot go there, and gets the definition alone.
    """
    address = url_for("dashboard.signals", site_key=site.key, _anchor=signal)
    found = BY_NAME[signal]
    name = gettext(found.title)
    words_of_it = text or first_lower(name)
    title = gettext("%(signal)s: %(definition)s", signal=name, definition=found.definition(site.limits))
    if current_share():
        return Markup('<abbr title="{}">{}</abbr>').format(title, words_of_it)
    return Markup('<a class="defined" href="{}" title="{}">{}</a>').format(address, title, words_of_it)


def _is_insecure() -> bool:
    """Tell whether passwords travel in the open: no https, and not inside one machine either."""
    return not is_secure(current_house()) and not request.is_secure and not request.host.startswith(_LOOPBACK)
