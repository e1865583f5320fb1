"""What can go wrong between a client and its server, each with what to do about it."""

from collections.abc import Sequence
from email.message import Message
from email.utils import parsedate_to_datetime

import msgspec

from tracker.clock import utc_now
from tracker.errors import FootfallError

_LONGEST_DETAIL = 1000


class ClientError(FootfallError):
    """Anything that a client could not do; all others of this module are of this kind."""


class NotReachedError(ClientError):
    """No server answered at the address, however often it was tried."""


class BrokenOffError(ClientError):
    """An answer came and was cut off, or was none of Footfall's."""


class NoTableError(ClientError):
    """A table was asked for, and what makes it is not installed."""


class ProblemError(ClientError):
    """The server refused, with problem details (RFC 9457).

    `status` is HTTP's, `type` names the kind of problem (docs/api.md lists them), `scope` what a key lacks, `field`
    the parameter at fault where one is, and `request_id` is what a proxy before the
    server called the request, where there is one that does.
    """

    def __init__(
        self, status: int, title: str, detail: str, field: str | None = None, request_id: str | None = None
    ) -> None:
        super().__init__(f"{detail} ({status} {title})" if detail else f"{status} {title}")
        self.status = status
        self.title = title
        self.detail = detail
        self.field = field
        self.request_id = request_id
        self.type = "about:blank"
        self.scope: str | None = None


class UnauthenticatedError(ProblemError):
    """401: there is no key, or it is unknown or expired."""


class ForbiddenError(ProblemError):
    """403: the key may not do this; a key has scopes, and perhaps a site."""


class NotFoundError(ProblemError):
    """404: there is no such site, report, struggle or address."""


class ConflictError(ProblemError):
    """409: what is asked could be, but not as things stand: it is so already, or taken."""


class InvalidRequestError(ProblemError):
    """422: a parameter breaks a rule; `field` names it, and `detail` says what may stand there.

    `problems` are those of single events, of events that were sent.
    """

    problems: Sequence[object] = ()


class TooMuchError(ProblemError):
    """413 or 504: this was more than the server takes, or answers in time. Ask for fewer days."""


class BusyError(ProblemError):
    """429 or 503: the server has no room for it now; `retry_after_s` says for how long, where that is known."""

    retry_after_s: float | None = None


_KINDS: dict[int, type[ProblemError]] = {
    401: UnauthenticatedError,
    403: ForbiddenError,
    404: NotFoundError,
    409: ConflictError,
    413: TooMuchError,
    422: InvalidRequestError,
    429: BusyError,
    503: BusyError,
    504: TooMuchError,
}


class _Problem(msgspec.Struct):
    title: str = ""
    detail: str = ""
    field: str | None = None
    type: str = "about:blank"
    scope: str | None = None
    problems: list[object] = []


def problem_of(status: int, reason: str, headers: "Message[str, str]", body: bytes) -> ProblemError:
    """Make an error of an answer that is none, whoever wrote it: a proxy before the server knows no problem details."""
    try:
        told = msgspec.json.decode(body, type=_Problem)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        told = _Problem()
    if 300 <= status < 400:
        told = _Problem(detail=f"The server leads to {headers.get('Location')}, where no key is sent; use that address")
    error = _KINDS.get(status, ProblemError)(
        status, told.title or reason, told.detail[:_LONGEST_DETAIL], told.field, headers.get("X-Request-Id")
    )
    error.type, error.scope = told.type, told.scope
    if isinstance(error, InvalidRequestError):
        error.problems = told.problems
    if isinstance(error, BusyError):
        error.retry_after_s = _seconds(headers.get("Retry-After"))
    return error


def _seconds(text: str | None) -> float | None:
    """Read Retry-After, which is a number of seconds or a time."""
    if text is None:
        return None
    if text.strip().isdecimal():
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - utc_now()).total_seconds())
    except (ValueError, TypeError):
        return None
