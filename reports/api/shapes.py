"""What the API's answers look like, beside `reports.render.json` and `reports.bulk`."""

import msgspec

from reports.render.json import ColumnShape


class SiteLine(msgspec.Struct, frozen=True):
    """A site that the asker may read. `sample` marks invented data."""

    key: str
    name: str
    zone: str
    hosts: list[str]
    sample: bool


class Sites(msgspec.Struct, frozen=True):
    """The sites that the asker may read, oldest first."""

    sites: list[SiteLine]


class ReportLine(msgspec.Struct, frozen=True):
    """A report that can be asked for, and what its columns mean."""

    name: str
    title: str
    question: str
    reading: str
    columns: list[ColumnShape]


class Reports(msgspec.Struct, frozen=True):
    """All reports, in their order."""

    reports: list[ReportLine]


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """What went wrong (RFC 9457).

    `type` leads to what helps. `field` names the parameter that is at fault, `scope` what the key lacks.
    """

    title: str
    status: int
    detail: str
    type: str = "about:blank"
    field: str | None = None
    scope: str | None = None
