"""The greatest number that an event was given in the order of loading, which stays when the event is erased."""

_STEPS = {
    "duckdb": (
        "CREATE TABLE IF NOT EXISTS numbered (ingest_id BIGINT NOT NULL)",
        """INSERT INTO numbered
        SELECT coalesce(max(ingest_id), 0) FROM event HAVING NOT EXISTS (FROM numbered)""",
    ),
    # a row that is of no spool file and written once: the same again takes its place
    "clickhouse": (
        "ALTER TABLE progress ADD COLUMN IF NOT EXISTS newest Int64",
        """INSERT INTO progress (spool_file, version, last_row, tally, forgotten, newest)
        SELECT 'of before', 1, 0, [], true, coalesce(max(ingest_id), 0) FROM event""",
    ),
}


def upgrade(execute, engine):
    for statement in _STEPS[engine]:
        execute(statement)
