"""What the snippet's further files tell, and the table of struggles; these are derived afterwards."""

_ADDED = (
    ("repeats", "BOOLEAN"),
    ("attention_ms", "INTEGER[]"),
    ("lcp_ms", "INTEGER"),
    ("inp_ms", "INTEGER"),
    ("cls_permille", "INTEGER"),
    ("fcp_ms", "INTEGER"),
    ("ttfb_ms", "INTEGER"),
)
_CLICKHOUSE = {"BOOLEAN": "Nullable(Bool)", "INTEGER": "Nullable(Int32)", "INTEGER[]": "Array(Int32)"}
_STRUGGLE = """CREATE TABLE IF NOT EXISTS struggle (
    site_id INTEGER NOT NULL,
    signal VARCHAR NOT NULL,
    view_id BIGINT NOT NULL,
    seq INTEGER NOT NULL,
    visitor_id BIGINT,
    occurred_at TIMESTAMP NOT NULL,
    host VARCHAR,
    path VARCHAR,
    element VARCHAR,
    element_text VARCHAR,
    repetitions INTEGER NOT NULL,
    duration_ms INTEGER NOT NULL,
    detail VARCHAR,
    device VARCHAR,
    browser VARCHAR,
    browser_version VARCHAR,
    os VARCHAR,
    os_version VARCHAR,
    screen VARCHAR,
    language VARCHAR,
    country VARCHAR,
    region VARCHAR,
    city VARCHAR,
    place_approximate BOOLEAN,
    label VARCHAR,
    agent VARCHAR
)"""

DERIVED = ("struggle",)


def upgrade(execute, engine):
    for name, kind in _ADDED:
        spelled = _CLICKHOUSE[kind] if engine == "clickhouse" else kind
        execute(f"ALTER TABLE event ADD COLUMN IF NOT EXISTS {name} {spelled}")
    if engine == "duckdb":  # ClickHouse's tables are made wherever there are none
        execute(_STRUGGLE)
