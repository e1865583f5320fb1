"""Templates say what is their own with `_`, and what code has marked with `said`."""

from pathlib import Path

import jinja2
import pytest
from jinja2 import nodes

import reports

ROOM = Path(reports.__file__).parent
TEMPLATES = sorted(file for file in ROOM.glob("**/templates/*") if file.suffix in {".html", ".txt"})
_ENGINE = jinja2.Environment(extensions=["jinja2.ext.i18n"])
_OWN = ("_", "gettext", "ngettext", "pgettext", "counted")
_TEXTS = {"counted": 2, "ngettext": 2, "pgettext": 2}


def untold(text: str) -> list[int]:
    """Return the lines in which a name is given where a text of the template's own belongs."""
    calls = [one for one in _ENGINE.parse(text).find_all(nodes.Call) if isinstance(one.node, nodes.Name)]
    return [
        one.lineno
        for one in calls
        if isinstance(one.node, nodes.Name)
        and one.node.name in _OWN
        and not all(isinstance(part, nodes.Const) for part in one.args[: _TEXTS.get(one.node.name, 1)])
    ]


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.name)
def test_only_texts_of_the_templates_own_are_said_as_markup(file: Path) -> None:
    assert untold(file.read_text()) == [], "use said(…)"


def test_a_name_where_a_text_belongs_is_found() -> None:
    assert untold('{{ _("Saved") }}\n{{ _(kind.help) }}\n{{ pgettext("button", name) }}') == [2, 3]


def test_all_templates_are_looked_at() -> None:
    assert {"base.html", "letter.txt", "person.html"} <= {file.name for file in TEMPLATES}
