"""The tag to paste, and whether anything came of it yet."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import render_template
from markupsafe import Markup
from sqlalchemy import select

from reports.dashboard.assets import FOLDER
from reports.dashboard.developers import public_address
from tracker.gate import current_site
from tracker.house import current_house
from tracker.sites import SiteInfo
from tracker.store.schema import event

VERSIONS = FOLDER / "js" / "versions.json"


@dataclass(frozen=True)
class Newest:
    """The last event that was loaded for a site."""

    path: str | None
    received_at: datetime


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
        newest=_newest(site),
    )


def first_event(site_key: str) -> str:
    """Answer the page that waits: a piece of it."""
    site = current_site()
    return render_template("first_event.html", site=site, newest=_newest(site), first=True)


def script(address: str, site: SiteInfo, integrity: str = "") -> str:
    """Write the tag, as text to be shown and copied.

    It names the query parameters that the site lets through: the page cuts off all others.
    """
    query = Markup(' data-query="{}"').format(",".join(sorted(site.query_parameters))) if site.query_parameters else ""
    pinned = Markup(' integrity="{}" crossorigin="anonymous"').format(integrity) if integrity else ""
    written = Markup('<script async src="{}" data-site="{}"{}{}></script>').format(address, site.key, query, pinned)
    return str(written)


def _pinned(address: str, site: SiteInfo) -> str | None:
    """Return the tag of the newest version under its own name, which never changes; None when there is none."""
    if not VERSIONS.exists():
        return None
    newest = json.loads(VERSIONS.read_text())[0]
    return script(f"{address}/js/{newest['file']}", site, newest["integrity"])


def _newest(site: SiteInfo) -> Newest | None:
    statement = (
        select(event.c.path, event.c.received_at)
        .where(event.c.site_id == site.id)
        .order_by(event.c.ingest_id.desc())
        .limit(1)
    )
    rows = current_house().store.query(statement, 5.0).rows
    return Newest(rows[0][0], rows[0][1].replace(tzinfo=UTC)) if rows else None
