"""Properties from senders of any kind: secrets hidden, addresses cut, what is not on a kind's list dropped."""

import random
from string import ascii_letters, digits

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.ingest import at_request, footprint_of, view
from tracker.event import Event, PropertyValue
from tracker.ingest.context import IngestContext
from tracker.ingest.properties import KNOWN, tidy_place
from tracker.ingest.secrets import clean_text
from tracker.sites import SiteInfo

MAILS = st.builds(
    "{}@{}.example.org".format, st.text(ascii_letters + digits, min_size=3), st.sampled_from(["a", "mx-1"])
)
KEYS = st.text(ascii_letters + digits, min_size=24, max_size=40).map(lambda text: text[:-3] + "7aQ")
NUMBERS = st.integers(10**9, 10**14).map(str)
SECRETS = st.one_of(MAILS, KEYS, NUMBERS)


def _kept(site: SiteInfo, ingest: IngestContext, kind: str, properties: dict[str, PropertyValue]) -> Event:
    footprint = footprint_of(site, [Event(**view(kind=kind, properties=properties))])
    at_request(footprint, site, ingest)
    [event] = footprint.events
    return event


def _random_secrets() -> list[str]:
    drawn = random.Random(7)
    words = ["".join(drawn.choice(ascii_letters + digits) for _ in range(24)) + "7aQ" for _ in range(5)]
    return [*words, "anna.kowalska@example.org", "4111111111111111", "+48 600 700 800", "DE89 3704 0044 0532 0130 00"]


@pytest.mark.parametrize("kind", KNOWN)
@pytest.mark.parametrize("secret", _random_secrets())
def test_no_secret_stays_in_any_property_of_any_kind(
    kind: str, secret: str, site: SiteInfo, ingest: IngestContext
) -> None:
    told: dict[str, PropertyValue] = dict.fromkeys(KNOWN[kind], f"x {secret} y")
    told["value"] = "plain words"
    if "href" in told:
        told["href"] = f"https://{secret.partition(' ')[0]}@other.example/{secret}?q={secret}#{secret}"
    event = _kept(site, ingest, kind, told)
    written = msgspec.json.encode(event).decode()
    assert secret not in written and "plain words" not in written


@given(secret=SECRETS, before=st.sampled_from(["", "No user ", "Failed: "]), after=st.sampled_from(["", ".", " here"]))
def test_a_message_keeps_its_words_and_loses_its_secret(secret: str, before: str, after: str) -> None:
    cleaned = clean_text(before + secret + after)
    assert secret not in cleaned
    assert cleaned.startswith(before) and cleaned.endswith(after)


@given(secret=SECRETS)
def test_an_address_loses_its_secrets_wherever_they_stand(secret: str) -> None:
    for address in (f"other.example/a/{secret}/b", f"https://{secret}:pw@other.example/a?{secret}=1#{secret}"):
        place = tidy_place(address)
        assert place and place.startswith("other.example/a") and secret not in place


@given(st.text(max_size=512))
def test_any_text_for_an_address_gives_a_place_or_none(text: str) -> None:
    place = tidy_place(text)
    assert place is None or ("?" not in place and "#" not in place and "@" not in place.partition("/")[0])


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("other.example/tea/green", "other.example/tea/green"),
        ("HTTPS://Other.Example:8443/Tea?a=b#c", "other.example:8443/Tea"),
        ("other.example", "other.example/"),
        ("other.example/reset/a1b2c3", "other.example/reset/:id"),
        ("blob:https://shop.example/7d4f2c1e", "blob:"),
        ("data:text/plain,geheim", "data:"),
        ("javascript:alert(1)", None),
        ("jo kowalska", None),
        ("https://d41d8cd98f00b204e98a.cdn.example/a.js", ":id.cdn.example/a.js"),
        ("ftp://other.example/a", None),
        ("", None),
    ],
)
def test_an_address_is_its_host_and_path(address: str, place: str | None) -> None:
    assert tidy_place(address) == place


def test_a_kind_keeps_what_is_on_its_list_and_of_its_type(site: SiteInfo, ingest: IngestContext) -> None:
    told: dict[str, PropertyValue] = {"form": "#signup", "position": 2, "kind": "email", "spent_ms": 900, "last": True}
    wrong: dict[str, PropertyValue] = {"value": "Anna", "corrections": "many", "refills": None}
    assert _kept(site, ingest, "field", told | wrong).properties == told
    assert _kept(site, ingest, "vitals", {"value": 1}).properties is None


def test_searches_and_messages_are_cut(site: SiteInfo, ingest: IngestContext) -> None:
    long = "green tea " * 40
    assert _kept(site, ingest, "search", {"query": long, "results": 0}).properties == {"query": long[:64], "results": 0}
    assert _kept(site, ingest, "error", {"message": long}).properties == {"message": long[:200]}


def test_a_custom_event_keeps_all_of_its_own(site: SiteInfo, ingest: IngestContext) -> None:
    told: dict[str, PropertyValue] = {
        "value": "plain",
        "seats": 3,
        "paid": False,
        "none": None,
        "card": 4111111111111111,
    }
    assert _kept(site, ingest, "custom", told).properties == told | {"card": ":id"}
