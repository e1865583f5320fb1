"""From what is out of the usual to the letter about it, on a real house."""

import html
import json
import re
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import msgspec
import pytest
import time_machine

from reports.alerts import BY_NAME
from reports.alerts.watching import find, looking_of, round_of, watch_all
from reports.dashboard.alert_telling import tell_history
from tests.kit.pages import EMAIL, Html, visit_of
from tests.kit.post import Post
from tests.kit.questions import questions
from tests.kit.receiver import Receiver
from tests.kit.store import ms
from tests.kit.traffic import HOUR, Traffic
from tests.reports.alerts.conftest import BEGIN, NOW, USUAL, alerts, go_round, pass_by, watch
from tracker.alerts.book import watches_of
from tracker.clock import utc_now
from tracker.conditions import Condition
from tracker.goals import GoalInfo, save_goal
from tracker.house import House
from tracker.languages import language_of, speaking
from tracker.models import Uptime, Watch
from tracker.releases import mark_release
from tracker.sites import SiteInfo, create_site, describe
from tracker.store.base import StoreDownError
from tracker.uptime import gaps, note_uptime, stored_until

BAD_PATH = "/<b>lamp"


def body(letter: EmailMessage, kind: str) -> str:
    part = letter.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_a_spike_is_told_once_with_its_figures_and_its_end_is_noted(
    house: House, shop: SiteInfo, traffic: Traffic, post: Post, clock: time_machine.Traveller
) -> None:
    watch(house, shop)
    go_round(house)
    traffic(NOW, NOW + 2 * HOUR, USUAL * 3, source="Hacker News", path=BAD_PATH)
    traffic(NOW + 2 * HOUR, NOW + 12 * HOUR, USUAL, source="Google")
    pass_by(house, clock, hours=1)
    [letter] = post.letters
    assert letter["Subject"] == "Lamps & <Chairs>: 2.6 times as many visits as usual"
    for kind in ("plain", "html"):
        written = body(letter, kind)
        text = html.unescape(re.sub(r"<[^>]+>", "", written)) if kind == "html" else written
        figures = r"53 visits from 12:55 to 13:25 on Monday, 2 Mar; on Mondays at this hour it is usually \d+ to \d+\."
        assert re.search(figures, text)
        assert "From “Hacker News” came 50 visits; in the weeks before, none." in text
        assert "A spike is told from 2 times the usual on, and from 20 visits on. Sensitivity: normal." in text
        assert f"On {BAD_PATH} began 50" in text or kind == "html"
    page = Html()
    page.feed(body(letter, "html"))
    [chart] = page.all("img")
    assert chart["alt"].startswith("Visits by hour. ") and "(usually 40)" in chart["alt"]
    links = page.hrefs()
    assert f"https://stats.example.org/sites/{shop.key}/?range=2026-03-02..2026-03-02" in links
    assert len([one for one in links if "/mute/" in one]) == 3
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    pass_by(house, clock, hours=6)
    [alert] = alerts(house)
    assert len(post.letters) == 1 and alert.ended_at is not None
    assert NOW + 2 * HOUR < alert.ended_at < NOW + 2.7 * HOUR


def test_what_a_persian_watch_notices_is_written_down_and_sent_in_persian(
    house: House, shop: SiteInfo, traffic: Traffic, post: Post, clock: time_machine.Traveller
) -> None:
    watch(house, shop, language="fa")
    go_round(house)
    traffic(NOW, NOW + HOUR, USUAL * 3, source="Hacker News")
    pass_by(house, clock, hours=1)
    [alert], [letter] = alerts(house), post.letters
    assert "۲٫۶" in alert.headline
    assert "۱۲:۵۵" in alert.told and "۱۱ اسفند" in alert.told
    contributing = alert.facts["contributing"]
    assert any("\u2068Hacker News\u2069" in one for one in contributing)
    assert not re.search("[0-9]", "".join((alert.headline, alert.told, alert.why, *contributing)))
    assert letter["Content-Language"] == "fa"
    assert '<html lang="fa" dir="rtl">' in body(letter, "html") and alert.told in body(letter, "plain")


def test_what_was_noticed_goes_out_in_its_language_though_the_watch_speaks_another_by_then(
    house: House, shop: SiteInfo, traffic: Traffic, post: Post, receiver: Receiver, clock: time_machine.Traveller
) -> None:
    house.settings.own_hosts = "127.0.0.1"
    quiet = {"quiet_from": 13, "quiet_until": 14}
    made = watch(house, shop, EMAIL, receiver.url, own_hosts=("127.0.0.1",), language="fa", **quiet)
    go_round(house)
    traffic(NOW, NOW + 2 * HOUR, USUAL * 3, source="Hacker News")
    pass_by(house, clock, minutes=50)
    assert len(alerts(house)) == 1 and post.letters == []
    with house.database.session() as session:
        session.get_one(Watch, made.id).language = "pl"
    pass_by(house, clock, minutes=20)
    [alert], [letter], [(_, _, content)] = alerts(house), post.letters, receiver.posted
    assert letter["Content-Language"] == "fa" and '<html lang="fa" dir="rtl">' in body(letter, "html")
    assert json.loads(content)["data"]["language"] == "fa" and alert.headline in str(letter["Subject"])
    with house.database.session() as session:
        assert [one.language for one in tell_history(session, shop)] == ["fa"]


def test_what_is_learned_of_a_goal_is_known_by_the_same_name_in_every_language(site: SiteInfo) -> None:
    goals = (GoalInfo("Order", Condition("event", event="buy")), GoalInfo("Read", Condition("path", path="/buy")))
    site, names = replace(site, goals=goals), []
    for language in (language_of("en"), language_of("fa")):
        with speaking(language):
            names.append([one.series.name for one in BY_NAME["goal"].departures(site)])
    assert names[0] == names[1] and len({*names[0]}) == len(goals)


def test_a_goal_that_is_reached_no_more_is_told_though_as_many_come(
    house: House, shop: SiteInfo, traffic: Traffic, post: Post, clock: time_machine.Traveller
) -> None:
    bought = [{"kind": "custom", "name": "buy"}]
    with house.database.session() as session:
        save_goal(session, shop.id, GoalInfo("Order <b>", Condition("event", event="buy")), EMAIL)
    house.sites.forget()
    traffic(BEGIN, NOW, USUAL, lambda _: bought, source="Google")
    watch(house, shop, kinds=["goal"])
    go_round(house)
    traffic(NOW, NOW + 2 * HOUR, 2 * USUAL, lambda n: bought if n % 16 == 0 else [], source="Google")
    pass_by(house, clock, hours=1)
    [letter] = post.letters
    assert re.search(r"“Order <b>” was reached \d+% less often than usual", str(letter["Subject"]))
    text = body(letter, "plain")
    assert re.search(r"It was reached \d+ times? from 1\d:\d\d to 1\d:\d\d on Monday, 2 Mar; ", text)
    assert f"https://stats.example.org/sites/{shop.key}/reports/goals?range=2026-03-02..2026-03-02" in text


def test_a_site_that_lost_its_tag_is_told_and_what_to_look_at(
    house: House, shop: SiteInfo, traffic: Traffic, post: Post, clock: time_machine.Traveller
) -> None:
    watch(house, shop)
    go_round(house)
    pass_by(house, clock, hours=1)
    [letter] = post.letters
    assert letter["Subject"] == "Lamps & <Chairs>: No visits since 13:00"
    assert "none at all: look whether the site answers, and whether the tag is still in its pages." in body(
        letter, "plain"
    )
    pass_by(house, clock, hours=3)
    assert len(post.letters) == 1


def test_our_own_downtime_is_no_drop(
    house: House, shop: SiteInfo, traffic: Traffic, post: Post, clock: time_machine.Traveller
) -> None:
    watch(house, shop)
    go_round(house)
    clock.shift(timedelta(hours=3))  # nobody counted
    traffic(NOW + 3 * HOUR, NOW + 5 * HOUR, USUAL)
    go_round(house)
    pass_by(house, clock, hours=1.5)
    with house.database.session() as session:
        assert gaps(session, NOW) == [(NOW, NOW + 3 * HOUR)]
    assert alerts(house) == []


def test_hours_that_wait_to_be_stored_are_not_looked_at_yet(
    house: House, shop: SiteInfo, traffic: Traffic, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch(house, shop)
    go_round(house)
    waiting = visit_of(shop, {}, received_at=ms("2026-03-02 12:20"))
    house.spool.submit(msgspec.json.encode(waiting), 1).result(10)
    pass_by(house, clock, hours=2)
    with house.database.session() as session:
        assert stored_until(session, utc_now()) == NOW + HOUR / 3
    assert alerts(house) == []
    assert house.loader.drain(20)
    pass_by(house, clock, minutes=5)
    assert [one.kind for one in alerts(house)] == ["drop"]


def test_what_waits_of_an_import_came_in_now_and_not_in_its_year(house: House, shop: SiteInfo) -> None:
    old = visit_of(shop, {}, received_at=ms("2015-05-17 10:05"), keeps_time=True)
    house.spool.submit(msgspec.json.encode(old), 1).result(10)
    house.spool.submit(b"no footprint", 1).result(10)
    note_uptime(house, utc_now())
    with house.database.session() as session:
        assert stored_until(session, utc_now()) > NOW - HOUR


def test_a_round_asks_nothing_twice_and_the_next_one_remembers(
    house: House, shop: SiteInfo, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    with house.database.session() as session:
        young = describe(create_site(session, "Young", ["young.example"]))
    for site in (shop, young):
        watch(house, site)
    house.sites.forget()
    rounds = []
    for _ in range(2):
        with questions(monkeypatch) as asked:
            watch_all(house, utc_now())
        assert len(asked) == len(set(asked))
        rounds.append(len(asked))
        pass_by(house, clock, minutes=5)
    assert rounds[1] < rounds[0]


def test_who_refuses_what_comes_is_not_at_work(
    house: House, shop: SiteInfo, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(house.spool), "refusing", "disk", raising=False)
    note_uptime(house, utc_now())
    with house.database.session() as session:
        assert session.query(Uptime).all() == []


def test_a_new_site_stays_silent(house: House, shop: SiteInfo, post: Post, clock: time_machine.Traveller) -> None:
    made = Traffic(house.store, house.settings.batch_folder, shop)
    made(NOW - 10 * 24 * HOUR, NOW, USUAL)
    watch(house, shop)
    go_round(house)
    pass_by(house, clock, hours=2)
    assert alerts(house) == []


def test_a_day_off_is_not_looked_at(
    house: House, shop: SiteInfo, traffic: Traffic, clock: time_machine.Traveller
) -> None:
    watch(house, shop, days_off=["03-02"])
    go_round(house)
    pass_by(house, clock, hours=2)
    assert alerts(house) == []


def test_quiet_hours_are_the_sites_own(
    house: House, shop: SiteInfo, traffic: Traffic, post: Post, clock: time_machine.Traveller
) -> None:
    watch(house, shop, quiet_from=13, quiet_until=15)  # 12 to 14 here
    go_round(house)
    pass_by(house, clock, hours=1.5)
    assert ([one.kind for one in alerts(house)], post.letters) == (["drop"], [])
    pass_by(house, clock, hours=0.5)
    assert len(post.letters) == 1


def test_a_webhook_gets_it_as_json_without_its_own_secret(
    house: House, shop: SiteInfo, traffic: Traffic, receiver: Receiver, clock: time_machine.Traveller
) -> None:
    house.settings.own_hosts = "127.0.0.1"
    watch(house, shop, receiver.url, own_hosts=("127.0.0.1",))
    go_round(house)
    pass_by(house, clock, hours=1)
    [(_, headers, content)] = receiver.posted
    told = json.loads(content)
    assert headers["webhook-id"].endswith(f".{shop.key}") and headers["webhook-signature"].startswith("v1,")
    assert (told["type"], told["data"]["kind"], told["data"]["site"]["key"]) == ("alert.fired", "drop", shop.key)
    assert told["data"]["seen"] <= told["data"]["usual_low"] < told["data"]["usual_high"]
    assert b"/mute/" not in content


def test_an_event_store_that_is_away_is_no_drop(
    house: House, shop: SiteInfo, traffic: Traffic, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_away(*_: object) -> None:
        raise StoreDownError("the store is away")

    watch(house, shop)
    go_round(house)
    with monkeypatch.context() as broken:
        broken.setattr(house.store, "query", is_away)
        clock.shift(timedelta(minutes=5))
        assert watch_all(house, utc_now()) == 0
    assert alerts(house) == []


def looked(house: House, site: SiteInfo, kind: str) -> list[Any]:
    made = watch(house, site, name=kind)
    noticed, _ = find(BY_NAME[kind], looking_of(house, made, site, round_of(house, utc_now())))
    return noticed


def dead_click(share: int) -> Any:
    """Give one visit of so many a dead click."""
    told = {"kind": "click", "element": "main>button#pay", "element_tag": "button", "element_text": "Pay",
            "affordance": "native", "trusted": True, "watched_before_ms": 3000, "watched_after_ms": 7000,
            "mutation_pace": 0, "signals": 1}  # fmt: skip
    return lambda n: [told] if n % share == 0 else []


def test_more_visits_that_struggle_are_told_with_where(
    house: House, shop: SiteInfo, clock: time_machine.Traveller
) -> None:
    made = Traffic(house.store, house.settings.batch_folder, shop)
    made(BEGIN, NOW - 6 * HOUR, 10, dead_click(10), path="/pay")
    assert looked(house, shop, "struggle-rate") == []
    made(NOW - 6 * HOUR, NOW, 40, dead_click(2), path="/pay")
    [one] = looked_again(house, shop, "struggle-rate")
    assert "visits struggle as usual" in one.headline
    assert one.facts["contributing"][0].startswith("Dead click on the “Pay” button of /pay: ")


def looked_again(house: House, site: SiteInfo, kind: str) -> list[Any]:
    with house.database.session() as session:
        [made] = [one for one in watches_of(session, site.id) if one.name == kind]
    noticed, _ = find(BY_NAME[kind], looking_of(house, made, site, round_of(house, utc_now())))
    return noticed


def test_vitals_that_are_good_no_more_are_told(house: House, shop: SiteInfo, clock: time_machine.Traveller) -> None:
    made = Traffic(house.store, house.settings.batch_folder, shop)
    made(BEGIN, NOW - 8 * HOUR, 10, lambda _: [{"kind": "vitals", "lcp_ms": 1800, "cls_permille": 50}])
    assert looked(house, shop, "vitals") == []
    made(NOW - 8 * HOUR, NOW, 60, lambda n: [{"kind": "vitals", "lcp_ms": 3100 if n % 2 else 1900, "cls_permille": 50}])
    [one] = looked_again(house, shop, "vitals")
    assert one.subject == "lcp_ms:good"
    assert one.headline == "LCP is good no more: 3 s 100 ms" or one.headline.startswith("LCP is good no more: 3")
    assert "Google’s limit" in one.why.replace("'", "’")


def failing(message: str, share: int) -> Any:
    told = {"kind": "error", "properties": json.dumps({"message": message, "source": "/a.js", "line": 3})}
    return lambda n: [told] if n % share == 0 else []


def test_script_errors_are_told_when_there_are_more_and_when_they_are_new(
    house: House, shop: SiteInfo, clock: time_machine.Traveller
) -> None:
    made = Traffic(house.store, house.settings.batch_folder, shop)
    made(BEGIN, NOW, 10, failing("old", 10))
    assert looked(house, shop, "script-errors") == []
    made(NOW - 3 * HOUR, NOW, 5, failing("<b>new</b>", 2))
    [one] = looked_again(house, shop, "script-errors")
    assert (one.headline, one.once) == ("A new script error", True)
    assert one.told.startswith("“<b>new</b>” in /a.js:3 met 9 visitors since 10:00 on Monday, 2 Mar")
    made(NOW - 3 * HOUR, NOW, 60, failing("old", 2))
    again = looked_again(house, shop, "script-errors")
    assert sorted(one.subject == "" for one in again) == [False, True]
    assert any("as many script errors as usual" in one.headline for one in again)


def test_new_errors_that_were_told_leave_room_for_others(
    house: House, shop: SiteInfo, post: Post, clock: time_machine.Traveller
) -> None:
    made = Traffic(house.store, house.settings.batch_folder, shop)
    made(BEGIN, NOW, 10, failing("old", 10))
    watch(house, shop, kinds=["script-errors"])
    go_round(house)
    for number in range(4):
        made(NOW - 2 * HOUR, NOW, 20 - number, failing(f"new {number}", 1))
    pass_by(house, clock, hours=1)
    errors = sorted(re.findall(r"“(new \d)”", " ".join(one.told for one in alerts(house))))
    assert errors == ["new 0", "new 1", "new 2", "new 3"]


def test_a_release_that_made_a_page_worse_is_told_once(
    house: House, shop: SiteInfo, post: Post, clock: time_machine.Traveller
) -> None:
    made = Traffic(house.store, house.settings.batch_folder, shop)
    released = NOW - 3 * 24 * HOUR
    with house.database.session() as session:
        mark_release(session, shop.id, "v2.3", released)
    house.sites.forget()
    made(BEGIN, released, 10, dead_click(1000), path="/pay")
    made(released, NOW, 10, dead_click(5), path="/pay")
    watch(house, shop, kinds=["worse-since-release"])
    for _ in range(3):
        go_round(house)
        clock.shift(timedelta(hours=3))
    [letter] = post.letters
    assert letter["Subject"] == "Lamps & <Chairs>: 1 thing became worse since v2.3"
    told = "Dead click on the “Pay” button of /pay: in 20% of 480 views, before in 10% of 480 (between +5.5 and"
    assert told in body(letter, "plain")
    assert "&release=v2.3" in body(letter, "plain")


def test_what_one_site_meets_is_told_to_its_own_watch_alone(
    house: House, shop: SiteInfo, site: SiteInfo, traffic: Traffic, post: Post, clock: time_machine.Traveller
) -> None:
    other = Traffic(house.store, house.settings.batch_folder / "other", site)
    watch(house, site)
    go_round(house)
    pass_by(house, clock, hours=1)
    assert (alerts(house), post.to(EMAIL)) == ([], [])
    assert other is not None
