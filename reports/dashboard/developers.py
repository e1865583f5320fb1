"""What stands under every answer for those who want it elsewhere: JSON, CSV, and the commands that get it."""

import shlex
from dataclasses import dataclass

from flask import request, url_for

from reports.dashboard.asked import Asked
from reports.report import Report
from tracker.house import current_house


@dataclass(frozen=True)
class Ways:
    """Addresses of an answer in other forms, and the command that fetches it with a key."""

    json: str
    csv: str
    curl: str


def ways_to_get(asked: Asked, report: Report) -> Ways:
    """Return how to get what this page shows, in the same scope."""
    path = url_for("api.report", site_key=asked.site.key, name=report.name)
    address = asked.address.having(measure=None, compare=asked.scope.compare)
    json = str(address.at(path))
    csv = str(address.at(f"{path}.csv"))
    return Ways(json=json, csv=csv, curl=curl(json))


def curl(path: str) -> str:
    """Write the command that gets an address of the API, query and all, with a key."""
    return f'curl -H "Authorization: Bearer $FOOTFALL_KEY" {shlex.quote(public_address() + path)}'


def public_address() -> str:
    """Return the address at which this server is reached: the one that is set, else the one that was asked."""
    return (current_house().settings.public_url or request.host_url).rstrip("/")
