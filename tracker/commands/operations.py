"""What command-line tools can ask of an open house, be it in a server or in their own process."""

from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

from alembic.migration import MigrationContext
from sqlalchemy import func, select

from reports import REPORTS
from reports.bulk.taking import lines as lines_of
from reports.bulk.taking import parquet, taking
from reports.query.ranges import parse_range
from reports.render import csv, json, table
from reports.report import by_name
from reports.run import ReportAnswer, run_report
from reports.scope import parse_scope
from tracker import doctor, releases
from tracker.access import create_key
from tracker.backup import back_up
from tracker.clock import utc_now
from tracker.commands.checked import check_release
from tracker.commands.counts import import_counts, list_imports, remove_import
from tracker.commands.finding import find_site
from tracker.commands.rights import (
    apply_tombstones,
    erase_person,
    export_person,
    export_tombstones,
    find_one,
    finish_erasures,
    rebuild_profiles,
)
from tracker.control import Ask, Item
from tracker.errors import FootfallError
from tracker.house import House
from tracker.pending import pending_events
from tracker.releases import read_moment
from tracker.signal_book import SIGNALS
from tracker.signal_limits import LIMITS
from tracker.signal_versions import apply, changed, history
from tracker.sites import SiteInfo, create_site, describe
from tracker.store.schema import visit
from tracker.stores_down import STORES_DOWN, is_down
from tracker.users import create_user, set_role


def add_site(house: House, *, name: str, hosts: list[str], zone: str) -> Iterator[Item]:
    """Add a site; its key and number."""
    with house.database.session() as session:
        site = describe(create_site(session, name, hosts, zone))
    house.sites.forget()
    yield _site_item(site)


def list_sites(house: House) -> Iterator[Item]:
    """Each site in turn."""
    house.sites.forget()
    yield from (_site_item(site) for site in house.sites.all())


def add_user(house: House, *, email: str, password: str, owner: bool, sites: list[str], role: str) -> Iterator[Item]:
    """Add a person, an owner or one with a role on some sites."""
    chosen = [find_site(house.sites, site) for site in sites]
    with house.database.session() as session:
        user = create_user(session, email, password, owner=owner)
        for site in chosen:
            set_role(session, user.id, site.id, role)
        yield {"email": user.email, "owner": user.owner, "sites": [site.key for site in chosen]}


def add_key(house: House, *, name: str, scopes: list[str], site: str | None, days: int | None) -> Iterator[Item]:
    """Add an API key; its token, this once."""
    found = find_site(house.sites, site) if site else None
    expires_at = utc_now() + timedelta(days=days) if days else None
    with house.database.session() as session:
        yield {"token": create_key(session, name, scopes, found.id if found else None, expires_at)}


def mark_release(house: House, *, name: str, site: str | None, at: str | None) -> Iterator[Item]:
    """Mark a release of a site, and say whether it is a new one."""
    found = find_site(house.sites, site)
    with house.database.session() as session:
        marked, is_new = releases.mark_release(session, found.id, name, read_moment(at) if at else None)
    house.sites.forget()
    when = marked.at.astimezone(found.tzinfo).isoformat(timespec="seconds")
    yield {"site": found.name, "name": marked.name, "at": when, "new": is_new}


def status(house: House) -> Iterator[Item]:
    """Where the stores stand and what waits."""
    with house.database.engine.connect() as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
    waiting = pending_events(house.settings.spool_folder, house.store.marks())
    yield {"relational": revision, "store": house.store.name, "pending": waiting}


def report(
    house: House, *, name: str, site: str | None, words: dict[str, list[str]], written: str, width: int
) -> Iterator[Item]:
    """Answer a report, written as text in the format asked for."""
    found = run_report(REPORT_BY_NAME[name], parse_scope(find_site(house.sites, site), words), house.store)
    if found.error:
        raise FootfallError(found.error)
    yield {"text": table.render(found, width) if written == "table" else WRITERS[written](found)}


def export(
    house: House,
    *,
    what: str,
    site: str | None,
    cursor: str | None,
    limit: int | None,
    range_: str | None,
    form: str,
) -> Iterator[Item]:
    """What is stored, as lines, some thousand a piece, or as a file in pieces (base64); at last the cursor after it."""
    found = find_site(house.sites, site)
    span = parse_range(range_, found.tzinfo, utc_now()) if range_ else None
    asked = taking(house.store, found, what, span=span, since=cursor, limit=limit)
    if form == "parquet":
        for piece in parquet(house.store, asked, house.settings.export_folder):
            yield {"bytes": b64encode(piece).decode()}
    else:
        for lines in lines_of(house.store, asked, form, house.settings.export_folder):
            yield {"lines": lines.decode()}
    yield {"cursor": asked.cursor}


def rebuild(house: House, *, site: str | None) -> Iterator[Item]:
    """Derive signals, visits and rollups again; one piece a site."""
    chosen = [find_site(house.sites, site)] if site else house.sites.all()
    for one in chosen:
        house.store.derive(one.id)
        visits = house.store.query(select(func.count()).where(visit.c.site_id == one.id)).rows[0][0]
        yield {"site": one.name, "visits": visits}


def decide(house: House, *, site: str | None) -> Iterator[Item]:
    """Decide stored events again by the limits in force; how far that is, a site after the other."""
    for one in [find_site(house.sites, site)] if site else house.sites.all():
        yield from _decided(house, one)


def describe_signals(house: House, *, site: str | None) -> Iterator[Item]:
    """What counts as a struggle on a site, line by line."""
    one = find_site(house.sites, site)
    with house.database.session() as session:
        newest = history(session, one.id)[0]
    since = f"since {newest.created_at:%Y-%m-%d %H:%M} UTC, by {newest.created_by}" if newest.created_at else "as usual"
    yield {"line": f"{one.name}: version {newest.number}, {since}"}
    for signal in SIGNALS:
        yield {"line": f"\n{signal.title}: {signal.definition(newest.limits)}"}
        for limit in LIMITS:
            if limit.signals[0] == signal.name:
                yield {"line": f"  {limit.name} = {limit.of(newest.limits)} {limit.unit}: {limit.help}"}


def change_signals(house: House, *, site: str | None, values: dict[str, str]) -> Iterator[Item]:
    """Put limits in force on a site and decide its events again by them; how far that is."""
    one = find_site(house.sites, site)
    with house.database.session() as session:
        now = history(session, one.id)[0].limits
        made = apply(session, one.id, changed(now, values), "command line")
    house.sites.forget()
    if made.version == now.version:
        raise FootfallError(f"these limits are in force on {one.name} already; nothing was changed")
    yield from _decided(house, one)


def backup(house: House, *, file: str) -> Iterator[Item]:
    """Write a backup; the bytes done so far."""
    yield from ({"bytes": done} for done in back_up(house, Path(file)))


def examine(house: House) -> Iterator[Item]:
    """The doctor's findings."""
    yield from (asdict(finding) for finding in doctor.examine(house))


WRITERS: dict[str, Callable[[ReportAnswer], str]] = {
    "csv": csv.render,
    "json": lambda found: json.render(found).decode(),
}
REPORT_BY_NAME = by_name(REPORTS)
Operation = Callable[..., Iterator[Item]]

OPERATIONS: tuple[Operation, ...] = (
    add_site,
    list_sites,
    add_user,
    add_key,
    mark_release,
    check_release,
    status,
    report,
    export,
    rebuild,
    decide,
    describe_signals,
    change_signals,
    backup,
    examine,
    find_one,
    export_person,
    erase_person,
    finish_erasures,
    export_tombstones,
    apply_tombstones,
    rebuild_profiles,
    import_counts,
    list_imports,
    remove_import,
)
_BY_NAME = {operation.__name__: operation for operation in OPERATIONS}


def answer(house: House, operation: str, arguments: Mapping[str, Any]) -> Iterator[Item]:
    """Run an operation by its name; FootfallError when it is unknown here, or a store cannot do it just now."""
    if operation not in _BY_NAME:
        raise FootfallError(f"the server knows no operation {operation!r}; is it of another version?")
    try:
        yield from _BY_NAME[operation](house, **arguments)
    except STORES_DOWN as error:
        if not is_down(error):
            raise
        why = str(error).partition("\n")[0]
        raise FootfallError(f"a store cannot do it just now ({why}); try again in a minute") from error


def answers(house: House) -> Ask:
    """Return `answer` for one house, as the control socket wants it."""
    return lambda operation, arguments: answer(house, operation, arguments)


def _decided(house: House, site: SiteInfo) -> Iterator[Item]:
    for progress in house.deciding.decide(site.id):
        yield {
            "site": site.name,
            "version": progress.version,
            "changed": progress.changed,
            "finished": progress.finished,
        }


def _site_item(site: SiteInfo) -> Item:
    """Return what may be told of a site: never its key for identifiers."""
    told = ("id", "key", "name", "zone", "privacy_mode", "retention_days", "enabled", "sample")
    lists = {"hosts": list(site.hosts), "query_parameters": sorted(site.query_parameters)}
    return {**{name: getattr(site, name) for name in told}, **lists}
