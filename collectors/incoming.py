"""A request as both doors hand it over."""

from dataclasses import dataclass


@dataclass(slots=True)
class Incoming:
    """What collectors read of a request. `address` is the visitor's; it must not outlive the request.

    Headers are None when absent.
    """

    body: bytes
    query: str
    address: str
    user_agent: str | None
    origin: str | None
    referer: str | None
    content_type: str | None
    global_privacy_control: bool
    path: str = ""
