"""Rollups of visits, and of pages by device; all days are to be counted anew, so that these know of them too."""

_PATH_DEVICE_DAY = """CREATE TABLE IF NOT EXISTS path_device_day (
    site_id INTEGER NOT NULL,
    day TIMESTAMP NOT NULL,
    path VARCHAR,
    device VARCHAR,
    bot BOOLEAN NOT NULL,
    views BIGINT NOT NULL,
    visitors BIGINT NOT NULL,
    unknown_views BIGINT NOT NULL,
    engaged_ms BIGINT NOT NULL,
    clicks BIGINT NOT NULL,
    dead_clicks BIGINT NOT NULL
)"""
_VISIT_DAY = """CREATE TABLE IF NOT EXISTS visit_day (
    site_id INTEGER NOT NULL,
    day TIMESTAMP NOT NULL,
    dimension VARCHAR NOT NULL,
    value VARCHAR,
    bot BOOLEAN NOT NULL,
    visitors BIGINT NOT NULL,
    visits BIGINT NOT NULL,
    visits_with_view BIGINT NOT NULL,
    bounces BIGINT NOT NULL,
    unengaged_visits BIGINT NOT NULL,
    engaged_ms BIGINT NOT NULL,
    visit_views BIGINT NOT NULL,
    visits_with_dead_click BIGINT NOT NULL
)"""
_DIRTY = {
    "duckdb": """INSERT INTO dirty
    SELECT DISTINCT site_id, time_bucket(INTERVAL 15 MINUTES, occurred_at) FROM event
    EXCEPT SELECT site_id, quarter FROM dirty""",
    "clickhouse": """INSERT INTO dirty (site_id, quarter, version, is_deleted)
    SELECT DISTINCT site_id, toStartOfInterval(occurred_at, INTERVAL 15 MINUTE),
        (SELECT coalesce(max(version), 0) + 2 FROM dirty), 0
    FROM event""",
}


def upgrade(execute, engine):
    if engine == "duckdb":  # ClickHouse's tables are made wherever there are none
        execute(_PATH_DEVICE_DAY)
        execute(_VISIT_DAY)
    execute(_DIRTY[engine])
