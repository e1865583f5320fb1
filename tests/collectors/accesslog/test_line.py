import pytest

from collectors.accesslog.line import BadLineError, read_line
from tests.kit.ground import ms

COMBINED = '{} - - [17/May/2015:10:05:03 {}] "{}" {} 512 "{}" "{}"'


def line(address="192.0.2.7", zone="+0000", request="GET /a HTTP/1.1", status=200, referrer="-", agent="Firefox"):
    return COMBINED.format(address, zone, request, status, referrer, agent)


def test_a_combined_line_is_read_whole():
    request = read_line(line(request="GET /a?b=1 HTTP/1.1", referrer="http://x.example/"))
    assert (request.address, request.method, request.target, request.status) == ("192.0.2.7", "GET", "/a?b=1", 200)
    assert (request.referrer, request.user_agent) == ("http://x.example/", "Firefox")
    assert request.at == ms("2015-05-17 10:05:03")


def test_a_common_line_has_no_referrer_and_no_agent():
    request = read_line('192.0.2.7 - anna [17/May/2015:10:05:03 +0000] "GET / HTTP/1.0" 200 -')
    assert (request.referrer, request.user_agent) == (None, "")


@pytest.mark.parametrize(("zone", "utc"), [("+0200", "08:05:03"), ("-0700", "17:05:03"), ("+0530", "04:35:03")])
def test_the_logs_zone_counts(zone, utc):
    assert read_line(line(zone=zone)).at == ms(f"2015-05-17 {utc}")


@pytest.mark.parametrize(
    "text",
    [
        "www.example.org:443 " + line(),
        line(address="2001:db8::7"),
        line(address="host.example.org"),
        line() + " 0.004 gzip",
        line(agent=r"say \"hi\" \x41"),
        line().replace("- -", "- anna berg"),
    ],
)
def test_what_servers_add_is_put_up_with(text):
    assert read_line(text).target == "/a"


def test_escapes_of_the_log_are_undone():
    assert read_line(line(agent=r"say \"hi\" \x41")).user_agent == 'say "hi" A'


def test_a_request_in_a_proxys_words_is_understood():
    assert read_line(line(request="GET http://shop.example/a?b=1 HTTP/1.1")).target == "/a?b=1"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("nonsense", "format"),
        (line()[:-3], "format"),
        (line(request="GET http://[ HTTP/1.1", status=400), "request"),
        (line().replace("May", "Mai"), "time"),
        (line().replace("17/May", "32/May"), "time"),
        (line(request="-"), "request"),
        (line(request=r"\x16\x03\x01"), "request"),
        ("x" * 20_000, "too long"),
    ],
)
def test_a_line_that_cannot_be_understood_has_a_reason(text, reason):
    with pytest.raises(BadLineError, match=reason):
        read_line(text)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"status": 304}, None),
        ({"request": "GET /a/index.html HTTP/1.1"}, None),
        ({"request": "GET /v1.2/notes HTTP/1.1"}, None),
        ({"request": "GET /v1.2 HTTP/1.1"}, None),
        ({"request": "GET /page.php?file=a.png HTTP/1.1"}, None),
        ({"request": "GET /feedback HTTP/1.1"}, None),
        ({"request": "HEAD / HTTP/1.1"}, "method"),
        ({"request": "POST /a HTTP/1.1"}, "method"),
        ({"status": 301}, "redirect"),
        ({"status": 404}, "error"),
        ({"status": 500}, "error"),
        ({"status": 206}, "partial"),
        ({"request": "GET /a.PNG?v=2 HTTP/1.1"}, "file"),
        ({"request": "GET /robots.txt HTTP/1.1"}, "file"),
        ({"request": "GET /blog/feed/ HTTP/1.1"}, "feed"),
        ({"request": "GET /?flav=rss20 HTTP/1.1"}, "feed"),
    ],
)
def test_what_is_no_view_of_a_page_has_a_reason(changes, reason):
    assert read_line(line(**changes)).not_a_view() == reason


def test_a_hostile_line_costs_no_more_than_its_length():
    for text in ('"' * 16_000, "\\" * 16_000, "a " * 8000, "[" * 16_000, '- - [ "' * 2000):
        with pytest.raises(BadLineError):
            read_line(text)
