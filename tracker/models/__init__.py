"""The relational store's tables."""

from tracker.models.base import Base
from tracker.models.identity import (
    AuditEntry,
    BrowserState,
    ErasedIdentifier,
    ErasedStretch,
    Identifier,
    IdentityConflict,
    IdentityEdge,
    IdentityMark,
    MemberChange,
    ProfileMember,
    Segment,
    SignInSpan,
)
from tracker.models.keys import ApiKey, OneTimeLink, SignIn
from tracker.models.salts import Salt
from tracker.models.schedules import AskedAddress, Delivery, Lease, Message, Recipient, Schedule
from tracker.models.sites import Site, SiteHost
from tracker.models.users import Member, User
from tracker.models.versions import OverlayToken, Release, SignalVersion

__all__ = [
    "ApiKey",
    "AskedAddress",
    "AuditEntry",
    "Base",
    "BrowserState",
    "Delivery",
    "ErasedIdentifier",
    "ErasedStretch",
    "Identifier",
    "IdentityConflict",
    "IdentityEdge",
    "IdentityMark",
    "Lease",
    "Member",
    "MemberChange",
    "Message",
    "OneTimeLink",
    "OverlayToken",
    "ProfileMember",
    "Recipient",
    "Release",
    "Salt",
    "Schedule",
    "Segment",
    "SignIn",
    "SignInSpan",
    "SignalVersion",
    "Site",
    "SiteHost",
    "User",
]
