"""Answers in JSON are read within bounds, whatever is in them."""

import json
import tracemalloc
import zipfile
from pathlib import Path

import msgspec
import pytest

from tests.tracker.imports.formats.conftest import Read
from tracker.errors import FootfallError
from tracker.imports.files import ExportFile
from tracker.imports.formats import answers, ga4, matomo
from tracker.imports.formats.answers import rows_of
from tracker.imports.formats.format import Format

DAY = "2026-02-09"
HEADS = {"dimensionHeaders": [{"name": "date"}], "metricHeaders": [{"name": "sessions"}]}
ROW = {"dimensionValues": [{"value": "20260209"}], "metricValues": [{"value": "4"}]}
BOTH = pytest.mark.parametrize(
    ("of", "answer"),
    [(ga4.FORMAT, {**HEADS, "rows": [ROW] * 50}), (matomo.FORMAT, {DAY: [{"label": "/", "nb_hits": 3}] * 50})],
    ids=["ga4", "matomo"],
)


@pytest.mark.parametrize(
    "text",
    ["[]", " [ ] ", "[1]", '[{"a": "],[{"}, {"b": [1, {}]}]', '[\n  {},\n  "x" ,\tnull\n]', '[["a"], "\\"", "ó"]'],
)
def test_rows_are_the_items_of_an_array(text: str) -> None:
    assert list(rows_of("part", msgspec.Raw(text.encode()))) == json.loads(text)


def test_what_is_no_array_is_a_row_itself() -> None:
    assert list(rows_of("part", msgspec.Raw(b' {"a": [1, 2]} '))) == [{"a": [1, 2]}]


def test_long_rows_are_read_and_those_far_too_long_refused() -> None:
    rows = [{"a": "x" * 100_000}, {"b": 1}]
    assert list(rows_of("part", msgspec.Raw(json.dumps(rows).encode()))) == rows
    with pytest.raises(FootfallError, match="part: a row in it cannot be read, or is longer than 2 MiB"):
        list(rows_of("part", msgspec.Raw(b'[{"a": "' + b"x" * 2**21 + b'"}]')))


def test_one_letter_beyond_the_usual_does_not_fill_memory_with_copies(tmp_path: Path) -> None:
    file = tmp_path / "answer.json"
    file.write_text(json.dumps([{"a": "😀" + "x" * 10_000, "b": 1}] * 300, ensure_ascii=False))
    tracemalloc.start()
    try:
        with ExportFile(file) as export:
            text = answers.answer_of(export, "answer.json")
        rows = sum(1 for _ in rows_of("answer.json", msgspec.json.decode(text, type=msgspec.Raw)))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert rows == 300
    assert peak < 3 * len(text)


@pytest.mark.parametrize(
    ("of", "text"),
    [
        (ga4.FORMAT, "Page path,Views\n/,3\n"),
        (ga4.FORMAT, '{"rows": 1}'),
        (ga4.FORMAT, "{]"),
        (matomo.FORMAT, "a,b\n"),
        (matomo.FORMAT, "{]"),
        (matomo.FORMAT, '{"a": 1}'),
        (matomo.FORMAT, '{"result": "error"}'),
        (matomo.FORMAT, json.dumps({DAY: [{"label": "/"}]})),
    ],
)
def test_a_refusal_names_the_file_sent_and_what_is_in_it(read: Read, tmp_path: Path, of: Format, text: str) -> None:
    file = tmp_path / "sent.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("folder/part.csv", text)
    with pytest.raises(FootfallError, match=r"sent\.zip: part\.csv: "):
        read(of, file)


@BOTH
def test_an_answer_of_too_many_bytes_or_objects_is_refused(
    read: Read, monkeypatch: pytest.MonkeyPatch, of: Format, answer: dict[str, object]
) -> None:
    assert len(read(of, json.dumps(answer))[0]) == 50
    monkeypatch.setattr(answers, "_MOST_OBJECTS", 49)
    with pytest.raises(FootfallError, match="more than 49 objects; export fewer days at once"):
        read(of, json.dumps(answer))
    monkeypatch.setattr(answers, "_MOST_BYTES", 1000)
    with pytest.raises(FootfallError, match="export fewer days at once"):
        read(of, json.dumps(answer))


@pytest.mark.parametrize("of", [ga4.FORMAT, matomo.FORMAT], ids=["ga4", "matomo"])
@pytest.mark.parametrize("opens", ['{"a":', "[", '{"rows":[', f'{{"{DAY}":['])
def test_an_answer_that_is_nested_without_end_is_refused(read: Read, of: Format, opens: str) -> None:
    with pytest.raises(FootfallError, match=r"no answer of|not by day"):
        read(of, opens + "[" * 100_000)
