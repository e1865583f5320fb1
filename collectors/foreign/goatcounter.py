"""GoatCounter's pixel: `/count/CODE`, one view or event a request, told in the query."""

from collectors import loose
from collectors.answer import Answer, Outcome
from collectors.collector import Reading
from collectors.decoding import needed, pairs
from collectors.foreign import common
from collectors.incoming import Incoming
from collectors.pixel import GIF

PATHS = ("/count/*",)
METHODS = ("GET", "POST")
BODY_BYTES = common.BODY_BYTES
ALLOWS = b"content-type"
WITH_COOKIES = True

_FIRST_BOT = 150  # from here on, its script's own marks of a browser that a program drives
_NO = ("", "0", "false")


def read(incoming: Incoming) -> Reading:
    """Read a view or an event; `p` is the page's path, or the event's name."""
    given = pairs(incoming.query)
    path = needed(given.get("p"), "p")
    bot = loose.number(given.get("b")) or 0
    title, referrer = given.get("t"), given.get("r")
    if given.get("e", "") in _NO:
        query = given.get("q", "")
        url = common.place(incoming, path if "?" in path or not query.startswith("?") else f"{path}{query}")
        event = common.make_event("view", url, title=title, referrer=referrer)
    else:
        url = common.place(incoming, "/")
        event = common.make_event("custom", url, name=path, title=title, referrer=referrer)
    footprint = common.make_footprint(incoming, [event], automated=bot >= _FIRST_BOT)
    code = incoming.path.rpartition("/")[2]
    return common.make_reading("goatcounter", ("code", code), common.whence(incoming, url), footprint)


def word(outcome: Outcome, incoming: Incoming) -> Answer:
    """Answer with a transparent picture, and say in a header what is wrong."""
    headers = common.headers_of(outcome, incoming, b"image/gif")
    if common.is_quiet(outcome):
        return Answer(200, GIF, headers)
    if outcome.reason == "unknown_id":
        return Answer(400, GIF, (*headers, (b"x-goatcounter", b"no site has this code")))
    if common.is_fault(outcome):
        said = f"not valid: {outcome.field or 'query'}: {outcome.problem or 'cannot be read'}"
        return Answer(400, GIF, (*headers, (b"x-goatcounter", said.encode("ascii", "replace"))))
    return Answer(outcome.status, GIF, headers)
