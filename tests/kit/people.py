"""Identifiers and edges told in a line: `people.tie(BROWSER, ANN, "login", "2026-03-01 10:00")`."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from tests.kit.ground import at
from tracker.database import Database
from tracker.identity.kinds import CONFIDENCE, RULES, EdgeKind, Kind
from tracker.identity.members import copy_members
from tracker.identity.projection import project
from tracker.models import Identifier, IdentityConflict, IdentityEdge, ProfileMember, SignInSpan
from tracker.sites import SiteInfo
from tracker.store.base import EventStore


class People:
    """Writes into the relational store of a site what the loader would, and lets the event store follow."""

    def __init__(self, database: Database, store: EventStore, site: SiteInfo) -> None:
        self.database = database
        self.store = store
        self.site = site

    def name(self, kind: Kind, *ids: int, first: str = "2026-03-01 09:00", last: str | None = None) -> None:
        """Let identifiers of a kind be known."""
        with self.database.session() as session:
            for one in ids:
                session.add(
                    Identifier(
                        site_id=self.site.id, id=one, kind=kind, first_seen_at=at(first), last_seen_at=at(last or first)
                    )
                )

    def tie(self, one: int, other: int, kind: EdgeKind, when: str, last: str | None = None, **more: Any) -> int:
        """Add an edge and return its number; what follows from it follows."""
        told: dict[str, Any] = {
            "evidence": {}, "bits": None, "rule": RULES[kind], "confidence": CONFIDENCE.get(kind, 0.98),
            "consent": "stitched", "observations": 1,
        }  # fmt: skip
        with self.database.session() as session:
            edge = IdentityEdge(
                site_id=self.site.id, a=min(one, other), b=max(one, other), kind=kind, observed_at=at(when),
                last_observed_at=at(last or when), **{**told, **more},
            )  # fmt: skip
            session.add(edge)
            session.flush()
            number = edge.id
            if kind == "login":
                kinds = {found.id: found.kind for found in session.scalars(select(Identifier))}
                device, login = sorted((one, other), key=lambda end: kinds[end] == "login")
                session.add(
                    SignInSpan(
                        site_id=self.site.id, device_id=device, login_id=login, first_at=at(when),
                        last_at=at(last or when),
                    )
                )  # fmt: skip
                session.flush()
            project(session, self.site.id, (one, other))
        copy_members(self.database, self.store)
        return number

    def profiles(self) -> dict[int, Sequence[int]]:
        """Return the identifiers of each profile, in order."""
        found: dict[int, list[int]] = {}
        with self.database.session() as session:
            for row in session.scalars(select(ProfileMember).order_by(ProfileMember.identifier_id)):
                found.setdefault(row.profile_id, []).append(row.identifier_id)
        return found

    def conflicts(self) -> list[int]:
        """Return the numbers of the open conflicts."""
        with self.database.session() as session:
            return list(session.scalars(select(IdentityConflict.id).where(IdentityConflict.decided_at.is_(None))))
