"""How a client asks: addresses, the key, patience where the server has no room, and what a broken answer is."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from http.client import HTTPException, HTTPMessage, HTTPResponse
from time import sleep
from typing import IO, TypeVar
from urllib.error import HTTPError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener
from weakref import WeakSet

import msgspec

from tracker import __version__
from tracker.client.errors import BrokenOffError, BusyError, ClientError, NotReachedError, problem_of

AGENT = f"footfall-client/{__version__}"
FIRST_WAIT_S = 0.25  # doubles with each try
_MOST_OF_A_PROBLEM = 1 << 16
_CHUNK = 1 << 16
T = TypeVar("T")
Words = Mapping[str, str | int | Sequence[str] | None]
PASSING = (BusyError, NotReachedError, BrokenOffError)
"""What may go well when it is tried again."""


class Patience:
    """Counts tries in a row that failed, and waits between them: as long as the server says, or longer each time."""

    def __init__(self, retries: int, longest_wait_s: float) -> None:
        self._retries = retries
        self._longest_wait_s = longest_wait_s
        self._failed = 0

    def worked(self) -> None:
        """Begin to count anew."""
        self._failed = 0

    def failed(self, error: ClientError) -> None:
        """Wait before another try; raises the error instead when there were enough, or the wait would be too long."""
        told = error.retry_after_s if isinstance(error, BusyError) else None
        wait = FIRST_WAIT_S * float(2**self._failed) if told is None else told
        if self._failed >= self._retries or wait > self._longest_wait_s:
            raise error
        self._failed += 1
        sleep(wait)


class _NoRedirects(HTTPRedirectHandler):
    """Follows nowhere: where a redirect leads, the key would go."""

    def redirect_request(  # noqa: PLR0917 - as it is called
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        """Return nothing, so that the answer is an error that says where it leads."""


class Wire:
    """Asks one server with one key. Proxies are those of the environment (`HTTPS_PROXY`, `NO_PROXY`)."""

    def __init__(self, url: str, key: str, *, timeout_s: float, retries: int, longest_wait_s: float) -> None:
        self._base = checked_url(url)
        self._headers = {"Authorization": f"Bearer {checked_key(key)}", "User-Agent": AGENT}
        self._timeout_s = timeout_s
        self._retries = retries
        self._longest_wait_s = longest_wait_s
        self._opener = build_opener(_NoRedirects)
        self._streams: WeakSet[Stream] = WeakSet()
        self._closed = False

    def get(self, path: str, words: Words | None = None) -> bytes:
        """Return the whole answer of an address."""
        return self._patiently(lambda: self._whole(self._request(path, words)))

    def read(self, path: str, shape: type[T], words: Words | None = None) -> T:
        """Return the answer of an address in a shape."""
        return decoded(self.get(path, words), shape)

    def post(self, path: str, body: object, shape: type[T]) -> T:
        """Send a body as JSON and return the answer; only what can be sent twice without harm goes this way."""
        sent = msgspec.json.encode(body)
        return decoded(self._patiently(lambda: self._whole(self._request(path, None, sent))), shape)

    def stream(self, path: str, words: Words) -> "Stream":
        """Open an answer that is read line by line; it is not asked for again when it breaks off."""
        opened = Stream(self._open(self._request(path, words)))
        self._streams.add(opened)
        return opened

    def patience(self) -> "Patience":
        """Return a count of tries, by what was agreed."""
        return Patience(self._retries, self._longest_wait_s)

    def close(self) -> None:
        """Ask nothing more, and close what is still read."""
        self._closed = True
        for one in list(self._streams):
            one.close()

    def _patiently(self, do: Callable[[], T]) -> T:
        patience = self.patience()
        while True:
            try:
                return do()
            except PASSING as error:
                patience.failed(error)

    def _request(self, path: str, words: Words | None, body: bytes | None = None) -> Request:
        given = {name: value for name, value in (words or {}).items() if value is not None}
        query = f"?{urlencode(given, doseq=True)}" if given else ""
        headers = self._headers | ({"Content-Type": "application/json"} if body is not None else {})
        return Request(f"{self._base}{path}{query}", body, headers)  # noqa: S310 - checked_url looked at the scheme

    def _open(self, request: Request) -> HTTPResponse:
        if self._closed:
            raise ClientError("this client is closed; make another")
        try:
            found: HTTPResponse = self._opener.open(request, timeout=self._timeout_s)
        except HTTPError as error:
            with error:
                raise problem_of(error.code, error.reason, error.headers, _told(error)) from None
        except (OSError, HTTPException) as error:
            raise NotReachedError(
                f"no answer from {self._base} ({getattr(error, 'reason', error)}); is it up, and is this its address?"
            ) from error
        return found

    def _whole(self, request: Request) -> bytes:
        with self._open(request) as answer:
            try:
                return answer.read()
            except (OSError, HTTPException) as error:
                raise BrokenOffError(f"the answer of {self._base} was cut off ({error!r})") from error


class Stream:
    """An open answer; `headers` are its own. Close it, or read all of it."""

    def __init__(self, answer: HTTPResponse) -> None:
        self._answer = answer
        self.headers = answer.headers

    def lines(self) -> Iterator[bytes]:
        """Yield whole lines; BrokenOffError where the answer ends before it is over.

        Chunks are read and not lines: those of `HTTPResponse` take a cut for the end.
        """
        rest = b""
        while True:
            try:
                chunk = self._answer.read1(_CHUNK)
            except (OSError, ValueError, HTTPException) as error:
                raise BrokenOffError(f"the answer was cut off ({error!r})") from error
            if not chunk:
                break
            *whole, rest = (rest + chunk).split(b"\n")
            yield from whole
        if rest:
            raise BrokenOffError("the answer was cut off in the middle of a line")

    def close(self) -> None:
        """Let go of the connection."""
        self._answer.close()


def decoded(body: bytes, shape: type[T]) -> T:
    """Read an answer; BrokenOffError where it is none of Footfall's. What is new in it is passed over."""
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BrokenOffError(f"this is no answer of Footfall's ({error}); is this its address?") from error


def segment(text: str) -> str:
    """Return a text as a part of an address's path."""
    return quote(text, safe="")


def checked_url(url: str) -> str:
    """Return a server's address without what follows its path; ClientError where it is none."""
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ClientError(f"url: {url[:200]!r} is no address such as https://stats.example.org")
    if parts.username is not None or parts.password is not None:
        raise ClientError("url: must have no name and password in it; the key is sent in a header")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def checked_key(key: str) -> str:
    """Return a key without spaces around it; ClientError where it cannot be one. Its text is in no message."""
    found = key.strip()
    if not found or not all("!" <= letter <= "~" for letter in found):
        raise ClientError("key: must be an API key, as ff_…; make one with `footfall key add NAME --site SITE`")
    return found


def _told(error: HTTPError) -> bytes:
    try:
        return error.read(_MOST_OF_A_PROBLEM)
    except (OSError, HTTPException):
        return b""
