import zipfile
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import pytest

from collectors.history.umami import FORMAT
from tests.collectors.history.conftest import Take
from tests.kit.kept import Kept
from tracker.errors import FootfallError
from tracker.sites import SiteInfo

# As the cloud exports it.
HEADER = (
    "website_id,session_id,visit_id,event_id,hostname,browser,os,device,screen,language,country,region,city,url_path,"
    "url_query,utm_source,utm_medium,utm_campaign,utm_content,utm_term,referrer_path,referrer_query,referrer_domain,"
    "page_title,gclid,fbclid,msclkid,ttclid,li_fat_id,twclid,event_type,event_name,tag,distinct_id,created_at,job_id"
)
EVENT_DATA = (
    "website_id,session_id,event_id,url_path,event_name,data_key,string_value,number_value,date_value,data_type,"
    "created_at,job_id"
)
VIEW = {
    "session_id": "5e55",
    "visit_id": "7151",
    "event_id": "e0",
    "hostname": "shop.example",
    "browser": "chrome",
    "os": "Mac OS",
    "device": "laptop",
    "screen": "1440x900",
    "language": "pl-PL",
    "country": "PL",
    "region": "PL-14",
    "city": "Warsaw",
    "url_path": "/teas",
    "referrer_domain": "www.google.com",
    "referrer_path": "/",
    "page_title": "Teas",
    "event_type": "1",
    "created_at": "2026-02-01 10:00:00",
    "job_id": "\\N",
}


def line(header: str = HEADER, **fields: str) -> str:
    told = {**VIEW, **fields}
    return ",".join(told.get(name, "") for name in header.split(","))


def export(*lines: str, header: str = HEADER) -> str:
    return "\n".join((header, *lines)) + "\n"


def test_a_view_is_where_when_and_with_what_it_was(take: Take, kept: Kept) -> None:
    assert take(FORMAT, export(line())).taken == 1
    [row] = kept.rows()
    told = {"path": "/teas", "host": "shop.example", "title": "Teas", "kind": "view"}
    told |= {"source": "Google", "medium": "search", "language": "pl-PL"}
    told |= {"country": "PL", "region": "PL-14", "city": "Warsaw"}
    told |= {"browser": "Chrome", "os": "Mac OS X", "device": "desktop"}
    assert told.items() <= row.items()
    assert row["occurred_at"] == row["received_at"] == "2026-02-01 10:00:00.000"


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("2026-02-01 10:00:00.123+00", "2026-02-01 10:00:00.123"),
        ("2026-02-01T10:00:00.500Z", "2026-02-01 10:00:00.500"),
        ("2026-02-01 10:00:00+01", "2026-02-01 09:00:00.000"),
    ],
)
def test_times_are_read_as_any_of_its_databases_writes_them(take: Take, kept: Kept, written: str, at: str) -> None:
    take(FORMAT, export(line(created_at=written)))
    assert kept.rows()[0]["occurred_at"] == at


def test_a_campaign_in_the_query_is_a_source(take: Take, kept: Kept) -> None:
    take(FORMAT, export(line(url_query="utm_source=spring&utm_campaign=may&token=s3cr3t", referrer_domain="")))
    [row] = kept.rows()
    assert (row["source"], row["campaign"], row["path"]) == ("spring", "may", "/teas")


def test_visitors_are_told_apart_within_a_day_and_not_beyond(take: Take, kept: Kept) -> None:
    days = ("2026-02-01 08:00:00", "2026-02-01 20:00:00", "2026-02-02 08:00:00")
    lines = [line(event_id=f"e{number}", created_at=day) for number, day in enumerate(days)]
    take(FORMAT, export(*lines, line(event_id="e9", session_id="other", created_at="2026-02-01 20:00:00")))
    names = [row["visitor_id"] for row in kept.rows()]
    assert names[0] in names[1:3]
    assert len(set(names)) == 3


def test_a_site_that_only_counts_knows_no_visitor(take: Take, kept: Kept, site: SiteInfo) -> None:
    take(FORMAT, export(line()), site=replace(site, privacy_mode="count"))
    assert "visitor_id" not in kept.rows()[0]


def test_its_ids_are_not_kept(take: Take, kept: Kept) -> None:
    take(FORMAT, export(line(session_id="1a2b3c4d", distinct_id="anna@example.org")))
    assert "1a2b3c4d" not in repr(kept.footprints)
    assert "anna" not in repr(kept.footprints)


def test_a_custom_event_has_its_name_and_its_data(take: Take, kept: Kept, tmp_path) -> None:
    archive = tmp_path / "export.zip"
    data = [
        ",5e55,e1,/teas,order,value,\\N,12.5000,\\N,2,2026-02-01 10:00:00,\\N",
        ",5e55,e1,/teas,order,tea,Assam,\\N,\\N,1,2026-02-01 10:00:00,\\N",
        ",5e55,e1,/teas,order,gift,true,\\N,\\N,3,2026-02-01 10:00:00,\\N",
    ]
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("export/website_event.csv", export(line(event_id="e1", event_type="2", event_name="order")))
        packed.writestr("export/event_data.csv", export(*data, header=EVENT_DATA))
        packed.writestr("export/session_data.csv", export(header="website_id,session_id,data_key,string_value"))
    assert take(FORMAT, archive).taken == 1
    [event] = kept.events()
    assert (event.kind, event.name) == ("custom", "order")
    assert event.properties == {"value": 12.5, "tea": "Assam", "gift": True}


def test_data_longer_than_an_event_holds_is_cut(take: Take, kept: Kept) -> None:
    header = "session_id,event_id,data_key,string_value,data_type"
    data = [f"5e55,e1,{key},{value},1" for key, value in (("tea", "ó" * 513), ("k" * 65, "x" * 60_000))]
    events = export(line(), line(event_id="e1", event_type="2", event_name="order"))
    assert take(FORMAT, export(*data, header=header), events).taken == 2
    [event] = [one for one in kept.events() if one.kind == "custom"]
    assert event.properties == {"tea": "ó" * 512, "k" * 64: "x" * 512}


def test_a_session_of_overlong_texts_is_cut_or_left_out(take: Take, kept: Kept) -> None:
    events = "event_id,website_id,session_id,created_at,url_path,page_title,event_type"
    sessions = "session_id,website_id,hostname,browser,os,device,screen,language,country,subdivision1,city,created_at"
    long = {"browser": "b" * 999, "os": "o" * 999, "language": "l" * 999, "city": "c" * 999}
    told = take(FORMAT, export(line(sessions, **long), header=sessions), export(line(events), header=events))
    assert told.taken == 1
    [row] = kept.rows()
    assert all(len(row.get(name, "")) <= 100 for name in long)


def test_a_database_that_keeps_browsers_with_sessions_is_read_with_both(take: Take, kept: Kept) -> None:
    events = "event_id,website_id,session_id,created_at,url_path,url_query,referrer_domain,page_title,event_type"
    sessions = "session_id,website_id,hostname,browser,os,device,screen,language,country,subdivision1,city,created_at"
    take(FORMAT, export(line(sessions, os="Windows 10"), header=sessions), export(line(events), header=events))
    [row] = kept.rows()
    told = {"browser": "Chrome", "os": "Windows", "os_version": "10", "country": "PL", "city": "Warsaw"}
    assert told.items() <= row.items()


def test_the_same_export_again_gives_the_same_ids(take: Take, kept: Kept) -> None:
    text = export(line(), line(event_id="e1"))
    take(FORMAT, text)
    first, kept.footprints = kept.ids(), []
    take(FORMAT, text)
    assert kept.ids() == first
    assert len(set(first)) == 2


def test_what_cannot_be_taken_is_counted_by_reason(take: Take, kept: Kept) -> None:
    told = take(
        FORMAT,
        export(
            line(),
            line(event_type="5"),
            line(event_type="many"),
            line(created_at="yesterday"),
            line(created_at="2399-01-01 00:00:00"),
            line(hostname="localhost"),
            line(event_id=""),
            line() + ",one,too,many",
            "",
        ),
    )
    assert told.taken == len(kept.events()) == 1
    assert told.skipped == {"performance": 1, "another host": 1}
    assert told.bad == {"event_type": 1, "time": 2, "id": 1, "fields": 1}
    assert told.rows == 8


def test_hostile_texts_are_cleaned_like_any(take: Take, kept: Kept) -> None:
    hostile = {"city": "anna@example.org", "browser": "=cmd|'/c calc'!A1", "language": "<script>", "os": "x" * 9999}
    take(FORMAT, export(line(url_path="/u/anna@example.org", country="<b>", **hostile)))
    [row] = kept.rows()
    assert (row["path"], row["city"]) == ("/u/:id", ":id")
    assert "language" not in row
    assert "country" not in row
    assert len(row["os"]) <= 64


def test_tables_of_events_are_open_one_at_a_time(
    take: Take, kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "export.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for number in range(5):
            packed.writestr(f"website_event_{number}.csv", export(line(event_id=f"e{number}"), "too,short"))
    streams: list[IO[bytes]] = []
    most = 0
    unwatched = zipfile.ZipFile.open

    def watched(*given: Any) -> IO[bytes]:
        nonlocal most
        streams.append(unwatched(*given))
        most = max(most, sum(not one.closed for one in streams))
        return streams[-1]

    monkeypatch.setattr(zipfile.ZipFile, "open", watched)
    told = take(FORMAT, archive)
    assert (told.taken, told.bad) == (5, {"fields": 5})
    assert most == 1


def test_a_file_without_events_is_refused_in_one_line(take: Take) -> None:
    with pytest.raises(FootfallError, match="no table of Umami's events"):
        take(FORMAT, "id,name\n1,shop\n")
