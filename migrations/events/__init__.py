"""Steps that bring an event store of an older version up to date.

A new store gets its tables from `tracker.store.schema` at once, so there is no first step.
Change the schema, then add `NNNN_what_it_does.py` with the next number from 2 on:

    def upgrade(execute, engine):  # engine is "duckdb" or "clickhouse"
        execute("ALTER TABLE event ADD COLUMN …")
"""
