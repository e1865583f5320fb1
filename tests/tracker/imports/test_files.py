import gzip
import io
import os
import struct
import warnings
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from tracker.errors import FootfallError
from tracker.imports import archives, bounds, files, reasons
from tracker.imports.files import ExportFile, GivenFile, opened
from tracker.imports.reasons import Place, Reasons
from tracker.imports.sheets import read_sheet

TEXT = "date,visitors\n2026-02-01,3\n"


def rows(file: Path) -> tuple[list[dict[str, str]], Counter[str]]:
    bad: Counter[str] = Counter()
    with ExportFile(file) as export:
        sheet = read_sheet(export.lines(export.parts[0], bad), bad)
        return list(sheet.rows), bad


def zipped(**parts: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(f"folder/{name}.csv", body)
    return packed.getvalue()


def elsewhere(offset: int) -> bytes:
    """Return an archive whose directory says that its file lies so many bytes into it."""
    body = zipped(a=b"")
    at = body.index(b"PK\x01\x02")
    entry, end = bytearray(body[at : body.index(b"PK\x05\x06")]), bytearray(body[body.index(b"PK\x05\x06") :])
    entry[30:32], entry[42:46] = struct.pack("<H", 12), b"\xff" * 4
    entry += struct.pack("<HHQ", 1, 8, offset)
    end[12:16] = struct.pack("<L", len(entry))
    return body[:at] + bytes(entry) + bytes(end)


@pytest.mark.parametrize(
    "body",
    [
        TEXT.encode(),
        b"\xef\xbb\xbf" + TEXT.encode(),
        TEXT.encode("utf-16"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.rstrip("\n").encode(),
        gzip.compress(TEXT.encode()),
        zipped(visitors=TEXT.encode()),
        zipped(visitors=TEXT.encode("utf-16")),
    ],
    ids=["plain", "byte order mark", "utf-16", "crlf", "no last end", "gzip", "zip", "zip of utf-16"],
)
def test_an_export_is_read_however_it_is_packed_and_spelt(tmp_path: Path, body: bytes) -> None:
    file = tmp_path / "export"
    file.write_bytes(body)
    assert rows(file) == ([{"date": "2026-02-01", "visitors": "3"}], Counter())


def test_a_row_that_is_too_long_or_of_another_length_is_counted_and_the_next_read(tmp_path: Path) -> None:
    file = tmp_path / "export.csv"
    file.write_text(f"a,b\n1,{'x' * 1_000_000}\n1\n1,2,3\n\n1,2\n")
    assert rows(file) == ([{"a": "1", "b": "2"}], Counter({"too long": 1, "fields": 2}))


def test_a_quotation_that_never_ends_does_not_fill_memory(tmp_path: Path) -> None:
    file = tmp_path / "export.csv"
    file.write_text('a,b\n1,"' + "2,3\n" * 100_000 + "1,2\n")
    found, bad = rows(file)
    assert bad["too long"] >= 1
    assert all(len(cell) < 200_000 for row in found for cell in row.values())


def test_a_row_of_very_many_lines_is_left_out_before_it_fills_memory(tmp_path: Path) -> None:
    file = tmp_path / "export.csv"
    file.write_text('a,b\n"' + '\nab","' * 300_000 + '"\n1,2\n')
    found, bad = rows(file)
    assert bad == {"too long": 1, "fields": 1}
    assert found == [{"a": "1", "b": "2"}]


@pytest.mark.parametrize("pack", [gzip.compress, lambda body: zipped(bomb=body)], ids=["gzip", "zip"])
@pytest.mark.parametrize("body", [b"a" * 4_000_000, b"a,b\n" * 1_000_000], ids=["one line", "many lines"])
def test_a_bomb_is_refused_before_it_bursts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pack, body: bytes) -> None:
    monkeypatch.setattr(files, "_FREE_BYTES", 100_000)
    file = tmp_path / "bomb"
    file.write_bytes(pack(body))
    with pytest.raises(FootfallError, match="250 times its size"):
        rows(file)


@pytest.mark.parametrize("pack", [gzip.compress, lambda body: zipped(bomb=body)], ids=["gzip", "zip"])
def test_a_bomb_that_would_be_read_whole_is_refused_before_it_bursts(tmp_path: Path, pack) -> None:
    file = tmp_path / "bomb"
    file.write_bytes(pack(b'{"rows":[' + b"{}," * 3_000_000))
    with ExportFile(file) as export, pytest.raises(FootfallError, match="250 times its size"):
        export.text(export.parts[0], 2**30)


def test_a_bomb_in_many_pieces_is_refused_before_they_burst(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_FREE_BYTES", 1_000_000)
    file = tmp_path / "bomb"
    file.write_bytes(zipped(**{f"part{number}": b"a,b\n" * 200_000 for number in range(9)}))
    with ExportFile(file) as export, pytest.raises(FootfallError, match="250 times its size"):
        for part in export.parts:
            assert sum(1 for _ in export.lines(part, Counter()))


def test_many_files_in_those_of_one_import_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "_MOST_FILES", 3)
    one, two = (GivenFile(tmp_path / name) for name in ("one.zip", "two.zip"))
    one.path.write_bytes(zipped(a=b"", b=b""))
    two.path.write_bytes(zipped(c=b"", d=b""))
    with opened([one], lambda done, total: None, Place()) as exports:
        assert exports[0].parts == ("a.csv", "b.csv")
    with (
        pytest.raises(FootfallError, match=r"two\.zip: with it there are more than 3 files"),
        opened([one, two], lambda done, total: None, Place()),
    ):
        pass


@pytest.mark.parametrize("body", [(b"a," * 50 + b"\n") * 3000, b"\n" * 6000], ids=["long", "many lines"])
def test_what_all_files_of_an_import_unpack_to_is_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: bytes
) -> None:
    monkeypatch.setattr(bounds, "_MOST_BYTES", 2**19)
    given = [GivenFile(tmp_path / name) for name in ("one", "two")]
    for one in given:
        one.path.write_bytes(gzip.compress(body))
    with opened(given, lambda done, total: None, Place()) as exports:
        assert sum(1 for _ in exports[0].lines("one", Counter()))
        with pytest.raises(FootfallError, match="two: with it all files unpack to more than"):
            assert sum(1 for _ in exports[1].lines("two", Counter()))


def test_what_was_given_unpacked_is_read_whatever_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "_MOST_BYTES", 100)
    file = tmp_path / "export.csv"
    file.write_text("x" * 99 + "\n" + "y" * 99 + "\n")
    with opened([GivenFile(file)], lambda done, total: None, Place()) as exports:
        assert len(list(exports[0].lines("export.csv", Counter()))) == 2


def test_more_bad_rows_than_any_export_has_end_the_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reasons, "_MOST", 3)
    place = Place("export.csv", 7)
    bad = Reasons(place)
    bad["day"] += 2
    bad["number"] += 1
    with pytest.raises(FootfallError, match=r"export\.csv: more than 3 rows cannot be understood"):
        bad["day"] += 1


def test_an_archive_whose_directory_is_far_too_long_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "many.zip"
    file.write_bytes(zipped(**{f"{number:09}": b"" for number in range(100)}))
    monkeypatch.setattr(archives, "_MOST_DIRECTORY_BYTES", 6000)
    with pytest.raises(FootfallError, match=r"many\.zip: the list of what is in it is longer"):
        ExportFile(file)


@pytest.mark.parametrize("packing", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_what_is_packed_in_an_unusual_way_is_refused_with_what_to_do(tmp_path: Path, packing: int) -> None:
    file = tmp_path / "export.zip"
    with zipfile.ZipFile(file, "w", packing) as archive:
        archive.writestr("visitors.csv", TEXT)
    with pytest.raises(FootfallError, match="pack it anew as a usual zip"):
        ExportFile(file)


def test_what_is_locked_is_refused_with_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "export.zip"
    body = bytearray(zipped(visitors=TEXT.encode()))
    body[body.index(b"PK\x01\x02") + 8] |= 1
    file.write_bytes(body)
    with pytest.raises(FootfallError, match="locked by a password; unpack it first"):
        ExportFile(file)


def parts_of(file: Path, *names: str) -> tuple[str, ...]:
    with warnings.catch_warnings(), zipfile.ZipFile(file, "w") as archive:
        warnings.simplefilter("ignore")  # zipfile's own, of names that are there twice
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), TEXT)
    with ExportFile(file) as export:
        return export.parts


def test_what_systems_lay_into_archives_is_no_part(tmp_path: Path) -> None:
    names = ("a/visitors.csv", "__MACOSX/a/._visitors.csv", "__MACOSX/x.csv", "a/.DS_Store", "a/", "")
    assert parts_of(tmp_path / "export.zip", *names) == ("visitors.csv",)


def test_parts_of_one_name_are_all_read(tmp_path: Path) -> None:
    found = parts_of(tmp_path / "export.zip", "a/x.csv", "b/x.csv", "y.csv", "c/z.csv", "c/z.csv")
    assert found == ("a/x.csv", "b/x.csv", "y.csv", "c/z.csv", "5/c/z.csv")


def test_names_of_parts_can_be_shown(tmp_path: Path) -> None:
    [name] = parts_of(tmp_path / "export.zip", "x" * 500 + "\u202evsc\x07\n.csv")
    assert name == "x" * 93 + "vsc.csv"


@pytest.mark.parametrize(
    "body",
    [
        gzip.compress(os.urandom(5000))[:-900],
        zipped(a=os.urandom(5000))[:-900],
        b"\x1f\x8bnothing",
        b"PK\x03\x04nothing",
        elsewhere(2**64 - 1),
        elsewhere(1000),
    ],
    ids=["cut gzip", "cut zip", "no gzip", "no zip", "zip of what lies beyond all numbers", "zip of what lies nowhere"],
)
def test_a_broken_file_is_refused_in_one_line(tmp_path: Path, body: bytes) -> None:
    file = tmp_path / "broken"
    file.write_bytes(body)
    with pytest.raises(FootfallError, match="broken: cannot be read") as refusal:
        rows(file)
    assert "\n" not in str(refusal.value)


def test_an_empty_file_has_no_rows(tmp_path: Path) -> None:
    file = tmp_path / "empty.csv"
    file.touch()
    assert rows(file) == ([], Counter())


def test_a_whole_text_is_read_within_bounds(tmp_path: Path) -> None:
    file = tmp_path / "export.json"
    file.write_text(" \n{}", encoding="utf-8-sig")
    with ExportFile(file) as export:
        assert export.begins("export.json") == "{"
        assert export.text("export.json", 7) == b" \n{}"
        with pytest.raises(FootfallError, match="export fewer days"):
            export.text("export.json", 6)
