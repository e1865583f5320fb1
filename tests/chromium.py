"""Makes sure that there is a Chromium for the browser tests: `python -m tests.chromium`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")

# As root Chromium wants no sandbox; the rest keeps it from talking to anybody but the tests.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def installed() -> str | None:
    """Return the path of a Chromium that is already here: the system's, else Playwright's."""
    named = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if named:
        return named
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def _try(*command: str) -> bool:
    try:
        return subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def ensure() -> str:
    """Return the path of a Chromium, installing one where there is none.

    Raises `SystemExit` with one line that says what to do when neither apt nor Playwright
    can bring one.
    """
    found = installed()
    if not found and os.geteuid() == 0 and shutil.which("apt-get"):
        print("No Chromium here: installing Debian's ...", flush=True)
        if _try("apt-get", "update", "-q") and _try("apt-get", "install", "-y", "-q", "chromium"):
            found = installed()
    if not found:
        print("No Chromium here: asking Playwright for its own ...", flush=True)
        if _try(sys.executable, "-m", "playwright", "install", "chromium"):
            found = installed()
    if not found:
        raise SystemExit("No Chromium to be had: install one (apt-get install chromium) or set CHROMIUM to its path.")
    return found


if __name__ == "__main__":
    print(ensure())
