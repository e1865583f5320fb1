import json
import re

import pytest

from tests.kit.evaluation import REAL, needs_real_data
from tests.kit.ingest import at_request, footprint_of
from tracker.ingest.agents import declared
from tracker.ingest.secrets import clean_agent
from tracker.ingest.steps import to_rows

BOTS = REAL / "bots"
CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot"),
        ("Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", "bingbot"),
        (
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
            "GPTBot",
        ),
        ("curl/8.5.0", "curl"),
        ("python-requests/2.32", "python-requests"),
        ("Brand-New-Crawler/1.0", "Brand-New-Crawler"),
    ],
)
def test_a_bot_that_says_so_is_labelled_and_named(agent, name):
    assert declared(agent) == ("declared_bot", name)


@pytest.mark.parametrize(
    "agent",
    [
        f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36",
        f"Mozilla/5.0 (Linux; Android 11; CUBOT X30) {CHROME} Mobile Safari/537.36",
        f"Mozilla/5.0 (Linux; Android 13; SM-A515F; wv) {CHROME} Mobile Safari/537.36 Viber/21.5",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
        "",
    ],
)
def test_a_browser_is_not_labelled(agent):
    assert declared(agent) == (None, None)


def test_who_gives_an_address_to_complain_to_is_a_bot_and_the_address_is_not_kept(site, ingest):
    footprint = footprint_of(site, user_agent="Mozilla/5.0 (compatible; Ezooms/1.0; help@moz.example)")
    at_request(footprint, site, ingest)
    row = to_rows(footprint, site)[0]
    assert (row["label"], row["agent"]) == ("declared_bot", "Ezooms")
    assert "moz.example" not in footprint.user_agent


def test_a_driven_browser_is_labelled_and_not_lost(site):
    rows = to_rows(footprint_of(site, automated=True), site)
    assert [row["label"] for row in rows] == ["automation"]
    assert "agent" not in rows[0]


def test_a_headless_browser_is_automation_and_named(site):
    agent = f"Mozilla/5.0 (X11; Linux x86_64) {CHROME.replace('Chrome', 'HeadlessChrome')} Safari/537.36"
    row = to_rows(footprint_of(site, user_agent=agent), site)[0]
    assert (row["label"], row["agent"]) == ("automation", "HeadlessChrome")


def test_a_person_has_no_label(site):
    assert "label" not in to_rows(footprint_of(site), site)[0]


@needs_real_data
def test_listed_crawlers_are_recognised():
    listed = json.loads((BOTS / "crawler-user-agents.json").read_text())
    agents = [agent for entry in listed for agent in entry.get("instances", [])]
    missed = [agent for agent in agents if declared(clean_agent(agent))[0] is None]
    assert len(agents) > 1000
    assert len(missed) / len(agents) < 0.01


@needs_real_data
def test_listed_browsers_are_left_alone():
    agents = re.findall(r"^\s*- (.+)$", (BOTS / "isbot-browsers.yml").read_text(), re.MULTILINE)
    labelled = [agent for agent in agents if declared(clean_agent(agent.strip("'\"")))[0]]
    assert len(agents) > 300
    assert len(labelled) / len(agents) < 0.02, labelled
