"""Whom the page said was signed in, and the copy of who is of which profile."""

_MEMBER = """CREATE TABLE IF NOT EXISTS member (
    site_id INTEGER NOT NULL,
    identifier_id BIGINT NOT NULL,
    since TIMESTAMP NOT NULL,
    until TIMESTAMP NOT NULL,
    profile_id BIGINT NOT NULL
)"""


def upgrade(execute, engine):
    kind = "Nullable(Int64)" if engine == "clickhouse" else "BIGINT"
    execute(f"ALTER TABLE event ADD COLUMN IF NOT EXISTS login_id {kind}")
    if engine == "duckdb":  # ClickHouse's tables are made wherever there are none
        execute(_MEMBER)
