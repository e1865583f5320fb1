"""The kinds of problem that the API answers with (RFC 9457), each under an address that a problem's `type` names."""

from dataclasses import dataclass

ADDRESS = "/api/v1/problems"


@dataclass(frozen=True)
class Kind:
    """A kind of problem: the HTTP status that it comes with, when it arises, and what helps."""

    name: str
    status: int
    title: str
    when: str
    help: str

    @property
    def type(self) -> str:
        """What stands as `type` in a problem, the same on every installation."""
        return f"{ADDRESS}/{self.name}"


# Of several with one status, the first is that which is meant where nothing more is known.
KINDS = (
    Kind(
        "not-understood", 400, "Not understood", "the request is no HTTP that makes sense", "Send it by a usual client."
    ),
    Kind(
        "unreadable",
        400,
        "Cannot be read",
        "the events that were sent are no JSON, not UTF-8, or not whole",
        "Send JSON, or a line of JSON for each event.",
    ),
    Kind(
        "form-token",
        400,
        "No form token",
        "a browser that is signed in sent a change without its page's token",
        "Send the token of the page as X-CSRFToken, or use a key.",
    ),
    Kind(
        "no-key",
        401,
        "No key",
        "no key, or one that is unknown or was revoked",
        "Send a key as the header Authorization: Bearer ff_….",
    ),
    Kind(
        "expired-key",
        401,
        "Expired key",
        "the key was good until the time in `detail`",
        "Make a new key on the site's settings page, or by footfall key add.",
    ),
    Kind(
        "forbidden",
        403,
        "Not allowed",
        "the key is for another site, or the account may not do this",
        "Use a key of this site, or ask the owner for a role.",
    ),
    Kind(
        "missing-scope",
        403,
        "Missing scope",
        "the key lacks the scope that `scope` names",
        "Make a key that has this scope.",
    ),
    Kind(
        "not-found",
        404,
        "Not found",
        "no such site, report, profile, edge, conflict, name or address",
        "GET /api/openapi.json tells what there is; names are told by the lists beside them.",
    ),
    Kind(
        "wrong-method",
        405,
        "Wrong method",
        "the address knows other methods than this",
        "Use one of those that the header Allow names.",
    ),
    Kind(
        "conflict",
        409,
        "Not as things stand",
        "what is asked could be, but not now: it is so already, it is taken, or there are as many as may be",
        "Look at what there is, by the list beside it.",
    ),
    Kind(
        "length-required",
        411,
        "Length required",
        "events were sent without saying how long the body is",
        "State the body's length as Content-Length.",
    ),
    Kind("too-long", 413, "Too long", "the body is longer than may be", "Send less at once."),
    Kind("address-too-long", 414, "Address too long", "the address is longer than 64 KiB", "Ask for less at once."),
    Kind(
        "not-json",
        415,
        "Not JSON",
        "the body says that it is something else than JSON, or is packed by other means than gzip",
        "Send JSON, with the header Content-Type: application/json; of events NDJSON is taken too, and gzip.",
    ),
    Kind(
        "invalid",
        422,
        "Breaks a rule",
        "a parameter or a field of the body breaks a rule; `field` names it, `detail` says what may stand there",
        "Mend that field.",
    ),
    Kind(
        "too-many-calls",
        429,
        "Too many calls",
        "more calls a minute than FOOTFALL_API_RATE allows, or of events FOOTFALL_ADDRESS_RATE or FOOTFALL_SITE_RATE",
        "Wait as many seconds as the header Retry-After says; RateLimit tells what is left.",
    ),
    Kind("broken", 500, "Broken", "something failed on the server", "Its log says why."),
    Kind(
        "not-installed",
        501,
        "Not installed",
        "this server makes no PDF files",
        "Install the extra: pip install 'footfall[pdf]'.",
    ),
    Kind(
        "busy",
        503,
        "Busy",
        "as many files are being made as may be at once",
        "Try again after as many seconds as the header Retry-After says.",
    ),
    Kind(
        "not-kept",
        503,
        "Not kept",
        "events cannot be written to disk just now, as when the server stops or its disk is full",
        "Send them again after as many seconds as the header Retry-After says.",
    ),
    Kind(
        "store-away",
        503,
        "Store away",
        "one of the stores does not answer just now; nothing that is collected is lost",
        "Try again after as many seconds as the header Retry-After says.",
    ),
    Kind(
        "too-slow",
        504,
        "Too slow",
        "the answer would take too long, or more memory than there is",
        "Choose a shorter range or fewer filters.",
    ),
)
BY_NAME = {kind.name: kind for kind in KINDS}
BY_STATUS = {kind.status: kind for kind in reversed(KINDS)}
