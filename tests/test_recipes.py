"""The recipes of the docs for developers run as they stand, and so does what every panel of the dashboard offers."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import duckdb
import pytest
from flask import Flask
from werkzeug.serving import make_server

from reports.dashboard.developers import curl, python
from tests.kit.store import Loading, Visiting, dead
from tracker.access import create_key
from tracker.app import create_app
from tracker.clock import utc_now
from tracker.house import open_house
from tracker.settings import load_settings
from tracker.sites import create_site, describe

DOCS = Path(__file__).parent.parent / "docs"
RECEIVES = DOCS / "api" / "webhooks.md"  # its recipe asks nothing: tests/reports/webhooks sees that it works
PAGES = [DOCS / "api.md", *sorted({*(DOCS / "api").glob("*.md")} - {RECEIVES})]
HOST = "https://stats.example.org"
CHANGES = re.compile(r"/releases\"|/signals\"|/merge\"")  # these have tests of their own
RUNNER = """
import json, sys
def records(table):
    if hasattr(table, "to_dicts"):
        return table.to_dicts()
    if not hasattr(table, "to_json") and not isinstance(table, list):
        return [table.json() if hasattr(table, "json") else {"accepted": table.accepted}]
    return table if isinstance(table, list) else json.loads(table.to_json(orient="records"))
told = []
for recipe in json.load(sys.stdin):
    found = {}
    exec(recipe, found)
    told.append(records(next(found[name] for name in ("table", "links", "answer") if name in found)))
print(json.dumps(told, default=str))
"""

Records = list[dict[str, Any]]


@dataclass(frozen=True)
class Served:
    """A house with a site, at an address; `environment` is that of its developer, `statuses` what was answered."""

    app: Flask
    url: str
    site: str
    environment: dict[str, str]
    statuses: list[int]

    def run(self, command: list[str], folder: Path, said: str = "", **environment: str) -> str:
        """Run a developer's program, which must end well and be refused nothing; what it prints."""
        before = len(self.statuses)
        ran = subprocess.run(
            command,
            cwd=folder,
            env={**self.environment, **environment},
            input=said,
            capture_output=True,
            text=True,
            timeout=110,
            check=False,
        )
        assert ran.returncode == 0, (command[-1], ran.stdout[-2000:], ran.stderr[-2000:])
        answered = self.statuses[before:]
        assert answered and set(answered) <= {200, 202}, (command[-1], answered, ran.stdout[-2000:])
        return ran.stdout


@pytest.fixture(scope="module")
def served(bare_house: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A site on whose clock it is about noon, with a dead click today, yesterday, before that and over a week ago."""
    settings = load_settings({"FOOTFALL_DATA": str(tmp_path_factory.mktemp("recipes"))})
    for file in bare_house:
        shutil.copyfile(file, settings.data / file.name)
    house = open_house(settings)
    now, statuses = utc_now(), list[int]()
    with house.database.session() as session:
        site = describe(create_site(session, "Recipes", ["recipes.example"], f"Etc/GMT{now.hour - 12:+d}"))
        key = create_key(session, "test", ["read", "ingest"], site.id)
    settings.batch_folder.mkdir(exist_ok=True)
    visit = Visiting(Loading(house.store, settings.batch_folder), site)
    with visit.at_once():
        for page, element, days in (
            ("today", "#now", 0),
            ("cart", "#pay", 1),
            ("before", "#old", 2),
            ("ago", "#ago", 8),
        ):
            moment = now - timedelta(days=days, minutes=10)
            visit(f"{moment:%Y-%m-%d %H:%M}", ["/", f"/{page}"], [dead(element, 1)])
    app = create_app(house)

    def noted(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        def start(status: str, *more: Any) -> Any:
            statuses.append(int(status[:3]))
            return start_response(status, *more)

        return app.wsgi_app(environ, start)

    server = make_server("127.0.0.1", 0, noted, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "SITE": site.key, "FOOTFALL_KEY": key}
    yield Served(app, f"http://127.0.0.1:{server.server_port}", site.key, environment, statuses)
    server.shutdown()
    thread.join(10)
    server.server_close()
    house.close()


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page.read_text(), re.DOTALL)


def tables(page: Path, recipes: list[str], served: Served, folder: Path) -> list[Records]:
    """Run recipes in Python one after the other; the rows of the table that each gives."""
    said = json.dumps([recipe.replace(HOST, served.url) for recipe in recipes])
    told: list[Records] = json.loads(served.run([sys.executable, "-c", RUNNER], folder, said).splitlines()[-1])
    assert len(told) == len(recipes), page
    return told


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_python_gives_tables(page: Path, served: Served, tmp_path: Path) -> None:
    recipes = blocks(page, "python")
    assert recipes
    told = dict(zip(recipes, tables(page, recipes, served, tmp_path), strict=True))
    assert all(told.values()), [recipe for recipe, rows in told.items() if not rows]
    if page.stem == "api":
        [struggles] = [recipe for recipe in recipes if "metrics=struggles" in recipe]
        assert len([line for line in struggles.splitlines() if line]) <= 5
        assert told[struggles] == [
            {"signal": "dead", "path": "/cart", "element": "#pay", "struggles": 1, "visitors": 1}
        ]  # yesterday's alone


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_commands_answer(page: Path, served: Served, tmp_path: Path) -> None:
    commands = [block for block in blocks(page, "sh") if not CHANGES.search(block)]
    assert commands
    for command in commands:
        served.run(["bash", "-c", command.replace(HOST, served.url)], tmp_path)
    if page.stem in ("api", "exports"):
        [week] = [command for command in commands if "week.duckdb" in command]
        assert len([line for line in week.splitlines() if not line.endswith("&&")]) == 1
        with duckdb.connect(tmp_path / "week.duckdb") as engine:
            found = engine.sql("SELECT path, element FROM events WHERE kind = 'click' ORDER BY path").fetchall()
        assert found == [("/before", "#old"), ("/cart", "#pay"), ("/today", "#now")]  # and none of eight days ago


@pytest.mark.parametrize(("key", "status"), [("ff_wrong", 401), ("", 401)])
def test_a_refusal_is_seen(key: str, status: int, served: Served, tmp_path: Path) -> None:
    command = blocks(DOCS / "api.md", "sh")[0].replace(HOST, served.url)
    with pytest.raises(AssertionError, match=rf"\[{status}\]"):
        served.run(["bash", "-c", command], tmp_path, FOOTFALL_KEY=key)


@pytest.mark.parametrize(
    ("words", "rows", "says"),
    [
        ("reports/pages?range=7d&filter=path%3Acontains%3A%2F&compare=previous", "rows", "/cart"),
        ("flow?range=7d&direction=forward", "links", "/cart"),
        ("heatmap?range=7d&path=%2Fcart", "elements", "#pay"),
        ("reports/struggles?range=7d", "rows", "#pay"),
        ("reports/funnels?range=7d&compare=previous", "rows", "[]"),
    ],
)
def test_what_a_panel_offers_works(words: str, rows: str, says: str, served: Served, tmp_path: Path) -> None:
    path = f"/api/v1/sites/{served.site}/{words}"
    with served.app.test_request_context(base_url=served.url):
        command, lines = curl(path), python(path, rows)
    assert f'"{rows}":[' in served.run(["bash", "-c", f"{command} -sf"], tmp_path)
    assert says in served.run([sys.executable, "-c", lines], tmp_path)
