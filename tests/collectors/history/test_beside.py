"""What goes beside events lies on the disk of the export, under no name."""

import os
from pathlib import Path

import pytest

from collectors.history.beside import Beside

OPEN = Path("/proc/self/fd")


@pytest.mark.skipif(not OPEN.is_dir(), reason="open files are listed on Linux alone")
def test_it_is_kept_in_the_folder_and_nobody_finds_it_there(tmp_path: Path) -> None:
    with Beside(tmp_path) as kept:
        kept.keep((f"{number % 1000}", {"tea": "Assam", str(number): number}) for number in range(100_000))
        [file] = [one for one in OPEN.iterdir() if os.path.realpath(one).startswith(str(tmp_path))]
        assert file.stat().st_size > 1_000_000
        assert list(tmp_path.iterdir()) == []
        assert kept.merged("7")["tea"] == "Assam"
        assert kept.merged("7")["1007"] == 1007


def test_a_folder_that_cannot_be_written_to_is_no_hindrance(tmp_path: Path) -> None:
    with Beside(tmp_path / "gone") as kept:
        kept.keep([("a", {"b": 1}), ("a", {"b": 2})])
        assert kept.merged("a") == {"b": 2}
