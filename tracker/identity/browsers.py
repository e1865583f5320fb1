"""Takes browsers by their looks: which known one a fingerprint is of."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from tracker.clock import utc_now
from tracker.identity.graph import add_rows, to_ms, to_time
from tracker.identity.identifiers import identifier_id
from tracker.identity.linker.linker import Linker
from tracker.identity.linker.links import Joined, Link, Parted
from tracker.identity.linker.weights import Weights
from tracker.identity.observed import Observed, Pair
from tracker.identity.recording import Grounds, record_pairs
from tracker.languages import marked
from tracker.models import BrowserState, IdentityEdge
from tracker.models.base import UtcDateTime
from tracker.sites import SiteInfo

STATES_KEPT = 3  # of each browser; what it looked like before those tells no more
MOST_CERTAIN = 0.99
TWO_AT_ONCE = "two-at-once@1"
LOOKED_AGAIN = "looked-again@1"
TOO_LITTLE = marked("Looked at again, too little speaks for it.")
BOTH_AT_ONCE = marked("Both were about at the same time.")


@dataclass(slots=True)
class _Tie:
    """When a first-party id was seen first and last with a fingerprint; `live` until the edge is taken back."""

    first_ms: int
    last_ms: int
    live: bool = True


@dataclass
class _Changes:
    """What is to be written when a batch has been gone through."""

    states: list[dict[str, object]] = field(default_factory=list)
    outdated: list[dict[str, object]] = field(default_factory=list)
    parted: list[Pair] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)


class Browsers:
    """The browsers of one site, as its store has them: the linker's memory, and which id each was seen with."""

    def __init__(self, session: Session, site: SiteInfo, weights: Weights) -> None:
        self._site = site
        self._linker = Linker(weights)
        self._ties: defaultdict[int, dict[int, _Tie]] = defaultdict(dict)  # by browser, then by first-party id
        self._browser_of: dict[int, int] = {}
        self._known_as: dict[int, int] = {}  # browsers that the linker knows as an earlier one
        self._joined: set[tuple[int, int]] = set()  # pairs of browsers with an edge, live or taken back
        self._states: defaultdict[int, list[tuple[int, Mapping[str, str | int]]]] = defaultdict(list)
        self._read(session)

    def recognise(self, session: Session, observed: Observed) -> tuple[dict[Pair, Grounds], set[int]]:
        """Add to what was observed which browser each fingerprint is of.

        Returns what speaks for edges that are new, and the identifiers whose profile it may change
        that an edge was seen again or taken back: two browsers that were made one may be about at once.
        """
        changes = _Changes()
        grounds: dict[Pair, Grounds] = {}
        for device, fingerprint, at in observed.looks:
            browser, link = self._choose(device, fingerprint, at, changes)
            if browser is None:
                continue
            pair: Pair = (min(device, browser), max(device, browser), "fingerprint")
            if device not in self._ties[browser]:
                self._ties[browser][device] = _Tie(at, at)
                grounds[pair] = _grounds(link)
            tie = self._ties[browser][device]
            tie.first_ms, tie.last_ms = min(tie.first_ms, at), max(tie.last_ms, at)
            self._browser_of[device] = browser
            observed.name(browser, "fingerprint", at)
            observed.pair(device, browser, "fingerprint", at, self._site.privacy_mode)
            self._linker.learn_of(self._known_as.get(browser, browser), fingerprint, at)
            self._keep(browser, fingerprint, at, changes)
            if sum(tie.live for tie in self._ties[browser].values()) > 1:
                changes.touched.add(browser)
        _write(session, self._site.id, changes)
        return grounds, changes.touched | {end for pair in changes.parted for end in pair[:2]}

    def reconsider(self, session: Session, since_ms: int) -> tuple[int, int, set[int]]:
        """Add and take back edges of looks, now that more is known than when they were seen.

        Returns how many of each, and the identifiers whose profiles that may change.
        """
        found = self._linker.reconsider(since_ms)
        added = [self._add_link(session, one) for one in found.joined if self._may_be_one(one)]
        taken_back = [pair for state in found.parted if (pair := self._least_sure(state))]
        _take_back(session, self._site.id, taken_back, LOOKED_AGAIN, TOO_LITTLE)
        return len(added), len(taken_back), {end for pair in (*added, *taken_back) for end in pair[:2]}

    def _may_be_one(self, found: Joined) -> bool:
        """Tell whether no edge was ever between them, and the one was gone when the other came."""
        pair = min(found.earlier, found.later), max(found.earlier, found.later)
        return pair not in self._joined and self._last_ms(found.earlier) <= self._first_ms(found.later)

    def _add_link(self, session: Session, found: Joined) -> Pair:
        pair: Pair = (min(found.earlier, found.later), max(found.earlier, found.later), "fingerprint")
        seen = Observed()
        seen.pair(*pair, found.at_ms, self._site.privacy_mode)
        link = Link(found.earlier, "linked", found.bits, found.needed, found.margin, found.evidence)
        record_pairs(session, self._site.id, seen, {pair: _grounds(link, LOOKED_AGAIN)})
        return pair

    def _least_sure(self, found: Parted) -> Pair | None:
        """Return the edge by which a state came to a browser: that of the first id that was seen since, but its own."""
        since = [
            (tie.first_ms, device)
            for device, tie in self._ties[found.browser].items()
            if tie.live and self._first_ms(found.browser) < tie.first_ms >= found.at_ms
        ]
        if not since:
            return None
        device = min(since)[1]
        return min(device, found.browser), max(device, found.browser), "fingerprint"

    def _first_ms(self, browser: int) -> int:
        return min((tie.first_ms for tie in self._ties[browser].values() if tie.live), default=0)

    def _last_ms(self, browser: int) -> int:
        return max((tie.last_ms for tie in self._ties[browser].values() if tie.live), default=0)

    def _choose(
        self, device: int, fingerprint: Mapping[str, str | int], at: int, changes: _Changes
    ) -> tuple[int | None, Link | None]:
        """Return the browser, and what speaks for it if it is another id's; None when too many look like this."""
        known = self._browser_of.get(device)
        if known is not None and not self._is_another_s(known, device, at):
            return known, None
        if known is not None:  # it was taken for a browser that is still about
            self._ties[known][device].live = False
            changes.parted.append((min(device, known), max(device, known), "fingerprint"))
            return self._own(device), None
        link = self._linker.link(fingerprint, at)
        if link.reason == "too_common":
            return None, None
        if link.browser is None or device in self._ties[link.browser] or self._is_another_s(link.browser, device, at):
            return self._own(device), None
        return link.browser, link

    def _is_another_s(self, browser: int, device: int, at: int) -> bool:
        """Tell whether another id was seen with this browser since the given one came up: then they are two.

        Who lost a first-party id never shows it again.
        """
        ties = self._ties[browser]
        since = ties[device].first_ms if device in ties else at
        return any(tie.live and one != device and tie.first_ms <= since < tie.last_ms for one, tie in ties.items())

    def _own(self, device: int) -> int:
        return identifier_id(self._site.identity_key, "fingerprint", str(device))

    def _keep(self, browser: int, fingerprint: Mapping[str, str | int], at: int, changes: _Changes) -> None:
        states = self._states[browser]
        if states and (states[-1][1] == fingerprint or any(seen == at for seen, _ in states)):
            return
        states.append((at, fingerprint))
        states.sort(key=lambda state: state[0])
        changes.states.append(
            {"site_id": self._site.id, "browser_id": browser, "seen_at": to_time(at), "attributes": dict(fingerprint)}
        )
        while len(states) > STATES_KEPT:
            gone, _ = states.pop(0)
            changes.outdated.append({"of": browser, "seen": to_time(gone)})

    def _know_as_one(self, one: int, other: int) -> None:
        """Let the linker know two browsers as the earlier of them."""
        earlier, later = sorted((one, other), key=lambda browser: self._states[browser][0][0])
        earlier = self._known_as.get(earlier, earlier)
        if earlier != later and earlier in self._linker and later in self._linker:
            self._linker.join(earlier, later)
            self._known_as[later] = earlier

    def _read(self, session: Session) -> None:
        edges = select(
            IdentityEdge.a, IdentityEdge.b, IdentityEdge.observed_at, IdentityEdge.last_observed_at,
            IdentityEdge.retracted_at,
        ).where(IdentityEdge.site_id == self._site.id, IdentityEdge.kind == "fingerprint")  # fmt: skip
        found = session.execute(
            select(BrowserState.browser_id, BrowserState.seen_at, BrowserState.attributes)
            .where(BrowserState.site_id == self._site.id)
            .order_by(BrowserState.seen_at)
        )
        for browser, seen_at, attributes in found:
            self._states[browser].append((to_ms(seen_at), attributes))
            self._linker.learn_of(browser, attributes, to_ms(seen_at))
        for a, b, first, last, retracted in session.execute(edges):
            if a in self._states and b in self._states:
                self._joined.add((a, b))
                if retracted is None:
                    self._know_as_one(a, b)
                continue
            browser, device = (a, b) if a in self._states else (b, a)
            tie = self._ties[browser].get(device)
            if tie is None or not tie.live:
                self._ties[browser][device] = _Tie(to_ms(first), to_ms(last), retracted is None)
            if retracted is None:
                self._browser_of[device] = browser
        for browser, ties in self._ties.items():
            last_ms = max(tie.last_ms for tie in ties.values())
            if self._states[browser] and last_ms > self._states[browser][-1][0]:
                self._linker.learn_of(browser, self._states[browser][-1][1], last_ms)


def _grounds(link: Link | None, rule: str | None = None) -> Grounds:
    """Return what speaks for taking a first-party id for a browser: its looks, or (None) that it was the first."""
    if link is None:
        return Grounds({"first": True}, confidence=MOST_CERTAIN)
    sure = min(link.bits - link.needed, link.margin)
    evidence = [asdict(one) for one in link.evidence]
    return Grounds(
        {"fields": evidence, "needed": round(link.needed, 2)},
        bits=round(link.bits, 2),
        confidence=round(min(1 - 2 ** -max(sure, 0.0) / 2, MOST_CERTAIN), 4),
        rule=rule,
    )


def _write(session: Session, site_id: int, changes: _Changes) -> None:
    add_rows(session, BrowserState, changes.states)
    if changes.outdated:
        session.connection().execute(
            delete(BrowserState).where(
                BrowserState.site_id == site_id,
                BrowserState.browser_id == bindparam("of"),
                BrowserState.seen_at == bindparam("seen", type_=UtcDateTime),
            ),
            changes.outdated,
        )
    _take_back(session, site_id, changes.parted, TWO_AT_ONCE, BOTH_AT_ONCE)


def _take_back(session: Session, site_id: int, pairs: Sequence[Pair], rule: str, reason: str) -> None:
    for a, b, kind in pairs:
        session.execute(
            update(IdentityEdge)
            .where(
                IdentityEdge.site_id == site_id,
                IdentityEdge.a == a,
                IdentityEdge.b == b,
                IdentityEdge.kind == kind,
                IdentityEdge.retracted_at.is_(None),
            )
            .values(retracted_at=utc_now(), retracted_by=rule, reason=reason),
            execution_options={"synchronize_session": False},
        )
