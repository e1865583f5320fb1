"""Which pages do people leave again at once for the one they came from?

One row is one way: the page that was left, and the one to which people went back. A quick back
is one such return; a loop is to and fro twice in a row. The page did not say what was looked
for, or what led there promised something else. The share is of the views of the page left.
"""

from reports.report import Column
from reports.struggle.struggling import Telling, struggling
from tracker.store.schema import struggle

SIGNAL = Column("signal", "Signal", "text", "A quick back, or a loop: to and fro twice in a row.")
BACK_TO = Column("back_to", "Back to", "path", "The page that people came from, and went back to.")

report = struggling(
    "quick-backs",
    "Quick backs",
    __doc__,
    ("quick_back", "loop"),
    (
        Telling(SIGNAL, struggle.c.signal, is_key=True),
        Telling(BACK_TO, struggle.c.detail, is_key=True),
    ),
    of="page",
)
