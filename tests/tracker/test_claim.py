"""One Footfall a data folder."""

import os
from pathlib import Path

import pytest

from tracker.claim import Claim, FolderTakenError
from tracker.errors import FootfallError


def test_a_claimed_folder_is_refused_with_the_holders_number(tmp_path: Path) -> None:
    with Claim(tmp_path / "data"), pytest.raises(FolderTakenError, match=rf"in use by process {os.getpid()}; stop"):
        Claim(tmp_path / "data")


def test_a_released_folder_can_be_claimed_again(tmp_path: Path) -> None:
    Claim(tmp_path).release()
    Claim(tmp_path).release()


def test_the_folder_is_made_for_its_owner_only(tmp_path: Path) -> None:
    with Claim(tmp_path / "new" / "data"):
        assert (tmp_path / "new" / "data").stat().st_mode & 0o777 == 0o700


def test_a_claim_lasts_as_long_as_a_process_that_inherited_it(tmp_path: Path) -> None:
    claim = Claim(tmp_path)
    held, release = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(release)
        os.read(held, 1)
        os._exit(0)
    os.close(held)
    claim.release()
    with pytest.raises(FolderTakenError):
        Claim(tmp_path)
    os.close(release)
    os.waitpid(child, 0)
    Claim(tmp_path).release()


def test_a_folder_that_cannot_be_made_is_one_line_with_advice(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(FootfallError, match=r"cannot be written .*set FOOTFALL_DATA") as caught:
        Claim(tmp_path / "file" / "data")
    assert "\n" not in str(caught.value)
