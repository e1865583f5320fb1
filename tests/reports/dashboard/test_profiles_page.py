"""People as pages: who came, why it is taken to be one, and the buttons that undo it."""

from html import unescape

import pytest
from flask import Flask
from structlog.testing import capture_logs

from tests.kit.pages import Person, dead_click, load, member, read, visit_of
from tests.kit.people import People
from tracker.house import House
from tracker.identity.identifiers import identifier_id
from tracker.models import AuditEntry, IdentityConflict, IdentityEdge, Site
from tracker.privacy import MODE, MODES
from tracker.sites import SiteInfo, create_site, describe

LAPTOP, PHONE, BEN, STRANGER, DAY = 1001, 1002, 2002, 3001, 4001
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def site(house: House) -> SiteInfo:
    with house.database.session() as session:
        made = create_site(session, "Lamps", ["shop.example"], "Europe/Warsaw")
        made.privacy_mode = "stitched"
        session.flush()
        described = describe(made)
    house.sites.forget()
    return described


@pytest.fixture
def people(house: House, site: SiteInfo) -> People:
    """Ann signed in on her laptop; a phone came, and a stranger."""
    told = People(house.database, house.store, site)
    ann = identifier_id(site.identity_key, "login", "user-42")
    told.name("first_party", LAPTOP, PHONE)
    told.name("login", ann, first="2026-03-01 09:30")
    told.tie(LAPTOP, ann, "login", "2026-03-02 10:00", observations=3)
    load(
        house,
        visit_of(site, {"title": "Home"}, dead_click("#buy", "Buy now"), {"kind": "custom", "name": "order"},
                 visitor_id=LAPTOP, country="PL"),
        visit_of(site, {"url": "https://shop.example/phone"}, visitor_id=PHONE),
        visit_of(site, {}, visitor_id=STRANGER),
    )  # fmt: skip
    return told


def address(site: SiteInfo, rest: object = "") -> str:
    return f"/sites/{site.key}/profiles" + (f"/{rest}" if rest != "" else "")


def text_of(person: Person, path: str) -> str:
    return unescape(person.text(path))


def edge_of(house: House, kind: str) -> int:
    with house.database.session() as session:
        [edge] = session.query(IdentityEdge).filter_by(kind=kind, retracted_at=None)
        number: int = edge.id
        return number


def test_the_list_tells_who_came(owner: Person, site: SiteInfo, people: People) -> None:
    html = read(owner.get(address(site)))
    assert {address(site, one) for one in (LAPTOP, PHONE, STRANGER)} <= set(html.hrefs())
    told = text_of(owner, address(site))
    assert "Signed in" in told and "1 login, 1 browser id" in told and "One day" in told
    only = read(owner.get(address(site), query_string={"who": "one-day"}))
    assert address(site, LAPTOP) not in only.hrefs()
    assert address(site, STRANGER) in only.hrefs()


def test_people_are_a_room_after_the_ways(owner: Person, site: SiteInfo, people: People) -> None:
    told = text_of(owner, address(site))
    assert told.index(">Ways<") < told.index(">People<") < told.index(">Setup<")
    assert address(site, "conflicts") in read(owner.get(address(site))).hrefs()
    assert 'aria-current="true">People' in text_of(owner, address(site, LAPTOP))


def test_a_profile_tells_its_time_and_why_it_belongs_together(owner: Person, site: SiteInfo, people: People) -> None:
    told = text_of(owner, address(site, LAPTOP))
    assert "Signed in on this browser with this login, 3 times, on 2 Mar 2026" in told
    assert "Why these belong together" in told and "Believed to 100%" in told
    assert "Dead click" in told and "“order” happened" in told and "Poland" in told
    assert any("/stories/" in href for href in read(owner.get(address(site, LAPTOP))).hrefs())


def test_a_tie_is_taken_back_with_a_reason_and_put_back(
    owner: Person, house: House, site: SiteInfo, people: People
) -> None:
    edge, before, page = edge_of(house, "login"), people.profiles(), address(site, LAPTOP)
    to, form = f"/sites/{site.key}/edges/{edge}/take-back", {"profile": str(LAPTOP)}
    refused = owner.send(page, form, to=to)
    assert (refused.status_code, "Say why" in refused.text) == (400, True)
    assert people.profiles() == before
    assert owner.send(page, {**form, "reason": HOSTILE}, to=to).location == f"{page}#ties"
    assert people.profiles() == {}
    answered = owner.text(page)
    assert "&lt;script&gt;alert(1)" in answered and "<script>alert" not in answered
    assert "Put it back" in answered
    assert owner.send(page, form, to=f"/sites/{site.key}/edges/{edge}/put-back").status_code == 302
    assert people.profiles() == before


def test_two_profiles_are_merged_by_the_address_of_one(
    owner: Person, house: House, site: SiteInfo, people: People
) -> None:
    before = people.profiles()
    form = {"with": f"https://stats.example.org{address(site, PHONE)}?x=1", "merge_reason": "She rang"}
    assert owner.send(address(site, LAPTOP), form, to=address(site, f"{LAPTOP}/merge")).status_code == 302
    assert len(people.profiles()) == 1
    moved = owner.get(address(site, PHONE))
    assert (moved.status_code, moved.location) == (302, address(site, LAPTOP))
    assert "Reason: She rang" in text_of(owner, address(site, LAPTOP))
    merged = edge_of(house, "hand")
    undo = {"profile": str(LAPTOP), "reason": "He did"}
    owner.send(address(site, LAPTOP), undo, to=f"/sites/{site.key}/edges/{merged}/take-back")
    assert people.profiles() == before
    assert owner.get(address(site, PHONE)).status_code == 200


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("", "Must be the id of a profile"),
        ("x", "Must be the id of a profile"),
        (HOSTILE, "Must be the id of a profile"),
        (str(LAPTOP), "These are one profile already"),
        (str(STRANGER), "Is of a visitor who agreed to nothing"),
        ("/sites/other/profiles/1002", "Is of another site"),
    ],
)
def test_a_merge_with_nothing_is_refused_beside_its_field(
    owner: Person, site: SiteInfo, people: People, given: str, said: str
) -> None:
    before = people.profiles()
    refused = owner.send(address(site, LAPTOP), {"with": given}, to=address(site, f"{LAPTOP}/merge"))
    assert (refused.status_code, said in refused.text) == (400, True)
    assert HOSTILE not in refused.text
    assert people.profiles() == before


def test_a_person_is_found_by_a_login_that_is_written_nowhere(
    owner: Person, site: SiteInfo, people: People, capsys: pytest.CaptureFixture[str]
) -> None:
    with capture_logs() as logs:
        found = owner.send(address(site), {"login": "user-42"}, to=address(site, "find"))
        nobody = owner.send(address(site), {"login": "user-43"}, to=address(site, "find"), follow_redirects=True)
    assert found.location == address(site, LAPTOP)
    assert "Nobody has signed in here by this login" in nobody.text
    assert "user-4" not in found.location + nobody.request.url + nobody.text
    assert "user-4" not in repr(logs) + "".join(capsys.readouterr())
    assert owner.send(address(site), {"login": "x" * 257}, to=address(site, "find")).status_code == 400
    assert owner.get(address(site, "find")).status_code == 404, "an address is none of these"


@pytest.mark.parametrize(("decision", "profiles"), [("one", 1), ("apart", 2)])
def test_a_conflict_is_shown_where_it_matters_and_decided(
    owner: Person, house: House, site: SiteInfo, people: People, decision: str, profiles: int
) -> None:
    people.name("login", BEN, first="2026-03-05 10:00")
    people.tie(LAPTOP, BEN, "login", "2026-03-05 10:00")
    [number] = people.conflicts()
    assert "1 conflict waits for a decision" in text_of(owner, address(site))
    for one in (LAPTOP, BEN):
        assert "One person, or two?" in text_of(owner, address(site, one))
    page = address(site, "conflicts")
    assert "Login" in text_of(owner, page)
    wrong = owner.send(page, {"decision": "both"}, to=address(site, f"conflicts/{number}"))
    assert (wrong.status_code, "Must be one or apart" in wrong.text) == (400, True)
    assert owner.send(page, {"decision": decision}, to=address(site, f"conflicts/{number}")).status_code == 302
    assert people.conflicts() == []
    assert len(people.profiles()) == profiles
    told = text_of(owner, page)
    assert "Nothing to decide" in told and ("one person" if decision == "one" else "two people") in told
    with house.database.session() as session:
        assert session.query(IdentityConflict).one().decided_by == "ann@example.org"
        assert "decide-conflict" in {entry.action for entry in session.query(AuditEntry)}


def test_who_only_looks_is_shown_no_button_and_changes_nothing(
    app: Flask, house: House, site: SiteInfo, people: People
) -> None:
    viewer, before = member(house, app, site, "viewer"), people.profiles()
    page, edge = address(site, LAPTOP), edge_of(house, "login")
    told = text_of(viewer, page)
    assert "Why these belong together" in told and "Take it back" not in told and "Merge by hand" not in told
    for to in (f"/sites/{site.key}/edges/{edge}/take-back", f"{page}/merge", address(site, "conflicts/1")):
        assert (
            viewer.send("/account", {"profile": str(LAPTOP), "reason": "x", "with": "1002"}, to=to).status_code == 403
        )
    assert viewer.send(address(site), {"login": "user-42"}, to=address(site, "find")).location == page
    assert people.profiles() == before


def test_a_form_from_elsewhere_changes_nothing(owner: Person, house: House, site: SiteInfo, people: People) -> None:
    before, edge = people.profiles(), edge_of(house, "login")
    form = {"profile": str(LAPTOP), "reason": "x", "with": str(PHONE), "decision": "one", "login": "user-42"}
    paths = [f"/sites/{site.key}/edges/{edge}/{what}" for what in ("take-back", "put-back")]
    paths += [address(site, f"{LAPTOP}/merge"), address(site, "conflicts/1"), address(site, "find")]
    for to in paths:
        assert owner.client.post(to, data=form).status_code == 400, to
    assert people.profiles() == before


def test_nothing_of_another_site_is_shown_or_changed(
    owner: Person, house: House, site: SiteInfo, people: People
) -> None:
    with house.database.session() as session:
        other = describe(create_site(session, "Other", ["other.example"]))
    house.sites.forget()
    edge, before = edge_of(house, "login"), people.profiles()
    assert owner.get(address(other, LAPTOP)).status_code == 404
    form = {"profile": str(LAPTOP), "reason": "x"}
    for what in ("take-back", "put-back"):
        sent = owner.send(address(site, LAPTOP), form, to=f"/sites/{other.key}/edges/{edge}/{what}")
        assert sent.status_code == 404
    assert people.profiles() == before


@pytest.mark.parametrize("one", ["x", "1x", "9" * 30, "1.5", "--1", "%00", "²", HOSTILE, "0"])
def test_an_id_that_is_none_is_not_found(owner: Person, site: SiteInfo, people: People, one: str) -> None:
    assert owner.get(address(site, one)).status_code == 404
    page = address(site, LAPTOP)
    assert owner.send(page, {"with": "1"}, to=address(site, f"{one}/merge")).status_code in (400, 404)
    for what in ("take-back", "put-back"):
        form = {"profile": one, "reason": "x"}
        assert owner.send(page, form, to=f"/sites/{site.key}/edges/{one}/{what}").status_code == 404
    assert owner.send(page, {"decision": "one"}, to=address(site, f"conflicts/{one}")).status_code == 404


def test_a_time_that_is_none_is_told(owner: Person, site: SiteInfo, people: People) -> None:
    answered = owner.get(address(site, LAPTOP), query_string={"before": HOSTILE})
    assert answered.status_code == 400
    assert HOSTILE not in answered.text


def test_nothing_that_a_visitor_sends_becomes_markup(owner: Person, house: House, site: SiteInfo) -> None:
    load(
        house,
        visit_of(
            site,
            {"url": f"https://shop.example/{HOSTILE}", "title": HOSTILE, "referrer": f"x.example/{HOSTILE}"},
            {"url": f"https://shop.example/{HOSTILE}2"},
            dead_click(f"main>{HOSTILE}", HOSTILE, url=f"https://shop.example/{HOSTILE}"),
            {"kind": "custom", "name": HOSTILE},
            visitor_id=DAY,
            city=HOSTILE,
            country="<s",
        ),
    )
    for path in (address(site), address(site, DAY)):
        answered = owner.get(path)
        assert answered.status_code == 200
        assert "<script>alert" not in answered.text and "<s>" not in answered.text
        assert all(one.get("src", "").startswith("/assets/") for one in read(answered).all("script"))


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.name)
def test_each_mode_says_what_is_shown_and_what_would_be(
    owner: Person, house: House, site: SiteInfo, mode: object
) -> None:
    name = mode.name  # type: ignore[attr-defined]
    with house.database.session() as session:
        found = session.get(Site, site.id)
        assert found
        found.privacy_mode = name
    house.sites.forget()
    told = text_of(owner, address(site))
    for other in ("consented", "stitched"):
        shown = f"<dt>{MODE[other].title}</dt>" in told
        assert shown == (list(MODE).index(other) > list(MODE).index(name))
    assert ("Find by login" in told) == (name == "stitched")
    assert ("Nobody is told apart on this site" in told) == (name == "count")


def test_days_of_one_browser_are_told_together(owner: Person, house: House, site: SiteInfo, people: People) -> None:
    people.name("daily_hash", DAY, DAY + 1)
    for one in (DAY, DAY + 1):
        people.tie(LAPTOP, one, "first_party", "2026-03-03 10:00", observations=12)
    told = text_of(owner, address(site, LAPTOP))
    assert "2 ties of single days" in told and "Sent together by one browser, 12 times" in told
    assert "2 days" in told
