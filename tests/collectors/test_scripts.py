"""The snippet's files: the present one asked for again, a version kept for ever, both readable from any site."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from collectors import routes


@pytest.fixture
def scripts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    (tmp_path / "versions").mkdir()
    (tmp_path / "footfall.js").write_text("now()")
    (tmp_path / "versions" / "footfall-0.1.0.js").write_text("then()")
    (tmp_path / "more.js").write_text("export default 1")
    (tmp_path / "versions.json").write_text("[]")
    (tmp_path / "secret.js").write_text("secret")
    monkeypatch.setattr(routes, "SCRIPTS", tmp_path)
    app = Flask("scripts")
    app.register_blueprint(routes.blueprint)
    return app.test_client()


def test_the_snippet_is_revalidated_by_its_etag(scripts: FlaskClient) -> None:
    answer = scripts.get("/js/footfall.js", buffered=True)
    assert (answer.status_code, answer.data) == (200, b"now()")
    assert answer.content_type == "text/javascript; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    again = scripts.get("/js/footfall.js", headers={"If-None-Match": answer.headers["ETag"]}, buffered=True)
    assert (again.status_code, again.data) == (304, b"")


def test_a_version_never_changes(scripts: FlaskClient) -> None:
    answer = scripts.get("/js/versions/footfall-0.1.0.js", buffered=True)
    assert (answer.status_code, answer.data) == (200, b"then()")
    assert "immutable" in answer.headers["Cache-Control"]


def test_a_further_file_is_a_module_for_any_site(scripts: FlaskClient) -> None:
    answer = scripts.get("/js/more.js", buffered=True)
    assert (answer.status_code, answer.data) == (200, b"export default 1")
    assert answer.content_type == "text/javascript; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert scripts.get("/js/secret.js").status_code == 404


def test_the_list_of_versions_is_readable(scripts: FlaskClient) -> None:
    answer = scripts.get("/js/versions.json", buffered=True)
    assert (answer.json, answer.content_type) == ([], "application/json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("file", ["none.js", "../secret.js", "%2e%2e/secret.js", "..%2fsecret.js", "%2fetc%2fpasswd"])
def test_nothing_else_is_served(file: str, scripts: FlaskClient) -> None:
    assert scripts.get(f"/js/versions/{file}", follow_redirects=True).status_code == 404
