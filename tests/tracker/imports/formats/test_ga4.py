import json
from typing import Any

import pytest

from tests.tracker.imports.formats.conftest import Read, plain
from tracker.errors import FootfallError
from tracker.imports.formats.ga4 import FORMAT

HEAD = """# ----------------------------------------
# Pages by day
# Account: Shop
# Property: shop.example
# ----------------------------------------
#
# All Users
# Start date: 20260208
# End date: 20260210
"""


def answer(dimensions: list[str], metrics: list[str], *rows: list[str]) -> dict[str, Any]:
    """Return what the Data API answers to runReport."""
    return {
        "dimensionHeaders": [{"name": name} for name in dimensions],
        "metricHeaders": [{"name": name, "type": "TYPE_INTEGER"} for name in metrics],
        "rows": [
            {
                "dimensionValues": [{"value": cell} for cell in row[: len(dimensions)]],
                "metricValues": [{"value": cell} for cell in row[len(dimensions) :]],
            }
            for row in rows
        ],
        "rowCount": len(rows),
        "metadata": {"currencyCode": "EUR", "timeZone": "Europe/Warsaw"},
        "kind": "analyticsData#runReport",
    }


DAYS = answer(
    ["date"],
    ["activeUsers", "sessions", "engagedSessions", "screenPageViews", "averageSessionDuration"],
    ["20260209", "119", "134", "100", "304", "60.5"],
)


def test_an_answer_by_day_is_read(read: Read) -> None:
    counts, _ = read(FORMAT, json.dumps(DAYS))
    told = {"visitors": 119, "visits": 134, "views": 304, "bounces": 34, "duration_ms": 8_107_000}
    assert plain(counts) == [("days", "2026-02-09", "", told)]


def test_several_answers_at_once_are_read(read: Read) -> None:
    pages = answer(["date", "pagePath"], ["screenPageViews"], ["20260209", "/teas", "11"])
    sources = answer(
        ["sessionSource", "date"], ["sessions"], ["(direct)", "20260209", "4"], ["google", "20260209", "5"]
    )
    counts, _ = read(FORMAT, json.dumps({"reports": [pages, sources], "kind": "analyticsData#batchRunReports"}))
    assert plain(counts) == [
        ("pages", "2026-02-09", "/teas", {"views": 11}),
        ("sources", "2026-02-09", "", {"visits": 4}),
        ("sources", "2026-02-09", "google", {"visits": 5}),
    ]


def test_a_download_is_read_table_by_table(read: Read) -> None:
    text = (
        HEAD
        + "Date,Page path and screen class,Views,Active users\n,,20,8,Grand total\n"
        + "20260209,/teas,11,7\n20260210,/cart,9,1\n\n"
        + HEAD
        + "Nth day,Active users\n0000,5\n0002,6\n\n"
        + "# Where from\nCountry,Active users\nPoland,11\n"
    )
    counts, left = read(FORMAT, text)
    assert plain(counts) == [
        ("pages", "2026-02-09", "/teas", {"visitors": 7, "views": 11}),
        ("pages", "2026-02-10", "/cart", {"visitors": 1, "views": 9}),
        ("days", "2026-02-08", "", {"visitors": 5}),
        ("days", "2026-02-10", "", {"visitors": 6}),
    ]
    assert left.skipped == {"total": 1, "not by day": 1}


def test_countries_are_known_by_name_and_devices_by_ours(read: Read) -> None:
    countries = "Date,Country,Active users\n20260209,Poland,3\n20260209,Atlantis,1\n\n"
    text = countries + "Date,Device category,Sessions\n20260209,Mobile,2\n"
    counts, _ = read(FORMAT, text)
    assert [(one.kind, one.name) for one in counts] == [
        ("countries", "PL"),
        ("countries", "Atlantis"),
        ("devices", "mobile"),
    ]


def test_events_are_counted_of_events_alone(read: Read) -> None:
    events, _ = read(FORMAT, "Date,Event name,Event count\n20260209,sign_up,3\n")
    assert plain(events) == [("events", "2026-02-09", "sign_up", {"events": 3})]
    pages, _ = read(FORMAT, "Date,Page path,Event count,Views\n20260209,/,99,3\n")
    assert plain(pages) == [("pages", "2026-02-09", "/", {"views": 3})]


def test_bad_rows_are_counted_and_the_others_taken(read: Read) -> None:
    counts, left = read(FORMAT, "Date,Views\n20260209,1\n2026,1\n20260209,-1\n20260209,nan\n20260209,1,2\n")
    assert len(counts) == 1
    assert left.bad == {"day": 1, "number": 2, "fields": 1}


def test_days_to_come_are_bad_however_they_are_told(read: Read) -> None:
    counts, left = read(FORMAT, HEAD + "Nth day,Active users\n0000,5\n30000,6\n")
    assert len(counts) == 1
    assert left.bad == {"day": 1}


def test_numbers_too_large_to_be_added_up_are_bad(read: Read) -> None:
    text = "Date,Sessions,Average session duration\n20260209,1000000000,1\n20260209,1000000000,60\n20260209,1e10,1\n"
    counts, left = read(FORMAT, text + "20260209,2,450000000\n20260209,2,450000001\n")
    assert plain(counts) == [("days", "2026-02-09", "", {"visits": 2, "duration_ms": 900_000_000_000})]
    assert left.bad == {"number": 4}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (HEAD + "Page path,Views\n/,3\n", "no table in it has the column Date"),
        ("", "no table in it has the column Date"),
        (json.dumps(answer(["pagePath"], ["sessions"])), "no table in it has the column Date"),
        (json.dumps(answer(["date", "pagePath", "browser"], ["sessions"])), "by pagePath, browser; ask by day and one"),
        (json.dumps(answer(["date", "hour"], ["sessions"])), "by hour; ask by day and one"),
        ('{"rows": 1}', "no table in it has the column Date"),
        (json.dumps({**DAYS, "rows": 1}), "no answer of the Data API"),
        (json.dumps({**DAYS, "rows": [{"metricValues": 1}]}), "no answer of the Data API"),
        (json.dumps({**DAYS, "metricHeaders": 1}), "no answer of the Data API"),
        ("{" * 100_000, "no answer of the Data API"),
    ],
)
def test_what_is_not_by_day_is_refused_with_what_to_ask_for(read: Read, text: str, says: str) -> None:
    with pytest.raises(FootfallError, match=says):
        read(FORMAT, text)
