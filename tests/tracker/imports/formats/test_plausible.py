import zipfile
from pathlib import Path

import pytest

from tests.tracker.imports.formats.conftest import Read, plain
from tracker.errors import FootfallError
from tracker.imports.formats.plausible import FORMAT

# A day of each table, with the columns that its exports have.
DAY = {
    "visitors": '"date","visitors","pageviews","bounces","visits","visit_duration"\n'
    '"2026-02-09",119,304,77,134,21070\n',
    "pages": '"date","hostname","page","visits","visitors","pageviews","total_scroll_depth",'
    '"total_scroll_depth_visits","total_time_on_page","total_time_on_page_visits"\n"2026-02-09","shop.example","/teas",8,7,11,300,7,90,7\n',
    "entry_pages": '"date","entry_page","visitors","entrances","visit_duration","bounces","pageviews"\n'
    '"2026-02-09","/teas",28,29,3573,13,64\n',
    "exit_pages": '"date","exit_page","visitors","visit_duration","exits","bounces","pageviews"\n'
    '"2026-02-09","/cart",12,900,14,7,20\n',
    "sources": '"date","source","referrer","utm_source","utm_medium","utm_campaign","utm_content","utm_term",'
    '"pageviews","visitors","visits","visit_duration","bounces"\n'
    '"2026-02-09","Google","google.com","","","","","",70,23,25,8249,13\n'
    '"2026-02-09","","","","","","","",12,9,9,300,4\n'
    '"2026-02-09","newsletter","","newsletter","email","spring, 2026","","",8,5,5,900,1\n',
    "locations": '"date","country","region","city","visitors","visits","visit_duration","bounces","pageviews"\n'
    '"2026-02-09","FR","FR-PAC",3027647,10,11,400,3,22\n',
    "devices": '"date","device","visitors","visits","visit_duration","bounces","pageviews"\n'
    '"2026-02-09","Laptop",19,21,3545,11,36\n',
    "browsers": '"date","browser","browser_version","visitors","visits","visit_duration","bounces","pageviews"\n'
    '"2026-02-09","Firefox","140.0",5,6,60,2,9\n',
    "operating_systems": '"date","operating_system","operating_system_version","visitors","visits","visit_duration",'
    '"bounces","pageviews"\n"2026-02-09","Mac","10.15",5,6,60,2,9\n',
    "custom_events": '"date","name","link_url","path","visitors","events"\n"2026-02-09","Signup","","",3,4\n',
}


def archive(folder: Path, **tables: str) -> Path:
    file = folder / "shop_example_20260301.zip"
    with zipfile.ZipFile(file, "w") as packed:
        for name, text in tables.items():
            packed.writestr(f"imported_{name}_20260209_20260209.csv", text)
    return file


def test_every_table_of_an_export_is_counted(read: Read, tmp_path: Path) -> None:
    counts, left = read(FORMAT, archive(tmp_path, **DAY))
    day = "2026-02-09"
    told = {"visitors": 10, "visits": 11, "views": 22, "bounces": 3, "duration_ms": 400_000}
    letter = {"visitors": 5, "visits": 5, "views": 8, "bounces": 1, "duration_ms": 900_000}
    agent = {"visitors": 5, "visits": 6, "views": 9, "bounces": 2, "duration_ms": 60_000}
    assert plain(counts) == [
        ("days", day, "", {"visitors": 119, "visits": 134, "views": 304, "bounces": 77, "duration_ms": 21_070_000}),
        ("pages", day, "/teas", {"visitors": 7, "visits": 8, "views": 11}),
        (
            "entry-pages",
            day,
            "/teas",
            {"visitors": 28, "visits": 29, "views": 64, "bounces": 13, "duration_ms": 3_573_000},
        ),
        ("exit-pages", day, "/cart", {"visitors": 12, "visits": 14, "views": 20, "bounces": 7, "duration_ms": 900_000}),
        (
            "sources",
            day,
            "Google",
            {"visitors": 23, "visits": 25, "views": 70, "bounces": 13, "duration_ms": 8_249_000},
        ),
        ("sources", day, "", {"visitors": 9, "visits": 9, "views": 12, "bounces": 4, "duration_ms": 300_000}),
        ("sources", day, "newsletter", letter),
        ("campaigns", day, "spring, 2026", letter),
        ("countries", day, "FR", told),
        ("regions", day, "FR-PAC", told),
        (
            "devices",
            day,
            "desktop",
            {"visitors": 19, "visits": 21, "views": 36, "bounces": 11, "duration_ms": 3_545_000},
        ),
        ("browsers", day, "Firefox", agent),
        ("systems", day, "Mac", agent),
        ("events", day, "Signup", {"visitors": 3, "events": 4}),
    ]
    assert not left.bad


def test_older_exports_know_no_views_of_sources(read: Read, tmp_path: Path) -> None:
    header = '"date","source","utm_campaign","visitors","visits","visit_duration","bounces"\n'
    counts, _ = read(FORMAT, archive(tmp_path, sources=header + '"2026-02-09","Bing","",1,2,3,1\n'))
    assert plain(counts) == [
        ("sources", "2026-02-09", "Bing", {"visitors": 1, "visits": 2, "bounces": 1, "duration_ms": 3000})
    ]


def test_one_table_alone_is_known_by_its_name(read: Read, tmp_path: Path) -> None:
    file = tmp_path / "imported_visitors_20260209_20260209.csv"
    file.write_text(DAY["visitors"])
    assert len(read(FORMAT, file)[0]) == 1


def test_bad_rows_are_counted_and_the_others_taken(read: Read, tmp_path: Path) -> None:
    rows = '"never",1,1,1,1,1\n"2026-02-10",-1,1,1,1,1\n"2026-02-10",many,1,1,1,1\n'
    rows += '"2399-01-01",1,1,1,1,1\n"2026-02-10",1\n'
    counts, left = read(FORMAT, archive(tmp_path, visitors=DAY["visitors"] + rows))
    assert len(counts) == 1
    assert left.bad == {"day": 2, "number": 2, "fields": 1}


def test_names_are_cleaned_like_all_that_is_collected(read: Read, tmp_path: Path) -> None:
    page = '"date","page","visitors","pageviews"\n"2026-02-09","/u/anna@example.org?token=1",1,1\n'
    event = '"date","name","visitors","events"\n"2026-02-09","anna@example.org' + "x " * 900 + '",1,1\n'
    counts, _ = read(FORMAT, archive(tmp_path, pages=page, custom_events=event))
    assert counts[0].name == "/u/:id"
    assert "anna" not in counts[1].name
    assert len(counts[1].name) <= 512


@pytest.mark.parametrize(
    ("tables", "says"),
    [({}, "no export of Plausible"), ({"visitors": "a,b\n1,2\n"}, "columns are not those of Plausible's")],
)
def test_what_is_no_export_is_refused(read: Read, tmp_path: Path, tables: dict[str, str], says: str) -> None:
    with pytest.raises(FootfallError, match=says):
        read(FORMAT, archive(tmp_path, **tables))
