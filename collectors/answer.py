"""What goes back to the sender, in the form that both doors can send."""

from dataclasses import dataclass

Headers = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished answer: names of headers in small letters, values in Latin-1."""

    status: int
    body: bytes
    headers: Headers


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a request, before a collector words it as an answer.

    `reason` is None when the request was taken; `field` names what breaks the schema and
    `problem` says how; `retry_after_s` is None when coming again will not help.
    """

    status: int
    accepted: int = 0
    rejected: int = 0
    reason: str | None = None
    field: str | None = None
    problem: str | None = None
    retry_after_s: int | None = None


class RefusedError(Exception):
    """A request that ends here; its outcome says why."""

    def __init__(
        self,
        status: int,
        reason: str,
        *,
        field: str | None = None,
        problem: str | None = None,
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(reason)
        self.outcome = Outcome(status, reason=reason, field=field, problem=problem, retry_after_s=retry_after_s)


def reason_headers(outcome: Outcome) -> Headers:
    """Return the headers that say why something was refused, and when to come again."""
    headers: list[tuple[bytes, bytes]] = []
    if outcome.reason is not None:
        headers.append((b"x-footfall-reason", outcome.reason.encode()))
    if outcome.retry_after_s is not None:
        headers.append((b"retry-after", b"%d" % outcome.retry_after_s))
    return tuple(headers)
