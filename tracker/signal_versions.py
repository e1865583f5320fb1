"""Where a site draws the line between a struggle and none: its limits, one version after another.

A version is never changed or removed. Going back to an earlier one makes a new version with
the same limits, so that the history tells who drew which line when.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal, select
from sqlalchemy.orm import Session

from tracker.clock import utc_now
from tracker.errors import InvalidInputError
from tracker.languages import gettext
from tracker.languages.lists import listed
from tracker.models import SignalVersion
from tracker.signal_limits import BY_NAME, check_together, read_limit
from tracker.signals import THRESHOLDS, Limits, Thresholds

_NAMES = tuple(field.name for field in fields(Thresholds))


@dataclass(frozen=True)
class Version:
    """One version of a site's limits. The first is what every site begins with: nobody made it.

    `decided_at` is when all stored events had been decided by it; None while they are not.
    """

    limits: Thresholds
    created_at: datetime | None = None
    created_by: str = ""
    decided_at: datetime | None = None

    @property
    def number(self) -> int:
        """Its number within the site."""
        return self.limits.version


def in_force(session: Session) -> dict[int, Thresholds]:
    """Return the limits of every site that has ever changed them, by the site's id."""
    newest = select(SignalVersion.site_id, func.max(SignalVersion.number)).group_by(SignalVersion.site_id).subquery()
    rows = session.scalars(
        select(SignalVersion).join(
            newest, (SignalVersion.site_id == newest.c[0]) & (SignalVersion.number == newest.c[1])
        )
    )
    return {row.site_id: _thresholds(row) for row in rows}


def history(session: Session, site_id: int) -> list[Version]:
    """Return all versions of a site's limits, the one in force first."""
    rows = session.scalars(
        select(SignalVersion).where(SignalVersion.site_id == site_id).order_by(SignalVersion.number.desc())
    )
    return [*map(_version, rows), Version(THRESHOLDS)]


def changed(limits: Thresholds, values: Mapping[str, object]) -> Thresholds:
    """Return limits with some of them replaced by what somebody gave, whole numbers or their digits.

    InvalidInputError names the first limit that will not do, its bounds and its unit.
    """
    for name in values:
        if name not in BY_NAME:
            problem = gettext("no limit has this name; use some of %(names)s", names=listed(BY_NAME))
            raise InvalidInputError(name[:64], problem)
    given = {name: read_limit(BY_NAME[name], value) for name, value in values.items()}
    made = replace(limits, **given)
    check_together(made)
    return made


def apply(session: Session, site_id: int, limits: Thresholds, by: str) -> Thresholds:
    """Put limits in force for a site and return them with their version; `by` says who wanted it.

    Limits that are in force already make no new version.
    """
    check_together(limits)
    now = history(session, site_id)[0]
    if differences(limits) == differences(now.limits):
        return now.limits
    made = SignalVersion(
        site_id=site_id,
        number=now.number + 1,
        limits=differences(limits),
        created_at=utc_now(),
        created_by=by[:320],
    )
    session.add(made)
    session.flush()
    return _thresholds(made)


def go_back(session: Session, site_id: int, number: int, by: str) -> Thresholds:
    """Put an earlier version's limits in force again, as a new version; InvalidInputError when there is none."""
    for version in history(session, site_id):
        if version.number == number:
            return apply(session, site_id, version.limits, by)
    raise InvalidInputError("version", gettext("this site has no version %(number)s", number=number))


def undecided(session: Session) -> list[int]:
    """Return the sites, by id, whose stored events are not yet decided by the limits in force."""
    newest = select(func.max(SignalVersion.id)).group_by(SignalVersion.site_id)
    waiting = select(SignalVersion.site_id).where(SignalVersion.id.in_(newest), SignalVersion.decided_at.is_(None))
    return list(session.scalars(waiting.order_by(SignalVersion.site_id)))


def decided_by(session: Session, site_id: int) -> tuple[int, datetime | None] | None:
    """Return the newest version of a site's limits, and when all was decided by it; None where nobody made one."""
    newest = select(SignalVersion.number, SignalVersion.decided_at).where(SignalVersion.site_id == site_id)
    row = session.execute(newest.order_by(SignalVersion.number.desc()).limit(1)).first()
    return None if row is None else (row.number, row.decided_at)


def mark_decided(session: Session, site_id: int, number: int) -> None:
    """Note that all stored events are decided by this version; the first needs no note."""
    row = session.scalar(select(SignalVersion).where(SignalVersion.site_id == site_id, SignalVersion.number == number))
    if row is not None:
        row.decided_at = utc_now()


def differences(limits: Thresholds) -> dict[str, int]:
    """Return the limits that are not the usual ones, by name."""
    return {name: getattr(limits, name) for name in BY_NAME if getattr(limits, name) != getattr(THRESHOLDS, name)}


def limits_by_site(mapping: Mapping[int, Thresholds], site_column: ColumnElement[int]) -> Limits:
    """Return limits for rows of several sites: numbers, and a CASE over the site where they differ."""
    return Limits(**{name: _by_site(name, mapping, site_column) for name in _NAMES})


def _by_site(name: str, mapping: Mapping[int, Thresholds], site_column: ColumnElement[int]) -> Any:
    usual: int = getattr(THRESHOLDS, name)
    sites_by_value: dict[int, list[int]] = {}
    for site_id in sorted(mapping):
        if (value := getattr(mapping[site_id], name)) != usual:
            sites_by_value.setdefault(value, []).append(site_id)
    if not sites_by_value:
        return usual
    whens = [(site_column.in_(sites), literal(value)) for value, sites in sites_by_value.items()]
    return case(*whens, else_=literal(usual))


def _thresholds(row: SignalVersion) -> Thresholds:
    known = {name: value for name, value in row.limits.items() if name in BY_NAME}
    return replace(THRESHOLDS, version=row.number, **known)


def _version(row: SignalVersion) -> Version:
    return Version(_thresholds(row), row.created_at, row.created_by, row.decided_at)
