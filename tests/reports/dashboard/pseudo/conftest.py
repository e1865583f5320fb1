"""Each file of tests has a place of its own, which its forms change from the first to the last."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import FileSystemBytecodeCache

from tests.kit.pages import Person
from tests.kit.pseudo import Bracketed
from tests.kit.stocked import lend
from tests.reports.dashboard.pseudo.furnishing import furnished
from tests.reports.dashboard.pseudo.place import Place
from tracker.app import create_app
from tracker.house import open_house
from tracker.languages import catalog
from tracker.settings import load_settings


@pytest.fixture(scope="module")
def place(
    tmp_path_factory: pytest.TempPathFactory,
    stocked_house: tuple[list[Path], int],
    compiled: FileSystemBytecodeCache,
) -> Iterator[Place]:
    data = tmp_path_factory.mktemp("pseudo")
    site_id = lend(stocked_house, data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalog, "words_of", lambda code: Bracketed())
        house = open_house(load_settings({"FOOTFALL_DATA": str(data)}))
        sample = house.sites.by_id(site_id)
        assert sample
        values, names = furnished(house, sample)
        app = create_app(house)
        app.jinja_env.bytecode_cache = compiled
        owner, stranger = Person(app.test_client()), Person(app.test_client())
        assert owner.sign_in().status_code == 302
        yield Place(owner, stranger, values, names)
        house.close()
