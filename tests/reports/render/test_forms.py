"""Words, CSV and the terminal's table: right numbers, and nothing that runs."""

import csv as stdlib_csv
import io
from dataclasses import replace
from typing import Any

import pytest

from reports.render import csv, table
from reports.render.words import THIN, duration, words
from reports.report import Column, Found, Report
from reports.run import ReportAnswer, Seen
from reports.scope import parse_scope
from tests.kit.ground import at
from tracker.sites import SiteInfo

SITE = SiteInfo(1, "key", "Shop", "Europe/Warsaw", "cookieless", (), frozenset(), True, False)
REPORT = Report(
    "things",
    "Things",
    "What is there?",
    (Column("path", "Page", "path", "A page."), Column("views", "Views", "count", "Views.")),
    lambda scope, ask: Found(rows=()),
)


def answer(*rows: dict[str, Any], **fields: Any) -> ReportAnswer:
    scope = parse_scope(SITE, {}, at("2026-03-10 12:00"))
    plain = ReportAnswer(REPORT, scope, Seen(None, 0), list(rows), None, None, None, [], 1)
    return replace(plain, **fields)


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (None, "count", "–"),
        (None, "source", "direct"),
        ("Google", "source", "Google"),
        (0, "count", "0"),
        (1234567, "count", f"1{THIN}234{THIN}567"),
        (1234.56, "number", f"1{THIN}234.6"),
        (0.1234, "share", f"12.3{THIN}%"),
        (0, "share", f"0.0{THIN}%"),
        (800, "ms", "800 ms"),
        (["/", "/a"], "trail", "/ → /a"),
        ("2026-03-01T00:00:00+01:00", "time", "2026-03-01"),
        ("2026-03-01T14:05:09.123+01:00", "time", "2026-03-01 14:05"),
    ],
)
def test_words(value: Any, kind: Any, text: str) -> None:
    assert words(value, kind) == text


@pytest.mark.parametrize(
    ("ms", "text"),
    [(0, "0 ms"), (999, "999 ms"), (1000, "1.0 s"), (59_949, "59.9 s"), (59_950, "1 m 0 s"), (7_500_000, "2 h 5 m")],
)
def test_durations(ms: int, text: str) -> None:
    assert duration(ms) == text


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\ufeff=1", "＝1"])
def test_csv_disarms_formulas(text: str) -> None:
    [_, row] = stdlib_csv.reader(io.StringIO(csv.render(answer({"path": text, "views": -1}))))
    assert row == [f"'{text}", "-1"]


def test_csv_keeps_quotes_commas_and_lines() -> None:
    text = '/a,"b"\nc'
    [_, row] = stdlib_csv.reader(io.StringIO(csv.render(answer({"path": text, "views": None})), newline=""))
    assert row == [text, ""]


def test_the_table_is_aligned_and_ends_in_totals_and_notes() -> None:
    given = answer({"path": "/", "views": 1000}, {"path": "/漢字", "views": 5}, totals={"views": 1005}, notes=["Mind."])
    assert table.render(given).splitlines() == [
        "Things: Shop, 2026-02-11 00:00 to 2026-03-11 00:00 (Europe/Warsaw)",
        "",
        "Page   Views",
        "-----  -----",
        f"/      1{THIN}000",
        "/漢字      5",
        "-----  -----",
        f"       1{THIN}005",
        "",
        "Mind.",
    ]


def test_the_table_fits_its_terminal_and_drives_none() -> None:
    shown = table.render(answer({"path": "/\x1b[31m" + "x" * 90, "views": 1}), width=30)
    assert "\x1b" not in shown
    assert max(len(line) for line in shown.splitlines()[2:]) == 30
    assert "…" in shown


def test_a_table_of_nothing_says_so() -> None:
    assert "Nothing in this range." in table.render(answer())
