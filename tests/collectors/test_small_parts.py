"""Addresses behind proxies, origins, rates: plain functions on plain data."""

import pytest

from collectors.incoming import Incoming
from collectors.loose import iso_ms
from collectors.origin import claimed_host, cors_headers, host_of
from collectors.proxies import client_address, network_of
from collectors.rates import Rates
from tests.kit.clock import Clock

PEER = "192.0.2.1"


@pytest.mark.parametrize(
    ("forwarded_for", "trusted", "address"),
    [
        (None, 0, PEER),
        ("198.51.100.7", 0, PEER),  # nobody is believed who was not named
        (None, 1, PEER),
        ("198.51.100.7", 1, "198.51.100.7"),
        ("6.6.6.6, 198.51.100.7", 1, "198.51.100.7"),  # the left one was written by the visitor
        ("6.6.6.6, 198.51.100.7, 192.0.2.9", 2, "198.51.100.7"),
        ("198.51.100.7", 2, "198.51.100.7"),
        ("198.51.100.7:4711", 1, "198.51.100.7"),
        ("[2001:db8::1]:4711", 1, "2001:db8::1"),
        ("2001:db8::1", 1, "2001:db8::1"),
        ("unknown", 1, PEER),
        ("6.6.6.6, ', 192.0.2.9", 2, "192.0.2.9"),
        ("", 1, PEER),
        (",,,", 2, PEER),
    ],
)
def test_the_right_most_address_that_no_trusted_proxy_has(
    forwarded_for: str | None, trusted: int, address: str
) -> None:
    assert client_address(PEER, forwarded_for, trusted) == address


def test_one_subscriber_is_an_address_or_64_bits() -> None:
    assert network_of("192.0.2.1") == network_of("::ffff:192.0.2.1") != network_of("192.0.2.2")
    assert network_of("2001:db8::1") == network_of("2001:db8:0:0:ffff::2") != network_of("2001:db8:0:1::1")
    assert network_of("no address") == network_of("") == b""


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Shop.Example", "shop.example"),
        ("https://shop.example.", "shop.example"),
        ("http://user@shop.example:80/path", "shop.example"),
        ("null", None),
        ("", None),
        ("file:///etc/passwd", None),
        ("https://[::1", None),
        ("https://" + "a" * 5000, "a" * 4088),
        ("chrome-extension://abc", None),
    ],
)
def test_host_of(url: str, host: str | None) -> None:
    assert host_of(url) == host


def incoming(origin: str | None, referer: str | None) -> Incoming:
    return Incoming(b"", "", PEER, None, origin, referer, None, global_privacy_control=False)


def test_origin_comes_before_referer() -> None:
    assert claimed_host(incoming("https://a.example", "https://b.example/")) == "a.example"
    assert claimed_host(incoming(None, "https://b.example/")) == "b.example"
    assert claimed_host(incoming("null", "https://b.example/")) is None
    assert claimed_host(incoming(None, None)) is None


@pytest.mark.parametrize(
    "origin", ["null", "*", "https://a.example\r\nSet-Cookie: a=b", "https://\u00e4.example", "https://" + "a" * 300]
)
def test_no_odd_origin_is_echoed(origin: str) -> None:
    assert b"access-control-allow-origin" not in dict(cors_headers(origin))


def test_a_site_is_limited_whatever_the_addresses() -> None:
    rates = Rates(1000, 1, Clock())
    waits = [rates.wait_s(b"%d" % number, 7) for number in range(12)]
    assert waits == [0] * 10 + [1, 1]
    assert rates.wait_s(b"0", 8) == 0


def test_memory_does_not_grow_with_addresses() -> None:
    rates = Rates(50, 0, Clock())
    size = len(rates._addresses._full_at)
    for number in range(100_000):
        rates.wait_s(number.to_bytes(4), 1)
    assert len(rates._addresses._full_at) == size


@pytest.mark.parametrize(
    "text",
    ["2026-03-01T12:00:00.001Z", "2026-03-01T14:00:00.001+02:00", "2026-03-01 12:00:00.001", "20260301T120000.001Z"],
)
def test_a_time_however_it_is_spelt_is_that_millisecond(text: str) -> None:
    assert iso_ms(text) == 1_772_366_400_001
