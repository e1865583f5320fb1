"""A letter as it is before it goes to anybody, and to one reader."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from reports.mail.findings import Findings
from reports.mail.sections import Section
from reports.mail.tables import Tables
from reports.mail.writing import CHART, written
from reports.run import ReportAnswer
from reports.wording.headline import Number
from tracker.mail import Attached, Letter
from tracker.sites import SiteInfo


@dataclass(frozen=True)
class Foot:
    """What a letter's last lines say: whose list the reader is on, and where that can be changed, in full."""

    schedule: str
    unsubscribe: str | None
    settings: str


@dataclass(frozen=True)
class Draft:
    """A letter but for its foot, which is each reader's own.

    `days` says in words what the `picture` (PNG) shows; `page` is where the report is, in full; `tables` are
    what all of it was made from, the overview first.
    """

    site: SiteInfo
    title: str
    period: str
    segment: str | None
    found: Findings
    numbers: Sequence[Number]
    days: str
    picture: bytes | None
    sections: Sequence[Section]
    notes: Sequence[str]
    page: str
    tables: Tables
    files: Sequence[Attached] = field(default=())

    @property
    def answers(self) -> Sequence[ReportAnswer]:
        """What all of it was made from, in its own language."""
        return self.tables.answers

    @property
    def subject(self) -> str:
        """What stands above it in a list of letters."""
        return f"{self.title} · {self.period}"

    def letter(self, foot: Foot) -> Letter:
        """Write it to one reader."""
        told = {"draft": self, "title": self.title, "foot": foot}
        return Letter(
            subject=self.subject,
            text=written("letter.txt", told),
            html=written("letter.html", told),
            pictures=[Attached("visitors.png", "image/png", self.picture, CHART)] if self.picture else [],
            files=self.files,
            unsubscribe=foot.unsubscribe,
        )
