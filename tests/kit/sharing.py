"""How tests are shared out among processes: by files, and all that need a browser to one, which starts it once."""

from functools import cache
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).parents[2]


@cache
def group(file: str) -> str:
    """Return the group that a test file belongs to."""
    return "browser" if "pytest.mark.browser" in (ROOT / file).read_text() else file


class Sharing(LoadScopeScheduling):
    """Whoever is done takes the next group, the largest first."""

    def _split_scope(self, nodeid: str) -> str:
        return group(nodeid.partition("::")[0])


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Sharing:
    return Sharing(config, log)
