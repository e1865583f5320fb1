"""What is not written here: vendored files are what they say they are, and nothing comes from elsewhere."""

import base64
import hashlib
import json
from pathlib import Path

import pytest

from reports.dashboard.assets import ASSETS, FOLDER
from tests.kit.pages import Person, read

VENDORED = (FOLDER / "js" / "vendor", Path(__file__).parents[2] / "vendor")


def integrity(file: Path) -> str:
    return "sha384-" + base64.b64encode(hashlib.sha384(file.read_bytes()).digest()).decode()


@pytest.mark.parametrize("folder", VENDORED, ids=["static", "tests"])
def test_vendored_files_are_what_their_list_says(folder: Path) -> None:
    listed = json.loads((folder / "vendor.json").read_text())
    for one in listed:
        assert integrity(folder / one["file"]) == one["integrity"], one["file"]
        assert one["version"]
        assert one["licence"]
        assert (folder / one["licence_file"]).stat().st_size > 200
    names = {name for one in listed for name in (one["file"], one["licence_file"])}
    assert {file.name for file in folder.iterdir()} == names | {"vendor.json"}


def test_assets_are_kept_for_ever_under_the_name_of_their_version(stranger: Person) -> None:
    page = read(stranger.get("/sign-in"))
    addresses = [one["src"] for one in page.all("script")]
    addresses += [one["href"] for one in page.all("link") if one["rel"] == "stylesheet"]
    assert addresses
    for address in addresses:
        with stranger.get(address) as sent:
            assert sent.status_code == 200
            assert sent.cache_control.immutable
            assert sent.cache_control.max_age == 31_536_000
        with stranger.get(address.partition("?")[0]) as sent:
            assert not sent.cache_control.immutable


@pytest.mark.parametrize("name", ["js/build.mjs", "../setup.cfg", "js/vendor/vendor.json", "css/../../setup.cfg"])
def test_nothing_but_the_assets_is_sent(stranger: Person, name: str) -> None:
    assert stranger.get(f"/assets/{name}").status_code == 404


def test_scripts_are_small() -> None:
    import gzip  # noqa: PLC0415

    sizes = [len(gzip.compress((FOLDER / name).read_bytes())) for name in ASSETS if name.endswith(".js")]
    assert sum(sizes) < 50_000
