"""Random graphs of identifiers: small, and with all that may go wrong in them."""

from hypothesis import strategies as st

from tracker.identity.components import Edge, Named, SignedIn

DEVICES, LOGINS, DAYS, BROWSERS = range(10, 16), range(20, 24), range(30, 35), range(40, 43)
NAMES = {
    **{one: Named(one, "first_party", one * 10) for one in DEVICES},
    **{one: Named(one, "login", one * 10) for one in LOGINS},
    **{one: Named(one, "daily_hash", one * 10) for one in DAYS},
    **{one: Named(one, "fingerprint", one * 10) for one in BROWSERS},
}


def _pairs(kind, left, right):
    return [(min(a, b), max(a, b), kind) for a in left for b in right if a != b]


POSSIBLE = [
    *_pairs("login", DEVICES, LOGINS),
    *_pairs("first_party", DEVICES, DAYS),
    *_pairs("fingerprint", DEVICES, BROWSERS),
    *[pair for pair in _pairs("hand", [*LOGINS, 10], [*LOGINS, 11]) if pair[0] != pair[1]],
]


@st.composite
def edges(draw):
    """Draw live edges with times, ids in no order of time."""
    pairs = draw(st.lists(st.sampled_from(POSSIBLE), max_size=14, unique=True))
    times = st.tuples(st.integers(1, 50), st.integers(0, 30))
    ids = draw(st.permutations(range(1, len(pairs) + 1)))
    made = []
    for number, (a, b, kind) in zip(ids, pairs, strict=True):
        first, lasted = draw(times)
        made.append(Edge(number, a, b, kind, first, first + lasted))
    return made


@st.composite
def sign_ins(draw):
    seen = draw(
        st.lists(
            st.tuples(st.sampled_from(DEVICES), st.sampled_from(LOGINS), st.integers(1, 80)),
            max_size=6,
            unique_by=lambda one: (one[0], one[2]),
        )
    )
    return [SignedIn(*one) for one in seen]
