"""The wheel holds what runs, and nothing else."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKED = ("collectors", "migrations", "reports", "static", "tracker")


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Names of the files in a wheel built from a copy of this checkout."""
    source = tmp_path_factory.mktemp("source")
    for folder in (*PACKED, "tests", "docs"):
        ignored = shutil.ignore_patterns("__pycache__", "node_modules")
        shutil.copytree(ROOT / folder, source / folder, ignore=ignored)
    for file in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / file, source / file)
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*command, "--disable-pip-version-check", "-w", str(source / "dist"), "."], cwd=source, check=True)
    [wheel] = (source / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        return set(packed.namelist())


def test_all_that_runs_is_in_it(names: set[str]) -> None:
    wanted = {
        path.relative_to(ROOT).as_posix()
        for folder in PACKED
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".html", ".css", ".json", ".svg", ".mako", ".sql", ".typ", ".php"}
        and not {"__pycache__", "node_modules", "src"} & set(path.parts)
    }
    assert not wanted - names
    assert {"static/js/footfall.js", "tracker/py.typed"} <= names
    assert any(name.startswith("migrations/relational/versions/0001") for name in names)


def test_nothing_else_is_in_it(names: set[str]) -> None:
    tops = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert tops == set(PACKED)
    assert not [name for name in names if "node_modules" in name or name.startswith("static/js/src")]
