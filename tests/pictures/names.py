"""What the pictures of pages are called."""

import re
from collections.abc import Iterable

from tests.pictures.looks import LOOKS, Look
from tracker.sites import SiteInfo


def by_name(paths: Iterable[str], site: SiteInfo) -> dict[str, str]:
    """Return pages by a name of each one's own: the second of two that are alike but for a token has its number."""
    names: dict[str, str] = {}
    for path in paths:
        name = _name_of(path, site)
        same = sum(_name_of(other, site) == name for other in names.values())
        names[f"{name}-{same + 1}" if same else name] = path
    return names


def file_of(name: str, look: Look) -> str:
    """Name the file of a page's picture in a look."""
    return f"{name}.{look.name}.webp"


def of_no_page(files: Iterable[str], names: Iterable[str]) -> list[str]:
    """Return those files that are of none of the pages of these names."""
    known = {file_of(name, look) for name in names for looks in LOOKS.values() for look in looks}
    return sorted(set(files) - known)


def _name_of(path: str, site: SiteInfo) -> str:
    """Return a name for a page's pictures: its path without keys, tokens and numbers, which are never the same."""
    path = path.replace(f"/sites/{site.key}", "").replace(f"/privacy/{site.key}", "/privacy")
    path = re.sub(r"/(share|mute|invited)/[^/?]+", r"/\1", path)
    path = path.replace("?filter=device:is:desktop", "").replace("token=", "")
    return re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-") or "overview"
