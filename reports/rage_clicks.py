"""What do people hammer on?

One row is one element of a page, ranked by the visitors who clicked it again and again within
moments. A burst counts once; how many clicks it had and how long it took are the middle of all
bursts. Controls that are made for it, such as steppers, are left out. The share is of the page's
views: in how many of them it happened at least once.
"""

from reports.report import Column
from reports.struggle.struggling import Telling, struggling
from tracker.store.functions import median
from tracker.store.schema import struggle

CLICKS = Column("repetitions", "Clicks a burst", "number", "How many clicks the middle one of its bursts had.")
DURATION = Column("duration_ms", "Duration", "ms", "How long the middle one of its bursts took.")

report = struggling(
    "rage-clicks",
    "Rage clicks",
    __doc__,
    ("rage",),
    (
        Telling(CLICKS, median(struggle.c.repetitions), write=float),
        Telling(DURATION, median(struggle.c.duration_ms), write=round),
    ),
    of="element",
)
