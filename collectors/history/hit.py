"""One line of another product's history, and how a product's export is read as such lines."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tracker.event import Event
from tracker.imports.files import ExportFile
from tracker.sites import SiteInfo


class SkippedError(Exception):
    """A line that is none of what we count; its text is the reason, one of few."""


class BadRowError(Exception):
    """A line that cannot be understood; its text is the reason, one of few."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a line says of the browser; `session` is by what the product tells visitors apart, None where it does not.

    `user_agent` is as the browser sent it. Where that is not known, `told` may name browser, os and device as our
    columns do.
    """

    session: str | None
    user_agent: str | None = None
    told: tuple[tuple[str, str], ...] = ()
    language: str | None = None
    country: str | None = None
    region: str | None = None
    city: str | None = None
    automated: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A view or a custom event, and by whom.

    `key` is by what the product tells it from all others, None where it has no such thing.
    """

    event: Event
    known: Known
    key: str | None = None


@dataclass(frozen=True)
class Format:
    """How a product exports its events.

    `rows` reads an export as rows, `read` makes a hit of one: SkippedError or BadRowError when that cannot be.
    """

    name: str
    rows: Callable[[Sequence[ExportFile], Counter[str]], Iterator[dict[str, str]]]
    read: Callable[[dict[str, str], SiteInfo], Hit]
