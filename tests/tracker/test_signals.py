"""Which clicks are dead, slow or failed, on each engine: one case a line of the published table."""

from dataclasses import replace

from sqlalchemy import select

from tests.kit.store import Visiting, click
from tracker.signals import DEAD, DISABLED, ERROR, FALSE_AFFORDANCE, IN_VAIN, SLOW, THRESHOLDS
from tracker.sites import SiteInfo
from tracker.store.base import EventStore
from tracker.store.schema import event

CASES = [
    ("nothing followed", {}, DEAD),
    ("a mutation at 2500 ms", {"mutation_ms": 2500}, SLOW),
    ("a mutation at 2501 ms", {"mutation_ms": 2501}, DEAD | SLOW),
    ("a mutation after 7 s", {"mutation_ms": 7001}, DEAD),
    ("a mutation at 1000 ms", {"mutation_ms": 1000}, 0),
    ("a mutation at 1001 ms", {"mutation_ms": 1001}, SLOW),
    ("a mutation elsewhere does not count", {"any_mutation_ms": 10}, DEAD),
    ("a request within a second", {"request_ms": 1000}, 0),
    ("a later request", {"request_ms": 1001}, DEAD),
    ("a request, and its effect late", {"request_ms": 5, "mutation_ms": 4000}, SLOW),
    ("navigation", {"navigation_ms": 5}, 0),
    ("late navigation", {"navigation_ms": 1500}, SLOW),
    ("scrolling at once", {"scroll_ms": 300}, 0),
    ("scrolling later", {"scroll_ms": 301}, DEAD),
    ("selection at once", {"selection_ms": 100}, 0),
    ("selection later", {"selection_ms": 101}, DEAD),
    ("input", {"input_ms": 900}, 0),
    ("input later is no slow answer", {"input_ms": 2000}, 0),
    ("focus moved", {"focus_ms": 10}, 0),
    ("a dialog", {"dialog_ms": 10}, 0),
    ("a dialog late", {"dialog_ms": 1200}, SLOW),
    ("media", {"media_ms": 10}, 0),
    ("hidden within a second", {"hidden_ms": 1000}, 0),
    ("hidden just before", {"hidden_ms": -1000}, 0),
    ("hidden long before", {"hidden_ms": -1001}, DEAD),
    ("hidden later", {"hidden_ms": 1001}, DEAD),
    ("a script error", {"error_ms": 1000}, ERROR),
    ("an error long after", {"error_ms": 1001}, DEAD),
    ("a failed request", {"request_ms": 10, "failed_request_ms": 5000}, ERROR),
    ("a request that failed later", {"request_ms": 10, "failed_request_ms": 5001}, 0),
    ("an error and slow", {"error_ms": 5, "mutation_ms": 3000}, ERROR | SLOW),
    ("disabled", {"disabled": True}, DEAD | DISABLED),
    ("disabled and yet answering", {"disabled": True, "mutation_ms": 5}, 0),
    ("only looks interactive", {"affordance": "pointer"}, DEAD | FALSE_AFFORDANCE),
    ("only looks like a link", {"affordance": "link"}, DEAD | FALSE_AFFORDANCE),
    ("a role", {"affordance": "role"}, DEAD),
    ("plain content", {"affordance": "none"}, IN_VAIN),
    ("nothing known of its look", {"affordance": None}, IN_VAIN),
    ("an error on plain content", {"affordance": "none", "error_ms": 5}, ERROR),
    ("made by a script", {"trusted": None}, 0),
    ("a script's error", {"trusted": None, "error_ms": 5}, 0),
    ("with a modifier key", {"modified": True}, 0),
    ("dragged", {"dragged": True}, 0),
    ("exempt", {"exempt": "download"}, 0),
]


def test_the_table_of_cases_holds(store: EventStore, visit: Visiting):
    clicks = [
        click(f"#case-{number}", after_s=number / 10, **evidence) for number, (_, evidence, _) in enumerate(CASES)
    ]
    visit("2026-03-01 10:00", ["/"], clicks)
    decided = dict(store.query(select(event.c.element, event.c.signals).where(event.c.kind == "click")).rows)
    wrong = {
        name: decided[f"#case-{number}"]
        for number, (name, _, expected) in enumerate(CASES)
        if decided[f"#case-{number}"] != expected
    }
    assert wrong == {}


def test_only_clicks_have_signals(store: EventStore, visit: Visiting):
    visit("2026-03-01 10:00", ["/"], engaged_s=5, custom=["signup"])
    found = store.query(select(event.c.kind, event.c.signals)).rows
    assert sorted(found) == [("custom", None), ("engagement", None), ("view", None)]


def test_deriving_decides_old_clicks_again(store: EventStore, visit: Visiting, site: SiteInfo):
    visit("2026-03-01 10:00", ["/"], [click("#a"), click("#b", mutation_ms=2000)])

    def derived(slow: int) -> list[int]:
        store.limits = lambda: {site.id: replace(THRESHOLDS, slow=slow)}
        store.derive()
        clicks = select(event.c.signals).where(event.c.kind == "click").order_by(event.c.element)
        return [signals for (signals,) in store.query(clicks).rows]

    assert derived(THRESHOLDS.slow) == [DEAD, SLOW]
    assert derived(2000) == [DEAD, 0]
    for _ in range(2):
        assert derived(THRESHOLDS.slow) == [DEAD, SLOW]
