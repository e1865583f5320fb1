"""The test kit: each file of tests/kit holds the fixtures of one room."""

import pytest

pytest_plugins = [
    "tests.kit.ground",
    "tests.kit.browser",
    "tests.kit.realpages",
    "tests.kit.ingest",
    "tests.kit.collect",
    "tests.kit.store",
    "tests.kit.clickhouse",
    "tests.kit.house",
    "tests.kit.pages",
]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Share the work out by files, and all that needs a browser to one process, so that one browser does."""
    for item in items:
        group = "browser" if item.get_closest_marker("browser") else item.nodeid.partition("::")[0]
        item.add_marker(pytest.mark.xdist_group(group))
