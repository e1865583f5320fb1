"""Steps that bring an event store of an older version up to date.

A new store gets its tables from `tracker.store.schema` at once, so there is no first step.
Change the schema, then add `NNNN_what_it_does.py` with the next number from 2 on:

    def upgrade(execute, engine):  # engine is "duckdb" or "clickhouse"
        execute("ALTER TABLE event ADD COLUMN IF NOT EXISTS …")

A step may run again when an upgrade was cut off, so it must not mind what is there already.
Where derived rows are to be made of the stored events afterwards, it names their tables in
`DERIVED`; only `struggle` can be.
"""
