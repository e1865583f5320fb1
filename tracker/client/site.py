"""One site, and all that a client can ask of it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Unpack

import msgspec

from tracker.client import saved
from tracker.client.checks import Check
from tracker.client.errors import BrokenOffError
from tracker.client.pictures import Flow, Heatmap
from tracker.client.reports import Answer, ChosenWords, Report, ReportInfo, ReportWords, ScopeWords, SpanWords
from tracker.client.rows import Rows
from tracker.client.struggles import Example, Examples, Story, Struggle
from tracker.client.wire import Wire, Words, segment


class SiteInfo(msgspec.Struct, frozen=True):
    """What is known of a site: `key` stands in its tag, its days are of `zone`, `sample` marks invented data."""

    key: str
    name: str
    zone: str
    hosts: list[str]
    sample: bool = False


class _Reports(msgspec.Struct):
    reports: list[ReportInfo]


class Site:
    """A site that the key may read; get one from `Client.site` or `Client.sites`.

    Its methods raise ProblemError of the kind that fits where the server refuses, NotReachedError and BrokenOffError
    where it cannot be asked.
    """

    def __init__(self, wire: Wire, info: SiteInfo) -> None:
        self.info = info
        self._wire = wire
        self._path = f"/api/v1/sites/{segment(info.key)}"

    def __repr__(self) -> str:
        return f"<Site {self.info.name!r} {self.info.key}>"

    @property
    def key(self) -> str:
        """The key that stands in its tag."""
        return self.info.key

    @property
    def name(self) -> str:
        """Its name."""
        return self.info.name

    def reports(self) -> list[ReportInfo]:
        """Return all reports, what they answer and what their columns mean."""
        return self._wire.read(f"{self._path}/reports", _Reports).reports

    def report(self, name: str, **words: Unpack[ReportWords]) -> Report:
        """Return a report: `report("dead-clicks", range="7d", filters=["path:is:/cart"], compare="previous")`."""
        return self._wire.read(f"{self._path}/reports/{segment(name)}", Report, _words(words))

    def vitals(self, **words: Unpack[ReportWords]) -> Report:
        """Return web vitals by page and kind of device: the report `vitals`."""
        return self.report("vitals", **words)

    def struggles(self, **words: Unpack[ReportWords]) -> list[Struggle]:
        """Return where people struggle, what should be mended first at first: the rows of the report `struggles`."""
        rows = self.report("struggles", **words).rows
        try:
            return msgspec.convert(rows, list[Struggle])
        except msgspec.ValidationError as error:
            raise BrokenOffError(f"the report `struggles` is not as it was ({error}); is the server newer?") from error

    def examples(
        self,
        signal: str,
        *,
        path: str | None = None,
        element: str | None = None,
        limit: int = 20,
        **words: Unpack[SpanWords],
    ) -> list[Example]:
        """Return the newest incidents of a signal, anywhere or at a place."""
        asked = {"signal": signal, "path": path, "element": element, "limit": limit, **_words(words)}
        return self._wire.read(f"{self._path}/examples", Examples, asked).examples

    def story(self, event_id: str, signal: str | None = None) -> Story:
        """Return the story of the struggle that begins with an event; examples and struggles have the ids."""
        return self._wire.read(f"{self._path}/stories/{segment(event_id)}", Story, {"signal": signal})

    def heatmap(self, path: str = "/", *, screen: str = "all", **words: Unpack[ScopeWords]) -> Heatmap:
        """Return one page's clicks by element and place, its scrolling and its attention.

        `screen` is small, medium, large, wide or all.
        """
        asked = {"path": path, "screen": screen, **_words(words)}
        return self._wire.read(f"{self._path}/heatmap", Heatmap, asked)

    def flow(
        self,
        path: str | None = None,
        *,
        direction: str = "forward",
        steps: int = 4,
        branches: int = 5,
        **words: Unpack[ScopeWords],
    ) -> Flow:
        """Return which pages follow one another, from a page or the start of visits; `backward`: what led there."""
        asked = {"path": path, "direction": direction, "steps": steps, "branches": branches, **_words(words)}
        return self._wire.read(f"{self._path}/flow", Flow, asked)

    def query(self, metrics: Sequence[str], dimensions: Sequence[str] = (), **more: Any) -> Answer:
        """Ask a question of your own; `more` are the further fields of docs/api/query.md, such as `date_range`."""
        question = {"site_id": self.key, "metrics": metrics, "dimensions": dimensions, **more, "shape": "records"}
        return self._wire.post("/api/v1/query", question, Answer)

    def goals(self) -> list[saved.Goal]:
        """Return the site's goals, by name; the report `goals` counts them."""
        return self._wire.read(f"{self._path}/goals", saved.Goals).goals

    def funnels(self) -> list[saved.Funnel]:
        """Return the site's funnels, by name; `report("funnels", funnel=name)` counts one."""
        return self._wire.read(f"{self._path}/funnels", saved.Funnels).funnels

    def segments(self) -> list[saved.Segment]:
        """Return the site's saved segments, by name."""
        return self._wire.read(f"{self._path}/segments", saved.Segments).segments

    def releases(self) -> list[saved.Release]:
        """Return the site's releases, the oldest first."""
        return self._wire.read(f"{self._path}/releases", saved.Releases).releases

    def mark_release(self, name: str, at: datetime | None = None) -> saved.Release:
        """Mark a release, now or at an aware time; one that is marked keeps its time unless another is told.

        The key needs the scope `change`.
        """
        body = {"name": name} if at is None else {"name": name, "at": at}
        return self._wire.post(f"{self._path}/releases", body, saved.Release)

    def check(self, since: str | None = None, *, min_visits: int | None = None, **words: Unpack[ChosenWords]) -> Check:
        """Compare before with after a release, the newest unless `since` names one: docs/checking-releases.md."""
        asked = {"since": since, "min_visits": min_visits, **_words(words)}
        return self._wire.read(f"{self._path}/check", Check, asked)

    def events(self, *, range: str | None = None, cursor: str | None = None, limit: int | None = None) -> Rows:  # noqa: A002 - the API's own word
        """Iterate over events in the order of loading: all, those of some days, or those loaded since a cursor."""
        return Rows(self._wire, f"{self._path}/events.ndjson", range_=range, cursor=cursor, limit=limit)

    def visits(self, *, range: str | None = None, cursor: str | None = None, limit: int | None = None) -> Rows:  # noqa: A002 - the API's own word
        """Iterate over visits in the order of their last change; one that grew comes again with a higher `revision`."""
        return Rows(self._wire, f"{self._path}/visits.ndjson", range_=range, cursor=cursor, limit=limit)

    def profiles(self, *, range: str | None = None, cursor: str | None = None, limit: int | None = None) -> Rows:  # noqa: A002 - the API's own word
        """Iterate over profiles in the order of their newest event; one that grew comes again."""
        return Rows(self._wire, f"{self._path}/profiles.ndjson", range_=range, cursor=cursor, limit=limit)

    def day(self, day: date) -> bytes:
        """Return one day's events as a file of Parquet, in memory."""
        return self._wire.get(f"{self._path}/days/{day.isoformat()}.parquet")


def _words(words: Mapping[str, Any]) -> Words:
    """Return words as the API has them, where a filter is one of several of its name."""
    return {"filter" if name == "filters" else name: value for name, value in words.items()}
