"""Ends a site with everything that is kept of it: its row, what waits, what is stored, and the archive."""

from tracker import archive
from tracker.house import House
from tracker.site_changes import delete_site

_DRAIN_S = 10.0


def erase_site(house: House, site_id: int) -> None:
    """Delete a site first, so that nothing new is let in for it, and then what was kept of it.

    What waits in the spool is loaded before, and is dropped on the way, being of no known site.
    """
    with house.database.session() as session:
        delete_site(session, site_id)
    house.sites.forget()
    house.loader.drain(_DRAIN_S)
    house.store.erase_site(site_id)
    archive.erase(house.settings.archive_folder, site_id)
