import gzip
import zipfile
from pathlib import Path

import pytest

from collectors.history.goatcounter import FORMAT
from tests.collectors.history.conftest import Take
from tests.kit.ingest import FIREFOX
from tests.kit.kept import Kept
from tracker.errors import FootfallError

SECOND = (
    "2Path,Title,Event,UserAgent,Browser,System,Session,Bot,"
    "Referrer,Referrer scheme,Screen size,Location,FirstVisit,Date"
)
FIRST = "1Path,Title,Event,Bot,Session,FirstVisit,Referrer,Referrer scheme,Browser,Screen size,Location,Date"
VIEW = {
    "2Path": "/teas",
    "1Path": "/teas",
    "Title": "Teas",
    "Event": "false",
    "Browser": "Chrome 138",
    "System": "macOS 10.15",
    "Session": "0193d6ce-3a5b-7c1d-8e2f-1a2b3c4d5e6f",
    "Bot": "0",
    "Screen size": '"1440,900,2"',
    "Location": "PL-14",
    "FirstVisit": "true",
    "Date": "2026-02-01T10:00:00Z",
}


def line(header: str = SECOND, **fields: str) -> str:
    told = {**VIEW, **{name.replace("_", " "): value for name, value in fields.items()}}
    return ",".join(told.get(name, "") for name in header.split(","))


def export(*lines: str, header: str = SECOND) -> str:
    return "\n".join((header, *lines)) + "\n"


def test_a_view_is_where_when_and_with_what_it_was(take: Take, kept: Kept) -> None:
    assert take(FORMAT, export(line())).taken == 1
    [row] = kept.rows()
    told = {"path": "/teas", "host": "shop.example", "title": "Teas", "kind": "view"}
    told |= {"country": "PL", "region": "PL-14", "occurred_at": "2026-02-01 10:00:00.000"}
    told |= {"browser": "Chrome", "browser_version": "138", "os": "Mac OS X", "os_version": "10.15"}
    assert {**told, "device": "desktop"}.items() <= row.items()


def test_the_first_version_has_the_whole_user_agent(take: Take, kept: Kept) -> None:
    take(FORMAT, export(line(FIRST, Browser=FIREFOX), header=FIRST))
    [row] = kept.rows()
    assert (row["browser"], row["os"], row["path"]) == ("Firefox", "Linux", "/teas")


@pytest.mark.parametrize(
    ("referrer", "scheme", "source", "medium"),
    [
        ("news.ycombinator.com/item?id=1", "h", "Hacker News", "social"),
        ("Google", "g", "Google", "search"),
        ("spring letter", "c", "spring letter", "referral"),
        ("", "", None, None),
    ],
)
def test_each_kind_of_referrer_is_a_source(
    take: Take, kept: Kept, referrer: str, scheme: str, source: str | None, medium: str | None
) -> None:
    take(FORMAT, export(line(Referrer=referrer, Referrer_scheme=scheme)))
    [row] = kept.rows()
    assert (row.get("source"), row.get("medium"), row["path"]) == (source, medium, "/teas")


def test_an_event_is_a_custom_event_by_its_name(take: Take, kept: Kept) -> None:
    take(FORMAT, export(line(**{"2Path": "download-pdf", "Event": "true"})))
    [row] = kept.rows()
    assert (row["kind"], row["name"], row["path"]) == ("custom", "download-pdf", "/")


def test_what_was_taken_for_a_bot_is_labelled(take: Take, kept: Kept) -> None:
    take(FORMAT, export(line(Bot="7"), line(Bot="0")))
    assert sorted(row.get("label", "") for row in kept.rows()) == ["", "automation"]


def test_equal_lines_are_views_of_their_own_and_the_same_again_adds_nothing(take: Take, kept: Kept) -> None:
    take(FORMAT, export(line(), line(), line(Title="Other")))
    first, kept.footprints = kept.ids(), []
    assert len(set(first)) == 3
    take(FORMAT, export(line(), line(), line(Title="Other"), line(Date="2026-02-02T10:00:00Z")))
    assert set(first) < set(kept.ids())
    assert len(set(kept.ids())) == 4


def test_a_session_is_a_visitor_of_its_day(take: Take, kept: Kept) -> None:
    other = line(Session="other", Date="2026-02-01T10:03:00Z")
    none = line(Session="00000000-0000-0000-0000-000000000000", Date="2026-02-01T10:04:00Z")
    take(FORMAT, export(line(), line(Date="2026-02-01T10:02:00Z"), other, none))
    first, second, third, fourth = (row.get("visitor_id") for row in kept.rows())
    assert first == second != third
    assert fourth is None


def test_a_gzipped_export_gives_the_same(take: Take, kept: Kept, tmp_path: Path) -> None:
    packed = tmp_path / "goatcounter-export.csv.gz"
    packed.write_bytes(gzip.compress(export(line(), line()).encode()))
    assert take(FORMAT, packed).taken == 2
    plain, kept.footprints = kept.ids(), []
    take(FORMAT, export(line(), line()))
    assert kept.ids() == plain


def test_bad_rows_are_counted_and_the_others_taken(take: Take, kept: Kept) -> None:
    told = take(
        FORMAT,
        export(line(Date="soon"), line(Event="maybe"), line(**{"2Path": ""}), "/a,b", line(Title="x" * 99_999), line()),
    )
    assert told.taken == len(kept.events()) == 1
    assert told.bad == {"time": 1, "event": 1, "path": 1, "fields": 1, "too long": 1}


@pytest.mark.parametrize("header", ["Path,Title,Event", "3Path,Title,Event,Session,Date", "", "\ufeff"])
def test_what_is_no_export_of_a_known_version_is_refused(take: Take, header: str) -> None:
    with pytest.raises(FootfallError, match="GoatCounter"):
        take(FORMAT, f"{header}\n")


@pytest.mark.parametrize("header", ["Path", "3Path,Title,Event,Session,Date"])
def test_a_refusal_names_the_file_sent_and_what_is_in_it(take: Take, tmp_path: Path, header: str) -> None:
    with zipfile.ZipFile(tmp_path / "sent.zip", "w") as archive:
        archive.writestr("export.csv", header + "\n")
    with pytest.raises(FootfallError, match=r"sent\.zip: export\.csv: "):
        take(FORMAT, tmp_path / "sent.zip")
