"""Finding a profile: by the id that an address has, or by a login, of which only a hash is kept."""

import re

from sqlalchemy.orm import Session

from reports.profiles.ids import read_id
from reports.profiles.known import now_part_of
from tracker.errors import InvalidInputError
from tracker.identity.identifiers import identifier_id, make_link
from tracker.languages import gettext, numbers
from tracker.models import Identifier
from tracker.sites import SiteInfo

LONGEST_LOGIN = 256
_LINK = re.compile(r"/sites/(?P<site>[^/?#]+)/profiles/(?P<profile>-?[0-9]+)(?:[/?#].*)?")


def by_login(session: Session, site: SiteInfo, login: str) -> int | None:
    """Return the profile of a login as the site's page gave it to `identify`; None when nobody signed in by it."""
    one = login_id(site, login, "login")
    if session.get(Identifier, (site.id, one)) is None:
        return None
    return now_part_of(session, site.id, one)


def link_of(site: SiteInfo, login: str) -> str:
    """Return the token for links that are made for a login; InvalidInputError names `logins`."""
    return make_link(site.identity_key, login_id(site, login, "logins"))


def login_id(site: SiteInfo, login: str, field: str) -> int:
    """Return the id of a login as the site's page gives it to `identify`; InvalidInputError when it can be none."""
    login = login.strip()
    if not 1 <= len(login) <= LONGEST_LOGIN:
        problem = gettext("must be text of 1 to %(most)s characters", most=numbers.whole(LONGEST_LOGIN))
        raise InvalidInputError(field, problem)
    return identifier_id(site.identity_key, "login", login)


def by_link(session: Session, site: SiteInfo, text: str) -> int:
    """Return the profile that an id, or the address of its page, leads to; InvalidInputError when it is neither."""
    text = text.strip()
    link = _LINK.search(text)
    if link and link["site"] != site.key:
        raise InvalidInputError("profile", gettext("is of another site"))
    one = read_id(link["profile"] if link else text)
    if one is None:
        raise InvalidInputError("profile", gettext("must be the id of a profile, or the address of its page"))
    return now_part_of(session, site.id, one)
