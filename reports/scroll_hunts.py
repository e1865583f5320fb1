"""On which pages do people scroll up and down in search of something?

One row is one page, ranked by the visitors who turned back and forth on it without a click or
input between. How often they turned, and for how long, are the middle of all such hunts. The
share is of the page's views: in how many of them it happened at least once.
"""

from reports.report import Column
from reports.struggle.struggling import Telling, struggling
from tracker.store.functions import median
from tracker.store.schema import struggle

TURNS = Column("repetitions", "Turns", "number", "How often the middle one of these hunts turned.")
DURATION = Column("duration_ms", "Duration", "ms", "How long the middle one of these hunts took.")

report = struggling(
    "scroll-hunts",
    "Scroll hunts",
    __doc__,
    ("scroll_hunt",),
    (
        Telling(TURNS, median(struggle.c.repetitions), write=float),
        Telling(DURATION, median(struggle.c.duration_ms), write=round),
    ),
    of="page",
)
