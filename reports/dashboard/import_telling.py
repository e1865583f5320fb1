"""What was imported, and what became of an export's rows, in an owner's words."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from tracker.clock import utc_now
from tracker.imports import uploads
from tracker.imports.book import ImportInfo
from tracker.imports.counts import KINDS
from tracker.imports.events import events_taken
from tracker.imports.reasons import said_place
from tracker.imports.titles import OF_EVENTS, title_of
from tracker.languages import dates, gettext, marked
from tracker.models import Upload
from tracker.sites import SiteInfo

_OLD_NEWS = timedelta(days=1)
ENDS = {"taken": marked("Taken in"), "skipped": marked("Left out"), "bad": marked("Not readable")}
# Why, by the word that the command says as well; one that is not here is shown as it is.
REASONS = {
    **{one.name: one.title for one in KINDS},
    "another host": marked("another host"),
    "event": marked("event"),
    "event_type": marked("kind of event"),
    "fields": marked("another number of cells than the header has"),
    "folder (ask with flat=1)": marked("folder (ask with flat=1)"),
    "day": marked("day"),
    "id": marked("id"),
    "link": marked("link"),
    "name": marked("name"),
    "not before the day given": marked("not before the day given"),
    "not by day": marked("not by day"),
    "number": marked("number"),
    "older than this site keeps": marked("older than this site keeps"),
    "path": marked("path"),
    "performance": marked("performance"),
    "pixel": marked("pixel"),
    "row": marked("row"),
    "time": marked("time"),
    "too long": marked("too long"),
    "total": marked("total"),
    "url": marked("url"),
}
_EVENTS_TAKEN = marked("views and events")


@dataclass(frozen=True)
class Rows:
    """How many rows met one end, why, and where that was met first, for those that cannot be read."""

    end: str
    reason: str
    rows: int
    first: str


@dataclass(frozen=True)
class Told:
    """An import in words; `of_events` says that it is of events, which cannot be removed by themselves."""

    info: ImportInfo
    product: str
    first: str
    last: str
    at: str
    of_events: bool
    became: list[Rows]


@dataclass(frozen=True)
class Sent:
    """What was sent last: `state` is waiting, running, done, failed, stopped, or what the row alone does not say.

    That is gone where nobody was heard of who has it, stopping where it runs until that is seen, and nothing where it
    was read and none of it taken in. `upload` is its number, `number` the import's that it became. Where it is stopped,
    what was taken in stays if it is `of_events`: as many `rows` as are known of.
    """

    upload: int
    state: str
    product: str
    files: list[str]
    percent: int
    problem: str
    number: int | None
    stopped_by: str
    rows: int
    of_events: bool
    was_begun: bool
    became: list[Rows]

    @property
    def is_open(self) -> bool:
        """Whether it goes on."""
        return self.state in {*uploads.UNFINISHED, "stopping"}


def tell_imports(session: Session, site: SiteInfo) -> list[Told]:
    """Return all that was taken in of other products, the newest first."""
    found = sorted([*site.imports, *events_taken(session, site.id)], key=lambda one: one.number, reverse=True)
    sent = uploads.uploads_of(session, [one.number for one in found])
    return [
        Told(
            one,
            title_of(one.product),
            dates.full_day(one.first_day),
            dates.full_day(one.last_day),
            dates.full_day(one.at.astimezone(site.tzinfo)),
            one.product in OF_EVENTS,
            rows_of(sent.get(one.number)),
        )
        for one in found
    ]


def tell_sent(session: Session, site: SiteInfo) -> Sent | None:
    """Return what was sent last, None where that is long over."""
    found = uploads.newest_upload(session, site.id)
    if found is None or (found.finished_at is not None and found.finished_at < utc_now() - _OLD_NEWS):
        return None
    return Sent(
        found.id,
        _state(found),
        title_of(found.product),
        [name for _, name in found.files],
        100 * found.done_bytes // max(found.total_bytes, 1),
        found.problem,
        found.import_id,
        found.stopped_by,
        sum(found.told.get("taken", {}).values()),
        found.product in OF_EVENTS,
        found.begun_at is not None,
        rows_of(found),
    )


def rows_of(upload: Upload | None) -> list[Rows]:
    """Return what became of an upload's rows, the good end first, and of each end the most first."""
    if upload is None:
        return []
    return [
        Rows(gettext(title), _reason(end, reason), rows, _first(upload, reason) if end == "bad" else "")
        for end, title in ENDS.items()
        for reason, rows in sorted(upload.told.get(end, {}).items(), key=lambda one: -one[1])
    ]


def _first(upload: Upload, reason: str) -> str:
    return said_place(*upload.first[reason]) if reason in upload.first else ""


def _state(upload: Upload) -> str:
    if upload.state in uploads.UNFINISHED and not uploads.is_open(upload):
        return "gone"
    if upload.state == "running" and upload.stopped_by:
        return "stopping"
    return "nothing" if upload.state == "done" and upload.import_id is None else upload.state


def _reason(end: str, reason: str) -> str:
    if (end, reason) == ("taken", "events"):
        return gettext(_EVENTS_TAKEN)
    return gettext(REASONS[reason]) if reason in REASONS else reason
