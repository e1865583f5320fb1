"""Tells the visitor's address, believing no more proxies than the owner runs."""

from ipaddress import ip_address

from tracker.addresses import packed


def client_address(peer: str, forwarded_for: str | None, trusted_proxies: int) -> str:
    """Return the right-most address that none of the owner's proxies has.

    `forwarded_for` is X-Forwarded-For, to which each proxy adds the address that it was
    called from; `peer` is the last caller's. What stands further left was written by the
    visitor and is never believed. An entry that is no address leaves the one to its right.
    """
    if not trusted_proxies or not forwarded_for:
        return peer
    address = peer
    for entry in reversed(forwarded_for.split(",")[-trusted_proxies:]):
        stated = _bare(entry)
        if stated is None:
            break
        address = stated
    return address


def network_of(address: str) -> bytes:
    """Return what one subscriber has: an IPv4 address, or an IPv6 address's first 64 bits; b"" for neither."""
    return packed(address)[:8]


def _bare(entry: str) -> str | None:
    text = entry.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return str(ip_address(text))
    except ValueError:
        return None
