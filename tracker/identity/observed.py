"""Puts the claims of a batch together by site: who was seen, with whom, and when."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from tracker.identity.claim import Claim
from tracker.identity.kinds import EdgeKind, Kind

Pair: TypeAlias = tuple[int, int, EdgeKind]


@dataclass(slots=True)
class Times:
    """When something was seen first and last in a batch, in ms since 1970, and how often."""

    first_ms: int
    last_ms: int
    seen: int = 1

    def add(self, at_ms: int) -> None:
        """See it once more."""
        self.first_ms = min(self.first_ms, at_ms)
        self.last_ms = max(self.last_ms, at_ms)
        self.seen += 1


@dataclass
class Observed:
    """What the claims of one site in one batch come to.

    `pairs` are the edges that they speak for, ends in order; `consents` the mode each was agreed to
    in. `sign_ins` are (device, login, time), `looks` (first-party id, fingerprint, time), both in
    the order of time.
    """

    kinds: dict[int, Kind] = field(default_factory=dict)
    names: dict[int, Times] = field(default_factory=dict)
    pairs: dict[Pair, Times] = field(default_factory=dict)
    consents: dict[Pair, str] = field(default_factory=dict)
    sign_ins: list[tuple[int, int, int]] = field(default_factory=list)
    looks: list[tuple[int, dict[str, str | int], int]] = field(default_factory=list)

    def name(self, one: int, kind: Kind, at_ms: int) -> None:
        """Note that an identifier was seen."""
        self.kinds[one] = kind
        if one in self.names:
            self.names[one].add(at_ms)
        else:
            self.names[one] = Times(at_ms, at_ms)

    def pair(self, one: int, other: int, kind: EdgeKind, at_ms: int, consent: str) -> None:
        """Note that two identifiers were seen together."""
        if one == other:
            return
        pair = (min(one, other), max(one, other), kind)
        if pair in self.pairs:
            self.pairs[pair].add(at_ms)
        else:
            self.pairs[pair] = Times(at_ms, at_ms)
            self.consents[pair] = consent


def observe(claims: Iterable[tuple[int, Claim]]) -> dict[int, Observed]:
    """Put claims, each with its site's id, together."""
    by_site: defaultdict[int, Observed] = defaultdict(Observed)
    for site_id, claim in claims:
        _add(by_site[site_id], claim)
    for observed in by_site.values():
        observed.sign_ins.sort(key=lambda seen: (seen[2], seen[0], seen[1]))
        observed.looks.sort(key=lambda seen: (seen[2], seen[0]))
    return dict(by_site)


def _add(observed: Observed, claim: Claim) -> None:
    device, at = claim.first_party, claim.at
    observed.name(device, "first_party", at)
    if claim.daily is not None:
        observed.name(claim.daily, "daily_hash", at)
        observed.pair(device, claim.daily, "first_party", at, claim.consent)
    if claim.login is not None:
        observed.name(claim.login, "login", at)
        observed.pair(device, claim.login, "login", at, claim.consent)
        observed.sign_ins.append((device, claim.login, at))
    if claim.link_token is not None and claim.link_login is not None:
        observed.name(claim.link_token, "link_token", at)
        observed.name(claim.link_login, "login", at)
        observed.pair(claim.link_token, claim.link_login, "link_token", at, claim.consent)
        observed.pair(claim.link_token, device, "link_token", at, claim.consent)
    if claim.fingerprint:
        observed.looks.append((device, claim.fingerprint, at))
