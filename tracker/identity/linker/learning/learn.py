"""Learns the linker's weights anew: from made-up lives, and from labelled pairs where there are any."""

import datetime
from collections.abc import Callable, Iterable
from itertools import chain, repeat

from msgspec.structs import replace

from tracker.identity.linker.learning.causes import BACK
from tracker.identity.linker.learning.fit import GAPS_DAYS, Pair, fit, pairs_of
from tracker.identity.linker.learning.lives import live
from tracker.identity.linker.learning.population import looks
from tracker.identity.linker.learning.trial import choose, play, visits_of
from tracker.identity.linker.weights import FORMAT, Weights

PRECISION = 0.998
"""What the trial has to reach. Made-up browsers are told apart more easily than real ones, so it is high."""
HELD_OUT = 400
"""Made-up browsers of the trial, of which nothing is learned."""

_DISTINCT = 8.0  # another that looks just like it is to be expected among 256 times as many browsers only
_MARGIN = 4.0
_SILENCE = (7.0, 2.0)  # our estimate: a return is a quarter as likely after a week, a hundredth after nine
_AS_MANY = 5  # made-up pairs, one labelled pair counts for


def learn(
    browsers: int, seed: int, labelled: Iterable[Pair] = (), say: Callable[[str], None] = lambda line: None
) -> Weights:
    """Return new weights, with the figures of their trial.

    `labelled` are pairs of states of which it is known whether they are of one browser. FootfallError
    when what makes up browsers is not installed. Takes minutes, and tells `say` how far it is.
    """
    real = list(labelled)
    say(f"making up {browsers + HELD_OUT:,} browsers")
    found = looks(browsers + HELD_OUT, seed)
    lives, held = live(found[:browsers], seed), live(found[browsers:], seed + 1)
    say("counting what changes and what agrees")
    pairs = chain(pairs_of(lives, seed), *repeat(real, _AS_MANY))
    fields, together, backward = fit(pairs, BACK)
    now = datetime.datetime.now(datetime.UTC)
    weights = Weights(
        format=FORMAT,
        version=f"{now:%Y-%m-%d}",
        learned_at=f"{now:%Y-%m-%dT%H:%MZ}",
        learned_from=f"{browsers} made-up browsers (browserforge, seed {seed}) and {len(real)} labelled pairs",
        figures={},
        distinct=_DISTINCT,
        sure=0.0,
        sure_later=0.0,
        margin=_MARGIN,
        gaps_days=GAPS_DAYS,
        together=together,
        backward=backward,
        silence=_SILENCE,
        fields=fields,
    )
    say(f"trying them on {HELD_OUT} others")
    visits = visits_of(held, seed)
    weights = choose(visits, weights, PRECISION)
    online, settled = play(visits, weights)
    figures: dict[str, float] = {"browsers": len(held), "visits": len(visits)}
    for name, one in (("online", online), ("settled", settled)):
        figures |= {f"{name}_{part}": round(getattr(one, part), 4) for part in ("precision", "recall", "f1")}
    return replace(weights, figures=figures)
