"""The built files are what the source gives, small, and named by what they hold."""

import base64
import gzip
import hashlib
import json
import shutil
import subprocess

import pytest

from tests.kit.browser import STATIC_JS

BUILT = (STATIC_JS / "footfall.js").read_bytes()


def test_the_snippet_is_at_most_four_kibibytes_gzipped() -> None:
    assert len(gzip.compress(BUILT, 9)) <= 4096


def test_the_newest_version_is_the_evergreen_file_and_its_integrity_holds() -> None:
    newest = json.loads((STATIC_JS / "versions.json").read_text())[0]
    assert (STATIC_JS / newest["file"]).read_bytes() == BUILT
    assert newest["integrity"] == "sha384-" + base64.b64encode(hashlib.sha384(BUILT).digest()).decode()
    together = b"\n".join((STATIC_JS / file).read_bytes() for file in (newest["file"], *newest["further"]))
    assert hashlib.sha256(together).hexdigest()[:10] in newest["file"]


def test_every_version_kept_has_its_integrity() -> None:
    for version in json.loads((STATIC_JS / "versions.json").read_text()):
        for file, integrity in {version["file"]: version["integrity"], **version["further"]}.items():
            digest = base64.b64encode(hashlib.sha384((STATIC_JS / file).read_bytes()).digest()).decode()
            assert integrity == "sha384-" + digest


def test_the_lock_names_packages_and_no_registry() -> None:
    assert "http" not in (STATIC_JS / "package-lock.json").read_text()


def test_what_a_strict_policy_forbids_is_not_in_it() -> None:
    for word in (b"eval(", b"innerHTML", b"new Function", b"document.write", b".cookie", b".style"):
        assert word not in BUILT


def test_the_built_files_are_what_the_source_gives() -> None:
    if not shutil.which("node") or not (STATIC_JS / "node_modules" / "terser").exists():
        pytest.skip("what builds the files is not here: install Node.js, and run `npm ci` in static/js")
    check = subprocess.run(["node", "build.mjs", "--check"], check=False, cwd=STATIC_JS, capture_output=True, text=True)
    assert check.returncode == 0, check.stderr
