"""Packs the plugin for WordPress so that its upload takes it, with the site filled in."""

import io
import re
import zipfile

from reports.dashboard.assets import FOLDER
from tracker.sites import SiteInfo

PLUGIN = FOLDER / "wordpress" / "footfall.php"


def packed(address: str, site: SiteInfo) -> bytes:
    """Return a zip file of the plugin, whose defaults are the server's address and what the site's tag says."""
    text = PLUGIN.read_text()
    for name, value in (("url", address), ("site", site.key), ("query", ",".join(sorted(site.query_parameters)))):
        said = value.replace("\\", "\\\\").replace("'", "\\'")
        filled = re.search(rf"'{name}' +=> '(?=')", text)
        if filled is None:
            raise LookupError(f"{PLUGIN.name} has no default {name}")
        text = text[: filled.end()] + said + text[filled.end() :]
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("footfall/footfall.php", text)
    return file.getvalue()
