"""The ways in: each collector turns one foreign shape into our footprint, and nothing else."""

from types import ModuleType

from collectors import beacon, pixel
from collectors.foreign import ga4, goatcounter, matomo, plausible, posthog, snowplow, umami

# Each fits `collectors.collector.Collector`. A new one is a module and a line here.
COLLECTORS: tuple[ModuleType, ...] = (
    beacon,
    pixel,
    plausible,
    umami,
    matomo,
    goatcounter,
    posthog,
    snowplow,
    ga4,
)
