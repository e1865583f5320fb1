"""Schedules: made, changed, paused."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.checking import check_title
from tracker.clock import utc_now
from tracker.errors import ConflictError, InvalidInputError
from tracker.languages import gettext
from tracker.languages.checking import check_language
from tracker.languages.lists import listed
from tracker.models import Schedule
from tracker.of_site import how_many
from tracker.schedules.recipients import check_number, set_recipients
from tracker.schedules.rhythm import EVERY, Rhythm

ATTACHED = ("csv", "json", "pdf")
COMPARED = ("previous", "weekday", "year", "none")
MOST_SCHEDULES, MOST_SECTIONS = 50, 12
LONGEST_NAME = 64


@dataclass(frozen=True)
class Wanted:
    """What a schedule's form says; `recipients` are addresses, `sections` names of reports, `language` is a tag."""

    name: str
    every: str
    weekday: int | None
    hour: int
    zone: str
    sections: Sequence[str]
    recipients: Sequence[str]
    attached: Sequence[str] = ()
    segment: str | None = None
    compare: str = "previous"
    language: str = "en"


def rhythm_of(schedule: Schedule, days_in: ZoneInfo) -> Rhythm:
    """Return when a schedule is due; `days_in` is its site's zone."""
    zone = ZoneInfo(schedule.zone)
    return Rhythm(schedule.every, schedule.weekday, schedule.hour, zone, days_in)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Choices:
    """What may be chosen on a site: names of reports and of its segments; webhooks inside one's own network."""

    reports: Collection[str]
    segments: Collection[str]
    own_hosts: Collection[str] = ()


def create_schedule(session: Session, site_id: int, wanted: Wanted, choices: Choices, who: str) -> Schedule:
    """Add a schedule, which is first due after now; recipients who are not of the team are asked to confirm.

    InvalidInputError names the field.
    """
    _check(session, site_id, wanted, choices)
    if how_many(session, Schedule, site_id) >= MOST_SCHEDULES:
        raise ConflictError(
            "name", gettext("there are %(most)s schedules already; delete one first", most=MOST_SCHEDULES)
        )
    now = utc_now()
    schedule = Schedule(site_id=site_id, paused=False, owed_from=now, created_at=now, created_by=who)
    _fill(schedule, wanted)
    session.add(schedule)
    session.flush()
    set_recipients(session, schedule, wanted.recipients, choices.own_hosts)
    return schedule


def change_schedule(session: Session, schedule: Schedule, wanted: Wanted, choices: Choices) -> None:
    """Change a schedule; what came due before by another rhythm is owed no more. InvalidInputError as above."""
    _check(session, schedule.site_id, wanted, choices, but=schedule.id)
    before = _when(schedule)
    _fill(schedule, wanted)
    if _when(schedule) != before:
        schedule.owed_from = utc_now()
    set_recipients(session, schedule, wanted.recipients, choices.own_hosts)


def _when(schedule: Schedule) -> tuple[object, ...]:
    return schedule.every, schedule.weekday, schedule.hour, schedule.zone


def pause(schedule: Schedule) -> None:
    """Send nothing until `resume`."""
    schedule.paused = True


def resume(schedule: Schedule) -> None:
    """Go on with what comes due from now on; what was missed is not made up for."""
    if schedule.paused:
        schedule.paused = False
        schedule.owed_from = utc_now()


def schedules_of(session: Session, site_id: int) -> list[Schedule]:
    """Return a site's schedules by name."""
    return list(session.scalars(select(Schedule).where(Schedule.site_id == site_id).order_by(Schedule.name)))


def find_schedule(session: Session, site_id: int, schedule_id: int) -> Schedule | None:
    """Return one of a site's schedules."""
    schedule = session.get(Schedule, schedule_id)
    return schedule if schedule is not None and schedule.site_id == site_id else None


def _check(session: Session, site_id: int, wanted: Wanted, choices: Choices, but: int | None = None) -> None:
    name = check_title("name", wanted.name, LONGEST_NAME)
    namesake = session.scalar(select(Schedule.id).where(Schedule.site_id == site_id, Schedule.name == name))
    if namesake not in (None, but):
        raise ConflictError("name", gettext("%(name)s is another schedule's", name=repr(name)))
    _check_rhythm(wanted)
    check_language(wanted.language)
    _among("compare", wanted.compare, COMPARED)
    if wanted.segment is not None:
        _among("segment", wanted.segment, choices.segments)
    if not 1 <= len(wanted.sections) <= MOST_SECTIONS:
        raise InvalidInputError("sections", gettext("choose from one to %(most)s reports", most=MOST_SECTIONS))
    for section in wanted.sections:
        _among("sections", section, choices.reports)
    for form in wanted.attached:
        _among("attached", form, ATTACHED)
    check_number(wanted.recipients)


def _check_rhythm(wanted: Wanted) -> None:
    _among("every", wanted.every, EVERY)
    if wanted.every == "week" and wanted.weekday not in range(7):
        raise InvalidInputError("weekday", gettext("must be a day from 0 (Monday) to 6 (Sunday)"))
    if wanted.hour not in range(24):
        raise InvalidInputError("hour", gettext("must be a full hour from 0 to 23"))
    if wanted.zone not in available_timezones():
        raise InvalidInputError(
            "zone", gettext("%(given)s is no time zone such as Europe/Helsinki", given=repr(wanted.zone[:64]))
        )


def _among(field: str, given: str, choices: Collection[str]) -> None:
    if given not in choices:
        known = listed(choices) if choices else gettext("there is none yet")
        problem = gettext("%(given)s is unknown; choose from: %(known)s", given=repr(given[:64]), known=known)
        raise InvalidInputError(field, problem)


def _fill(schedule: Schedule, wanted: Wanted) -> None:
    schedule.name = wanted.name.strip()
    schedule.every = wanted.every
    schedule.weekday = wanted.weekday if wanted.every == "week" else None
    schedule.hour = wanted.hour
    schedule.zone = wanted.zone
    schedule.sections = list(dict.fromkeys(wanted.sections))
    schedule.attached = [form for form in ATTACHED if form in wanted.attached]
    schedule.segment = wanted.segment
    schedule.compare = wanted.compare
    schedule.language = wanted.language
