"""One profile: its identifiers, its edges in words, its time from the newest to the oldest."""

from datetime import datetime

from tests.kit.people import People
from tests.kit.store import Visiting, dead
from tests.reports.profiles.conftest import Asking
from tracker.identity import hand
from tracker.identity.members import copy_members

LAPTOP, OLD, LOOKS, ANN, BEN, DAY = 1001, 1002, 4001, 2001, 2002, 3001
FIELDS = [
    {"field": "gpu_renderer", "outcome": "same", "bits": 11.2},
    {"field": "fonts", "outcome": "same", "bits": 9.0},
    {"field": "version", "outcome": "newer", "bits": -1.5},
    {"field": "model", "outcome": "missing", "bits": 0.0},
]


def test_edges_say_in_words_why(visit: Visiting, people: People, asking: Asking) -> None:
    people.name("first_party", LAPTOP, OLD)
    people.name("fingerprint", LOOKS)
    people.name("login", ANN)
    people.name("daily_hash", DAY)
    people.tie(LAPTOP, DAY, "first_party", "2026-03-03 10:00", observations=12)
    people.tie(LAPTOP, ANN, "login", "2026-03-03 10:00", "2026-03-05 10:00", observations=3)
    people.tie(OLD, LOOKS, "fingerprint", "2026-03-01 10:00", evidence={"first": True})
    people.tie(LAPTOP, LOOKS, "fingerprint", "2026-03-03 10:00", evidence={"fields": FIELDS, "needed": 24.0}, bits=31.0)
    found = asking.one(LAPTOP)
    assert found and found.who == "signed in"
    assert [one.kind for one in found.identifiers] == [
        "login",
        "first_party",
        "first_party",
        "fingerprint",
        "daily_hash",
    ]
    told = {(edge.kind, edge.a.id): edge.evidence for edge in found.edges}
    assert told["first_party", str(LAPTOP)] == ["Sent together by one browser, 12 times, on 3 Mar 2026"]
    assert told["login", str(LAPTOP)] == [
        "Signed in on this browser with this login, 3 times, from 3 Mar 2026 to 5 Mar 2026"
    ]
    assert told["fingerprint", str(OLD)][0] == "The first browser id that was seen with these looks"
    assert told["fingerprint", str(LAPTOP)] == [
        "Looks like this browser: same graphics card (+11.2 bits), same fonts (+9.0 bits)",
        "Against it: browser version went up (−1.5 bits)",
        "31.0 bits where 24.0 were needed",
        "Seen with these looks once, on 3 Mar 2026",
    ]
    assert {edge.standing for edge in found.edges} == {"counts"}


def test_what_was_taken_back_stays_with_who_and_why(visit: Visiting, people: People, asking: Asking) -> None:
    people.name("first_party", LAPTOP)
    people.name("login", ANN)
    edge = people.tie(LAPTOP, ANN, "login", "2026-03-03 10:00")
    with people.database.session() as session:
        hand.take_back(session, people.site.id, edge, who="ann@example.org", reason="A friend's laptop")
    copy_members(people.database, people.store)
    found = asking.one(LAPTOP)
    assert found and [one.id for one in found.identifiers] == [str(LAPTOP)]
    [told] = found.edges
    assert (told.standing, told.retracted_by, told.reason) == ("taken back", "ann@example.org", "A friend's laptop")
    assert [one.kind for one in asking.timeline(LAPTOP).moments] == ["taken back", "stitched"]


def test_the_timeline_tells_visits_with_struggles_events_sign_ins_and_ties(
    visit: Visiting, people: People, asking: Asking
) -> None:
    people.name("first_party", LAPTOP)
    people.name("login", ANN)
    people.tie(LAPTOP, ANN, "login", "2026-03-03 10:00")
    visit("2026-03-02 10:00", ["/", "/a"], [dead("#buy")], custom=["order"], visitor=LAPTOP)
    visit("2026-03-04 10:00", ["/b"], visitor=LAPTOP)
    visit("2026-03-04 11:00", ["/other"], visitor=DAY)
    told = asking.timeline(LAPTOP)
    assert [one.kind for one in told.moments] == ["visit", "sign-in", "stitched", "visit"]
    first = told.moments[-1].visit
    assert first and first.trail == ["/", "/a"]
    assert [(one.signal, one.offset_ms, one.path) for one in first.struggles] == [("dead", 5000, "/")]
    assert [one.name for one in first.events] == ["order"]
    assert told.moments[1].words == "Login 000000 signed in on browser id 000000"
    assert told.before is None


def test_a_long_timeline_is_told_page_by_page_and_nothing_twice(
    visit: Visiting, people: People, asking: Asking
) -> None:
    with visit.at_once():
        for hour in range(25):
            visit(f"2026-03-0{1 + hour // 12} {2 * (hour % 12):02}:00", ["/"], visitor=DAY)
    first = asking.timeline(DAY)
    assert (len(first.moments), first.before) == (20, first.moments[-1].at)
    rest = asking.timeline(DAY, before=first.before)
    assert (len(rest.moments), rest.before) == (5, None)
    times: list[datetime] = [one.at for one in (*first.moments, *rest.moments)]
    assert times == sorted(set(times), reverse=True)


def test_sources_devices_and_places_are_counted(visit: Visiting, people: People, asking: Asking) -> None:
    for day, country in ((2, "PL"), (3, "PL"), (4, "DE")):
        visit(f"2026-03-0{day} 10:00", ["/"], visitor=DAY, country=country)
    found = asking.one(DAY)
    assert found and (found.who, found.visits, found.identifiers, found.edges) == ("one day", 3, [], [])
    assert [(one.name[0], one.visits) for one in found.places] == [("PL", 2), ("DE", 1)]
    assert [one.visits for one in found.devices] == [3]


def test_of_nobody_there_is_no_profile(visit: Visiting, people: People, asking: Asking) -> None:
    assert asking.one(DAY) is None
