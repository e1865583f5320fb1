"""Across devices: changes from one to another, by hand."""

import pytest

from reports import cross_device
from tests.kit.store import PHONE, Visiting, dead
from tests.reports.conftest import Asking

LAPTOP_WORDS, PHONE_WORDS = "desktop, Linux, Firefox", "mobile, iOS, Mobile Safari"


def test_a_phone_after_a_struggle_on_the_laptop(ask: Asking, visit: Visiting) -> None:
    laptop = visit("2026-03-02 10:00", ["/", "/pay"], [dead("#pay", 1)])
    visit("2026-03-02 09:00", visitor=laptop)
    phone = visit("2026-03-02 11:00", user_agent=PHONE)
    visit("2026-03-04 10:00", visitor=laptop)
    visit.tie(laptop or 0, laptop, phone)
    answer = ask(cross_device.report)
    there, back = sorted(answer.rows, key=lambda row: str(row["first_device"]))
    assert (there["first_device"], there["then_device"]) == (LAPTOP_WORDS, PHONE_WORDS)
    assert (there["profiles"], there["changes"], there["struggled_before"], there["struggled_after"]) == (1, 1, 1, 0)
    # the visit on the laptop ended with the click, 65 seconds in
    assert there["between_ms"] == pytest.approx(3_600_000 - 65_000, abs=10_000)
    assert (back["first_device"], back["then_device"], back["struggled_before"]) == (PHONE_WORDS, LAPTOP_WORDS, 0)
    assert answer.totals == {"profiles": 1}


def test_who_is_not_tied_changes_nothing(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-02 10:00")
    visit("2026-03-02 11:00", user_agent=PHONE)
    stay = visit("2026-03-02 10:00")
    visit("2026-03-03 10:00", visitor=stay)
    visit.tie(stay or 0, stay)
    answer = ask(cross_device.report)
    assert answer.rows == []
    assert answer.notes[1] == (
        "Of 1 profile tied to more than one identifier, 0 used more than one device in the range."
    )


def test_the_most_profiles_come_first(ask: Asking, visit: Visiting) -> None:
    for day, (first, then) in enumerate([("", PHONE), ("", PHONE), (PHONE, "")], 2):
        one, other = (
            visit(f"2026-03-0{day} {hour}:00", **({"user_agent": agent} if agent else {}))
            for hour, agent in ((10, first), (12, then))
        )
        visit.tie(one or 0, one, other)
    rows = ask(cross_device.report).rows
    assert [(row["first_device"], row["profiles"]) for row in rows] == [(LAPTOP_WORDS, 2), (PHONE_WORDS, 1)]
