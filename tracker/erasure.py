"""Ends a site with everything that is kept of it: its row, what waits, what is stored, and the archive."""

from typing import Any

from sqlalchemy import func, select

from tracker import archive
from tracker.house import House
from tracker.site_changes import delete_site
from tracker.store.schema import metadata

_DRAIN_S = 10.0


def erase_site(house: House, site_id: int) -> None:
    """Delete a site first, so that nothing new is let in for it, and then what was kept of it.

    What waits in the spool is loaded before, and is dropped on the way, being of no known site. From the mark in the
    archive on, `finish_sites` ends what is broken off.
    """
    with house.database.session() as session:
        delete_site(session, site_id)
    house.sites.forget()
    archive.erase(house.settings.archive_folder, site_id)
    house.loader.drain(_DRAIN_S)
    house.store.erase_site(site_id)


def finish_sites(house: House) -> None:
    """Erase what is left of sites that were deleted, where a stop or a store that was down came between.

    Only sites that bear the archive's mark are meant: a store beside the wrong database knows none of its sites.
    """
    house.sites.forget()
    folder = house.settings.archive_folder
    for site_id in archive.erased_sites(folder) - {site.id for site in house.sites.all()}:
        archive.erase(folder, site_id)
        if _is_stored(house, site_id):
            house.store.erase_site(site_id)


def _is_stored(house: House, site_id: int) -> bool:
    count: tuple[Any, ...] = (func.count(),)
    of_site = (
        select(*count).select_from(table).where(table.c.site_id == site_id) for table in metadata.tables.values()
    )
    return any(house.store.query(one).rows[0][0] for one in of_site)
