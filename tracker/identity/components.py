"""Which identifiers are one profile: a function of the live edges, whatever the order in which they came.

Edges made by hand come first, for a person knows better; then all others by the time of their
first observation. Two logins never meet in one profile: an edge that would bring them together is
set aside, and told as a conflict. The device between them is split by who was signed in when.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from tracker.identity.kinds import CAPS, EdgeKind, Kind

BEGINNING_MS = 0
_OF_A_BROWSER = ("first_party", "fingerprint")


@dataclass(frozen=True, slots=True)
class Named:
    """An identifier, and when it was first seen, in ms since 1970."""

    id: int
    kind: Kind
    first_seen_ms: int


@dataclass(frozen=True, slots=True)
class Edge:
    """A live edge between two identifiers, and when it was first and last observed, in ms since 1970."""

    id: int
    a: int
    b: int
    kind: EdgeKind
    observed_ms: int
    last_observed_ms: int

    def other(self, one: int) -> int:
        """Return the identifier at the other end."""
        return self.b if one == self.a else self.a


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A login seen on a device from one time to another, and no other in between."""

    device: int
    login: int
    first_ms: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """From when until when (None: to this day) an identifier is of a profile; ms since 1970, the end not included."""

    since_ms: int
    until_ms: int | None
    profile: int


@dataclass(frozen=True, slots=True)
class SetAside:
    """An edge that would bring two logins together."""

    edge: int
    login: int
    other_login: int


@dataclass
class Partition:
    """Who is of which profile. An identifier that is not in `members` is its own profile.

    `hubs` are the identifiers that have too many neighbours for their edges of that kind to count.
    """

    members: dict[int, tuple[Stretch, ...]] = field(default_factory=dict)
    conflicts: tuple[SetAside, ...] = ()
    hubs: frozenset[int] = frozenset()


def partition(names: Mapping[int, Named], edges: Collection[Edge], signed_in: Collection[SignedIn] = ()) -> Partition:
    """Return the profiles of some identifiers, given all live edges at any of them."""
    hubs = find_hubs(names, edges)
    counted = [edge for edge in edges if not is_cut(edge, names, hubs)]
    counted.sort(key=lambda edge: (edge.kind != "hand", edge.observed_ms, edge.id))
    people, conflicts = _join(names, counted)
    return Partition(_members(names, counted, people, conflicts, signed_in), tuple(conflicts), hubs)


def find_hubs(names: Mapping[int, Named], edges: Iterable[Edge]) -> frozenset[int]:
    """Return the identifiers with more edges of the kind that is capped than one person's have."""
    capped: defaultdict[int, list[Edge]] = defaultdict(list)
    for edge in edges:
        for end in (edge.a, edge.b):
            if edge.kind == CAPS[names[end].kind][0]:
                capped[end].append(edge)
    return frozenset(one for one, found in capped.items() if len(found) > 1 and _is_hub(names[one].kind, found))


def is_cut(edge: Edge, names: Mapping[int, Named], hubs: Collection[int]) -> bool:
    """Tell whether an edge does not count, for one of its ends is a hub by such edges."""
    return any(end in hubs and edge.kind == CAPS[names[end].kind][0] for end in (edge.a, edge.b))


def _is_hub(kind: Kind, edges: Sequence[Edge]) -> bool:
    return len(edges) > CAPS[kind][1] or (kind == "fingerprint" and _overlap(edges))


def _overlap(edges: Iterable[Edge]) -> bool:
    """Tell whether two browsers with one fingerprint were about at the same time, so that they cannot be one.

    A browser that lost its first-party id never shows the old one again after the new one.
    """
    ordered = sorted(edges, key=lambda edge: (edge.observed_ms, edge.last_observed_ms))
    return any(later.observed_ms < earlier.last_observed_ms for earlier, later in pairwise(ordered))


class _Groups:
    """Union-find."""

    def __init__(self) -> None:
        self._parents: dict[int, int] = {}

    def of(self, one: int) -> int:
        root = one
        while (parent := self._parents.get(root, root)) != root:
            root = parent
        while one != root:
            self._parents[one], one = root, self._parents.get(one, one)
        return root

    def join(self, one: int, other: int) -> int:
        root, gone = self.of(one), self.of(other)
        self._parents[gone] = root
        return root


def _join(names: Mapping[int, Named], edges: Iterable[Edge]) -> tuple[_Groups, list[SetAside]]:
    """Join the ends of edges in order, but for those that would bring two logins together."""
    people, by_hand = _Groups(), _Groups()
    logins = {one.id: one.id for one in names.values() if one.kind == "login"}  # by group: one of its logins
    conflicts = []
    for edge in edges:
        one, other = people.of(edge.a), people.of(edge.b)
        if edge.kind == "hand":
            by_hand.join(edge.a, edge.b)
        if one == other:
            continue
        first, second = logins.get(one), logins.get(other)
        if first is not None and second is not None and edge.kind != "hand" and by_hand.of(first) != by_hand.of(second):
            conflicts.append(SetAside(edge.id, min(first, second), max(first, second)))
            continue
        logins.pop(one, None)
        logins.pop(other, None)
        root = people.join(one, other)
        login = first if first is not None else second
        if login is not None:
            logins[root] = login
    return people, conflicts


def _members(
    names: Mapping[int, Named],
    edges: Sequence[Edge],
    people: _Groups,
    conflicts: Sequence[SetAside],
    signed_in: Collection[SignedIn],
) -> dict[int, tuple[Stretch, ...]]:
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for one in names:
        groups[people.of(one)].append(one)
    profiles: dict[int, int] = {}
    for group in groups.values():
        oldest = min(group, key=lambda one: (names[one].first_seen_ms, one))
        profiles |= dict.fromkeys(group, oldest)
    alone = {group[0] for group in groups.values() if len(group) == 1}
    members: dict[int, tuple[Stretch, ...]] = {
        one: (Stretch(BEGINNING_MS, None, profile),) for one, profile in profiles.items() if one not in alone
    }
    return members | _shared(names, edges, {conflict.edge for conflict in conflicts}, profiles, signed_in)


def _shared(
    names: Mapping[int, Named],
    edges: Sequence[Edge],
    set_aside: set[int],
    profiles: Mapping[int, int],
    signed_in: Collection[SignedIn],
) -> dict[int, tuple[Stretch, ...]]:
    """Split the devices that several people signed in on, and what belongs to them, by who was signed in."""
    signed_out_on = {end for edge in edges if edge.id in set_aside and edge.kind == "login" for end in (edge.a, edge.b)}
    if not signed_out_on:
        return {}
    devices = _Groups()
    for edge in edges:
        if edge.kind in _OF_A_BROWSER and edge.id not in set_aside:
            devices.join(edge.a, edge.b)
    logins = {ends for edge in edges if edge.kind == "login" for ends in ((edge.a, edge.b), (edge.b, edge.a))}
    contested = {devices.of(one) for one in signed_out_on if names[one].kind != "login"}
    seen: defaultdict[int, list[SignedIn]] = defaultdict(list)
    for span in signed_in:
        tied = (span.device, span.login) in logins  # not where somebody took the edge back
        if tied and devices.of(span.device) in contested:
            seen[devices.of(span.device)].append(span)
    split = {}
    for one in names:
        device = devices.of(one)
        if names[one].kind != "login" and seen.get(device):
            split[one] = _stretches(seen[device], profiles)
    return split


def _stretches(spans: Sequence[SignedIn], profiles: Mapping[int, int]) -> tuple[Stretch, ...]:
    """Return one stretch a change of people; what came before the first sign-in is the first's."""
    turns: list[tuple[int, int]] = []
    for span in sorted(spans, key=lambda span: (span.first_ms, span.login)):
        profile = profiles[span.login]
        if not turns or turns[-1][1] != profile:
            turns.append((span.first_ms if turns else BEGINNING_MS, profile))
    ends = [begin for begin, _ in turns[1:]]
    return tuple(Stretch(begin, end, profile) for (begin, profile), end in zip(turns, [*ends, None], strict=True))
