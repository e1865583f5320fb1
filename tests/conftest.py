"""The test kit: each file of tests/kit holds the fixtures of one room."""

pytest_plugins = [
    "tests.kit.sharing",
    "tests.kit.ground",
    "tests.kit.passwords",
    "tests.kit.postgres",
    "tests.kit.browser",
    "tests.kit.realpages",
    "tests.kit.ingest",
    "tests.kit.collect",
    "tests.kit.kept",
    "tests.kit.clickhouse",
    "tests.kit.store",
    "tests.kit.house",
    "tests.kit.stocked",
    "tests.kit.reached",
    "tests.kit.people",
    "tests.kit.consenting",
    "tests.kit.pages",
    "tests.kit.post",
    "tests.kit.receiver",
    "tests.kit.foreign",
]
