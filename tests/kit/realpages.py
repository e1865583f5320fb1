"""Real pages that nobody here wrote: Debian's copy of the Spectre component library's documentation.

Its buttons are styled and wired to nothing, so a click on one is dead beyond doubt, while its links, accordions
and checkboxes work.
"""

import shutil
import subprocess
from pathlib import Path

import pytest

PACKAGE = "libjs-spectre-docs"
CACHE = Path(__file__).parent.parent.parent / ".venv" / "real-pages"


def fetch() -> Path | None:
    """Return the folder of pages, fetched once and unpacked beside the venv; None where that cannot be done."""
    pages = CACHE / "usr/share/doc" / PACKAGE / "docs"
    if pages.is_dir():
        return pages
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        return None
    CACHE.mkdir(parents=True, exist_ok=True)
    try:
        subprocess.run(["apt-get", "download", "-q", PACKAGE], cwd=CACHE, check=True, capture_output=True, timeout=90)
        for package in CACHE.glob("*.deb"):
            subprocess.run(["dpkg-deb", "-x", package.name, "."], cwd=CACHE, check=True, capture_output=True)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return None
    return pages if pages.is_dir() else None


@pytest.fixture(scope="session")
def real_pages() -> Path:
    """A folder of real HTML pages; the test is skipped, saying so, where they cannot be fetched."""
    pages = fetch()
    if pages is None:
        pytest.skip(f"the pages come from Debian's package {PACKAGE}, and apt-get could not fetch it here")
    return pages
