"""The command line, beside a running server and alone."""

import csv
import gzip
import io
import json
import re
import subprocess
from pathlib import Path

import duckdb
import pytest

from tests.kit.house import Server, furnish, view_event
from tracker import __version__
from tracker.cli import COMMANDS

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
LOG_LINE = '203.0.113.{n} - - [01/Mar/2026:10:0{n}:00 +0000] "GET /page-{n} HTTP/1.1" 200 512 "-" "{agent}"'


class Alone(Server):
    """A data folder on which no server runs; commands run in this process, which is quicker."""

    def footfall(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return self.here(*arguments, **settings)


class Beside(Alone):
    """A running server; commands run in this process, and ask it as they would from one of their own."""

    def __init__(self, server: Server) -> None:
        self.__dict__.update(server.__dict__)


@pytest.fixture
def beside(server: Server) -> Server:
    return Beside(server)


@pytest.fixture
def untouched(tmp_path: Path) -> Server:
    return Alone(tmp_path / "data")


@pytest.fixture
def offline(untouched: Server, bare_house: list[Path]) -> Server:
    furnish(untouched.data, bare_house)
    return untouched


@pytest.fixture(params=["beside a server", "alone"])
def place(request: pytest.FixtureRequest) -> Server:
    found: Server = request.getfixturevalue("beside" if request.param == "beside a server" else "offline")
    return found


@pytest.fixture
def log(tmp_path: Path) -> Path:
    file = tmp_path / "access.log"
    lines = [LOG_LINE.format(n=n, agent=FIREFOX) for n in range(1, 6)]
    file.write_text("\n".join([*lines, "no line of a log", LOG_LINE.format(n=6, agent=FIREFOX).replace("GET", "POST")]))
    return file


def test_the_version_is_told(untouched: Server) -> None:
    assert untouched.footfall("--version").stdout == f"footfall, version {__version__}\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(untouched: Server, command: str) -> None:
    ran = untouched.footfall(command, "--help")
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith(f"Usage: footfall {command}")


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("report",),
        ("report", "nonsense"),
        ("report", "overview", "--format", "xml"),
        ("site", "add", "Shop"),
        ("serve", "--port", "70000"),
        ("import", "accesslog", "/nowhere"),
        ("backup", "one", "two"),
        ("export", "everything"),
    ],
)
def test_a_command_written_wrongly_exits_with_2(untouched: Server, arguments: tuple[str, ...]) -> None:
    ran = untouched.footfall(*arguments)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "Traceback" not in ran.stderr
    assert not untouched.data.exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("report", "overview", "--site", "nowhere"), "site: nowhere; use one of"),
        (("report", "overview", "--site", "Bad", "--range", "never"), "range: use one of"),
        (("report", "overview", "--site", "Bad", "--filter", "colour:is:red"), "filter: "),
        (("report", "overview", "--site", "Bad", "--limit", "0"), "limit: "),
        (("export", "events", "--site", "Bad", "--cursor", "nonsense"), "cursor: "),
        (("site", "add", "Shop", "--host", "not a host"), "host: "),
        (("site", "add", "Shop", "--host", "x.example", "--zone", "Mars/Crater"), "zone: "),
        (("user", "add", "nobody", "--password", "correct horse battery"), "email: "),
        (("user", "add", "bo@example.org", "--password", "short"), "password: "),
        (("key", "add", "", "--site", "Bad"), "name: "),
        (("backup", "/nowhere/backup.tar"), "there is no folder /nowhere"),
        (("rebuild", "--site", "nowhere"), "site: nowhere"),
    ],
)
def test_what_can_be_mended_is_one_line(offline: Server, arguments: tuple[str, ...], says: str) -> None:
    offline.add_site("Bad", "bad.example")
    refuses(offline, arguments, says)


def refuses(place: Server, arguments: tuple[str, ...], says: str) -> None:
    ran = place.footfall(*arguments)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.startswith("footfall: ") and says in ran.stderr and ran.stderr.count("\n") == 1, ran.stderr


def test_a_server_refuses_in_the_same_words(beside: Server) -> None:
    site = beside.add_site("Refusing", "refusing.example")
    refuses(beside, ("report", "overview", "--site", site, "--range", "never"), "range: use one of")
    refuses(beside, ("report", "overview", "--site", "nowhere"), "site: nowhere; use one of")


def test_a_house_without_a_site_says_how_to_add_one(untouched: Server) -> None:
    ran = untouched.footfall("report", "overview")
    assert ran.returncode == 1
    assert "footfall site add NAME --host HOST" in ran.stderr


def test_sites_are_added_and_listed(place: Server) -> None:
    added = place.footfall("site", "add", "Corner shop", "--host", "corner.example", "--zone", "Europe/Warsaw")
    [key] = re.findall(r'data-site="([^"]+)"', added.stdout)
    assert f"{key}  Corner shop  corner.example  Europe/Warsaw\n" in place.footfall("site", "list").stdout


def test_people_and_keys_are_added(place: Server) -> None:
    site = place.add_site("People", "people.example")
    ran = place.footfall(
        "user", "add", "Eve@example.org", "--site", site, "--role", "editor", "--password", "long enough 1"
    )
    assert ran.stdout == "Added eve@example.org.\n", ran.stderr
    again = place.footfall("user", "add", "eve@example.org", "--password", "long enough 1")
    assert "has an account already" in again.stderr
    made = place.footfall("key", "add", "test", "--site", site, "--scope", "ingest", "--days", "30")
    assert re.fullmatch(r"ff_\S+\n", made.stdout), made.stderr


def test_reports_come_as_table_json_and_csv(beside: Server) -> None:
    site = beside.add_site("Formats", "formats.example")
    beside.post(
        site,
        [view_event("https://formats.example/a"), view_event("https://formats.example/b")],
        "https://formats.example",
    )
    beside.wait_until_loaded()
    shown = beside.footfall("report", "pages", "--site", site, "--range", "7d")
    assert shown.returncode == 0, shown.stderr
    assert "/a" in shown.stdout and "/b" in shown.stdout
    told = json.loads(beside.footfall("report", "pages", "--site", site, "--format", "json").stdout)
    assert (told["report"], told["site"]["key"], len(told["rows"])) == ("pages", site, 2)
    rows = list(
        csv.DictReader(io.StringIO(beside.footfall("report", "pages", "--site", site, "--format", "csv").stdout))
    )
    assert sorted(row["path"] for row in rows) == ["/a", "/b"]
    narrowed = beside.footfall("report", "pages", "--site", site, "--filter", "path:is:/a", "--format", "json")
    assert [row["path"] for row in json.loads(narrowed.stdout)["rows"]] == ["/a"]


def test_exports_follow_a_cursor(beside: Server) -> None:
    site = beside.add_site("Exports", "exports.example")
    for path in ("/a", "/b"):
        beside.post(site, [view_event(f"https://exports.example{path}")], "https://exports.example")
        beside.wait_until_loaded()
    first, second = beside.events(site)
    assert (first["path"], second["path"]) == ("/a", "/b")
    ran = beside.footfall("export", "events", "--site", site, "--cursor", first["cursor"])
    assert [json.loads(line)["path"] for line in ran.stdout.splitlines()] == ["/b"]
    assert len(beside.events(site, "visits")) == 1


def test_an_access_log_is_imported_once(place: Server, log: Path) -> None:
    site = place.add_site("Logged", "logged.example")
    ran = place.footfall("import", "accesslog", str(log), "--site", site)
    assert ran.returncode == 0, ran.stderr
    assert "7 lines: 5 views" in ran.stdout
    assert "1 bad: " in ran.stdout and "1 skipped: " in ran.stdout
    packed = log.with_suffix(".gz")
    packed.write_bytes(gzip.compress(log.read_bytes()))
    assert place.footfall("import", "accesslog", str(packed), "--site", site).returncode == 0
    told = place.footfall("report", "pages", "--site", site, "--range", "2026-03-01..2026-03-01", "--format", "json")
    assert {row["path"]: row["views"] for row in json.loads(told.stdout)["rows"]} == {
        f"/page-{number}": 1 for number in range(1, 6)
    }


def test_another_trackers_history_is_imported_once(place: Server, tmp_path: Path) -> None:
    site = place.add_site("Moved", "moved.example")
    file = tmp_path / "website_event.csv"
    day = "2026-03-01 10:0{}:00"
    rows = [f"e{n},s{n % 2},{'moved.example' if n else 'localhost'},chrome,/,1,{day.format(n)}" for n in range(5)]
    rows.append("e9,s1,moved.example,chrome,/,1,never")
    header = "event_id,session_id,hostname,browser,url_path,event_type,created_at"
    file.write_text("\n".join([header, *rows]))
    for _ in range(2):
        ran = place.footfall("import", "umami", str(file), "--site", site)
        assert ran.returncode == 0, ran.stderr
        assert "6 rows: 4 views and events" in ran.stdout
        assert "1 bad: time (first in line 7 of website_event.csv)" in ran.stdout
        assert "1 skipped: another host" in ran.stdout
    told = place.footfall("report", "overview", "--site", site, "--range", "2026-03-01..2026-03-01", "--format", "json")
    totals = json.loads(told.stdout)["totals"]
    assert (totals["views"], totals["visitors"]) == (4, 2)
    none = place.footfall("import", "umami", str(file), "--site", site, "--until", "2026-03-01")
    assert "4 skipped: not before the day given" in none.stdout
    listed = place.footfall("import", "list", "--site", site).stdout
    assert "Umami  2026-03-01 to 2026-03-01  4 events  from website_event.csv" in listed
    assert place.footfall("import", "remove", listed.split()[0], "--site", site).returncode == 1


def test_another_products_counts_are_imported_listed_and_removed(place: Server, tmp_path: Path) -> None:
    site = place.add_site("Counted", "counted.example")
    file = tmp_path / "imported_visitors_20260301_20260302.csv"
    rows = '"2026-03-01",3,9,1,4,60\n"2026-03-02",1,1,1,1,0\nnever,1,1,1,1,1\n'
    file.write_text('"date","visitors","pageviews","bounces","visits","visit_duration"\n' + rows)
    ran = place.footfall("import", "plausible", str(file), "--site", site)
    assert ran.returncode == 0, ran.stderr
    assert "Counted: " in ran.stdout
    assert "2026-03-01 to 2026-03-02  2 counts" in ran.stdout
    assert "2 taken: days" in ran.stdout
    assert f"1 bad: day (first in line 4 of {file.name})" in ran.stdout
    asked = "report", "imported", "--site", site, "--range", "2026-03-01..2026-03-31", "--format", "json"
    told = json.loads(place.footfall(*asked).stdout)["rows"]
    assert [(row["counted"], row["visits"]) for row in told] == [("2026-03-01", 4), ("2026-03-02", 1)]
    listed = place.footfall("import", "list", "--site", site).stdout
    assert "Plausible" in listed
    assert place.footfall("import", "remove", listed.split()[0], "--site", site).stdout.startswith("Removed ")
    assert place.footfall("import", "list", "--site", site).stdout == ""
    assert json.loads(place.footfall(*asked, "--imported", "pages").stdout)["rows"] == []
    again = place.footfall("import", "remove", "1000000", "--site", site)
    assert (again.returncode, "no import has the number" in again.stderr) == (1, True)


def test_a_file_that_is_no_log_is_one_line(place: Server, tmp_path: Path) -> None:
    site = place.add_site("Nolog", "nolog.example")
    (tmp_path / "picture.png").write_bytes(bytes(range(256)) * 100)
    ran = place.footfall("import", "accesslog", str(tmp_path / "picture.png"), "--site", site)
    assert ran.returncode == 1
    assert "no line of it is in the common or combined log format" in ran.stderr


def test_rebuild_gives_the_same_visits(beside: Server) -> None:
    site = beside.add_site("Rebuilt", "rebuilt.example")
    beside.post(site, [view_event("https://rebuilt.example/")], "https://rebuilt.example")
    beside.wait_until_loaded()
    before = beside.events(site, "visits")
    ran = beside.footfall("rebuild", "--site", site)
    assert "Rebuilt: 1 visits" in ran.stdout, ran.stderr
    assert beside.events(site, "visits") == before


def test_migrate_says_where_the_stores_stand(place: Server) -> None:
    assert "event store (duckdb) at this version" in place.footfall("migrate").stdout


def test_backup_verify_and_restore(place: Server, tmp_path: Path) -> None:
    place.add_site("Kept", "kept.example")
    file = tmp_path / "backup.tar"
    assert place.footfall("backup", str(file)).stdout.startswith(f"Wrote {file}")
    assert f"{file} is whole" in place.footfall("backup", "verify", str(file)).stdout
    again = Server(tmp_path / "again")
    assert "Restored what was kept at" in again.footfall("restore", str(file)).stdout
    assert "Kept" in again.footfall("site", "list").stdout


def test_restore_is_refused_while_a_server_runs(server: Server, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar"
    server.footfall("backup", str(file))
    ran = server.footfall("restore", str(file), "--force")
    assert ran.returncode == 1
    assert "in use by process" in ran.stderr


def test_the_doctor_finds_nothing_bad(place: Server) -> None:
    ran = place.footfall("doctor")
    assert ran.returncode == 0, ran.stdout
    assert "BAD" not in ran.stdout
    assert "takes events" in ran.stdout


def test_the_doctor_looks_at_a_page(beside: Server) -> None:
    ran = beside.footfall("doctor", "--page", f"{beside.url}/livez")
    assert ran.returncode == 1
    assert "has no tag" in ran.stdout


def test_exports_as_a_file(beside: Server, tmp_path: Path) -> None:
    site = beside.add_site("Files", "files.example")
    beside.post(site, [view_event("https://files.example/a")], "https://files.example")
    beside.wait_until_loaded()
    file = tmp_path / "taken.parquet"
    for what, column, value in (("events", "path", "/a"), ("visits", "entry", "/a"), ("profiles", "visits", 1)):
        asked = ("export", what, "--site", site, "--range", "7d", "--format", "parquet", "--output", str(file))
        ran = beside.footfall(*asked)
        assert (ran.returncode, ran.stdout) == (0, ""), ran.stderr
        assert duckdb.sql(f"SELECT {column} FROM read_parquet('{file}')").fetchall() == [(value,)]
        cursor = ran.stderr.split()[-1]
        again = beside.footfall("export", what, "--site", site, "--range", "7d", "--cursor", cursor, "--format", "csv")
        assert len(again.stdout.splitlines()) == 1
    assert list((beside.data / "exports").iterdir()) == []
