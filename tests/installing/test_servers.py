"""The recipes for Django and Flask put the tag into what these really answer."""

import json
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

from flask import Flask, render_template_string

from tests.kit.recipes import recipes

URL = "https://stats.example.org"
TAG = {"src": f"{URL}/js/footfall.js", "data-site": "testsite0001", "async": ""}
DJANGO = """
import json
from types import SimpleNamespace
import django
from django.conf import settings
from django.template import engines
from django.test import RequestFactory
{given}
settings.configure(
    FOOTFALL=FOOTFALL,
    TEMPLATES=[{{"BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {{"context_processors": ["django.template.context_processors.request", "shop.context.footfall"]}}}}],
)
django.setup()
template = engines["django"].from_string({template!r})
def page(**said):
    request = RequestFactory().get("/")
    vars(request).update(said)
    return template.render({{}}, request)
people = [SimpleNamespace(is_staff=is_staff) for is_staff in (False, True)]
print(json.dumps([page(user=people[0]), page(csp_nonce="R4nd0m"), page(user=people[1])]))
"""


def scripts(html: str) -> list[dict[str, str]]:
    """Return the attributes of each script of a page."""
    found: list[dict[str, str]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag == "script":
                found.append({name: value or "" for name, value in attrs})

    Reader().feed(html)
    return found


def test_django(tmp_path: Path) -> None:
    given, context = recipes("Django", "python", URL)
    [template] = recipes("Django", "html", URL)
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "context.py").write_text(context)
    program = DJANGO.format(given=given, template=template)
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == 0, ran.stderr
    visitor, with_nonce, staff = (scripts(page) for page in json.loads(ran.stdout))
    assert (visitor, with_nonce, staff) == ([TAG], [TAG | {"nonce": "R4nd0m"}], [])


def test_flask() -> None:
    [python] = recipes("Flask", "python", URL)
    [template] = recipes("Flask", "html", URL)
    app = Flask("shop")
    exec(python, {"app": app})
    app.add_url_rule("/", view_func=lambda: render_template_string(template))
    assert scripts(app.test_client().get("/").text) == [TAG]
    app.config["FOOTFALL"] = None
    assert scripts(app.test_client().get("/").text) == []
