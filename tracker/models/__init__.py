"""The relational store's tables."""

from tracker.models.base import Base
from tracker.models.keys import ApiKey, OneTimeLink, SignIn
from tracker.models.salts import Salt
from tracker.models.sites import Site, SiteHost
from tracker.models.users import Member, User
from tracker.models.versions import OverlayToken, Release, SignalVersion

__all__ = [
    "ApiKey",
    "Base",
    "Member",
    "OneTimeLink",
    "OverlayToken",
    "Release",
    "Salt",
    "SignIn",
    "SignalVersion",
    "Site",
    "SiteHost",
    "User",
]
