"""What turns out otherwise when more has been seen: links to add and to take back."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import permutations

from tracker.identity.linker.fields import NAMES
from tracker.identity.linker.links import Joined, Parted
from tracker.identity.linker.search import Search
from tracker.identity.linker.weights import Weights

_ENOUGH = 128
_TELL_NOTHING = ("same", "missing", "passed")


def joined(search: Search, weights: Weights, browsers: Iterable[int], since_ms: int) -> Iterator[Joined]:
    """Yield of browsers that came since a time those that continue one that was not seen again since they came.

    Each continues one at most, and each is continued by one: by none where two are about equally likely to.
    """
    claims: dict[int, list[Joined]] = {}
    for browser in browsers:
        for claim in _claims(search, weights, browser):
            if claim.at_ms >= since_ms:
                claims.setdefault(claim.earlier, []).append(claim)
    for rivals in claims.values():
        best, *others = sorted(rivals, key=lambda claim: (-claim.bits, claim.later))
        if not others or best.bits - others[0].bits >= weights.margin:
            yield best


def _claims(search: Search, weights: Weights, browser: int) -> Iterator[Joined]:
    states = search.memory.states[browser]
    born = min(states, key=lambda state: state.first_ms)
    scorer = search.scorer(born.values, born.first_ms, but=states[-1].values)
    candidates, _ = search.candidates(born.values, _ENOUGH)
    candidates.pop(browser, None)
    # who was seen since is about beside it, and another
    needed = search.needed(weights.sure_later)
    best = search.closest(scorer, candidates, needed, lambda theirs: theirs[-1].last_ms < born.first_ms)
    if best is not None and best.bits >= needed and best.margin >= weights.margin:
        yield Joined(best.browser, browser, born.first_ms, best.bits, best.margin, best.evidence, needed)


def parted(search: Search, weights: Weights, browser: int) -> Iterator[Parted]:
    """Yield states that came while the browser went on looking as before, where that speaks against them.

    Screens and time zones do change to and fro; versions, drawings and graphics cards hardly do.
    """
    states = search.memory.states[browser]
    for old, new in permutations(states, 2):
        if not old.first_ms < new.first_ms < old.last_ms:
            continue
        before = replace(old, last_ms=new.first_ms)
        there = search.scorer(new.values, new.first_ms, but=states[-1].values).explain((before,))
        back = search.scorer(old.values, old.last_ms, but=states[-1].values).explain((before, new))
        evidence = (*there, *(item for item in back if item.outcome not in _TELL_NOTHING))
        bits = sum(item.bits for item in evidence)
        if bits < search.needed(weights.sure):
            looks = {name: value for name, value in zip(NAMES, new.values, strict=True) if value is not None}
            yield Parted(browser, looks, new.first_ms, bits, evidence)
