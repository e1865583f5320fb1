"""The tag to paste, and whether anything came of it yet."""

import json
import re

from flask import Response, render_template
from markupsafe import Markup

from reports.dashboard.assets import FOLDER
from reports.dashboard.developers import public_address
from reports.dashboard.newest import newest_event
from reports.dashboard.wordpress import packed
from tracker.gate import current_site
from tracker.house import current_house
from tracker.languages import gettext
from tracker.privacy import MODE
from tracker.sites import SiteInfo

VERSIONS = FOLDER / "js" / "versions.json"


def tag(site_key: str) -> str:
    """Show the tag in its forms, and wait for the first event."""
    site, address = current_site(), public_address()
    return render_template(
        "tag.html",
        site=site,
        asked=None,
        tag=script(f"{address}/js/footfall.js", site),
        pinned=_pinned(address, site),
        pixel=picture(address, site),
        address_is_guessed=not current_house().settings.public_url,
        newest=newest_event(site),
        device=gettext(MODE[site.privacy_mode].device),
    )


def wordpress(site_key: str) -> Response:
    """Send the plugin for WordPress, which knows its site."""
    name = "attachment; filename=footfall.zip"
    file = packed(public_address(), current_site())
    return Response(file, mimetype="application/zip", headers={"Content-Disposition": name})


def first_event(site_key: str) -> str:
    """Answer the page that waits: a piece of it."""
    site = current_site()
    return render_template("first_event.html", site=site, newest=newest_event(site), first=True)


def script(address: str, site: SiteInfo, integrity: str = "", consent: str = "") -> str:
    """Write the tag, as text to be shown and copied.

    It names the query parameters that the site lets through: the page cuts off all others.
    `consent` names whom it asks whether the visitor agreed.
    """
    names = "|".join(re.escape(name) for name in sorted(site.query_parameters))  # alternatives of a pattern
    query = Markup(' data-query="{}"').format(names) if names else ""
    pinned = Markup(' integrity="{}" crossorigin="anonymous"').format(integrity) if integrity else ""
    asked = Markup(' data-consent="{}"').format(consent) if consent else ""
    written = Markup('<script async src="{}" data-site="{}"{}{}{}></script>')
    return str(written.format(address, site.key, query, asked, pinned))


def picture(address: str, site: SiteInfo) -> str:
    """Write the picture that counts a view where no script runs.

    It lets the browser name the whole page, which else would name no more than its host to another host.
    """
    written = Markup(
        '<noscript><img src="{}/pixel.gif?site={}" alt="" width="1" height="1"'
        ' referrerpolicy="no-referrer-when-downgrade"></noscript>'
    )
    return str(written.format(address, site.key))


def _pinned(address: str, site: SiteInfo) -> str | None:
    """Return the tag of the newest version under its own name, which never changes; None when there is none."""
    if not VERSIONS.exists():
        return None
    newest = json.loads(VERSIONS.read_text())[0]
    return script(f"{address}/js/{newest['file']}", site, newest["integrity"])
