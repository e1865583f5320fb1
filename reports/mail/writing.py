"""How letters are written: templates, styles where mail programs keep them, the colours of charts."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import css_inline
import jinja2

from reports.wording import words
from reports.wording.places import isolated
from tracker.languages import spoken_language
from tracker.languages.templates import speak

CHART = "chart"
_HERE = Path(__file__).parent / "templates"
PAINT = (_HERE / "chart.css").read_text()


def written(template: str, told: Mapping[str, object]) -> str:
    """Fill in a template; of HTML the styles stand in the elements, for many mail programs drop style sheets."""
    language = spoken_language()
    told = {**told, "language": language, "begin": "left", "end": "right"}
    if language.direction == "rtl":
        told |= {"begin": "right", "end": "left"}  # by name, for many mail programs know no start and end
    text = _templates().get_template(template).render(told)
    if not template.endswith(".html"):
        return text
    return css_inline.inline(text, keep_style_tags=True, load_remote_stylesheets=False)


@cache
def _templates() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE),
        autoescape=jinja2.select_autoescape(["html"]),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    speak(environment)
    environment.globals.update(count=words.count, isolated=isolated)
    return environment
