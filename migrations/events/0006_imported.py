"""Which events were of the past when they were taken in; of those that are stored already nobody knows."""

_KINDS = {"duckdb": "BOOLEAN", "clickhouse": "Nullable(Bool)"}


def upgrade(execute, engine):
    execute(f"ALTER TABLE event ADD COLUMN IF NOT EXISTS imported {_KINDS[engine]}")
