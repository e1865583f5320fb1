"""A person gets everything that is kept of them, and nothing of anybody else."""

import json
from html.parser import HTMLParser
from typing import Any

import pytest
from sqlalchemy import select

from reports.person import write_page
from tests.tracker.rights.people import Someone, put_away, send, someone, stitched_site, visit
from tracker.errors import InvalidInputError
from tracker.house import House
from tracker.identity import hand
from tracker.identity.hand import profile_of
from tracker.languages import language_of
from tracker.models import AuditEntry, IdentityEdge
from tracker.rights.export import Held, export_person, write_json
from tracker.sites import SiteInfo


@pytest.fixture
def shop(house: House) -> SiteInfo:
    return stitched_site(house)


def held(house: House, site: SiteInfo, who: Someone) -> Held:
    with house.database.session() as session:
        number = profile_of(session, site.id, who.login)
    found = export_person(house.database, house.store, site, number, "anna@example.org")
    assert found is not None
    return found


def document(of: Held) -> Any:
    return json.loads(b"".join(write_json(of)))


def test_everything_of_a_person_is_in_it(house: House, shop: SiteInfo) -> None:
    ann = someone(shop)
    send(house, [visit(shop, ann), visit(shop, ann, 1, ago_s=600)])
    put_away(house)
    told = document(held(house, shop, ann))
    assert told["format"] == 1
    assert told["site"]["zone"] == "Europe/Warsaw"
    assert {one["kind"] for one in told["identifiers"]} >= {"login", "first_party", "fingerprint"}
    assert {str(one) for one in (ann.login, *ann.devices)} <= {one["id"] for one in told["identifiers"]}
    assert {edge["kind"] for edge in told["edges"]} >= {"login", "fingerprint"}
    assert [span["login"] for span in told["sign_ins"]] == [str(ann.login)] * 2
    assert {state["attributes"]["platform"] for state in told["browsers"]} == {ann.marker}
    assert len(told["visits"]) == 2
    assert told["visits"][0]["trail"] == [f"/orders/{ann.marker}"] * 2
    assert len(told["events"]) == ann.events
    assert {event["login_id"] for event in told["events"]} == {str(ann.login)}
    assert {event["properties"]["query"] for event in told["events"] if event["kind"] == "search"} == {ann.marker}
    assert {one["signal"] for one in told["struggles"]} == {"dead"}
    assert told["events"][0]["occurred_at"].endswith("Z")


def test_nothing_of_other_people_is_in_it(house: House, shop: SiteInfo) -> None:
    ann, bob, cid = someone(shop, 1), someone(shop, 1), someone(shop, 1)
    bob.devices = ann.devices
    times = {"looks": False}
    send(
        house,
        [
            visit(shop, ann, ago_s=9000, **times),
            visit(shop, ann, ago_s=8900, signed_in=False, **times),
            visit(shop, bob, ago_s=8800, **times),  # in the same visit, if one went by the device alone
            visit(shop, bob, ago_s=8700, signed_in=False, **times),
            visit(shop, cid),
        ],
    )
    put_away(house)
    for who, others in ((ann, (bob, cid)), (bob, (ann, cid)), (cid, (ann, bob))):
        of = held(house, shop, who)
        for text in (b"".join(write_json(of)).decode(), "".join(write_page(of))):
            assert who.marker in text
            for other in others:
                assert other.marker not in text
                assert str(other.login) not in text
        assert len(document(of)["events"]) == who.events


def test_what_was_decided_is_told_without_who_decided_it(house: House, shop: SiteInfo) -> None:
    ann = someone(shop, 1)
    send(house, [visit(shop, ann)])
    put_away(house)
    with house.database.session() as session:
        edge = session.scalars(select(IdentityEdge).where(IdentityEdge.kind == "login")).one()
        hand.take_back(session, shop.id, edge.id, who="staff@example.org", reason="A borrowed phone.")
        hand.merge(session, shop.id, ann.login, ann.devices[0], who="staff@example.org", reason="She said so.")
    text = b"".join(write_json(held(house, shop, ann))).decode()
    told = json.loads(text)
    assert "staff@example.org" not in text
    assert [one.get("reason") for one in told["audit"]] == ["A borrowed phone.", "She said so."]
    assert {one.get("taken_back_by") for one in told["edges"]} == {None, "a person"}


def test_an_export_leaves_a_line_in_the_audit(house: House, shop: SiteInfo) -> None:
    ann = someone(shop, 1)
    send(house, [visit(shop, ann)])
    put_away(house)
    held(house, shop, ann)
    with house.database.session() as session:
        [entry] = session.scalars(select(AuditEntry))
    assert (entry.who, entry.action) == ("anna@example.org", "export-person")


def test_of_whom_nothing_is_kept_there_is_nothing(house: House, shop: SiteInfo) -> None:
    assert export_person(house.database, house.store, shop, 12345, "anna@example.org") is None
    ann = someone(shop, 1)
    send(house, [visit(shop, ann)])
    put_away(house)
    with house.database.session() as session:
        number = profile_of(session, shop.id, ann.login)
    other = next(one for one in (ann.login, *ann.devices) if one != number)
    with pytest.raises(InvalidInputError, match="part of profile"):
        export_person(house.database, house.store, shop, other, "anna@example.org")


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_the_page_stands_by_itself_and_runs_nothing(house: House, shop: SiteInfo) -> None:
    ann = someone(shop, 1)
    footprint = visit(shop, ann)
    for one in footprint.events:
        one.title = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    send(house, [footprint])
    put_away(house)
    text = "".join(write_page(held(house, shop, ann)))
    page = _Page()
    page.feed(text)
    tags = [tag for tag, _ in page.tags]
    assert not {"script", "img", "link", "iframe", "object", "form"} & set(tags)
    addresses = [attributes["href"] or "" for tag, attributes in page.tags if tag == "a"]
    assert addresses
    assert all(address.startswith("#") for address in addresses)
    names = {name for _, attributes in page.tags for name in attributes}
    assert not [name for name in names if name == "src" or name.startswith("on")]
    assert tags.count("h1") == 1
    assert tags.count("h2") >= 8
    assert text.count(f"/orders/{ann.marker}") >= ann.events
    assert "Europe/Warsaw" in text


def test_the_page_is_written_in_the_language_of_who_asked(house: House, shop: SiteInfo) -> None:
    ann = someone(shop, 1)
    send(house, [visit(shop, ann)])
    put_away(house)
    text = "".join(write_page(held(house, shop, ann), language_of("fa")))
    assert '<html lang="fa" dir="rtl">' in text
    assert set("۰۱۲۳۴۵۶۷۸۹") & set(text)
