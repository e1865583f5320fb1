"""What speaks for an edge, in words: how often it was seen, or field by field where looks were weighed."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from reports.profiles.words import OUTCOMES
from tracker.identity.linker.fields import WORDS
from tracker.identity.linker.scoring import GAP, TOGETHER
from tracker.models import BrowserState, IdentityEdge
from tracker.sites import SiteInfo

_AGAINST = -0.05  # bits above this say nothing against it


def tell(session: Session, site: SiteInfo, edge: IdentityEdge, kinds: set[str]) -> list[str]:
    """Return what speaks for an edge, the weightiest first; `kinds` are those of its two identifiers."""
    times = _times(edge.observations)
    when = _when(edge, site)
    if edge.kind == "first_party":
        return [f"Sent together by one browser, {times}, {when}"]
    if edge.kind == "login":
        return [f"Signed in on this browser with this login, {times}, {when}"]
    if edge.kind == "link_token":
        if "login" in kinds:
            return [f"The link was made for this login; opened {times}, {when}"]
        return [f"Opened in this browser, {times}, {when}"]
    if edge.kind == "hand":
        reason = str(edge.evidence.get("reason") or "")
        by = f"Put together by {edge.evidence.get('by') or 'a person'}, {when}"
        return [by, f"Reason: {reason}"] if reason else [by]
    return [*_looks(session, site, edge), f"Seen with these looks {times}, {when}"]


def _looks(session: Session, site: SiteInfo, edge: IdentityEdge) -> list[str]:
    fields = edge.evidence.get("fields")
    if not isinstance(fields, list):
        return ["The first browser id that was seen with these looks"]
    told = [one for one in fields if isinstance(one, dict)]
    versions = _versions(session, edge) if any(one.get("field") == "version" for one in told) else ""
    speaks = sorted((one for one in told if _bits(one) > 0), key=_bits, reverse=True)
    against = sorted((one for one in told if _bits(one) < _AGAINST), key=_bits)
    lines = [_joined("Looks like this browser: ", speaks, versions)] if speaks else []
    lines += [_joined("Against it: ", against, versions)] if against else []
    needed = edge.evidence.get("needed")
    if edge.bits is not None and isinstance(needed, int | float):
        lines.append(f"{edge.bits:.1f} bits where {needed:.1f} were needed")
    return lines


def _joined(begin: str, fields: Iterable[Mapping[str, Any]], versions: str) -> str:
    return begin + ", ".join(f"{_field(one, versions)} ({_bits(one):+.1f} bits)".replace("-", "−") for one in fields)


def _field(one: Mapping[str, Any], versions: str) -> str:
    name, outcome = str(one.get("field")), str(one.get("outcome"))
    if name == GAP:
        return "time without a visit"
    if name == TOGETHER:
        return "several changes at once" if outcome == "changed" else "nothing changed"
    said = OUTCOMES.get(outcome, f"{{field}}: {outcome}").format(field=WORDS.get(name, name.replace("_", " ")))
    return said + versions if name == "version" and outcome in ("newer", "older") else said


def _versions(session: Session, edge: IdentityEdge) -> str:
    """Return from which version to which a browser went at an edge, where that is still known; else nothing."""
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
    found = [state.attributes.get("version") for state in states]
    if len(states) < 2 or states[0].seen_at != edge.observed_at or not all(isinstance(one, int) for one in found):
        return ""
    return f" from {found[1]} to {found[0]}"


def _bits(one: Mapping[str, Any]) -> float:
    value = one.get("bits")
    return float(value) if isinstance(value, int | float) else 0.0


def _times(observations: int) -> str:
    return "once" if observations == 1 else f"{observations:,} times"


def _when(edge: IdentityEdge, site: SiteInfo) -> str:
    first, last = day(edge.observed_at, site), day(edge.last_observed_at, site)
    return f"on {first}" if first == last else f"from {first} to {last}"


def day(moment: datetime, site: SiteInfo) -> str:
    """Write a day of the site's calendar: 3 March 2026."""
    here = moment.astimezone(site.tzinfo)
    return f"{here.day} {here:%B %Y}"
