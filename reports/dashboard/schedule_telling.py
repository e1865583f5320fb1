"""Schedules in words: when they are sent, to how many, and how that went."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from reports.wording import words
from tracker.languages import counted, dates, gettext, marked
from tracker.languages.lists import listed
from tracker.models import Delivery, Message, Recipient, Schedule
from tracker.schedules.book import rhythm_of, schedules_of
from tracker.schedules.recipients import Mailing, gets_it, recipients_of, team_of
from tracker.schedules.rhythm import next_due
from tracker.sites import SiteInfo

EVERY = {
    "day": marked("Every day"),
    "week": marked("Every week"),
    "month": marked("Every month"),
    "quarter": marked("Every quarter"),
}
COMPARED = {
    "previous": marked("the days before"),
    "weekday": marked("the same weekdays before"),
    "year": marked("the year before"),
    "none": marked("nothing"),
}
MOST_SHOWN = 50
_WHEN = {
    "day": marked("Every day at %(hour)s (%(zone)s)"),
    "month": marked("On the first of every month at %(hour)s (%(zone)s)"),
    "quarter": marked("On the first day of every quarter at %(hour)s (%(zone)s)"),
}
# In a language with cases or genders each day goes into the sentence in a form of its own.
_WHEN_WEEKLY = (
    marked("Every Monday at %(hour)s (%(zone)s)"),
    marked("Every Tuesday at %(hour)s (%(zone)s)"),
    marked("Every Wednesday at %(hour)s (%(zone)s)"),
    marked("Every Thursday at %(hour)s (%(zone)s)"),
    marked("Every Friday at %(hour)s (%(zone)s)"),
    marked("Every Saturday at %(hour)s (%(zone)s)"),
    marked("Every Sunday at %(hour)s (%(zone)s)"),
)
_STATES = {"waiting": marked("Waiting"), "sent": marked("Sent"), "failed": marked("Not sent")}
_HOW_MANY: dict[str, Callable[[int], str]] = {
    "waiting": lambda n: counted("%(n)s waiting", "%(n)s waiting", n),
    "sent": lambda n: counted("%(n)s sent", "%(n)s sent", n),
    "failed": lambda n: counted("%(n)s not sent", "%(n)s not sent", n),
}


@dataclass(frozen=True)
class Told:
    """A schedule in a line; `next` is None while it is paused."""

    number: int
    name: str
    when: str
    next: str | None
    going: int
    waiting: int
    left: int
    last: str
    went_wrong: bool


@dataclass(frozen=True)
class Sent:
    """A message in the history: its period, to whom, in what state, when, and what went wrong."""

    period: str
    address: str
    state: str
    when: str
    problem: str


def tell_all(session: Session, site: SiteInfo, now: datetime) -> list[Told]:
    """Tell of all schedules of a site."""
    return [tell(session, one, site, now) for one in schedules_of(session, site.id)]


def tell(session: Session, schedule: Schedule, site: SiteInfo, now: datetime) -> Told:
    """Tell of one schedule."""
    states_of_list = Counter(state for _, state in on_the_list(session, schedule))
    last = session.scalars(
        select(Delivery)
        .where(Delivery.schedule_id == schedule.id)
        .order_by(Delivery.made_at.desc(), Delivery.id.desc())
        .limit(1)
    ).first()
    states: Counter[str] = Counter()
    if last is not None:
        states.update(session.scalars(select(Message.state).where(Message.delivery_id == last.id)))
    due = next_due(rhythm_of(schedule, site.tzinfo), now).at.astimezone(ZoneInfo(schedule.zone))
    return Told(
        number=schedule.id,
        name=schedule.name,
        when=when(schedule),
        next=None if schedule.paused else listed([f"{dates.weekday(due)} {dates.day(due)}", dates.clock(due)]),
        going=states_of_list["gets"],
        waiting=states_of_list["asked"],
        left=states_of_list["left"] + states_of_list["out"],
        last=_how_it_went(last, states) if last is not None else gettext("none yet"),
        went_wrong=bool(states["failed"]),
    )


def _how_it_went(last: Delivery, states: Counter[str]) -> str:
    if not states:
        return gettext("%(days)s: to nobody", days=_period(last))
    said = listed([_HOW_MANY[state](number) for state, number in sorted(states.items())])
    return gettext("%(days)s: %(states)s", days=_period(last), states=said)


def on_the_list(session: Session, mailing: Mailing) -> list[tuple[Recipient, str]]:
    """Return whom a list names, each with how it stands: `gets` it, `asked`, `left`, or `out` of the team."""
    team = team_of(session, mailing.site_id)
    return [(one, _standing(one, team)) for one in recipients_of(session, mailing)]


def _standing(recipient: Recipient, team: set[str]) -> str:
    if gets_it(recipient, team):
        return "gets"
    if recipient.left_at is not None:
        return "left"
    return "asked" if recipient.confirmed_at is None else "out"


def when(schedule: Schedule) -> str:
    """Say when a schedule is sent: Every Monday at 09:00 (Europe/Warsaw)."""
    said = _WHEN_WEEKLY[schedule.weekday or 0] if schedule.every == "week" else _WHEN[schedule.every]
    return gettext(said, hour=full_hour(schedule.hour), zone=schedule.zone)


def full_hour(hour: int) -> str:
    """Write a full hour of the day: 09:00."""
    return dates.clock(datetime(2026, 1, 1, hour, tzinfo=UTC))


def history(session: Session, schedule: Schedule) -> list[Sent]:
    """Return the newest messages of a schedule, the newest first."""
    rows = session.execute(
        select(Message, Delivery)
        .outerjoin(Delivery, Delivery.id == Message.delivery_id)
        .where(Message.schedule_id == schedule.id)
        .order_by(Message.id.desc())
        .limit(MOST_SHOWN)
    )
    zone = ZoneInfo(schedule.zone)
    return [_sent(message, delivery, zone) for message, delivery in rows]


def as_form(session: Session, schedule: Schedule) -> dict[str, str]:
    """Return a schedule as its form has it; who left is not on the list any more."""
    named: Sequence[str] = [one.address for one in recipients_of(session, schedule) if one.left_at is None]
    return {
        "name": schedule.name,
        "every": schedule.every,
        "weekday": str(schedule.weekday or 0),
        "hour": str(schedule.hour),
        "zone": schedule.zone,
        "segment": schedule.segment or "",
        "compare": schedule.compare,
        "language": schedule.language,
        "recipients": ", ".join(named),
    }


def _sent(message: Message, delivery: Delivery | None, zone: ZoneInfo) -> Sent:
    at = message.sent_at or (message.next_try_at if message.state == "waiting" else None)
    local = at.astimezone(zone) if at else None
    state = gettext(_STATES[message.state])
    if message.state == "waiting" and message.tries:
        state = counted("Failed %(n)s time, next try", "Failed %(n)s times, next try", message.tries)
    return Sent(
        period=_period(delivery) if delivery is not None else gettext("Request to confirm"),
        address=message.address,
        state=state,
        when=dates.moment(local) if local else words.NONE,
        problem=message.problem or "",
    )


def _period(delivery: Delivery) -> str:
    span = words.days_between(delivery.first_day, delivery.last_day)
    return gettext("%(days)s (sent by hand)", days=span) if delivery.again else span
