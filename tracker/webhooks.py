"""Posts JSON to an address outside, and to none inside one's own network unless it is allowed by name."""

import base64
import hashlib
import hmac
import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Collection, Sequence
from contextlib import suppress
from urllib.parse import SplitResult, urlsplit

from tracker.clock import utc_now
from tracker.errors import InvalidInputError, RefusedError, UnreachableError

TIMEOUT_S = 10.0  # of each step
MOST_S = 30.0  # of all of it
LONGEST_URL = 320
_PORTS = {"https": 443, "http": 80}
# other notations of the old addresses (NAT64, 6to4, compatible, translated), and what was once inside
_TRANSLATED = tuple(
    ipaddress.ip_network(one)
    for one in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "::/96", "::ffff:0:0:0/96", "fec0::/10")
)
_AGAIN = (408, 425, 429)  # of the answers that refuse, those that may be otherwise later


def is_hook(address: str) -> bool:
    """Tell whether something on a list is an address of the web rather than of mail."""
    return address.startswith(("https://", "http://"))


def check_hook(text: str, own_hosts: Collection[str]) -> str:
    """Return a webhook's address as it is kept; InvalidInputError when nothing may be sent there.

    `own_hosts` are those that may be reached by http, and inside one's own network.
    """
    parts = _split(text)
    host = (parts.hostname or "") if parts else ""
    is_written = text.isascii() and text.isprintable() and len(text) <= LONGEST_URL
    if parts is None or not host or "" in host.split(".") or parts.username or not is_written:
        raise InvalidInputError("recipients", f"{text[:64]!r} is no address such as https://example.org/hook")
    if parts.scheme == "http" and host not in own_hosts:
        raise InvalidInputError("recipients", f"{host} must be reached by https://")
    return text


def post(url: str, body: bytes, message_id: str, secret: str, own_hosts: Collection[str]) -> None:
    """Post a body of JSON, signed as Standard Webhooks has it (https://www.standardwebhooks.com).

    No redirect is followed. UnreachableError when it may work later, RefusedError when it will not.
    """
    parts = _split(url)
    if parts is None or not parts.hostname:
        raise RefusedError(f"{url[:64]!r} is no address.")
    sent_at = str(int(utc_now().timestamp()))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Footfall",
        "webhook-id": message_id,
        "webhook-timestamp": sent_at,
        "webhook-signature": sign(secret, message_id, sent_at, body),
    }
    connection = _Connection(parts, own_hosts)
    over = threading.Timer(MOST_S, connection.cut)  # who answers a byte at a time must not hold up the others
    over.daemon = True
    over.start()
    try:
        connection.request("POST", f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}", body, headers)
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        raise UnreachableError(f"{parts.hostname} cannot be reached: {error}") from error
    except ValueError as error:  # as of a name that no network can have
        raise RefusedError(f"{parts.hostname} cannot be an address: {error}") from error
    finally:
        over.cancel()
        connection.close()
    if status >= 500 or status in _AGAIN:
        raise UnreachableError(f"{parts.hostname} answered {status}.")
    if status >= 300:
        raise RefusedError(f"{parts.hostname} answered {status}.")


def sign(secret: str, message_id: str, sent_at: str, body: bytes) -> str:
    """Return the signature by which a receiver knows who sent a body, and that it was not changed."""
    told = f"{message_id}.{sent_at}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(secret.encode(), told, hashlib.sha256)).decode()


def shown_secret(secret: str) -> str:
    """Return the secret as libraries for Standard Webhooks take it."""
    return "whsec_" + base64.b64encode(secret.encode()).decode()


class _Connection(http.client.HTTPConnection):
    """Connects to the very address that was looked at, whatever its name is said to stand for a moment later."""

    def __init__(self, parts: SplitResult, own_hosts: Collection[str]) -> None:
        super().__init__(parts.hostname or "", parts.port or _PORTS[parts.scheme], timeout=TIMEOUT_S)
        self._encrypted = parts.scheme == "https"
        self._own = self.host in own_hosts

    def connect(self) -> None:
        """Look the host up, refuse what is inside, and connect."""
        found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        addresses = [str(one[4][0]) for one in found]
        if not self._own and not all(_is_outside(one) for one in addresses):
            raise RefusedError(
                f"{self.host} is inside a network of its own, where nothing is sent; see FOOTFALL_OWN_HOSTS."
            )
        self.sock = self._reached(addresses)
        if self._encrypted:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)

    def cut(self) -> None:
        """End it from another thread."""
        with suppress(OSError):
            if self.sock is not None:
                self.sock.shutdown(socket.SHUT_RDWR)

    def _reached(self, addresses: Sequence[str]) -> socket.socket:
        """Connect to the first address that answers."""
        *others, last = dict.fromkeys(addresses)
        for one in others:
            with suppress(OSError):
                return socket.create_connection((one, self.port), TIMEOUT_S)
        return socket.create_connection((last, self.port), TIMEOUT_S)


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
