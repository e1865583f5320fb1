"""The plugin that a site's owner downloads knows the site."""

import io
import zipfile
from dataclasses import replace

from reports.dashboard.wordpress import packed
from tracker.sites import SiteInfo


def test_it_knows_address_key_and_parameters(site: SiteInfo) -> None:
    known = replace(site, query_parameters=frozenset(("page", "it's\\")))
    with zipfile.ZipFile(io.BytesIO(packed("https://stats.example.org", known))) as archive:
        assert archive.namelist() == ["footfall/footfall.php"]
        text = archive.read("footfall/footfall.php").decode()
    told = [" ".join(line.split()) for line in text.splitlines()]
    assert "'url' => 'https://stats.example.org'," in told and f"'site' => '{site.key}'," in told
    assert "'query' => 'it\\'s\\\\,page'," in told
