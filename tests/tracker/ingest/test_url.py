import pytest

from tests.kit.ingest import at_request, footprint_of, view
from tracker.event import Event
from tracker.ingest.arrival import Drop
from tracker.ingest.url import tidy_referrer, tidy_url

NONE = frozenset()


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://shop.example/a/b", "https://shop.example/a/b"),
        ("https://shop.example", "https://shop.example/"),
        ("HTTPS://Shop.Example:8443/A", "https://shop.example:8443/A"),
        ("https://anna:secret@shop.example/a", "https://shop.example/a"),
        ("https://shop.example/a#/inbox/42", "https://shop.example/a"),
        ("https://shop.example/a?q=shoes&utm_source=news&page=2", "https://shop.example/a?utm_source=news"),
        ("https://shop.example/a?ref=friend&source=x", "https://shop.example/a?ref=friend&source=x"),
        ("https://shop.example/a?utm_term=mail+anna@example.org", "https://shop.example/a?utm_term=mail+%3Aid"),
        ("https://[2001:db8::1]/a", "https://[2001:db8::1]/a"),
        (" https://shop.example/a ", "https://shop.example/a"),
        ("http://localhost/a", "http://localhost/a"),
    ],
)
def test_a_url_keeps_host_path_and_campaign(url, kept):
    assert tidy_url(url, NONE) == kept


def test_a_site_may_keep_query_parameters_of_its_own():
    assert tidy_url("https://a.example/?id=7&q=x", frozenset({"id"})) == "https://a.example/?id=7"
    assert tidy_url("https://a.example/?id=anna@b.example", frozenset({"id"})) == "https://a.example/?id=%3Aid"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt://shop.example/%0aalert(1)",
        "data:text/html,<script>",
        "file:///etc/passwd",
        "blob:https://shop.example/1",
        "about:blank",
        "//shop.example/a",
        "/a",
        "",
        "https://",
        "https://[bad",
        "https://a.example:port/",
    ],
)
def test_what_is_no_page_of_the_web_is_refused(url):
    assert tidy_url(url, NONE) is None


def test_an_event_without_a_page_is_left_out_and_the_others_stay(site, ingest):
    events = [Event(**view(0)), Event(**view(1, url="javascript:alert(1)"))]
    footprint = footprint_of(site, events)
    assert at_request(footprint, site, ingest) is None
    assert [event.id[-1] for event in footprint.events] == ["0"]


def test_a_footprint_without_any_page_ends_with_a_reason(site, ingest):
    footprint = footprint_of(site, [Event(**view(url="data:,x"))])
    assert at_request(footprint, site, ingest) == Drop("url")


@pytest.mark.parametrize(
    ("referrer", "kept"),
    [
        ("https://www.google.com/search?q=anna", "www.google.com/search"),
        ("https://news.example/a/123456789012#x", "news.example/a/:id"),
        ("android-app://com.google.android.gm/", "com.google.android.gm/"),
        ("javascript:alert(1)", None),
        ("", None),
    ],
)
def test_a_referrer_keeps_host_and_path(referrer, kept):
    assert tidy_referrer(referrer) == kept


def test_properties_keep_their_types_and_lose_cards(site, ingest):
    said = {"price": 19.5, "count": 3, "card": 4111111111111111, "free": False, "none": None, "mail": "a@b.example"}
    footprint = footprint_of(site, [Event(**view(kind="custom", name="buy", properties=said))])
    at_request(footprint, site, ingest)
    assert footprint.events[0].properties == {**said, "card": ":id", "mail": ":id"}


def test_language_and_agent_are_bounded(site, ingest):
    footprint = footprint_of(site, language="anna@example.org", user_agent="x/1.0 " * 500)
    at_request(footprint, site, ingest)
    assert footprint.language is None
    assert len(footprint.user_agent) <= 512
    polish = footprint_of(site, language="pl-PL")
    at_request(polish, site, ingest)
    assert polish.language == "pl-PL"
