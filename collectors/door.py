"""What the collectors need of the house."""

from typing import Protocol

from tracker.ingest.context import IngestContext
from tracker.refusals import Refusals
from tracker.settings import Settings
from tracker.sites import SiteBook
from tracker.spool import Spool


class Door(Protocol):
    """The part of the house that stands behind the door."""

    @property
    def settings(self) -> Settings:
        """How this installation runs."""

    @property
    def sites(self) -> SiteBook:
        """The sites in memory."""

    @property
    def refusals(self) -> Refusals:
        """Where refusals are counted."""

    @property
    def spool(self) -> Spool:
        """Where footprints wait for the loader."""

    @property
    def ingest(self) -> IngestContext:
        """What the steps at the request need."""
