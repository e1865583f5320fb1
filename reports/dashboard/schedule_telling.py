"""Schedules in words: when they are sent, to how many, and how that went."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from reports.wording import words
from tracker.models import Delivery, Message, Recipient, Schedule
from tracker.schedules.book import gets_it, recipients_of, rhythm_of, schedules_of, team_of
from tracker.schedules.rhythm import next_due
from tracker.sites import SiteInfo

EVERY = {"day": "Every day", "week": "Every week", "month": "Every month", "quarter": "Every quarter"}
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
COMPARED = {
    "previous": "the days before",
    "weekday": "the same weekdays before",
    "year": "the year before",
    "none": "nothing",
}
MOST_SHOWN = 50
_STATES = {"waiting": "waiting", "sent": "sent", "failed": "not sent"}


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
    said = ", ".join(f"{number} {_STATES[state]}" for state, number in sorted(states.items(), key=lambda one: one[0]))
    due = next_due(rhythm_of(schedule, site.tzinfo), now).at.astimezone(ZoneInfo(schedule.zone))
    return Told(
        number=schedule.id,
        name=schedule.name,
        when=when(schedule),
        next=None if schedule.paused else f"{due:%a} {words.day(due)}, {due:%H:%M}",
        going=states_of_list["gets"],
        waiting=states_of_list["asked"],
        left=states_of_list["left"] + states_of_list["out"],
        last=f"{_period(last)}: {said or 'to nobody'}" if last is not None else "none yet",
        went_wrong=bool(states["failed"]),
    )


def on_the_list(session: Session, schedule: Schedule) -> list[tuple[Recipient, str]]:
    """Return whom a schedule names, each with how it stands: `gets` it, `asked`, `left`, or `out` of the team."""
    team = team_of(session, schedule.site_id)
    return [(one, _standing(one, team)) for one in recipients_of(session, schedule.id)]


def _standing(recipient: Recipient, team: set[str]) -> str:
    if gets_it(recipient, team):
        return "gets"
    if recipient.left_at is not None:
        return "left"
    return "asked" if recipient.confirmed_at is None else "out"


def when(schedule: Schedule) -> str:
    """Say when a schedule is sent: every Monday at 09:00."""
    on = {
        "day": "every day",
        "week": f"every {WEEKDAYS[schedule.weekday or 0]}",
        "month": "on the first of every month",
        "quarter": "on the first day of every quarter",
    }[schedule.every]
    return f"{on} at {schedule.hour:02}:00 ({schedule.zone})"


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
    named: Sequence[str] = [one.address for one in recipients_of(session, schedule.id) if one.left_at is None]
    return {
        "name": schedule.name,
        "every": schedule.every,
        "weekday": str(schedule.weekday or 0),
        "hour": str(schedule.hour),
        "zone": schedule.zone,
        "segment": schedule.segment or "",
        "compare": schedule.compare,
        "recipients": ", ".join(named),
    }


def _sent(message: Message, delivery: Delivery | None, zone: ZoneInfo) -> Sent:
    at = message.sent_at or (message.next_try_at if message.state == "waiting" else None)
    local = at.astimezone(zone) if at else None
    said = f"{local:%Y-%m-%d %H:%M}" if local else words.NONE
    state = _STATES[message.state]
    if message.state == "waiting" and message.tries:
        state = f"failed {message.tries} time{'' if message.tries == 1 else 's'}, next try"
    return Sent(
        period=_period(delivery) if delivery is not None else "Request to confirm",
        address=message.address,
        state=state.capitalize(),
        when=said,
        problem=message.problem or "",
    )


def _period(delivery: Delivery) -> str:
    first, last = delivery.first_day, delivery.last_day
    span = f"{first:%Y-%m-%d}" if first == last else f"{first:%Y-%m-%d} – {last:%Y-%m-%d}"
    return f"{span} (sent by hand)" if delivery.again else span
