"""Takes in the history that was sent by a page."""

from collections.abc import Mapping

from collectors.history import FORMATS
from collectors.history.noting import note_taken
from collectors.history.taking import stretch_of, take_history
from tracker.house import House
from tracker.imports.book import ImportInfo
from tracker.imports.working import Taker, Told, Work

_OF = {one.name: one for one in FORMATS}


def history_taken(house: House, work: Work) -> tuple[ImportInfo | None, Told]:
    """Take in the views and events of a product."""
    stretch = stretch_of(work.site, work.upload.until)
    of = _OF[work.upload.product]
    taken = take_history(of, work.files, work.site, house.spool.submit, stretch, work.progress)
    made = note_taken(house.database, work.site, work.wanted, taken)
    return made, {"taken": {"events": taken.taken}, "skipped": taken.skipped, "bad": taken.bad}


OF_EVENTS: Mapping[str, Taker] = dict.fromkeys(_OF, history_taken)
