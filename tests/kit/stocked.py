"""A house with the sample in it, made once and copied: four weeks of an invented shop take seconds to load."""

import shutil
from pathlib import Path

import pytest

from tests.kit.ground import SQLITE
from tracker.clock import utc_now
from tracker.house import House, open_house
from tracker.sample import create_sample
from tracker.settings import Settings, load_settings
from tracker.sites import SiteInfo


@pytest.fixture(scope="session")
def stocked_house(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Path], int]:
    """The stores of a house that holds the sample up to now, to be copied, and the number of its site."""
    settings = load_settings({"FOOTFALL_DATA": str(tmp_path_factory.mktemp("stocked-house"))})
    house = open_house(settings)
    site = create_sample(house.database, house.spool.submit, utc_now())
    assert house.loader.drain(60)
    house.close()
    return [settings.data / SQLITE, settings.store_file], site.id


def lend(stocked_house: tuple[list[Path], int], data: Path) -> int:
    """Copy the sample's stores to a folder in which no house was opened yet; return the number of the sample's site."""
    files, site_id = stocked_house
    for file in files:
        copy = data / file.name
        assert not copy.exists(), "ask for `sample` before `house` and all that needs it"
        shutil.copyfile(file, copy)
    return site_id


@pytest.fixture
def stock(settings: Settings, stocked_house: tuple[list[Path], int]) -> int:
    """The sample's stores in the test's own folder, before its house is opened; the number of the sample's site."""
    return lend(stocked_house, settings.data)


@pytest.fixture
def sample(stock: int, house: House) -> SiteInfo:
    """The sample's site, in a house of the test's own."""
    site = house.sites.by_id(stock)
    assert site
    return site
