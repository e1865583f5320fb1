"""What was taken in of other products, and what they have counted, kept apart from what is counted here."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base

_Number = BigInteger().with_variant(Integer, "sqlite")  # only so does SQLite count by itself


class Import(Base):
    """One taking in of a product's exported files. It counts once it is finished.

    `files` are their names, `rows` how many counts are left of it, from `first_day` to `last_day` of the
    product's own calendar; of a product of events how many these were, on which days of the site's.
    """

    __tablename__ = "import_run"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), index=True)
    product: Mapped[str] = mapped_column(String(32))
    files: Mapped[str] = mapped_column(String(200))
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    rows: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(320))


class ImportedCount(Base):
    """What a product counted of one thing on one day: see `tracker.imports.counts`. Null is what it does not say."""

    __tablename__ = "imported_count"
    __table_args__ = (Index("ix_imported_count_site_id", "site_id", "kind", "day"),)

    id: Mapped[int] = mapped_column(_Number, primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("import_run.id", ondelete="CASCADE"), index=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(16))
    day: Mapped[date]
    name: Mapped[str] = mapped_column(String(512))
    visitors: Mapped[int | None] = mapped_column(BigInteger)
    visits: Mapped[int | None] = mapped_column(BigInteger)
    views: Mapped[int | None] = mapped_column(BigInteger)
    bounces: Mapped[int | None] = mapped_column(BigInteger)
    duration_ms: Mapped[int | None] = mapped_column(BigInteger)
    events: Mapped[int | None] = mapped_column(BigInteger)


class Upload(Base):
    """Exported files that somebody sent by a page, and how far they are taken in.

    `token` is the folder they lie in until then, in the data folder of the process that got them; `files` are their
    names there and those that their sender gave them. `state` is waiting, running, done, failed or stopped; `problem`
    says why it failed, in the sender's `language`, and `stopped_by` who wants it stopped, also while it still runs.
    `told` is what became of its rows, by end and reason, `first` the file and line at which each reason was met first
    why a row cannot be read. `heard_at` is when the process that has it last said that it is there, `begun_at` when it
    first began to take it in.
    """

    __tablename__ = "upload"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), index=True)
    import_id: Mapped[int | None] = mapped_column(ForeignKey("import_run.id", ondelete="CASCADE"), index=True)
    token: Mapped[str] = mapped_column(String(32), unique=True)
    product: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(16))
    until: Mapped[date | None]
    files: Mapped[list[Any]] = mapped_column(JSON)
    language: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    tries: Mapped[int] = mapped_column(default=0)
    done_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    total_bytes: Mapped[int] = mapped_column(BigInteger)
    problem: Mapped[str] = mapped_column(String(1000), default="")
    told: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    first: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(320))
    stopped_by: Mapped[str] = mapped_column(String(320), default="")
    heard_at: Mapped[datetime]
    begun_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
