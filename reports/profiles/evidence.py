"""What speaks for an edge, in words: how often it was seen, or field by field where looks were weighed."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from reports.profiles.words import MOVED, OUTCOMES
from reports.wording.words import plus
from tracker.identity.linker.fields import WORDS
from tracker.identity.linker.scoring import GAP, TOGETHER
from tracker.languages import counted, dates, gettext, numbers
from tracker.languages.lists import listed
from tracker.models import BrowserState, IdentityEdge
from tracker.sites import SiteInfo

_AGAINST = -0.05  # bits above this say nothing against it


def tell(session: Session, site: SiteInfo, edge: IdentityEdge, kinds: set[str]) -> list[str]:
    """Return what speaks for an edge, the weightiest first; `kinds` are those of its two identifiers."""
    seen = {"times": counted("once", "%(n)s times", edge.observations), "when": _when(edge, site)}
    if edge.kind == "first_party":
        return [gettext("Sent together by one browser, %(times)s, %(when)s", **seen)]
    if edge.kind == "login":
        return [gettext("Signed in on this browser with this login, %(times)s, %(when)s", **seen)]
    if edge.kind == "link_token":
        if "login" in kinds:
            return [gettext("The link was made for this login; opened %(times)s, %(when)s", **seen)]
        return [gettext("Opened in this browser, %(times)s, %(when)s", **seen)]
    if edge.kind == "hand":
        return _by_hand(edge, seen["when"])
    return [*_looks(session, edge), gettext("Seen with these looks %(times)s, %(when)s", **seen)]


def _by_hand(edge: IdentityEdge, when: str) -> list[str]:
    who, reason = edge.evidence.get("by"), edge.evidence.get("reason")
    if who:
        told = [gettext("Put together by %(who)s, %(when)s", who=who, when=when)]
    else:
        told = [gettext("Put together by a person, %(when)s", when=when)]
    return [*told, gettext("Reason: %(reason)s", reason=reason)] if reason else told


def _looks(session: Session, edge: IdentityEdge) -> list[str]:
    fields = edge.evidence.get("fields")
    if not isinstance(fields, list):
        return [gettext("The first browser id that was seen with these looks")]
    told = [one for one in fields if isinstance(one, dict)]
    versions = _versions(session, edge) if any(one.get("field") == "version" for one in told) else None
    speaks = sorted((one for one in told if _bits(one) > 0), key=_bits, reverse=True)
    against = sorted((one for one in told if _bits(one) < _AGAINST), key=_bits)
    lines = []
    if speaks:
        lines.append(gettext("Looks like this browser: %(fields)s", fields=_joined(speaks, versions)))
    if against:
        lines.append(gettext("Against it: %(fields)s", fields=_joined(against, versions)))
    needed = edge.evidence.get("needed")
    if edge.bits is not None and isinstance(needed, int | float):
        bits, least = numbers.decimal(edge.bits, 1), numbers.decimal(needed, 1)
        lines.append(gettext("%(bits)s bits where %(needed)s were needed", bits=bits, needed=least))
    return lines


def _joined(fields: Iterable[Mapping[str, Any]], versions: tuple[int, int] | None) -> str:
    return listed(
        [gettext("%(field)s (%(bits)s bits)", field=_field(one, versions), bits=_signed(_bits(one))) for one in fields]
    )


def _signed(bits: float) -> str:
    return plus(bits) + numbers.decimal(bits, 1)


def _field(one: Mapping[str, Any], versions: tuple[int, int] | None) -> str:
    name, outcome = str(one.get("field")), str(one.get("outcome"))
    if name == GAP:
        return gettext("time without a visit")
    if name == TOGETHER:
        return gettext("several changes at once") if outcome == "changed" else gettext("nothing changed")
    field = gettext(WORDS[name]) if name in WORDS else name.replace("_", " ")
    if name == "version" and versions and outcome in MOVED:
        return gettext(MOVED[outcome], field=field, before=versions[0], after=versions[1])
    return gettext(OUTCOMES[outcome], field=field) if outcome in OUTCOMES else f"{field}: {outcome}"


def _versions(session: Session, edge: IdentityEdge) -> tuple[int, int] | None:
    """Return from which version to which a browser went at an edge, where that is still known; else None."""
    states = session.scalars(
        select(BrowserState)
        .where(
            BrowserState.site_id == edge.site_id,
            BrowserState.browser_id.in_((edge.a, edge.b)),
            BrowserState.seen_at <= edge.observed_at,
        )
        .order_by(BrowserState.seen_at.desc())
        .limit(2)
    ).all()
    found = [one for state in states if isinstance(one := state.attributes.get("version"), int)]
    if len(found) < 2 or states[0].seen_at != edge.observed_at:
        return None
    return found[1], found[0]


def _bits(one: Mapping[str, Any]) -> float:
    value = one.get("bits")
    return float(value) if isinstance(value, int | float) else 0.0


def _when(edge: IdentityEdge, site: SiteInfo) -> str:
    first, last = _day(edge.observed_at, site), _day(edge.last_observed_at, site)
    if first == last:
        return gettext("on %(day)s", day=first)
    return gettext("from %(first)s to %(last)s", first=first, last=last)


def _day(moment: datetime, site: SiteInfo) -> str:
    return dates.full_day(moment.astimezone(site.tzinfo))
