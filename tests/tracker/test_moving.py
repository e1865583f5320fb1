"""Files of exports appear whole, in the place of those of before, or not at all."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tracker.cli import cli
from tracker.commands import moving
from tracker.control import Item
from tracker.errors import FootfallError
from tracker.settings import Settings


def export(file: Path, settings: Settings, *pieces: Item) -> Result:
    """Export to a file what a house answers: pieces, and a failure where these have no cursor at last."""

    def answer(*_: object, **__: Any) -> Iterator[Item]:
        yield from pieces
        if not pieces or "cursor" not in pieces[-1]:
            raise FootfallError("the store is gone")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(moving, "ask_house", answer)
        return CliRunner().invoke(moving.export, ["events", "--output", str(file)], obj=settings)


def test_a_file_of_before_gives_way_to_one_that_is_whole(tmp_path: Path, settings: Settings) -> None:
    folder = tmp_path / "taken"
    folder.mkdir()
    file = folder / "events.ndjson"
    ran = export(file, settings, {"lines": "a\n"}, {"lines": "b\n"}, {"cursor": "x"})
    assert (ran.exit_code, ran.stderr, file.read_text()) == (0, "cursor: x\n", "a\nb\n")
    failed = export(file, settings, {"lines": "c\n"})
    assert isinstance(failed.exception, FootfallError)
    assert (failed.stderr, file.read_text()) == ("", "a\nb\n")
    assert export(file, settings, {"cursor": "x"}).exit_code == 0
    assert (file.read_text(), list(folder.iterdir())) == ("", [file])


def test_a_link_stays_one(tmp_path: Path, settings: Settings) -> None:
    link, file = tmp_path / "link", tmp_path / "file"
    file.write_text("old")
    link.symlink_to(file)
    assert export(link, settings, {"lines": "new"}, {"cursor": "x"}).exit_code == 0
    assert (link.is_symlink(), file.read_text()) == (True, "new")


def test_who_may_read_it_stays_as_it_was(tmp_path: Path, settings: Settings) -> None:
    file = tmp_path / "file"
    file.touch(0o600)
    assert export(file, settings, {"lines": "new"}, {"cursor": "x"}).exit_code == 0
    assert (file.read_text(), file.stat().st_mode & 0o777) == ("new", 0o600)


def test_where_no_file_can_be_written_it_says_so(tmp_path: Path, settings: Settings) -> None:
    ran = export(tmp_path / "nowhere" / "events", settings, {"cursor": "x"})
    assert isinstance(ran.exception, FootfallError)
    assert "--output: cannot write" in str(ran.exception)


def test_standard_output_is_written_as_it_comes(settings: Settings) -> None:
    ran = export(Path("-"), settings, {"lines": "a\n"}, {"bytes": "Yg=="}, {"cursor": "x"})
    assert (ran.exit_code, ran.stdout) == (0, "a\nb")


def test_a_disk_without_room_is_told_before_the_cursor(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = export(Path("/dev/full"), settings, {"lines": "a\n"}, {"cursor": "x"})
    assert (type(ran.exception), ran.stderr) == (OSError, "")
    monkeypatch.setattr(moving, "ask_house", lambda *_, **__: iter([{"lines": "a\n"}, {"cursor": "x"}]))
    told = CliRunner().invoke(cli, ["export", "events", "--output", "/dev/full"])
    assert (told.exit_code, told.stderr.count("\n")) == (1, 1)
    assert "no room for what is written" in told.stderr
