"""People who sign in, the sites they may see, and who is invited to one."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base


class User(Base):
    """A person with a password; an owner may do everything on this installation.

    `language` is a tag of tracker.languages, None for what their browser asks for.
    """

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(320), unique=True)
    password_hash: Mapped[str] = mapped_column(String(255))
    owner: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str | None] = mapped_column(String(35))
    created_at: Mapped[datetime]


class Member(Base):
    """A user's role on one site: viewer, editor or admin."""

    __tablename__ = "member"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(16))


class Invitation(Base):
    """An address that was asked to join a site in a role, by a link that works once; only its hash is kept."""

    __tablename__ = "invitation"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(String(320))
    role: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(320))
    expires_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("site_id", "email"),)
