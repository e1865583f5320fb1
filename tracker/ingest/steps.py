"""The way of a footprint, in two tuples: what needs the request is done at once, the rest at load."""

from collections.abc import Callable
from typing import TypeAlias

from tracker.event import Footprint
from tracker.ingest.agents import label_agents
from tracker.ingest.arrival import Arrival, Drop
from tracker.ingest.claims import claim_identity
from tracker.ingest.columns import lay_out
from tracker.ingest.context import IngestContext
from tracker.ingest.device import find_device
from tracker.ingest.page import find_page
from tracker.ingest.person import name_person
from tracker.ingest.place import find_place
from tracker.ingest.properties import clean_properties
from tracker.ingest.rows import Row
from tracker.ingest.source import find_source
from tracker.ingest.url import clean_texts
from tracker.ingest.visitor import name_visitor
from tracker.ingest.when import tell_time
from tracker.sites import SiteInfo

RequestStep: TypeAlias = Callable[[Footprint, Arrival, SiteInfo, IngestContext], Drop | None]
LoadStep: TypeAlias = Callable[[Footprint, list[Row], SiteInfo], None]

# Before the footprint is written down; after the last of these the address is forgotten.
AT_REQUEST: tuple[RequestStep, ...] = (
    name_visitor,
    name_person,
    find_place,
    clean_texts,
    clean_properties,
)

# On the way from the spool to the store.
AT_LOAD: tuple[LoadStep, ...] = (
    lay_out,
    tell_time,
    find_page,
    find_source,
    find_device,
    label_agents,
    claim_identity,
)


def to_rows(footprint: Footprint, site: SiteInfo) -> list[Row]:
    """Turn a spooled footprint into one row an event, in the order of its events."""
    rows: list[Row] = [{} for _ in footprint.events]
    for step in AT_LOAD:
        step(footprint, rows, site)
    return rows
