"""What an owner changes of a site after it was made, and its end."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.errors import InvalidInputError
from tracker.languages import gettext
from tracker.languages.numbers import whole
from tracker.models import ApiKey, Site, SiteHost
from tracker.sites import check_name, check_zone, clean_host

MOST_PARAMETERS, LONGEST_PARAMETER = 50, 64


def change_site(
    session: Session,
    site_id: int,
    *,
    name: str,
    hosts: Iterable[str],
    zone: str,
    query_parameters: Iterable[str],
) -> None:
    """Replace what an owner may choose; InvalidInputError names the field that will not do."""
    cleaned = _hosts(hosts)
    site = session.get_one(Site, site_id)
    site.name = check_name(name)
    site.zone = check_zone(zone)
    site.query_parameters = _parameters(query_parameters)
    kept = [host for host in site.hosts if host.host in cleaned]
    new = cleaned - {host.host for host in kept}
    site.hosts = [*kept, *(SiteHost(host=host) for host in sorted(new))]
    session.flush()


def delete_site(session: Session, site_id: int) -> None:
    """Delete a site with its keys and members; its events are for the event store's `erase_site`."""
    session.delete(session.get_one(Site, site_id))
    session.flush()


def keys_of(session: Session, site_id: int) -> list[ApiKey]:
    """Return the keys that are for this site alone, the oldest first."""
    return list(session.scalars(select(ApiKey).where(ApiKey.site_id == site_id).order_by(ApiKey.id)))


def revoke_key(session: Session, site_id: int, key_id: int) -> bool:
    """End one of the site's keys; False when it has no such key."""
    key = session.get(ApiKey, key_id)
    if key is None or key.site_id != site_id:
        return False
    session.delete(key)
    session.flush()
    return True


def _hosts(given: Iterable[str]) -> set[str]:
    try:
        cleaned = {clean_host(host) for host in given}
    except InvalidInputError as error:
        raise InvalidInputError("hosts", error.problem) from error
    if not cleaned:
        raise InvalidInputError("hosts", gettext("needs at least one, or nothing can be counted"))
    return cleaned


def _parameters(given: Iterable[str]) -> list[str]:
    """Return the names of query parameters, once each; InvalidInputError when one cannot be a name."""
    names = sorted({name.strip() for name in given if name.strip()})
    if len(names) > MOST_PARAMETERS:
        raise InvalidInputError("query_parameters", gettext("at most %(most)s", most=whole(MOST_PARAMETERS)))
    for name in names:
        if len(name) > LONGEST_PARAMETER or not name.isprintable() or any(letter in name for letter in " &=?#"):
            problem = gettext("%(given)s is no parameter's name", given=repr(name[:64]))
            raise InvalidInputError("query_parameters", problem)
    return names
