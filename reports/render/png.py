"""Our SVG pictures as PNG files, where the extra `png` is installed."""

from importlib import import_module
from importlib.util import find_spec

from markupsafe import Markup


def can_draw() -> bool:
    """Tell whether `render` works here."""
    return find_spec("resvg_py") is not None


def render(svg: Markup, paint: str) -> bytes:
    """Draw a picture in its own size, with the colours in `paint` (CSS), on white; ImportError without the extra."""
    draw = import_module("resvg_py").svg_to_bytes
    return bytes(draw(svg_string=str(svg), style_sheet=paint, background="#ffffff"))
