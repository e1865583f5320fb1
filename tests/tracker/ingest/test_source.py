import json
from pathlib import Path

import pytest

from tests.kit.ingest import footprint_of, view
from tracker.event import Event
from tracker.ingest import source
from tracker.ingest.steps import to_rows


def whence(site, url="https://shop.example/", referrer=None):
    row = to_rows(footprint_of(site, [Event(**view(url=url, referrer=referrer))]), site)[0]
    return row.get("source"), row.get("medium")


@pytest.mark.parametrize(
    ("referrer", "named"),
    [
        ("www.google.co.uk/", ("Google", "search")),
        ("google.com/", ("Google", "search")),
        ("duckduckgo.com/", ("DuckDuckGo", "search")),
        ("chatgpt.com/", ("ChatGPT", "ai")),
        ("www.perplexity.ai/", ("Perplexity", "ai")),
        ("gemini.google.com/app", ("Gemini", "ai")),
        ("copilot.microsoft.com/", ("Copilot", "ai")),
        ("claude.ai/chat", ("Claude", "ai")),
        ("l.facebook.com/", ("Facebook", "social")),
        ("t.co/abc", ("X", "social")),
        ("news.ycombinator.com/", ("Hacker News", "social")),
        ("mail.google.com/", ("Gmail", "mail")),
        ("com.google.android.gm/", ("Gmail", "mail")),
        ("mail.yahoo.co.jp/", ("Yahoo Mail", "mail")),
        ("m.youtube.com/watch", ("YouTube", "video")),
        ("blog.example.co.uk/post", ("example.co.uk", "referral")),
        ("someone.github.io/x", ("someone.github.io", "referral")),
        ("google.github.io/", ("google.github.io", "referral")),
        ("notgoogle.com/", ("notgoogle.com", "referral")),
        ("google.evil.example/", ("evil.example", "referral")),
        ("192.168.1.20:8080/x", ("192.168.1.20:8080", "referral")),
        ("intranet/x", ("intranet", "referral")),
    ],
)
def test_a_referrer_is_named(site, referrer, named):
    assert whence(site, referrer=referrer) == named


@pytest.mark.parametrize("referrer", [None, "shop.example/a", "www.shop.example/", "help.shop.example/"])
def test_from_nowhere_and_from_the_site_itself_is_direct(site, referrer):
    assert whence(site, referrer=referrer) == (None, None)


def test_the_host_that_is_being_viewed_never_refers_to_itself(site):
    assert whence(site, "https://staging.other.example/", "staging.other.example/a") == (None, None)


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("utm_source=newsletter&utm_medium=Email", ("newsletter", "email")),
        ("utm_source=google&utm_medium=cpc", ("Google", "cpc")),
        ("utm_source=chatgpt.com", ("ChatGPT", "ai")),
        ("utm_source=FB", ("Facebook", "social")),
        ("ref=producthunt.com", ("Product Hunt", "social")),
        ("ref=partner", ("partner", "referral")),
        ("source=flyer", ("flyer", "referral")),
        ("utm_campaign=spring", (None, None)),
    ],
)
def test_a_link_says_where_it_is_from(site, query, named):
    assert whence(site, f"https://shop.example/?{query}") == named


def test_a_campaign_wins_over_the_referrer_which_is_kept(site):
    event = Event(**view(url="https://shop.example/?utm_source=news&utm_campaign=s1&utm_term=t&utm_content=c"))
    event.referrer = "www.google.com/"
    row = to_rows(footprint_of(site, [event]), site)[0]
    assert row["source"] == "news"
    assert row["referrer"] == "www.google.com/"
    assert (row["campaign"], row["campaign_term"], row["campaign_content"]) == ("s1", "t", "c")


def test_only_views_have_a_source(site):
    click = Event(**view(kind="click", url="https://shop.example/?utm_source=news"))
    assert "source" not in to_rows(footprint_of(site, [click]), site)[0]


def test_the_facts_name_each_host_once_and_use_known_mediums():
    facts = json.loads((Path(source.__file__).parent / "referrers.json").read_text())
    assert set(facts) == {"ai", "search", "social", "video", "mail"}
    hosts = [host for names in facts.values() for found in names.values() for host in found]
    assert len(hosts) == len(set(hosts))
    assert all(host == host.lower() and "/" not in host for host in hosts)
