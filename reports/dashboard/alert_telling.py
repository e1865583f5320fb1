"""Watches and alerts in words: what is watched, what happened, what is muted."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from reports.alerts import BY_NAME, KINDS
from reports.alerts.kind import Kind
from reports.dashboard.schedule_telling import full_hour, on_the_list
from reports.wording import words
from reports.wording.links import page_of_alert
from tracker.alerts.incidents import said_in
from tracker.alerts.mutes import mutes_of
from tracker.languages import counted, dates, gettext, marked
from tracker.languages.lists import listed
from tracker.models import Alert, Message, Watch
from tracker.schedules.recipients import recipients_of
from tracker.sites import SiteInfo

MOST_SHOWN = 50
SENSITIVITIES = {
    "low": marked("Low: only what is far off"),
    "normal": marked("Normal: what stands out"),
    "high": marked("High: also what may be chance"),
}
_HOW = {
    "low": marked("Tells only what is far off"),
    "normal": marked("Tells what stands out"),
    "high": marked("Tells also what may be chance"),
}
_SENT: dict[str, Callable[[int], str]] = {
    "sent": lambda n: counted("Sent to %(n)s address.", "Sent to %(n)s addresses.", n),
    "waiting": lambda n: counted("On its way to %(n)s address.", "On its way to %(n)s addresses.", n),
    "failed": lambda n: counted("Not sent to %(n)s address.", "Not sent to %(n)s addresses.", n),
}


@dataclass(frozen=True)
class ToldWatch:
    """A watch in a line."""

    number: int
    name: str
    kinds: str
    how: str
    quiet: str
    going: int
    waiting: int


@dataclass(frozen=True)
class ToldAlert:
    """An alert in the history: what happened and when, what became of it, where to read on.

    `headline`, `told`, `why` and `contributing` are in the `language` (a code) in which it was noticed.
    """

    when: str
    kind: str
    watch: str
    headline: str
    told: str
    why: str
    contributing: list[str]
    language: str
    ended: str
    sent: str
    page: str
    goes_on: bool


@dataclass(frozen=True)
class ToldMute:
    """What somebody does not want to hear of, and until when."""

    watch: int
    recipient: int
    address: str
    kind: str
    kind_name: str
    until: str


def titles(kinds: Iterable[Kind]) -> str:
    """Name kinds of alerts one after the other."""
    return listed([gettext(kind.title) for kind in kinds])


def tell_watches(session: Session, watches: Iterable[Watch]) -> list[ToldWatch]:
    """Tell of watches, each in a line."""
    return [_watch(session, one) for one in watches]


def tell_mutes(session: Session, site: SiteInfo, watches: Iterable[Watch], now: datetime) -> list[ToldMute]:
    """Tell what is muted now of a site's watches."""
    return [
        ToldMute(
            watch.id,
            recipient.id,
            recipient.address,
            mute.kind,
            _kind_name(mute.kind),
            words.moment(mute.until.astimezone(site.tzinfo)) if mute.until else gettext("for good"),
        )
        for watch in watches
        for recipient, mute in mutes_of(session, watch, now)
    ]


def tell_history(session: Session, site: SiteInfo) -> list[ToldAlert]:
    """Tell of the newest alerts of a site, the newest first; one more than MOST_SHOWN where there are more."""
    rows = session.execute(
        select(Alert, Watch)
        .join(Watch, Watch.id == Alert.watch_id)
        .where(Watch.site_id == site.id)
        .order_by(Alert.noticed_at.desc(), Alert.id.desc())
        .limit(MOST_SHOWN + 1)
    ).all()
    states: dict[int, Counter[str]] = {}
    sent = select(Message.alert_id, Message.state).where(Message.alert_id.in_([alert.id for alert, _ in rows]))
    for number, state in session.execute(sent):
        states.setdefault(number or 0, Counter())[state] += 1
    return [_alert(alert, watch, site, states.get(alert.id, Counter())) for alert, watch in rows]


def as_form(session: Session, watch: Watch) -> dict[str, str]:
    """Return a watch as its form has it; who left is not on the list any more."""
    return {
        "name": watch.name,
        "recipients": ", ".join(one.address for one in recipients_of(session, watch) if one.left_at is None),
        "sensitivity": watch.sensitivity,
        "least": str(watch.least),
        "cool_down_hours": str(watch.cool_down_hours),
        "quiet_from": _hour(watch.quiet_from),
        "quiet_until": _hour(watch.quiet_until),
        "days_off": ", ".join(watch.days_off),
        "language": watch.language,
    }


def _hour(hour: int | None) -> str:
    return "" if hour is None else str(hour)


def _watch(session: Session, watch: Watch) -> ToldWatch:
    states = Counter(state for _, state in on_the_list(session, watch))
    quiet = ""
    if watch.quiet_from is not None and watch.quiet_until is not None:
        hours = {"begin": full_hour(watch.quiet_from), "end": full_hour(watch.quiet_until)}
        quiet = gettext("quiet from %(begin)s to %(end)s", **hours)
    return ToldWatch(
        number=watch.id,
        name=watch.name,
        kinds=titles(kind for kind in KINDS if kind.name in watch.kinds),
        how=gettext("Paused") if watch.paused else gettext(_HOW[watch.sensitivity]),
        quiet=quiet,
        going=states["gets"],
        waiting=states["asked"],
    )


def _kind_name(kind: str) -> str:
    return gettext(BY_NAME[kind].title) if kind in BY_NAME else kind


def _alert(alert: Alert, watch: Watch, site: SiteInfo, sent: Counter[str]) -> ToldAlert:
    return ToldAlert(
        when=words.moment(alert.noticed_at.astimezone(site.tzinfo)),
        kind=_kind_name(alert.kind),
        watch=watch.name,
        headline=alert.headline,
        told=alert.told,
        why=alert.why,
        contributing=list(alert.facts.get("contributing", [])),
        language=said_in(alert).code,
        ended=_ended(alert, site),
        sent=_sent(alert, sent),
        page=page_of_alert("", site.key, alert.facts),
        goes_on=alert.ended_at is None,
    )


def _ended(alert: Alert, site: SiteInfo) -> str:
    if alert.ended_at is None:
        return ""
    ended = alert.ended_at.astimezone(site.tzinfo)
    return gettext("Back to usual since %(day)s, %(time)s.", day=dates.day(ended), time=dates.clock(ended))


def _sent(alert: Alert, sent: Counter[str]) -> str:
    if alert.told_at is None:
        return (
            gettext("Kept until it may be sent.")
            if alert.ended_at is None
            else gettext("Over before it could be sent.")
        )
    told = " ".join(_SENT[state](number) for state, number in sorted(sent.items()))
    return told or gettext("Sent to nobody: all had left or muted it.")
