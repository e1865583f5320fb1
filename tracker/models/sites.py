"""A site: what an owner tracks, and how."""

import secrets
from datetime import datetime

from sqlalchemy import JSON, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import Base


class Site(Base):
    """One tracked website.

    `key` is public and stands in the tag. `zone` is an IANA name; days begin at its
    midnight. `privacy_mode` is one of `tracker.sites.PRIVACY_MODES`. `query_parameters` names those
    that are kept in addition to the campaign's. `identity_key` (32 random bytes) goes into every
    identifier, so that none of one site is one of another. `retention_days` is how long events are
    kept; None is for ever. `sample` marks invented data. The id of a deleted site is never given
    again, for the archive may outlive it.
    """

    __tablename__ = "site"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    zone: Mapped[str] = mapped_column(String(64), default="UTC")
    privacy_mode: Mapped[str] = mapped_column(String(16), default="cookieless")
    query_parameters: Mapped[list[str]] = mapped_column(JSON, default=list)
    identity_key: Mapped[bytes] = mapped_column(LargeBinary(32), default=lambda: secrets.token_bytes(32))
    retention_days: Mapped[int | None]
    enabled: Mapped[bool] = mapped_column(default=True)
    sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    hosts: Mapped[list["SiteHost"]] = relationship(cascade="all, delete-orphan", lazy="selectin")


class SiteHost(Base):
    """A host name from which the site's beacons may come, its subdomains included."""

    __tablename__ = "site_host"

    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), primary_key=True)
    host: Mapped[str] = mapped_column(String(255), primary_key=True)
