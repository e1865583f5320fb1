"""The tag to paste, and whether anything came of it yet."""

import json

from flask import render_template
from markupsafe import Markup

from reports.dashboard.assets import FOLDER
from reports.dashboard.developers import public_address
from reports.dashboard.newest import newest_event
from tracker.gate import current_site
from tracker.house import current_house
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
        pixel=str(Markup('<img src="{}/pixel.gif?site={}" alt="" width="1" height="1">').format(address, site.key)),
        address_is_guessed=not current_house().settings.public_url,
        newest=newest_event(site),
        device=MODE[site.privacy_mode].device,
    )


def first_event(site_key: str) -> str:
    """Answer the page that waits: a piece of it."""
    site = current_site()
    return render_template("first_event.html", site=site, newest=newest_event(site), first=True)


def script(address: str, site: SiteInfo, integrity: str = "", consent: str = "") -> str:
    """Write the tag, as text to be shown and copied.

    It names the query parameters that the site lets through: the page cuts off all others.
    `consent` names whom it asks whether the visitor agreed.
    """
    query = Markup(' data-query="{}"').format(",".join(sorted(site.query_parameters))) if site.query_parameters else ""
    pinned = Markup(' integrity="{}" crossorigin="anonymous"').format(integrity) if integrity else ""
    asked = Markup(' data-consent="{}"').format(consent) if consent else ""
    written = Markup('<script async src="{}" data-site="{}"{}{}{}></script>')
    return str(written.format(address, site.key, query, asked, pinned))


def _pinned(address: str, site: SiteInfo) -> str | None:
    """Return the tag of the newest version under its own name, which never changes; None when there is none."""
    if not VERSIONS.exists():
        return None
    newest = json.loads(VERSIONS.read_text())[0]
    return script(f"{address}/js/{newest['file']}", site, newest["integrity"])
