"""Where the corpus comes from: packages of npm and Debian, fetched once and kept beside the venv."""

import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
NODE_MODULES = HERE / "node_modules"
CACHE = HERE.parent.parent / ".venv" / "corpus"
DEBIAN = (
    "libjs-bootstrap5-doc",
    "libjs-jquery",
    "libjs-jquery-ui",
    "libjs-jquery-ui-docs",
    "libjs-jquery-mousewheel",
    "libjs-sphinxdoc",
    "libjs-spectre-docs",
    "libjs-underscore",
    "mkdocs-doc",
    "node-requirejs",
    "python3.11-doc",
)


class MissingError(Exception):
    """Packages cannot be had here; the message says which and why."""


def fetch_npm() -> Path:
    """Return node_modules, installed as the lock file says. Raises `MissingError`."""
    if not NODE_MODULES.is_dir():
        _fetch("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", folder=HERE)
    return NODE_MODULES


def fetch_debian() -> Path:
    """Return a folder with the packages' files below usr. Raises `MissingError`."""
    CACHE.mkdir(parents=True, exist_ok=True)
    for package in DEBIAN:
        done = CACHE / f"{package}.done"
        if done.exists():
            continue
        _fetch("apt-get", "download", "-q", package, folder=CACHE)
        for archive in CACHE.glob(f"{package}_*.deb"):
            _fetch("dpkg-deb", "-x", str(archive), ".", folder=CACHE)
            archive.unlink()
        done.touch()
    return CACHE / "usr"


def build() -> Path:
    """Return a folder with the other detectors and the libraries that come as modules, bundled.

    Raises `MissingError` where there are no packages; what cannot be bundled is a fault of ours.
    """
    fetch_npm()
    target = CACHE / "built"
    sources = [HERE / "build.mjs", HERE / "package-lock.json", *(HERE / "rivals").glob("*.js")]
    made = target / "posthog.js"
    if not made.exists() or made.stat().st_mtime < max(source.stat().st_mtime for source in sources):
        subprocess.run(["node", "build.mjs", target], cwd=HERE, check=True, timeout=300)
    return target


def _fetch(*command: str, folder: Path) -> None:
    if not shutil.which(command[0]):
        raise MissingError(f"there is no {command[0]} here: install it")
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=300)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise MissingError(f"`{' '.join(command)}` failed: {error}") from error
