"""Share links, from both sides: who makes them, and who comes by one and would like to see more."""

import re
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from reports import REPORTS
from tests.kit.pages import Html, Person, dead_click, load, member, read, visit_of
from tracker.access import create_key
from tracker.conditions import Condition
from tracker.goals import GoalInfo, delete_goal, save_goal
from tracker.house import House
from tracker.models import AuditEntry, ShareLink
from tracker.segments import delete_segment, save_segment
from tracker.sites import SiteInfo, create_site, describe

PASSWORD = "give it by phone"


@pytest.fixture
def seen(house: House, shop: SiteInfo) -> SiteInfo:
    """A shop with three visits: one to the blog, two to a secret page with a dead button."""
    blog = visit_of(shop, {"url": "https://shop.example/blog/one"})
    secret = [
        visit_of(shop, {"url": "https://shop.example/secret"}, dead_click("#pay", url="https://shop.example/secret"))
        for _ in range(2)
    ]
    load(house, blog, *secret)
    return shop


def make(owner: Person, site: SiteInfo, **form: Any) -> str:
    """Make a link by the form, and return the path that is shown this once."""
    page = f"/sites/{site.key}/shares"
    answer = owner.send(page, {"name": "Board", "sections": ["overview", "pages"], **form})
    assert answer.status_code == 200, answer.text
    found = re.search(r"/share/[\w-]{43}/", answer.text)
    assert found, answer.text
    return found[0]


def read_html(text: str) -> Html:
    html = Html()
    html.feed(text)
    return html


def numbers(page: str) -> list[str]:
    """Return the figures of an overview's headline."""
    return re.findall(r'<span class="figure">([^<]*)</span>', page)


def told(page: str) -> str:
    """Return the words of a page, without those that it was asked with."""
    without_asked = re.sub(
        r'<ul class="chips".*?</ul>|<details class="menu filter">.*?</details>', "", page, flags=re.DOTALL
    )
    return re.sub(r"<[^>]*>", "", without_asked)


def test_somebody_without_an_account_sees_what_was_chosen_and_can_go_about_in_it(
    owner: Person, stranger: Person, seen: SiteInfo
) -> None:
    home = make(owner, seen)
    page = stranger.get(f"{home}?range=7d")
    assert page.status_code == 200 and numbers(page.text)[0] == "3"
    assert stranger.get(f"{home}?range=7d&filter=path:is:/secret").status_code == 200
    assert "/blog/one" in told(stranger.text(f"{home}reports/pages?range=7d&compare=none&bots=in"))
    assert stranger.get(f"{home}?range=nonsense").status_code == 400


def test_no_link_of_a_shared_page_leads_out_of_it(owner: Person, stranger: Person, seen: SiteInfo) -> None:
    home = make(owner, seen, sections=["overview", "pages", "struggles", "dead-clicks", "forms"])
    led: set[str] = set()
    for page in ("", "reports/pages", "reports/struggles", "reports/dead-clicks", "reports/forms"):
        answer = stranger.get(f"{home}{page}?range=7d")
        html = read(answer)
        hrefs = [one["href"] for one in html.all("a") if "href" in one and not one["href"].startswith("#")]
        assert hrefs and all(urlsplit(href).path.startswith(home) or href.startswith("?") for href in hrefs), page
        led.update(urlsplit(href).path or home for href in hrefs)
        assert seen.key not in answer.text
        assert not [one for one in html.all("form") if one.get("method", "get").lower() == "post"]
    assert {path: stranger.get(path).status_code for path in led} == dict.fromkeys(led, 200)


def test_what_was_not_chosen_is_not_there(owner: Person, stranger: Person, seen: SiteInfo) -> None:
    home = make(owner, seen)
    for page in (
        "reports/dead-clicks",
        "reports/nothing",
        "reports/pages.csv",
        "heatmap",
        "profiles",
        "stories/0-0",
        "examples",
        "settings",
        "schedules",
        "shares",
        "audit",
        f"../sites/{seen.key}/",
    ):
        assert stranger.get(f"{home}{page}").status_code in (302, 404), page
    assert stranger.get(f"/sites/{seen.key}/").location.startswith("/sign-in")
    only = make(owner, seen, name="Pages alone", sections=["pages"])
    assert stranger.get(only).location == f"{only}reports/pages"
    assert "Overview" not in stranger.text(f"{only}reports/pages")


def test_the_locked_filter_cannot_be_left(house: House, owner: Person, stranger: Person, seen: SiteInfo) -> None:
    with house.database.session() as session:
        save_segment(session, seen.id, "Everyone else", ["path:is:/secret"], "ann")
    house.sites.forget()
    home = make(owner, seen, filters="path:contains:/blog/")
    for words, visits in {
        "": "1",
        "&filter=path:is:/secret": "0",
        "&filter=path:is_not:/blog/one": "0",
        "&filter=": None,
        "&filter=path:contains:": None,
        "&filter=path:is:/blog/one|/secret": "1",
        "&segment=Everyone+else": None,
        "&segment=": "1",
        "&compare=previous&bots=in": "1",
        "&limit=10000&measure=views": "1",
    }.items():
        first, pages = (stranger.get(f"{home}{page}?range=7d{words}") for page in ("", "reports/pages"))
        assert {first.status_code, pages.status_code} == {200 if visits else 400}, words
        assert numbers(first.text)[:1] == ([visits] if visits else []), words
        assert ("/blog/one" in told(pages.text)) == (visits == "1"), words
        assert "/secret" not in told(first.text) + told(pages.text), words
    unknown = stranger.get(f"{home}?segment=Everyone+els")
    assert unknown.status_code == 400 and "Everyone else" not in unknown.text
    page = stranger.text(f"{home}?range=7d")
    assert " events" not in told(page), "how many there are on the whole site"
    assert "only visits with Page contains /blog/" in told(page)


def test_no_report_tells_of_what_a_link_is_not_bound_to(
    house: House, owner: Person, stranger: Person, shop: SiteInfo
) -> None:
    url, text = "https://shop.example/zebra42", "zebra42"
    faults = [dead_click("main>#zebra42", text, url=url), {"kind": "custom", "name": text, "url": url}]
    faults += [{"kind": "error", "url": url, "properties": {"message": text}}, {"url": f"{url}2"}]
    page = {"url": url, "title": text, "referrer": "zebra42.example/"}
    load(house, *(visit_of(shop, page, *faults) for _ in range(2)))
    home = make(owner, shop, sections=[one.name for one in REPORTS], filters="path:is:/nowhere")
    for report in REPORTS:
        words = "?range=7d&compare=previous&bots=in&filter=entry:contains:z"
        answer = stranger.get(f"{home}reports/{report.name}{words}", follow_redirects=True)
        assert answer.status_code == 200 and text not in told(answer.text), report.name


def test_a_link_bound_to_a_segment_follows_it_and_shows_nothing_without_it(
    house: House, owner: Person, stranger: Person, seen: SiteInfo
) -> None:
    with house.database.session() as session:
        save_segment(session, seen.id, "Readers", ["path:contains:/blog/"], "ann")
    house.sites.forget()
    home = make(owner, seen, segment="Readers")
    assert numbers(stranger.text(f"{home}?range=7d"))[0] == "1"
    assert stranger.get(f"{home}?segment=Readers").status_code == 400
    with house.database.session() as session:
        save_segment(session, seen.id, "Readers", ["path:is:/nowhere"], "ann")
    house.sites.forget()
    assert (
        "fits these filters" in stranger.text(f"{home}?range=7d")
        or numbers(stranger.text(f"{home}?range=7d"))[0] == "0"
    )
    with house.database.session() as session:
        delete_segment(session, seen.id, "Readers")
    house.sites.forget()
    assert stranger.get(f"{home}?range=7d").status_code == 410
    assert "its segment is deleted" in owner.text(f"/sites/{seen.key}/shares")


def test_a_link_bound_to_a_goal_shows_nothing_when_the_goal_is_gone(
    house: House, owner: Person, stranger: Person, seen: SiteInfo
) -> None:
    with house.database.session() as session:
        save_goal(session, seen.id, GoalInfo("Paid", Condition("path", path="/secret")), "ann")
    house.sites.forget()
    home = make(owner, seen, filters="goal:is_not:Paid")
    assert numbers(stranger.text(f"{home}?range=7d"))[0] == "1"
    with house.database.session() as session:
        delete_goal(session, seen.id, "Paid")
    house.sites.forget()
    answer = stranger.get(f"{home}?range=7d")
    assert answer.status_code == 410 and "/secret" not in answer.text


def test_the_address_of_a_report_filtered_by_the_dialog_binds_as_it_says(
    owner: Person, stranger: Person, seen: SiteInfo
) -> None:
    pasted = (
        f"/sites/{seen.key}/reports/pages?filter=path:contains:/&filter_by=path&filter_how=is&filter_value=/blog/one"
    )
    home = make(owner, seen, filters=pasted)
    assert "/secret" not in told(stranger.text(f"{home}reports/pages?range=7d"))
    either = make(owner, seen, name="Either", filters="path:is:/blog/one\nor:path:is:/nowhere")
    assert numbers(stranger.text(f"{either}?range=7d"))[0] == "1"


def test_views_that_a_link_is_not_bound_to_are_told_nowhere(
    house: House, owner: Person, stranger: Person, shop: SiteInfo
) -> None:
    url = "https://shop.example/pay"
    load(house, visit_of(shop, {"url": url}, dead_click("#pay", "Pay", url=url)))
    load(house, *(visit_of(shop, {"url": url}) for _ in range(40)))
    home = make(owner, shop, sections=["dead-clicks"], filters="element_text:is:Pay")
    page = stranger.text(f"{home}reports/dead-clicks?range=7d")
    assert "“Pay”" in told(page)
    numbers_told = re.sub(r"Answered in \d+ ms|\d\d:\d\d", "", told(page))
    assert not re.search(r"\b4[01]\b", numbers_told), "how often others saw the page"


def test_the_frame_to_copy_is_whole_and_names_the_site_not_the_link(owner: Person, shop: SiteInfo) -> None:
    form = {"name": 'R&D "Board"', "sections": ["overview"], "hosts": "intranet.example"}
    page = owner.send(f"/sites/{shop.key}/shares", form).text
    [shown] = re.findall(r'id="frame">(.*?)</code>', page, re.DOTALL)
    [frame] = read_html(unescape(shown)).all("iframe")
    assert frame["title"] == f"Visitors of {shop.name}"
    assert "/share/" in frame["src"] and "Board" not in unescape(shown)


def test_a_password_is_asked_once_and_guessing_is_slowed_down(
    house: House, app: Flask, owner: Person, stranger: Person, seen: SiteInfo
) -> None:
    home = make(owner, seen, password=PASSWORD)
    asked = stranger.get(f"{home}reports/pages?range=7d")
    assert asked.status_code == 403 and seen.name not in asked.text and "Lamps" not in asked.text
    form = {"password": "wrong", "next": f"{home}reports/pages?range=7d"}
    refused = stranger.send(home, form, to=f"{home}unlock")
    assert refused.status_code == 403 and "not the password" in refused.text and "Lamps" not in refused.text
    assert stranger.client.post(f"{home}unlock", data={"password": PASSWORD}).status_code == 400, "no form token"
    opened = stranger.send(home, {**form, "password": PASSWORD}, to=f"{home}unlock")
    assert (opened.status_code, opened.location) == (302, f"{home}reports/pages?range=7d")
    cookie = opened.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and f"Path={home}" in cookie
    assert stranger.get(home).status_code == 200

    other = make(owner, seen, name="Other", password=PASSWORD)
    assert stranger.get(other).status_code == 403, "one link's password opens no other"
    kept = re.search(r"footfall-share-(\d+)=([^;]+)", cookie)
    assert kept
    thief = Person(app.test_client())
    thief.client.set_cookie("footfall-share-2", kept[2], path=other)
    assert thief.get(other).status_code == 403, "nor does its cookie"
    with house.database.session() as session:
        first = session.scalars(select(ShareLink).where(ShareLink.name == "Board")).one()
        first.password_hash = session.scalars(select(ShareLink).where(ShareLink.name == "Other")).one().password_hash
    assert stranger.get(home).status_code == 403, "a new password is asked of everybody"

    guesser = Person(app.test_client())
    answers = [guesser.send(other, {"password": str(n)}, to=f"{other}unlock").status_code for n in range(11)]
    assert answers[0] == 403 and answers[-1] == 429


@pytest.mark.parametrize(
    "page", ["https://evil.example/", "//evil.example/", "/\\evil.example", "/sites", "javascript:x", "../../sites"]
)
def test_the_right_password_leads_nowhere_else(owner: Person, stranger: Person, shop: SiteInfo, page: str) -> None:
    home = make(owner, shop, password=PASSWORD)
    assert stranger.send(home, {"password": PASSWORD, "next": page}, to=f"{home}unlock").location == home


def test_what_the_password_opened_closes_after_hours(owner: Person, stranger: Person, shop: SiteInfo) -> None:
    with time_machine.travel("2026-03-02 10:00", tick=False) as clock:
        home = make(owner, shop, password=PASSWORD, expires="2026-03-03")
        stranger.send(home, {"password": PASSWORD}, to=f"{home}unlock")
        assert "until 4 Mar 2026, 00:00" in stranger.text(home)
        clock.move_to("2026-03-02 23:00")
        assert stranger.get(home).status_code == 403
        clock.move_to("2026-03-03 22:59")
        assert stranger.get(home).status_code == 403
        clock.move_to("2026-03-03 23:00")  # midnight in Warsaw
        assert stranger.get(home).status_code == 410
        assert stranger.client.post(f"{home}unlock").status_code in (400, 410)


def test_it_is_revoked_and_renewed_at_once_and_only_by_its_own_site(
    house: House, app: Flask, owner: Person, stranger: Person, shop: SiteInfo
) -> None:
    home = make(owner, shop)
    page = f"/sites/{shop.key}/shares"
    assert "never" in owner.text(page)
    stranger.get(home)
    assert "s ago" in owner.text(page)
    with house.database.session() as session:
        link = session.scalars(select(ShareLink)).one()
        other = describe(create_site(session, "Other", ["other.example"]))
        assert home.split("/")[2] not in f"{link.token_hash}{link.name}"
    house.sites.forget()
    editor = member(house, app, other, "editor")
    elsewhere = f"/sites/{other.key}/shares"
    assert editor.send(elsewhere, {"do": "revoke"}, to=f"{elsewhere}/{link.id}/act").status_code == 404
    assert editor.send("/account", {"do": "revoke"}, to=f"{page}/{link.id}/act").status_code == 403
    assert member(house, app, shop, "viewer").get(page).status_code == 403

    renewed = owner.send(page, {"do": "renew"}, to=f"{page}/{link.id}/act")
    [new] = set(re.findall(r"/share/[\w-]{43}/", renewed.text))
    assert (stranger.get(home).status_code, stranger.get(new).status_code) == (404, 200)
    assert owner.send(page, {"do": "revoke"}, to=f"{page}/{link.id}/act").status_code == 302
    assert stranger.get(new).status_code == 404
    with house.database.session() as session:
        actions = [one.action for one in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert actions == ["make-share", "renew-share", "revoke-share"]
    assert "revoked a share link" in owner.text(f"/sites/{shop.key}/audit")


def test_only_the_named_hosts_may_frame_it_and_its_address_is_told_to_nobody(
    owner: Person, stranger: Person, shop: SiteInfo
) -> None:
    framed = make(owner, shop, hosts="https://intranet.example.org/wiki, localhost:8080")
    plain = make(owner, shop, name="Plain")
    policy = stranger.get(framed).headers["Content-Security-Policy"]
    assert policy.endswith("frame-ancestors intranet.example.org localhost:8080")
    assert policy.startswith("default-src 'none'; script-src 'self'")
    for path in (plain, "/sign-in", f"/sites/{shop.key}/"):
        assert "frame-ancestors 'none'" in stranger.get(path).headers["Content-Security-Policy"]
    for path in (framed, plain):
        answer = stranger.get(path)
        assert (answer.headers["Referrer-Policy"], answer.headers["Cache-Control"]) == ("no-referrer", "no-store")
        assert "Set-Cookie" not in answer.headers
    refused = owner.send(
        f"/sites/{shop.key}/shares", {"name": "x", "sections": ["pages"], "hosts": "a.example", "password": PASSWORD}
    )
    assert refused.status_code == 400 and "cannot ask for a password" in refused.text


@pytest.mark.parametrize("hosts", ["*", "'self'", "a.example; script-src *", "*.example.org", "https:", "a.example:0"])
def test_no_host_breaks_out_of_the_policy(owner: Person, shop: SiteInfo, hosts: str) -> None:
    answer = owner.send(f"/sites/{shop.key}/shares", {"name": "x", "sections": ["pages"], "hosts": hosts})
    assert answer.status_code == 400 and "is no host name" in answer.text


def test_the_token_is_no_key_and_who_is_signed_in_is_nobody_there(
    house: House, owner: Person, stranger: Person, seen: SiteInfo
) -> None:
    home = make(owner, seen)
    token = home.split("/")[2]
    stranger.get(home)
    for credential in (token, f"ff_{token}"):
        answer = stranger.get(
            f"/api/v1/sites/{seen.key}/reports/pages", headers={"Authorization": f"Bearer {credential}"}
        )
        assert answer.status_code == 401
    assert stranger.get(f"/api/v1/sites/{seen.key}/reports/pages").status_code == 401
    with house.database.session() as session:
        key = create_key(session, "all", ["read"])
    assert stranger.get(home.replace(token, key)).status_code == 404
    as_owner = owner.text(home)
    assert "Sign out" not in as_owner and "Settings" not in as_owner and "Save these filters" not in as_owner


def test_what_is_wrong_is_said_at_its_field(owner: Person, shop: SiteInfo) -> None:
    page = f"/sites/{shop.key}/shares"
    for wrong, said in (
        ({"name": ""}, "must have 1 to 64 characters"),
        ({"sections": []}, "choose at least one page"),
        ({"sections": ["nothing"]}, "is no report"),
        ({"segment": "Nobody"}, "no segment is named"),
        ({"password": "short"}, "at least 10 characters"),
        ({"expires": "2020-01-01"}, "must lie in the future"),
        ({"expires": "soon"}, "is no day such as"),
        ({"filters": "pth:is:/"}, "no dimension is named"),
        ({"filters": "https://x.example/sites/x/?range=7d"}, "this address has no filter"),
        ({"filters": "https://x.example/?segment=A&filter=path:is:/"}, "choose it by its name"),
    ):
        answer = owner.send(page, {"name": "Board", "sections": ["pages"], **wrong})
        assert answer.status_code == 400 and said in answer.text.lower().replace("&#39;", "'"), (wrong, answer.text)
    make(owner, shop, filters="https://x.example/sites/x/?range=7d&filter=path%3Ais%3A%2Fa+b", name="<b>Bold")
    told = owner.text(page)
    assert "Page is /a b" in told and "<b>Bold" not in told
