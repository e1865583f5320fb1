import stat

import pytest

from tracker.errors import FootfallError
from tracker.secret import load_secret


def test_the_secret_is_made_once_and_only_we_may_read_it(tmp_path) -> None:
    secret = load_secret(tmp_path)
    assert len(secret) == 32
    assert load_secret(tmp_path) == secret
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_a_cut_secret_is_said_and_never_used(tmp_path) -> None:
    (tmp_path / "secret").write_bytes(b"half")
    with pytest.raises(FootfallError, match="damaged"):
        load_secret(tmp_path)


def test_a_data_folder_that_is_not_there_is_said(tmp_path) -> None:
    with pytest.raises(FootfallError, match="data folder"):
        load_secret(tmp_path / "nowhere")
