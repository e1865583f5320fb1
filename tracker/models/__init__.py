"""The relational store's tables."""

from tracker.models.base import Base
from tracker.models.keys import ApiKey, OneTimeLink, SignIn
from tracker.models.salts import Salt
from tracker.models.sites import Site, SiteHost
from tracker.models.users import Member, User

__all__ = ["ApiKey", "Base", "Member", "OneTimeLink", "Salt", "SignIn", "Site", "SiteHost", "User"]
