"""What the steps at the request need opened once."""

from dataclasses import dataclass

from tracker.database import Database
from tracker.ingest.places import Places, open_places
from tracker.ingest.salts import SaltBook, SharedSalts
from tracker.settings import Settings


@dataclass(frozen=True)
class IngestContext:
    """Handed to every step at the request. `places` is None when the owner gave no GeoIP file."""

    salts: SaltBook
    places: Places | None

    def close(self) -> None:
        """Let go of the GeoIP file, and of the salts in memory."""
        self.salts.forget()
        if self.places:
            self.places.close()


def open_context(settings: Settings, database: Database) -> IngestContext:
    """Open all that steps need; FootfallError when the GeoIP file is none."""
    return IngestContext(SaltBook(SharedSalts(database)), open_places(settings.geoip))
