"""200 planted secrets: none may be found in what is written down."""

import base64
import json
import random
import uuid
from string import ascii_letters, digits
from urllib.parse import quote

import msgspec
import pytest

from tests.kit.clock import computed_within
from tests.kit.ingest import at_request, footprint_of, view
from tracker.event import Event
from tracker.ingest.context import IngestContext
from tracker.ingest.secrets import clean_path, clean_text, is_card, looks_random
from tracker.sites import SiteInfo

RANDOM = random.Random(20260301)
FIRST = ["anna", "jan.kowalski", "O'Brien", "maria-luisa", "x_y", "first.last+tag", "zażółć", "j"]
HOSTS = ["example.org", "mail.example.co.uk", "poczta.example.pl", "sub-domain.example.com"]


def random_word(length: int, letters: str = ascii_letters + digits) -> str:
    word = "".join(RANDOM.choice(letters) for _ in range(length - 3))
    return word + "7aQ"


def luhn(prefix: str, length: int) -> str:
    body = prefix + "".join(RANDOM.choice(digits) for _ in range(length - len(prefix) - 1))
    return next(body + last for last in digits if is_card(body + last))


def jwt() -> str:
    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'HS256'})}.{part({'sub': RANDOM.randrange(10**6)})}.{random_word(43)}"


def grouped(number: str) -> str:
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))


def iban(country: str, account: str) -> str:
    number = int("".join(str(int(letter, 36)) for letter in account + country + "00"))
    return f"{country}{98 - number % 97:02}{account}"


def corpus() -> list[str]:
    """Return 200 made-up secrets of 14 kinds."""
    mails = [f"{RANDOM.choice(FIRST)}{n}@{RANDOM.choice(HOSTS)}" for n in range(30)]
    cards = [luhn(prefix, length) for prefix, length in (("4", 16), ("55", 16), ("37", 15), ("6011", 16))] * 5
    cards = [luhn(card[:2], len(card)) for card in cards]
    spaced_cards = [grouped(luhn("4", 16)) for _ in range(10)]
    dashed_cards = [grouped(luhn("51", 16)).replace(" ", "-") for _ in range(5)]
    jwts = [jwt() for _ in range(20)]
    uuids = [str(uuid.UUID(int=RANDOM.getrandbits(128), version=4)) for _ in range(20)]
    hexes = [f"{RANDOM.getrandbits(256):064x}"[: RANDOM.choice((20, 32, 40, 64))] for _ in range(15)]
    tokens = [random_word(RANDOM.randrange(22, 44)) for _ in range(25)]
    keys = [f"sk_live_{random_word(24)}" for _ in range(5)] + [f"ghp_{random_word(36)}" for _ in range(5)]
    telephones = [f"+48 {RANDOM.randrange(500, 900)} {RANDOM.randrange(100, 999)} {n}" for n in range(201, 211)]
    telephones += [f"555-{n}-{RANDOM.randrange(1000, 9999)}" for n in range(201, 206)]
    accounts = [str(RANDOM.randrange(10**9, 10**14)) for _ in range(10)]
    ssns = [f"{RANDOM.randrange(100, 899)}-{n}-{RANDOM.randrange(1000, 9999)}" for n in range(20, 25)]
    ibans = [iban("DE", f"{RANDOM.randrange(10**17, 10**18)}") for _ in range(5)]
    ibans += [grouped(iban("GB", f"WEST{RANDOM.randrange(10**13, 10**14)}")) for _ in range(5)]
    named = [f"password={word}" for word in ("hunter", "correct-horse", "letmein", "qwerty", "s3cr3t")]
    found = mails + cards + spaced_cards + dashed_cards + jwts + uuids + hexes + tokens + keys
    return found + telephones + accounts + ssns + ibans + named


SECRETS = corpus()


def test_the_corpus_has_two_hundred_different_secrets():
    assert len(set(SECRETS)) == len(SECRETS) == 200


@pytest.mark.parametrize("secret", SECRETS)
def test_no_planted_secret_is_written_down(secret: str, site: SiteInfo, ingest: IngestContext):
    inside = quote(secret)
    urls = [
        f"https://shop.example/account/{inside}/orders",
        f"https://shop.example/a?utm_campaign={inside}&secret={inside}&{inside}=1",
        f"https://{quote(secret, safe='')}:pw@shop.example/",
        f"https://shop.example/a#{inside}",
        f"https://shop.example/a;jsessionid={inside}/b",
        f"https://shop.example/{quote(inside)}",
    ]
    events = [Event(**view(number, url=url)) for number, url in enumerate(urls)]
    events.append(
        Event(
            **view(
                99,
                title=f"Welcome {secret} - Shop",
                referrer=f"https://other.example/x/{inside}?q={inside}",
                kind="click",
                element=f"main>a[data-id='{secret}']",
                element_text=f"Hello {secret}",
                properties={"who": secret, "note": f"paid by {secret}."},
            )
        )
    )
    footprint = footprint_of(site, events)
    at_request(footprint, site, ingest)

    written = msgspec.json.encode(footprint).decode()
    value = secret.removeprefix("password=")
    for spelt in {value, quote(value), quote(value, safe=""), json.dumps(value)[1:-1], value.replace(" ", "+")}:
        assert spelt not in written
    assert "shop.example/account/" in written
    assert "Welcome " in written


@pytest.mark.parametrize(
    "text",
    [
        "/blog/2024-05-06-ten-ways-to-make-coffee-at-home",
        "/products/sony-wh-1000xm4-wireless-headphones-black",
        "/products/Sony-WH-1000XM4-Wireless-Headphones-Black",
        "/docs/v1.2.3/getting-started",
        "/zażółć/gęślą/jaźń",
        "/caf%C3%A9/menu",
        "/iPhone15ProMax256GB/review",
        "/2026/03/01/an-article-with-a-very-long-descriptive-name-in-it",
        "/supercalifragilisticexpialidocious",
        "/size-36-37-38-39-40-41",
        "/",
    ],
)
def test_ordinary_paths_stay_as_they_are(text: str):
    assert clean_path(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Blue Mountain, 250 g - Birch & Bean",
        "Order 12345 received",
        "Session: introduction to pottery",
        "Sale! 19.99 29.99 39.99",
        "Open 2026-03-01 10:00 - 18:00",
        "main>ul.products>li:nth-of-type(12)>button.add-to-basket",
        "Save 50% @ home",
    ],
)
def test_ordinary_texts_stay_as_they_are(text: str):
    assert clean_text(text) == text


@pytest.mark.parametrize("path", ["/reset/abc123", "/invite/9f8e7d", "/unsubscribe/u12345/"])
def test_what_follows_a_word_for_keys_is_hidden_however_short(path: str):
    assert clean_path(path).split("/")[2] == ":id"


def test_a_word_is_not_random_and_a_key_is():
    assert not looks_random("iPhone15")
    assert not looks_random("2024edition")
    assert looks_random("aZ3kQ9xPwL2m")


def test_control_characters_become_spaces():
    assert clean_text("a\x00b\u202ec") == "a b c"


@pytest.mark.parametrize("hostile", ["a" * 4096, "a.@" * 1300, "1-" * 2000, "eyJ" * 1300, "A0" * 2000, "+1 " * 1300])
def test_a_hostile_text_costs_no_more_than_its_length(hostile: str):
    with computed_within(1):  # squared, it would be seconds
        clean_path("/" + hostile)
        clean_text(hostile)
