"""The contract of a format: how a product's export is read as counts by day."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tracker.imports.counts import Count
from tracker.imports.files import ExportFile


@dataclass
class Left:
    """What was left out of an export, by reason: `skipped` is none of what is kept, `bad` cannot be understood."""

    skipped: Counter[str] = field(default_factory=Counter)
    bad: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Format:
    """How a product, by its name in `tracker.imports.titles`, exports its counts.

    `read` yields those of a file, and notes what it leaves out. `kind` is what the file counts where it does
    not say so itself; "" where nobody said. FootfallError when the file is none of the product's by day.
    """

    name: str
    read: Callable[[ExportFile, str, Left], Iterator[Count]]
