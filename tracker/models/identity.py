"""Who is taken to be whom, and why: identifiers, the edges between them, and what follows from those.

Ids of identifiers are signed 64-bit keyed hashes (`tracker.identity.identifiers`). Edges are
only ever added; taking one back fills its `retracted_…`. `profile_member`, `sign_in_span` apart,
is a projection of the edges and can be made again at any time.
"""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base

_Number = BigInteger().with_variant(Integer, "sqlite")  # only so does SQLite count by itself
_LIVE = text("retracted_at IS NULL")


def _of_site() -> ForeignKey:
    return ForeignKey("site.id", ondelete="CASCADE")


class Identifier(Base):
    """A name that a browser or a person goes by on one site; it has a row once an edge ends at it.

    `kind` is one of `tracker.identity.kinds.KINDS`. A `hub` has more neighbours than one person has, so
    that its edges of the kind that is capped do not count.
    """

    __tablename__ = "identifier"

    site_id: Mapped[int] = mapped_column(_of_site(), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(16))
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    hub: Mapped[bool] = mapped_column(default=False)


class IdentityEdge(Base):
    """The claim that two identifiers, `a` < `b`, are of one browser or person, with what speaks for it.

    `rule` is name@version, `bits` the weight of the evidence where it was weighed, `consent` the
    privacy mode to which the visitor had agreed. Seen again, it counts one more observation.
    `retracted_by` names a person, or the rule that took it back.
    """

    __tablename__ = "identity_edge"
    __table_args__ = (
        Index("ix_identity_edge_a", "site_id", "a"),
        Index("ix_identity_edge_b", "site_id", "b"),
        Index(
            "uq_identity_edge_live",
            "site_id",
            "a",
            "b",
            "kind",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
    )

    id: Mapped[int] = mapped_column(_Number, primary_key=True)
    site_id: Mapped[int] = mapped_column(_of_site())
    a: Mapped[int] = mapped_column(BigInteger)
    b: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(16))
    rule: Mapped[str] = mapped_column(String(32))
    evidence: Mapped[dict[str, object]] = mapped_column(JSON)
    bits: Mapped[float | None]
    confidence: Mapped[float]
    consent: Mapped[str] = mapped_column(String(16))
    observed_at: Mapped[datetime]
    last_observed_at: Mapped[datetime]
    observations: Mapped[int]
    retracted_at: Mapped[datetime | None]
    retracted_by: Mapped[str | None] = mapped_column(String(320))
    reason: Mapped[str | None] = mapped_column(String(300))


class ProfileMember(Base):
    """Of which profile an identifier is from `since_at` until `until_at` (None: to this day).

    A profile goes by the id of its oldest identifier. Most have one row, from 1970 on; a device that
    several people signed in on has one for each stretch of a login.
    """

    __tablename__ = "profile_member"
    __table_args__ = (Index("ix_profile_member_profile", "site_id", "profile_id"),)

    site_id: Mapped[int] = mapped_column(_of_site(), primary_key=True)
    identifier_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    since_at: Mapped[datetime] = mapped_column(primary_key=True)
    until_at: Mapped[datetime | None]
    profile_id: Mapped[int] = mapped_column(BigInteger)


class MemberChange(Base):
    """A note that an identifier's memberships changed, for the event store's copy to follow."""

    __tablename__ = "member_change"

    number: Mapped[int] = mapped_column(_Number, primary_key=True)
    site_id: Mapped[int] = mapped_column(_of_site())
    identifier_id: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = ({"sqlite_autoincrement": True},)


class SignInSpan(Base):
    """A stretch of time in which one login was seen on a device, and no other in between."""

    __tablename__ = "sign_in_span"

    site_id: Mapped[int] = mapped_column(_of_site(), primary_key=True)
    device_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    first_at: Mapped[datetime] = mapped_column(primary_key=True)
    last_at: Mapped[datetime]
    login_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)


class IdentityConflict(Base):
    """Where edges say what cannot be, for a person to decide: `edge_id` would bring the logins `a` and `b` together.

    It was set aside. `decision` is `one` (an edge was made by hand between the two) or `apart`.
    """

    __tablename__ = "identity_conflict"
    __table_args__ = (UniqueConstraint("site_id", "edge_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(_of_site())
    edge_id: Mapped[int] = mapped_column(BigInteger)
    a: Mapped[int] = mapped_column(BigInteger)
    b: Mapped[int] = mapped_column(BigInteger)
    opened_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(String(320))
    decision: Mapped[str | None] = mapped_column(String(8))


class BrowserState(Base):
    """How a browser looked when it was last seen, for the linker: values are hashes or small numbers."""

    __tablename__ = "browser_state"

    site_id: Mapped[int] = mapped_column(_of_site(), primary_key=True)
    browser_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    seen_at: Mapped[datetime] = mapped_column(primary_key=True)
    attributes: Mapped[dict[str, str | int]] = mapped_column(JSON)


class IdentityMark(Base):
    """Up to which row of a spool file claims were turned into edges; moves with them."""

    __tablename__ = "identity_mark"

    spool_file: Mapped[str] = mapped_column(String(255), primary_key=True)
    last_row: Mapped[int] = mapped_column(BigInteger)


class ErasedIdentifier(Base):
    """What stays of an identifier that was erased: nothing of before `erased_at` may come back under it."""

    __tablename__ = "erased_identifier"

    site_id: Mapped[int] = mapped_column(_of_site(), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    erased_at: Mapped[datetime]


class ErasedStretch(Base):
    """What stays of a time in which a shared identifier was an erased person's: nothing of it may come back."""

    __tablename__ = "erased_stretch"

    site_id: Mapped[int] = mapped_column(_of_site(), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    since_at: Mapped[datetime] = mapped_column(primary_key=True)
    until_at: Mapped[datetime] = mapped_column(primary_key=True)
    erased_at: Mapped[datetime]


class Segment(Base):
    """Filters that were saved under a name, for every report: in the words of an address."""

    __tablename__ = "segment"
    __table_args__ = (UniqueConstraint("site_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(_of_site())
    name: Mapped[str] = mapped_column(String(64))
    filters: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(320))


class AuditEntry(Base):
    """Who did what to whose data, and when; it outlives the site."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int]
    at: Mapped[datetime]
    who: Mapped[str] = mapped_column(String(320))
    action: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(String(64))
    detail: Mapped[dict[str, object]] = mapped_column(JSON)
