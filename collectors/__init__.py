"""The ways in: each collector turns one foreign shape into our footprint, and nothing else."""

from types import ModuleType

from collectors import beacon, pixel

# Each fits `collectors.collector.Collector`. A new one is a module and a line here.
COLLECTORS: tuple[ModuleType, ...] = (
    beacon,
    pixel,
)
