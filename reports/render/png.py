"""Our SVG pictures as PNG files, where the extra `png` is installed."""

from importlib import import_module
from importlib.util import find_spec

from markupsafe import Markup

_SVG = "http://www.w3.org/2000/svg"


def can_draw() -> bool:
    """Tell whether `render` works here."""
    return find_spec("resvg_py") is not None


def render(svg: Markup, paint: str, zoom: int = 1) -> bytes:
    """Draw a picture `zoom` times its own size, with the colours in `paint` (CSS), on white.

    ImportError without the extra.
    """
    draw = import_module("resvg_py").svg_to_bytes
    # a page needs no name for the language, but without one the words are left out of the picture
    named = str(svg) if "xmlns" in svg else str(svg).replace("<svg ", f'<svg xmlns="{_SVG}" ', 1)
    return bytes(draw(svg_string=named, style_sheet=paint, background="#ffffff", zoom=zoom))
