import json
from pathlib import Path

import pytest

from tests.tracker.imports.formats.conftest import Read, plain
from tracker.errors import FootfallError
from tracker.imports.formats.matomo import FORMAT

DAYS = {
    "2026-02-09": {
        "nb_uniq_visitors": 119,
        "nb_visits": 134,
        "nb_actions": 350,
        "nb_pageviews": 304,
        "bounce_count": 77,
        "sum_visit_length": 21070,
        "bounce_rate": "57%",
    },
    "2026-02-10": [],
}
PAGES = {
    "2026-02-09": [
        {
            "label": "/teas",
            "nb_visits": 8,
            "nb_uniq_visitors": 7,
            "nb_hits": 11,
            "entry_nb_visits": 5,
            "entry_bounce_count": 2,
            "exit_nb_visits": 3,
        },
        {"label": "docs", "nb_visits": 9, "nb_hits": 12, "idsubdatatable": 4},
    ]
}


def test_days_are_read(read: Read) -> None:
    counts, _ = read(FORMAT, json.dumps(DAYS))
    told = {"visitors": 119, "visits": 134, "views": 304, "bounces": 77, "duration_ms": 21_070_000}
    assert plain(counts) == [("days", "2026-02-09", "", told)]


def test_pages_tell_of_entries_and_exits_too(read: Read) -> None:
    counts, left = read(FORMAT, json.dumps(PAGES))
    assert plain(counts) == [
        ("pages", "2026-02-09", "/teas", {"visitors": 7, "visits": 8, "views": 11}),
        ("entry-pages", "2026-02-09", "/teas", {"visits": 5, "bounces": 2}),
        ("exit-pages", "2026-02-09", "/teas", {"visits": 3}),
    ]
    assert left.skipped == {"folder (ask with flat=1)": 1}


def test_sources_and_countries_are_known_by_their_columns(read: Read) -> None:
    sources = [
        {"label": "Google", "nb_visits": 3, "referer_type": 2},
        {"label": "Direct Entry", "nb_visits": 4, "referer_type": 1},
    ]
    counts, _ = read(FORMAT, json.dumps({"2026-02-09": sources}))
    assert [(one.kind, one.name, one.numbers.visits) for one in counts] == [
        ("sources", "Google", 3),
        ("sources", "", 4),
    ]
    counts, _ = read(FORMAT, json.dumps({"2026-02-09": [{"label": "Poland", "code": "pl", "nb_visits": 2}]}))
    assert [(one.kind, one.name) for one in counts] == [("countries", "PL")]


def test_any_other_report_is_what_it_is_said_to_be(read: Read) -> None:
    text = json.dumps({"2026-02-09": [{"label": "Firefox", "nb_visits": 2}]})
    counts, _ = read(FORMAT, text, "browsers")
    assert plain(counts) == [("browsers", "2026-02-09", "Firefox", {"visits": 2})]
    with pytest.raises(FootfallError, match=r"say it \(in the command line by --kind\), one of days, pages"):
        read(FORMAT, text)


def test_its_csv_is_of_utf_16(read: Read, tmp_path: Path) -> None:
    file = tmp_path / "export.csv"
    text = "date,nb_uniq_visitors,nb_visits,bounce_count,sum_visit_length\n2026-02-09,119,134,77,21070\nnever,1,1,1,1\n"
    file.write_bytes(text.encode("utf-16"))
    counts, left = read(FORMAT, file)
    assert plain(counts) == [
        ("days", "2026-02-09", "", {"visitors": 119, "visits": 134, "bounces": 77, "duration_ms": 21_070_000})
    ]
    assert left.bad == {"day": 1}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"nb_visits": 3}', "this is not by day; ask with period=day"),
        ("[]", "this is not by day; ask with period=day"),
        ('{"result": "error", "message": "no access"}', "answered with an error: no access"),
        ("{", "no answer of Matomo"),
        ("label,nb_visits\nGoogle,3\n", "lacks the columns date and nb_visits; ask with period=day"),
        ("Date,Visits\n2026-02-09,3\n", "translateColumnNames=0"),
    ],
)
def test_what_is_not_by_day_is_refused_with_what_to_ask_for(read: Read, text: str, says: str) -> None:
    with pytest.raises(FootfallError, match=says):
        read(FORMAT, text)
