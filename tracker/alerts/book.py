"""Watches: what is watched for on a site, how closely, and who is told."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.alerts.quiet import check_days_off
from tracker.alerts.rules import LEAST_VOLUME, SENSITIVITIES
from tracker.checking import check_title
from tracker.clock import utc_now
from tracker.errors import ConflictError, InvalidInputError
from tracker.languages import gettext, marked, numbers
from tracker.languages.checking import check_language
from tracker.languages.lists import listed
from tracker.models import Watch
from tracker.of_site import how_many
from tracker.schedules.recipients import check_number, set_recipients

MOST_WATCHES = 20
LONGEST_NAME = 64
USUAL_NAME = marked("Usual")
COOL_DOWN_HOURS = 6
_COOL_DOWNS = range(1, 169)
_LEASTS = range(5, 1_000_001)


@dataclass(frozen=True)
class Wanted:
    """What a watch's form says; `kinds` are names, `recipients` addresses, `language` is a tag."""

    name: str
    kinds: Sequence[str]
    recipients: Sequence[str]
    sensitivity: str = "normal"
    least: int = LEAST_VOLUME
    cool_down_hours: int = COOL_DOWN_HOURS
    quiet_from: int | None = None
    quiet_until: int | None = None
    days_off: Sequence[str] = ()
    language: str = "en"


@dataclass(frozen=True)
class Choices:
    """What may be watched for, by name; webhooks inside one's own network."""

    kinds: Collection[str]
    own_hosts: Collection[str] = ()


def create_watch(session: Session, site_id: int, wanted: Wanted, choices: Choices, who: str) -> Watch:
    """Add a watch; recipients who are not of the team are asked to confirm. InvalidInputError names the field."""
    _check(session, site_id, wanted, choices)
    if how_many(session, Watch, site_id) >= MOST_WATCHES:
        raise ConflictError("name", gettext("there are %(most)s watches already; delete one first", most=MOST_WATCHES))
    watch = Watch(site_id=site_id, paused=False, created_at=utc_now(), created_by=who)
    _fill(watch, wanted)
    session.add(watch)
    session.flush()
    set_recipients(session, watch, wanted.recipients, choices.own_hosts)
    return watch


def change_watch(session: Session, watch: Watch, wanted: Wanted, choices: Choices) -> None:
    """Change a watch; what it noticed stays. InvalidInputError as above."""
    _check(session, watch.site_id, wanted, choices, but=watch.id)
    _fill(watch, wanted)
    set_recipients(session, watch, wanted.recipients, choices.own_hosts)


def watches_of(session: Session, site_id: int) -> list[Watch]:
    """Return a site's watches by name."""
    return list(session.scalars(select(Watch).where(Watch.site_id == site_id).order_by(Watch.name)))


def find_watch(session: Session, site_id: int, watch_id: int) -> Watch | None:
    """Return one of a site's watches."""
    watch = session.get(Watch, watch_id)
    return watch if watch is not None and watch.site_id == site_id else None


def _check(session: Session, site_id: int, wanted: Wanted, choices: Choices, but: int | None = None) -> None:
    name = check_title("name", wanted.name, LONGEST_NAME)
    namesake = session.scalar(select(Watch.id).where(Watch.site_id == site_id, Watch.name == name))
    if namesake not in (None, but):
        raise ConflictError("name", gettext("%(name)s is another watch's", name=repr(name)))
    _check_kinds(wanted, choices)
    _check_numbers(wanted)
    check_days_off(wanted.days_off)
    check_language(wanted.language)
    check_number(wanted.recipients)


def _check_kinds(wanted: Wanted, choices: Choices) -> None:
    if not wanted.kinds:
        raise InvalidInputError("kinds", gettext("choose at least one thing to watch for"))
    for kind in wanted.kinds:
        if kind not in choices.kinds:
            known = listed(choices.kinds)
            problem = gettext("%(given)s is unknown; choose from: %(known)s", given=repr(kind[:64]), known=known)
            raise InvalidInputError("kinds", problem)
    names = [one.name for one in SENSITIVITIES]
    if wanted.sensitivity not in names:
        raise InvalidInputError("sensitivity", gettext("choose from: %(known)s", known=listed(names)))


def _check_numbers(wanted: Wanted) -> None:
    for field, value, span in (
        ("least", wanted.least, _LEASTS),
        ("cool_down_hours", wanted.cool_down_hours, _COOL_DOWNS),
    ):
        if value not in span:
            least, most = numbers.whole(span.start), numbers.whole(span.stop - 1)
            problem = gettext("must be a whole number from %(least)s to %(most)s", least=least, most=most)
            raise InvalidInputError(field, problem)
    for field, hour in (("quiet_from", wanted.quiet_from), ("quiet_until", wanted.quiet_until)):
        if hour is not None and hour not in range(24):
            raise InvalidInputError(field, gettext("must be a full hour from 0 to 23"))
    if (wanted.quiet_from is None) != (wanted.quiet_until is None):
        raise InvalidInputError("quiet_until", gettext("choose both hours, or neither"))


def _fill(watch: Watch, wanted: Wanted) -> None:
    watch.name = wanted.name.strip()
    watch.kinds = list(dict.fromkeys(wanted.kinds))
    watch.sensitivity = wanted.sensitivity
    watch.least = wanted.least
    watch.cool_down_hours = wanted.cool_down_hours
    watch.quiet_from, watch.quiet_until = wanted.quiet_from, wanted.quiet_until
    watch.days_off = check_days_off(wanted.days_off)
    watch.language = wanted.language
