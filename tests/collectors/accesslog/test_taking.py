import gzip
import random
from collections import Counter
from concurrent.futures import Future
from pathlib import Path

import msgspec
import pytest

from collectors.accesslog.taking import LogImport, import_log
from tests.kit.evaluation import REAL, needs_real_data
from tracker.errors import FootfallError
from tracker.spool import SpoolRefusedError

APACHE = REAL / "weblogs" / "apache_2015.log"
LINE = '{} - - [{:02}/May/2015:{:02}:{:02}:03 +0000] "GET {} HTTP/1.1" 200 1 "-" "Firefox/38"'


def write(folder: Path, *lines: str) -> Path:
    log = folder / "access.log"
    log.write_text("\n".join(lines) + "\n")
    return log


@needs_real_data
def test_no_line_of_a_real_log_is_lost(site, kept):
    seen = []
    summary = import_log(APACHE, site, None, kept.submit, lambda done, total: seen.append((done, total)))
    assert summary.rows == 10_000
    assert summary.taken == 2725
    assert summary.skipped == {
        "file": 5753,
        "feed": 1057,
        "error": 208,
        "redirect": 163,
        "method": 48,
        "partial": 45,
    }
    assert summary.bad == {"format": 1}
    assert seen[-1] == (APACHE.stat().st_size, APACHE.stat().st_size)
    assert seen == sorted(seen)


@needs_real_data
def test_a_real_logs_rows_say_what_the_log_says(site, kept):
    import_log(APACHE, site, None, kept.submit)
    rows = kept.rows()
    assert len(rows) == len(set(kept.ids())) == 2725
    assert min(row["occurred_at"] for row in rows).startswith("2015-05-17 10:05")
    assert max(row["occurred_at"] for row in rows).startswith("2015-05-20 21:05")
    assert not any("time_adjusted" in row for row in rows)
    labels = Counter(row.get("label") for row in rows)
    assert labels["declared_bot"] > 500
    assert labels[None] > 1000
    assert Counter(row.get("agent") for row in rows)["Googlebot"] > 100
    assert Counter(row.get("source") for row in rows)["Google"] > 200


@needs_real_data
def test_the_same_log_again_gives_the_same_ids(site, kept):
    import_log(APACHE, site, None, kept.submit)
    first, kept.footprints = kept.ids(), []
    import_log(APACHE, site, None, kept.submit)
    assert kept.ids() == first


def test_an_address_that_is_too_long_once_it_is_clean_takes_no_other_along(site, kept, tmp_path):
    """A footprint that the loader cannot read would be dead as a whole."""
    grows = "/?utm_source=" + "~!*'()" * 600
    lines = [LINE.format("192.0.2.1", 17, 10, minute, path) for minute, path in enumerate(("/a", grows, "/b"))]
    summary = import_log(write(tmp_path, *lines), site, None, kept.submit)
    assert (summary.taken, summary.skipped) == (2, {"url": 1})
    assert len(kept.rows()) == 2


def test_a_log_that_has_grown_gives_the_same_ids_and_new_ones(site, kept, tmp_path):
    lines = [LINE.format("192.0.2.1", 17, 10, minute, "/a") for minute in range(5)]
    import_log(write(tmp_path, *lines[:3]), site, None, kept.submit)
    first, kept.footprints = set(kept.ids()), []
    import_log(write(tmp_path, *lines), site, None, kept.submit)
    assert first < set(kept.ids())
    assert len(set(kept.ids())) == 5


def test_equal_lines_are_views_of_their_own(site, kept, tmp_path):
    import_log(write(tmp_path, *[LINE.format("192.0.2.1", 17, 10, 5, "/a")] * 3), site, None, kept.submit)
    assert len(set(kept.ids())) == 3


def test_lines_taken_one_by_one_and_after_a_restart_have_the_ids_of_the_whole(site, kept, tmp_path):
    lines = [LINE.format("192.0.2.1", 17, 10, minute // 3, "/a").encode() for minute in range(12)]
    import_log(write(tmp_path, *(line.decode() for line in lines)), site, None, kept.submit)
    whole, kept.footprints = kept.ids(), []
    first, second = LogImport(site, None, kept.submit), LogImport(site, None, kept.submit)
    for line in lines[:7]:
        first.take([line])
    second.remember(lines[:7])
    for line in lines[7:]:
        second.take([line])
    assert (kept.ids(), second.finish().taken) == (whole, 5)


def test_a_gzipped_log_gives_the_same(site, kept, tmp_path):
    log = write(tmp_path, *[LINE.format("192.0.2.1", 17, 10, minute, "/a") for minute in range(9)])
    import_log(log, site, None, kept.submit)
    plain, kept.footprints = kept.ids(), []
    packed = tmp_path / "access.log.1.gz"
    packed.write_bytes(gzip.compress(log.read_bytes()))
    summary = import_log(packed, site, None, kept.submit)
    assert (summary.taken, kept.ids()) == (9, plain)
    assert all(row["imported"] for row in kept.rows())


def test_visitors_are_told_apart_within_a_day_and_not_beyond(site, kept, tmp_path):
    lines = [LINE.format("192.0.2.1", 17, hour, 5, "/a") for hour in (8, 12, 16)]
    lines += [LINE.format("198.51.100.1", 17, 16, 6, "/a"), LINE.format("192.0.2.1", 18, 12, 5, "/a")]
    import_log(write(tmp_path, *lines), site, None, kept.submit)
    names = [row["visitor_id"] for row in kept.rows()]
    assert len(set(names[:3])) == 1
    assert len(set(names)) == 3


def test_no_address_is_kept(site, kept, tmp_path):
    import_log(write(tmp_path, LINE.format("203.0.113.77", 17, 8, 5, "/a")), site, None, kept.submit)
    assert b"203.0.113" not in msgspec.json.encode(kept.footprints)


def test_urls_of_the_log_are_cleaned_like_any(site, kept, tmp_path):
    log = write(tmp_path, LINE.format("192.0.2.1", 17, 8, 5, "/u/anna@example.org?session=1&utm_source=x"))
    import_log(log, site, None, kept.submit)
    assert kept.footprints[0].events[0].url == "https://shop.example/u/:id?utm_source=x"


def test_any_file_adds_up(site, kept, tmp_path):
    """Good lines, cut at random and flipped: each is imported, skipped or bad."""
    chance = random.Random(7)
    lines = []
    for number in range(500):
        line = bytearray(LINE.format("192.0.2.1", 17, 10, number % 60, f"/{number}").encode())
        for _ in range(chance.randrange(3)):
            line[chance.randrange(len(line))] = chance.choice([0, 10, 34, 92, 128, 255, 65])
        lines.append(bytes(line[: chance.randrange(40, 200)]))
    log = tmp_path / "access.log"
    log.write_bytes(LINE.format("192.0.2.1", 17, 10, 5, "/").encode() + b"\n" + b"\n".join(lines))
    summary = import_log(log, site, None, kept.submit)
    assert summary.bad.total() > 50
    assert summary.taken == len(kept.ids()) == len(set(kept.ids()))
    assert summary.rows == log.read_bytes().count(b"\n") + (not log.read_bytes().endswith(b"\n"))


@pytest.mark.parametrize("content", [b"no log\nat all\n", bytes(range(256)) * 50, b"\x1f\x8bbroken"])
def test_a_file_that_is_no_log_is_refused_in_one_line(content, site, kept, tmp_path):
    log = tmp_path / "notes.txt"
    log.write_bytes(content)
    with pytest.raises(FootfallError) as refusal:
        import_log(log, site, None, kept.submit)
    assert "notes.txt" in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_file_that_is_not_there_is_refused(site, kept, tmp_path):
    with pytest.raises(FootfallError, match="cannot be read"):
        import_log(tmp_path / "gone.log", site, None, kept.submit)


def test_an_empty_log_has_no_lines(site, kept, tmp_path):
    log = tmp_path / "access.log"
    log.touch()
    assert import_log(log, site, None, kept.submit).rows == 0


def test_a_full_spool_stops_the_import_with_a_word(site, tmp_path):
    def full(body: bytes, events: int) -> "Future[None]":
        raise SpoolRefusedError("no_space", 30)

    with pytest.raises(FootfallError, match="start it again later"):
        import_log(write(tmp_path, LINE.format("192.0.2.1", 17, 8, 5, "/a")), site, None, full)
