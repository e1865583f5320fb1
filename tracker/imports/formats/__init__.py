"""Products whose exports are read as counts by day."""

from tracker.imports.formats import ga4, matomo, plausible
from tracker.imports.formats.format import Format

# A new one is a module and a line here; `footfall import` has a command of its name.
FORMATS: tuple[Format, ...] = (plausible.FORMAT, ga4.FORMAT, matomo.FORMAT)
