"""The event store: columnar, behind one small interface, DuckDB or ClickHouse."""
