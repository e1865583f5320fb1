"""Posts JSON to an address outside, and to none inside one's own network unless it is allowed by name.

Whoever is posted to is hostile: no step, and not all of them together, takes longer than is said here.
"""

import base64
import hashlib
import hmac
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from tracker.clock import utc_now
from tracker.errors import InvalidInputError, RefusedError, UnreachableError
from tracker.languages import gettext

TIMEOUT_S = 10.0  # of each step
MOST_S = 30.0  # of all of it
MOST_ADDRESSES = 3  # of those that a name stands for, so many are tried
SCHEMES = ("https://", "http://")
LONGEST_URL = 320
LONGEST_ANSWER = 500
_TIMED_OUT = "timed out"  # as the system says it of a socket
_PORTS = {"https": 443, "http": 80}
# other notations of the old addresses (NAT64, 6to4, compatible, translated), and what was once inside
_TRANSLATED = tuple(
    ipaddress.ip_network(one)
    for one in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "::/96", "::ffff:0:0:0/96", "fec0::/10")
)
_AGAIN = (408, 425, 429)  # of the answers that refuse, those that may be otherwise later


def is_webhook(address: str) -> bool:
    """Tell whether something on a list is an address of the web rather than of mail."""
    return address.startswith(SCHEMES)


def check_webhook(text: str, own_hosts: Collection[str], field: str = "recipients") -> str:
    """Return a webhook's address as it is kept; InvalidInputError of the field when nothing may be sent there.

    `own_hosts` are those that may be reached by http, and inside one's own network.
    """
    parts = _split(text)
    host = (parts.hostname or "") if parts else ""
    is_written = text.isascii() and text.isprintable() and " " not in text and len(text) <= LONGEST_URL
    if parts is None or not host or "" in host.split(".") or parts.username or not is_written:
        problem = gettext("%(given)s is no address such as https://example.org/hook", given=repr(text[:64]))
        raise InvalidInputError(field, problem)
    if parts.scheme == "http" and host not in own_hosts:
        raise InvalidInputError(field, gettext("%(host)s must be reached by https://", host=host))
    return text


@dataclass(frozen=True)
class Answer:
    """What a receiver answered: its status, and the beginning of what it said, in a line."""

    host: str
    status: int
    said: str


def post(url: str, body: bytes, message_id: str, secret: str, own_hosts: Collection[str]) -> None:
    """Post a body of JSON and check the answer.

    UnreachableError when it may work later, RefusedError when it will not.
    """
    check_answer(exchange(url, body, message_id, (secret,), own_hosts))


def exchange(url: str, body: bytes, message_id: str, secrets: Sequence[str], own_hosts: Collection[str]) -> Answer:
    """Post a body of JSON, signed by each secret as Standard Webhooks has it (https://www.standardwebhooks.com).

    No redirect is followed. UnreachableError when nobody answered, RefusedError when nothing may be sent there.
    """
    parts = _split(url)
    if parts is None or not parts.hostname:
        raise RefusedError(gettext("%(given)s is no address.", given=repr(url[:64])))
    sent_at = str(int(utc_now().timestamp()))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Footfall",
        "webhook-id": message_id,
        "webhook-timestamp": sent_at,
        "webhook-signature": " ".join(sign(secret, message_id, sent_at, body) for secret in secrets),
    }
    try:
        return _answer(parts, body, headers, own_hosts)
    except http.client.InvalidURL as error:  # as of one with a space
        raise _no_address(parts, error) from error
    except (OSError, http.client.HTTPException) as error:
        problem = gettext("%(host)s cannot be reached: %(error)s", host=parts.hostname, error=error)
        raise UnreachableError(problem) from error
    except ValueError as error:  # as of a name that no network can have
        raise _no_address(parts, error) from error


def check_answer(answer: Answer) -> None:
    """Raise UnreachableError when another try may be answered otherwise, RefusedError when not."""
    host, status = answer.host, answer.status
    if status >= 500 or status in _AGAIN:
        raise UnreachableError(gettext("%(host)s answered %(status)s.", host=host, status=str(status)))
    if not 200 <= status < 300:
        raise RefusedError(gettext("%(host)s answered %(status)s.", host=host, status=str(status)))


def sign(secret: str, message_id: str, sent_at: str, body: bytes) -> str:
    """Return the signature by which a receiver knows who sent a body, and that it was not changed."""
    told = f"{message_id}.{sent_at}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(secret.encode(), told, hashlib.sha256)).decode()


def shown_secret(secret: str) -> str:
    """Return the secret as libraries for Standard Webhooks take it."""
    return "whsec_" + base64.b64encode(secret.encode()).decode()


def _answer(parts: SplitResult, body: bytes, headers: Mapping[str, str], own_hosts: Collection[str]) -> Answer:
    connection = _Connection(parts, own_hosts)
    over = threading.Timer(MOST_S, connection.cut)  # who answers a byte at a time must not hold up the others
    over.daemon = True
    over.start()
    try:
        connection.request("POST", f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}", body, headers)
        response = connection.getresponse()
        return Answer(connection.host, response.status, _beginning(response))
    finally:
        over.cancel()
        connection.close()


def _no_address(parts: SplitResult, error: Exception) -> RefusedError:
    return RefusedError(gettext("%(host)s cannot be an address: %(error)s", host=parts.hostname, error=error))


def _beginning(response: http.client.HTTPResponse) -> str:
    """Return the beginning of an answer, for people to read; the status says all where its body breaks off."""
    with suppress(OSError, http.client.HTTPException):
        text = response.read(4 * LONGEST_ANSWER).decode(errors="replace")
        return "".join(letter if letter.isprintable() else " " for letter in text).strip()[:LONGEST_ANSWER]
    return ""


class _Connection(http.client.HTTPConnection):
    """Connects to the very address that was looked at, whatever its name is said to stand for a moment later.

    It is over MOST_S after it was made, in whatever step that finds it; TimeoutError.
    """

    def __init__(self, parts: SplitResult, own_hosts: Collection[str]) -> None:
        super().__init__(parts.hostname or "", parts.port or _PORTS[parts.scheme], timeout=TIMEOUT_S)
        self._encrypted = parts.scheme == "https"
        self._own = self.host in own_hosts
        self._over_at = time.monotonic() + MOST_S
        self._is_cut = False
        self._going_on_by: socket.socket | None = None

    def connect(self) -> None:
        """Look the host up, refuse what is inside, and connect."""
        addresses = _looked_up(self.host, self.port, self._step_s())
        if not self._own and not all(_is_outside(one) for one in addresses):
            raise RefusedError(
                gettext(
                    "%(host)s is inside a network of its own, where nothing is sent; see FOOTFALL_OWN_HOSTS.",
                    host=self.host,
                )
            )
        self._go_on_by(self._reached(addresses))
        if self._encrypted:
            # shaking hands is left for when `cut` can find the new socket
            encrypted = ssl.create_default_context().wrap_socket(
                self.sock, server_hostname=self.host, do_handshake_on_connect=False
            )
            self._go_on_by(encrypted)
            encrypted.do_handshake()

    def cut(self) -> None:
        """End it from another thread: what it does with its socket fails, now or as soon as it has one."""
        self._is_cut = True
        with suppress(OSError):
            if self._going_on_by is not None:
                # an encrypted one's own way would let the other thread go on in clear
                socket.socket.shutdown(self._going_on_by, socket.SHUT_RDWR)

    def _go_on_by(self, sock: socket.socket) -> None:
        """Take a socket; `cut` finds it from then on, also when http.client has passed it on to an answer."""
        self.sock = self._going_on_by = sock
        if self._is_cut:
            raise TimeoutError(_TIMED_OUT)

    def _step_s(self) -> float:
        """Return how long the next step may take; TimeoutError when nothing is left."""
        left_s = self._over_at - time.monotonic()
        if left_s <= 0:
            raise TimeoutError(_TIMED_OUT)
        return min(TIMEOUT_S, left_s)

    def _reached(self, addresses: Sequence[str]) -> socket.socket:
        """Connect to the first address that answers."""
        *others, last = list(dict.fromkeys(addresses))[:MOST_ADDRESSES]
        for one in others:
            with suppress(OSError):
                return socket.create_connection((one, self.port), self._step_s())
        return socket.create_connection((last, self.port), self._step_s())


def _looked_up(host: str, port: int, timeout_s: float) -> list[str]:
    """Return what a name stands for; TimeoutError when nobody says so in time, which the system alone never notices."""
    told: Future[list[str]] = Future()

    def ask() -> None:
        try:
            told.set_result([str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)])
        except Exception as error:  # whoever waits raises it
            told.set_exception(error)

    threading.Thread(target=ask, name="webhooks-name", daemon=True).start()
    try:
        return told.result(timeout_s)
    except TimeoutError as error:
        raise TimeoutError(_TIMED_OUT) from error


def _is_outside(address: str) -> bool:
    """Tell whether an address is of the public network, and stands for none inside in another notation."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in _TRANSLATED)


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts if parts.scheme in _PORTS else None
