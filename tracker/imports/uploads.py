"""Keeps which exported files were sent by a page, and how far they are taken in."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tracker import audit
from tracker.checking import id_of
from tracker.clock import utc_now
from tracker.database import Database
from tracker.errors import ConflictError, InvalidInputError
from tracker.imports.counts import KIND_NAMES
from tracker.imports.receiving import Received
from tracker.imports.titles import OF_EVENTS, TITLES
from tracker.languages import gettext
from tracker.models import Site, Upload

UNFINISHED = ("waiting", "running")
_SILENT = timedelta(hours=1)  # after which whoever has the files is taken for gone
_LONGEST_NAME = 100
_LONGEST_PROBLEM = 1000


class WantedUpload(NamedTuple):
    """Of which product files are, what they count where they do not say it, and before which day of the site's."""

    product: str
    kind: str
    until: date | None
    who: str
    language: str


def wanted_upload(form: dict[str, str], who: str, language: str) -> WantedUpload:
    """Read a form; InvalidInputError when a field of it cannot be."""
    product, kind, until = (form.get(name, "").strip() for name in ("product", "kind", "until"))
    if product not in TITLES | OF_EVENTS:
        raise InvalidInputError("product", gettext("must be one of the products"))
    if kind and kind not in KIND_NAMES:
        raise InvalidInputError("kind", gettext("must be one of the choices"))
    try:
        before = date.fromisoformat(until) if until else None
    except ValueError:
        raise InvalidInputError("until", gettext("must be a day, such as %(day)s", day="2026-03-01")) from None
    return WantedUpload(product, kind, before, who, language)


def begin(database: Database, site_id: int, wanted: WantedUpload, received: Received | None) -> Upload:
    """Keep files to be taken in by the process that has them.

    InvalidInputError when there are none, ConflictError while others of the site's are not done.
    """
    files = received.names() if received else []
    sizes = [received.size(file) for file, _ in files] if received else []
    if received is None or not files:
        raise InvalidInputError("files", gettext("choose the file that was exported"))
    if not all(sizes):
        empty = _name(files[sizes.index(0)][1])
        raise InvalidInputError("files", gettext("%(file)s is empty; export it again", file=empty))
    now = utc_now()
    with database.session() as session:
        # two that are sent at once must see each other; SQLite has one writer at a time from the first write on
        session.execute(update(Site).where(Site.id == site_id).values(name=Site.name))
        of_nothing = Upload.site_id == site_id, Upload.state != "done", Upload.import_id.is_(None)
        for one in session.scalars(select(Upload).where(*of_nothing)).all():
            if is_open(one):
                raise ConflictError("files", gettext("another export is being taken in; send this one when it is done"))
            session.delete(one)
        made = Upload(
            site_id=site_id,
            token=received.token,
            product=wanted.product,
            kind=wanted.kind,
            until=wanted.until,
            files=[[file, _name(name)] for file, name in files],
            language=wanted.language,
            total_bytes=sum(sizes),
            created_at=now,
            created_by=wanted.who[:320],
            heard_at=now,
        )
        session.add(made)
        session.flush()
    received.kept = True
    return made


def is_open(upload: Upload) -> bool:
    """Tell whether files wait or are being taken in, by somebody who was heard of lately."""
    return upload.state in UNFINISHED and upload.heard_at > utc_now() - _SILENT


def newest_upload(session: Session, site_id: int) -> Upload | None:
    """Return what was sent last to a site."""
    of_site = select(Upload).where(Upload.site_id == site_id)
    return session.scalars(of_site.order_by(Upload.id.desc()).limit(1)).first()


def uploads_of(session: Session, numbers: Collection[int]) -> dict[int, Upload]:
    """Return what was sent of those imports that came by a page, by their numbers."""
    found = session.scalars(select(Upload).where(Upload.import_id.in_(numbers)))
    return {one.import_id: one for one in found if one.import_id is not None}


def unfinished_of(database: Database, tokens: Sequence[str]) -> list[Upload]:
    """Return those of these folders that are not taken in yet, the oldest first."""
    with database.session() as session:
        of_folders = select(Upload).where(Upload.token.in_(tokens), Upload.state.in_(UNFINISHED))
        return list(session.scalars(of_folders.order_by(Upload.id)))


def start(database: Database, upload: Upload) -> bool:
    """Note that an upload is being taken in; False where it is over, for somebody has stopped it."""
    now = utc_now()
    told = {"state": "running", "tries": upload.tries + 1, "heard_at": now}
    with database.session() as session:
        its = update(Upload).where(Upload.id == upload.id, Upload.state.in_(UNFINISHED))
        begun = its.values(**told, begun_at=func.coalesce(Upload.begun_at, now)).returning(Upload.id)
        return session.execute(begun).first() is not None


def stop(database: Database, site_id: int, given: str, who: str) -> str | None:
    """Have an upload of the site's be stopped, by its number: at once where it waits, else by who takes it in.

    Gives the folder that nobody needs any more, None where it is still needed; InvalidInputError when it is over.
    """
    its = update(Upload).where(Upload.id == id_of(given), Upload.site_id == site_id)
    with database.session() as session:
        over = {"state": "stopped", "stopped_by": who[:320], "finished_at": utc_now()}
        waited = its.where(Upload.state == "waiting").values(**over).returning(Upload.token, Upload.product)
        if ended := session.execute(waited).first():
            audit.note(session, site_id, who, "stop-import", ended.product)
            return str(ended.token)
        runs = its.where(Upload.state == "running").values(stopped_by=who[:320]).returning(Upload.id)
        if session.execute(runs).first() is None:
            raise InvalidInputError("number", gettext("is over already"))
    return None


def who_stopped(database: Database, upload: Upload) -> str:
    """Return who wants an upload stopped, an empty text for nobody."""
    with database.session() as session:
        return session.scalar(select(Upload.stopped_by).where(Upload.id == upload.id)) or ""


def note_end(database: Database, upload: Upload, stopped_by: str, told: Mapping[str, object]) -> None:
    """Note that an upload is taken in, or as much of it as was when somebody stopped it."""
    state = "stopped" if stopped_by else "done"
    with database.session() as session:
        ended = {"state": state, "heard_at": utc_now(), "finished_at": utc_now()}
        session.execute(update(Upload).where(Upload.id == upload.id).values(**ended, **told))
        if stopped_by:
            audit.note(session, upload.site_id, stopped_by, "stop-import", upload.product)


def note(database: Database, upload: Upload, **told: object) -> None:
    """Note how far an upload is."""
    with database.session() as session:
        session.execute(update(Upload).where(Upload.id == upload.id).values(heard_at=utc_now(), **told))


def note_problem(database: Database, upload: Upload, problem: str) -> None:
    """Note that an upload failed, and why."""
    note(database, upload, state="failed", problem=_printable(problem)[:_LONGEST_PROBLEM], finished_at=utc_now())


def note_heard(database: Database, tokens: Sequence[str]) -> None:
    """Note that who has these folders is there, also for those that wait."""
    with database.session() as session:
        mine = update(Upload).where(Upload.token.in_(tokens), Upload.state.in_(UNFINISHED))
        session.execute(mine.values(heard_at=utc_now()))


def _name(given: str) -> str:
    """Return what a sender calls a file, without folders; never a name that is none, such as a dot."""
    name = _printable(given.replace("\\", "/").rpartition("/")[2])[-_LONGEST_NAME:]
    return name if name.strip(". ") else "export"


def _printable(text: str) -> str:
    """Return a text without what is not seen and can turn the words around it, and else as it is."""
    return "".join(letter if letter.isprintable() else " " for letter in text).strip()
