"""`python -m bench [NAME …]`: runs the benches one after the other and writes what they print into bench/README.md."""

import datetime
import os
import platform
import re
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

# what a section is called, its module, and the module's arguments
BENCHES: dict[str, tuple[str, ...]] = {
    "collect": ("collect",),
    "serve": ("collect", "--serve"),
    "ingest": ("ingest",),
    "store": ("store",),
    "stitching": ("stitching",),
    "reports": ("reports",),
    "dashboard": ("dashboard",),
    "export": ("export",),
    "house": ("house",),
    "msnbc": ("msnbc",),
    "snippet": ("snippet",),
    "fingerprint": ("fingerprint",),
    "letters": ("letters",),
    "alerts": ("alerts",),
    "corpus": ("corpus",),
    "identity": ("identity",),
}
README = Path(__file__).with_name("README.md")
_LOGGED = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \[")  # a line of the product's own log
_ROOT = Path(__file__).parent.parent


def run(name: str) -> str:
    """Return a bench's section of the page."""
    module, *arguments = BENCHES[name]
    doc = (import_module(f"bench.{module}").__doc__ or "").strip()
    began = datetime.datetime.now(datetime.UTC)
    print(f"bench.{module} {' '.join(arguments)}…", file=sys.stderr)
    # Progress goes to stderr, for whoever waits.
    ran = subprocess.run(
        [sys.executable, "-m", f"bench.{module}", *arguments], cwd=_ROOT, stdout=subprocess.PIPE, text=True, check=False
    )
    said = "\n".join(line for line in ran.stdout.strip().splitlines() if not _LOGGED.match(line))
    if ran.returncode:
        said = f"Failed: exit status {ran.returncode}."
    elif "|" not in said:
        said = f"```\n{said}\n```"
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return f"## {name}\n\n{doc}\n\n{said}\n\nMeasured {began:%Y-%m-%d %H:%M} UTC; load average at the end {load}.\n"


def head() -> str:
    gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 30
    return (
        "# Benchmarks\n\n"
        "`make bench` measures and writes this page; `python -m bench NAME` measures one part again.\n"
        f"The load generator runs on the same machine. Here: {os.cpu_count()} cores, {gib} GiB, "
        f"{platform.machine()}, Python {platform.python_version()}.\n"
    )


def main() -> None:
    chosen = sys.argv[1:] or list(BENCHES)
    if unknown := set(chosen) - set(BENCHES):
        raise SystemExit(f"no such bench: {', '.join(sorted(unknown))}; there are {', '.join(BENCHES)}")
    if {"collect", "serve"} & set(chosen) and shutil.which("wrk") is None:
        raise SystemExit("wrk is missing: apt-get install wrk")
    old = re.split(r"^(?=## )", README.read_text(), flags=re.MULTILINE)[1:] if README.exists() else []
    sections = {section.split()[1]: section.strip() + "\n" for section in old}
    for name in chosen:
        sections[name] = run(name)
        text = "\n".join([head(), *(sections[known] for known in BENCHES if known in sections)])
        README.write_text(text)
        print(sections[name])


if __name__ == "__main__":
    main()
