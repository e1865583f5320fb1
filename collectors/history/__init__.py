"""Ways in for what other products have recorded: each module turns a product's export into views and custom events."""

from collectors.history import goatcounter, umami
from collectors.history.hit import Format

# A new one is a module and a line here; `footfall import` has a command of its name.
FORMATS: tuple[Format, ...] = (umami.FORMAT, goatcounter.FORMAT)
