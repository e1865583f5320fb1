from concurrent.futures import Future
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from collectors.history.goatcounter import FORMAT
from collectors.history.taking import Stretch, take_history
from tests.collectors.history.conftest import Take
from tests.collectors.history.test_goatcounter import export, line
from tests.kit.ground import ms
from tests.kit.kept import Kept
from tracker.errors import FootfallError
from tracker.imports.files import GivenFile
from tracker.sites import SiteInfo
from tracker.spool import SpoolRefusedError


def dated(*days: int) -> str:
    return export(*(line(Date=f"{date(2026, 2, day)}T10:00:00Z", Session=f"s{day}") for day in days))


def test_only_what_the_site_keeps_and_what_was_before_the_day_given_is_taken(take: Take, kept: Kept) -> None:
    told = take(FORMAT, dated(1, 2, 3, 4), stretch=Stretch(ms("2026-02-02 00:00"), ms("2026-02-04 00:00")))
    assert [(row["occurred_at"][:10], row["imported"]) for row in kept.rows()] == [
        ("2026-02-02", True),
        ("2026-02-03", True),
    ]
    assert told.skipped == {"older than this site keeps": 1, "not before the day given": 1}


def test_a_file_of_any_length_goes_on_in_footprints_of_a_hundred(take: Take, kept: Kept) -> None:
    assert take(FORMAT, export(*[line()] * 2345)).taken == 2345
    assert len(set(kept.ids())) == 2345
    assert max(len(one.events) for one in kept.footprints) == 100


def test_equal_rows_are_events_of_their_own_however_the_days_of_the_rows_are_mixed(take: Take, kept: Kept) -> None:
    take(FORMAT, dated(1, 2, 3, 1, 4, 1, 5, 1))
    assert len(set(kept.ids())) == 8


def test_progress_ends_with_all_bytes(site: SiteInfo, kept: Kept, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    file = tmp_path / "export.csv"
    file.write_text(dated(1, 2))
    take_history(FORMAT, [GivenFile(file)], site, kept.submit, progress=lambda done, total: seen.append((done, total)))
    assert seen == sorted(seen)
    assert seen[-1] == (file.stat().st_size, file.stat().st_size)


def test_a_full_spool_stops_the_import_with_a_word(site: SiteInfo, tmp_path: Path) -> None:
    def full(body: bytes, events: int) -> "Future[None]":
        raise SpoolRefusedError("no_space", 30)

    file = tmp_path / "export.csv"
    file.write_text(dated(1))
    with pytest.raises(FootfallError, match="start it again later"):
        take_history(FORMAT, [GivenFile(file)], site, full)


def test_without_a_host_pages_lie_on_this_machine(take: Take, kept: Kept, site: SiteInfo) -> None:
    take(FORMAT, dated(1), site=replace(site, hosts=()))
    assert kept.rows()[0]["host"] == "localhost"
