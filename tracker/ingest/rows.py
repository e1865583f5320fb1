"""A row on its way to the event store."""

from typing import TypeAlias

# Keyed by the columns of `tracker.store.schema.event`; a key that is not there is a null.
Row: TypeAlias = dict[str, object]
