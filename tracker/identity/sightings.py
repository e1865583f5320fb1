"""Who was signed in on a device, and from when to when: stretches of one login each, in the order of time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Span:
    """A login was seen from `first_ms` to `last_ms`, ms since 1970, and no other in between."""

    first_ms: int
    last_ms: int
    login: int


def sighted(spans: Sequence[Span], login: int, at_ms: int) -> tuple[Span, ...]:
    """Return the stretches after a login was seen at a time, which need not be the latest.

    Of a stretch that another login falls into, only its two ends are known to remain.
    """
    before = [span for span in spans if span.last_ms < at_ms]
    around = [span for span in spans if span.first_ms <= at_ms <= span.last_ms]
    after = [span for span in spans if span.first_ms > at_ms]
    if any(span.login == login for span in around):
        return tuple(spans)
    inside: list[Span] = []
    for span in around:
        if span.first_ms < at_ms < span.last_ms:
            before.append(replace(span, last_ms=span.first_ms))
            after.insert(0, replace(span, first_ms=span.last_ms))
        else:
            inside.append(span)
    if not inside:
        if before and before[-1].login == login:
            return (*before[:-1], replace(before[-1], last_ms=at_ms), *after)
        if after and after[0].login == login:
            return (*before, replace(after[0], first_ms=at_ms), *after[1:])
    made = sorted([*inside, Span(at_ms, at_ms, login)], key=lambda span: (span.last_ms, span.first_ms, span.login))
    return tuple(sorted([*before, *made, *after], key=lambda span: (span.first_ms, span.last_ms, span.login)))
