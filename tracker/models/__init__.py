"""The relational store's tables."""

from tracker.models.alerts import Alert, Mute, Uptime, Watch
from tracker.models.base import Base
from tracker.models.foreign import ForeignId
from tracker.models.goals import Funnel, Goal
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
from tracker.models.imports import Import, ImportedCount, Upload
from tracker.models.keys import ApiKey, OneTimeLink, SignIn
from tracker.models.salts import Salt
from tracker.models.schedules import AskedAddress, Delivery, Lease, Message, Recipient, Schedule
from tracker.models.shares import ShareLink
from tracker.models.sites import Site, SiteHost
from tracker.models.users import Invitation, Member, User
from tracker.models.versions import Annotation, OverlayToken, Release, SignalVersion
from tracker.models.webhooks import ToldStruggle, Webhook, WebhookMark, WebhookMessage

__all__ = [
    "Alert",
    "Annotation",
    "ApiKey",
    "AskedAddress",
    "AuditEntry",
    "Base",
    "BrowserState",
    "Delivery",
    "ErasedIdentifier",
    "ErasedStretch",
    "ForeignId",
    "Funnel",
    "Goal",
    "Identifier",
    "IdentityConflict",
    "IdentityEdge",
    "IdentityMark",
    "Import",
    "ImportedCount",
    "Invitation",
    "Lease",
    "Member",
    "MemberChange",
    "Message",
    "Mute",
    "OneTimeLink",
    "OverlayToken",
    "ProfileMember",
    "Recipient",
    "Release",
    "Salt",
    "Schedule",
    "Segment",
    "ShareLink",
    "SignIn",
    "SignInSpan",
    "SignalVersion",
    "Site",
    "SiteHost",
    "ToldStruggle",
    "Upload",
    "Uptime",
    "User",
    "Watch",
    "Webhook",
    "WebhookMark",
    "WebhookMessage",
]
