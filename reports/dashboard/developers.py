"""What stands under every answer for those who want it elsewhere: JSON, CSV, and the commands that get it."""

import shlex
from dataclasses import dataclass

from flask import request, url_for

from reports.dashboard.asked import Asked
from reports.pdf.typeset import can_typeset
from reports.report import Report
from tracker.house import current_house
from tracker.languages import ENGLISH, spoken_language


@dataclass(frozen=True)
class Ways:
    """Addresses of an answer in other forms (no CSV: empty), and what fetches it with a key: a command, and Python.

    `pdf` is None where there is none to get: of what is no report, or without the extra.
    """

    json: str
    csv: str
    curl: str
    python: str
    pdf: str | None = None


def ways_to_get(asked: Asked, report: Report) -> Ways:
    """Return how to get what this page shows, in the same scope."""
    path = url_for("api.report", site_key=asked.site.key, name=report.name)
    address = asked.scoped.having(compare=asked.scope.compare)
    json = str(address.at(path))
    csv = str(address.at(f"{path}.csv"))
    spoken = address if spoken_language() is ENGLISH else address.having(language=spoken_language().tag)
    pdf = str(spoken.at(f"{path}.pdf")) if can_typeset() else None
    return Ways(json=json, csv=csv, curl=curl(json), python=python(json), pdf=pdf)


def curl(path: str) -> str:
    """Write the command that gets an address of the API, query and all, with a key."""
    return f'curl -H "Authorization: Bearer $FOOTFALL_KEY" {shlex.quote(public_address() + path)}'


def python(path: str, rows: str = "rows") -> str:
    """Write the lines of Python that make a table of what an answer has under `rows`."""
    return (
        "import os, pandas, requests\n\n"
        f"address = {public_address() + path!r}\n"
        'key = {"Authorization": "Bearer " + os.environ["FOOTFALL_KEY"]}\n'
        "answer = requests.get(address, headers=key).json()\n"
        f'print(pandas.DataFrame(answer["{rows}"]))'
    )


def public_address() -> str:
    """Return the address at which this server is reached: the one that is set, else the one that was asked."""
    return (current_house().settings.public_url or request.host_url).rstrip("/")
