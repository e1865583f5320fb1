from collections import Counter
from concurrent.futures import Future

import msgspec
import pytest

from tests.kit.ground import at, ms
from tracker.event import Event, Footprint
from tracker.ingest.steps import to_rows
from tracker.sample import create_sample, sample_footprints
from tracker.sample.goals import FUNNELS, GOALS
from tracker.sample.people import WAYS
from tracker.sample.regulars import ONE_IN
from tracker.sample.shop import PAGES
from tracker.sites import SiteBook

UNTIL = at("2026-03-31 12:00")


@pytest.fixture
def rows(site):
    return [row for footprint in sample_footprints(site, UNTIL) for row in to_rows(footprint, site)]


def reacted(row) -> bool:
    return any(row.get(name) for name in ("mutation_ms", "request_ms", "navigation_ms"))


def test_the_same_seed_gives_the_same_visits(site):
    one, same, other = (list(sample_footprints(site, UNTIL, visits=50, seed=seed)) for seed in (1, 1, 2))
    assert one == same != other


def test_every_event_is_one_that_a_browser_could_have_sent(site):
    for footprint in sample_footprints(site, UNTIL, visits=300):
        assert msgspec.json.decode(msgspec.json.encode(footprint), type=Footprint) == footprint
        for event in footprint.events:
            msgspec.convert(msgspec.to_builtins(event), Event)


def test_it_fills_four_weeks_and_nothing_lies_in_the_future(rows):
    times = sorted(row["occurred_at"] for row in rows)
    assert times[0].startswith("2026-03-03")
    assert times[-1] <= "2026-03-31 12:00:00.000"
    assert len({moment[:10] for moment in times}) == 29
    strangers, regulars = 3000, 2 * 3000 // ONE_IN  # who agreed goes by an id and, before that, by a hash
    assert len({row["visitor_id"] for row in rows}) == pytest.approx(strangers + regulars, abs=30)


def test_it_comes_in_the_order_of_time_with_ids_of_its_own(site):
    footprints = list(sample_footprints(site, UNTIL))
    assert [f.received_at for f in footprints] == sorted(f.received_at for f in footprints)
    ids = [event.id for footprint in footprints for event in footprint.events]
    assert len(ids) == len(set(ids))


def test_the_planted_faults_are_there_to_be_found(rows):
    clicks = [row for row in rows if row["kind"] == "click"]
    answers = Counter((row.get("element_text"), reacted(row)) for row in clicks)
    assert answers["Size guide", False] > 300
    assert 0 < answers["Size guide", True] < 0.1 * answers["Size guide", False]
    delivery = [row["mutation_ms"] for row in clicks if row.get("element_text") == "Work out delivery"]
    assert sum(delay > 1000 for delay in delivery) > 2 * sum(delay <= 1000 for delay in delivery) > 0
    paying = Counter("failed_request_ms" in row for row in clicks if row.get("element_text") == "Pay now")
    assert 0.1 < paying[True] / paying.total() < 0.5
    assert answers["Add to basket", True] > 300


def test_a_release_broke_what_had_worked(rows):
    coupons = [row for row in rows if row["kind"] == "click" and row.get("element_text") == "Apply coupon"]
    released = "2026-03-22 12:00:00.000"
    worked = [row for row in coupons if row["occurred_at"] < released]
    assert len(worked) > 20
    assert all(reacted(row) for row in worked)
    broken = [row for row in coupons if row["occurred_at"] >= released]
    assert len(broken) > 20
    assert all(row["disabled"] and not reacted(row) for row in broken)
    failed = [row["occurred_at"] for row in rows if row["kind"] == "error"]
    assert min(failed) >= released


def test_what_is_not_a_click_is_there_too(rows):
    told = Counter(row["kind"] for row in rows)
    assert min(told[kind] for kind in ("form", "field", "scroll", "search", "link", "error", "vitals")) > 5
    assert told["vitals"] == pytest.approx(told["view"], rel=0.2)
    outcomes = Counter(msgspec.json.decode(row["properties"])["outcome"] for row in rows if row["kind"] == "form")
    assert outcomes["success"] > 20
    assert outcomes["left"] > 20
    assert any(row.get("navigation") == "back_forward" for row in rows if row["kind"] == "view")
    looked = [row for row in rows if row["kind"] == "engagement"]
    assert len(looked) > 20
    assert all(1 <= len(row["attention_ms"]) <= 20 and max(row["attention_ms"]) <= row["engaged_ms"] for row in looked)


def test_a_campaign_sends_people_who_leave_at_once(rows):
    landed = {row["visitor_id"] for row in rows if row.get("campaign") == "spring-launch"}
    views = Counter(row["visitor_id"] for row in rows if row["kind"] == "view" and row["visitor_id"] in landed)
    assert len(landed) > 150
    assert sum(number == 1 for number in views.values()) / len(landed) > 0.85


def test_there_are_bots_and_they_are_labelled(rows):
    labels = Counter(row.get("label") for row in rows if row["kind"] == "view")
    assert 50 < labels["declared_bot"] < labels[None] / 10


def test_every_link_of_the_shop_leads_to_a_page():
    assert {path for page in PAGES.values() for path in page.next} - {""} <= set(PAGES)
    assert {way.entry for way in WAYS} <= set(PAGES)
    assert all(sum(page.next.values()) == pytest.approx(1) for page in PAGES.values())


def test_a_sample_site_is_marked_and_its_visits_go_to_the_spool(database):
    bodies: list[bytes] = []

    def submit(body: bytes, events: int) -> "Future[None]":
        assert len(msgspec.json.decode(body, type=Footprint).events) == events
        bodies.append(body)
        future: Future[None] = Future()
        future.set_result(None)
        return future

    site = create_sample(database, submit, UNTIL)
    assert site.sample
    assert SiteBook(database).by_key(site.key) == site
    assert (site.goals, site.funnels) == (GOALS, FUNNELS)
    assert len(bodies) > 5000
    assert all(msgspec.json.decode(body, type=Footprint).received_at <= ms("2026-03-31 12:00") for body in bodies)
