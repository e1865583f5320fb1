"""Words a refusal as problem details (RFC 9457), for senders that are programs."""

from collections.abc import Mapping, Sequence

import msgspec
from flask import Response

from collectors.answer import Outcome, RefusedError, reason_headers
from tracker.problems import BY_NAME, BY_STATUS, Kind
from tracker.sent_event import MOST_BYTES, Fault
from tracker.turning_away import TurnedAway

_SAID = {
    "unknown_site": "There is no such site.",
    "disabled_site": "This site is switched off.",
    "content_type": "Send application/json or application/x-ndjson.",
    "content_encoding": "Send it as it is, or with Content-Encoding: gzip.",
    "malformed": "The body cannot be read: it is no JSON, not UTF-8, or not whole.",
    "too_large": f"At most {MOST_BYTES:,} bytes are taken at once, packed or not; send fewer events.",
    "length_required": "State the body's length.",
    "rate": "Too often; come again after Retry-After.",
}
_KINDS = {"malformed": "unreadable"}  # by the reason, where the status alone says less
_LATER = "This cannot be kept just now; send it again after Retry-After."


def problem_of(outcome: Outcome, faults: Sequence[Fault] = ()) -> Response:
    """Answer with why something was refused, and with the faults of single events."""
    said = f"{outcome.field}: {outcome.problem}" if outcome.field else outcome.problem
    kind = BY_NAME["not-kept"] if outcome.status == 503 else BY_STATUS[outcome.status]
    kind = BY_NAME[_KINDS.get(outcome.reason or "", kind.name)]
    more = {"field": outcome.field, "problems": list(faults)}
    return _answer(outcome, kind, said or _SAID.get(outcome.reason or "", _LATER), more)


def turned_away(reason: str, why: TurnedAway) -> Response:
    """Answer somebody who may not send events."""
    answer = _answer(RefusedError(why.kind.status, reason).outcome, why.kind, why.detail, {"scope": why.scope})
    if why.challenge is not None:
        answer.headers["WWW-Authenticate"] = why.challenge
    return answer


def _answer(outcome: Outcome, kind: Kind, detail: str, more: Mapping[str, object]) -> Response:
    """Write a problem; of `more` only what there is."""
    body: dict[str, object] = {"type": kind.type, "title": kind.title, "status": outcome.status, "detail": detail}
    body |= {"reason": outcome.reason, **{name: value for name, value in more.items() if value}}
    answer = Response(msgspec.json.encode(body), outcome.status, mimetype="application/problem+json")
    answer.headers["Cache-Control"] = "no-store"
    for name, value in reason_headers(outcome):
        answer.headers[name.decode()] = value.decode()
    return answer
