"""Our model of why fingerprints change: causes, how often each comes, and which fields it changes together.

How often is told by three figures: the days between two changes for half of all browsers, for
the tenth that change most, and for the twentieth. They are those of table II of FP-Stalker (Vastel
et al., IEEE S&P 2018) where that has the field, and otherwise our own estimate, as the shares are.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

NEVER = 3650.0


@dataclass(frozen=True)
class Cause:
    """Something that happens to a browser every so many days, and the share of times that it changes each field."""

    name: str
    days: tuple[float, float, float]
    fields: Mapping[str, float]

    def days_of(self, rank: float) -> float:
        """Return the mean days between two times for a browser of this rank, from 0 (changes least) to 1."""
        half, tenth, twentieth = self.days
        known = ((0.0, min(4 * half, NEVER)), (0.5, half), (0.9, tenth), (0.95, twentieth), (1.0, twentieth))
        for (low, slow), (high, fast) in pairwise(known):
            if rank <= high:
                part = (rank - low) / (high - low)
                return math.exp(math.log(slow) * (1 - part) + math.log(fast) * part)
        return twentieth


CAUSES = (
    Cause(
        "browser update",
        (52.2, 33.3, 23.5),
        {"version": 1, "plugins": 0.1, "canvas": 0.08, "accept": 0.03, "encoding": 0.02, "user_agent": 0.02}
        | {"storage": 0.02, "audio": 0.02, "fonts": 0.02, "gpu_renderer": 0.02},
    ),
    Cause(
        "system update",
        (180, 60, 30),
        {"platform_version": 1, "fonts": 0.2, "user_agent": 0.1, "canvas": 0.1, "gpu_renderer": 0.05, "audio": 0.02},
    ),
    Cause("plug-in", (44.1, 12.2, 8.7), {"plugins": 1}),
    Cause("program with fonts", (NEVER, 11.8, 5.4), {"fonts": 1, "canvas": 0.1}),
    Cause("other screen", (NEVER, 3.1, 1.8), {"screen": 1, "pixel_ratio": 0.3, "color_gamut": 0.1, "touch": 0.02}),
    Cause("journey", (206.3, 53.8, 26.8), {"timezone": 1}),
    Cause("other language", (NEVER, 215.1, 56.7), {"language": 1, "languages": 1}),
    Cause("graphics driver", (NEVER, 81.2, 30.3), {"gpu_renderer": 1, "gpu_vendor": 0.3, "canvas": 0.5}),
    Cause("drawing", (290, 35.3, 17.2), {"canvas": 1}),
    Cause("wish not to be tracked", (NEVER, 171.4, 57.0), {"do_not_track": 1}),
    Cause("storage setting", (NEVER, NEVER, 320.2), {"local_storage": 1, "cookies": 0.5, "storage": 1}),
    Cause("other encodings", (NEVER, 106.1, 60.5), {"encoding": 1}),
    Cause("other formats", (NEVER, 163.8, 109.5), {"accept": 1}),
    Cause("hardware", (NEVER, NEVER, 700), {"memory": 1, "cores": 0.3, "gpu_renderer": 0.3, "audio": 0.2}),
    Cause("disguise", (NEVER, NEVER, 1000), {"platform": 1, "architecture": 0.5, "model": 0.5, "user_agent": 1}),
)
BACK = {"screen": 0.6, "pixel_ratio": 0.6, "color_gamut": 0.6, "timezone": 0.6, "language": 0.3, "languages": 0.3}
BACK |= {"plugins": 0.2, "fonts": 0.2, "do_not_track": 0.5, "local_storage": 0.5, "cookies": 0.5}
"""Of changed values, the share that return to one that the browser had before."""
SIMILAR = {"plugins": 0.8, "fonts": 0.8, "language": 0.6, "languages": 0.6, "gpu_renderer": 0.4, "gpu_vendor": 0.2}
SIMILAR |= {"accept": 0.5, "encoding": 0.4, "user_agent": 0.5}
"""Of the others, the share that are nearly the same text."""
NOVEL = frozenset({"canvas", "audio"})
"""Fields that change to what nobody had before."""
