"""The description, docs and code of the API tell the same: addresses, parameters, statuses, scopes, problems."""

import ast
import importlib
import inspect
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from reports.api.answers import statuses
from reports.api.documents import document
from reports.api.routes import ROUTES, Route
from tests.kit.extras import needed
from tests.reports.api.contract import operations
from tracker.permissions import PERMISSIONS
from tracker.problems import KINDS

DOCS = Path(__file__).parents[3] / "docs"
API = (DOCS / "api.md").read_text()
WORDS = "".join(page.read_text() for page in (DOCS / "api.md", *DOCS.glob("api/*.md"), DOCS / "reports.md"))
WORDS += (DOCS / "signals.md").read_text() + (DOCS / "checking-releases.md").read_text()


def plain(path: str) -> str:
    """A path without the names of its parameters, which docs shorten."""
    return re.sub(r"\{\w+\}|<\w+>", "*", path)


def test_every_address_is_in_the_table_and_no_other() -> None:
    told = re.findall(r"^\| `([A-Z]+) (/api/v1[^`?]*)` \|", API, re.MULTILINE)
    assert sorted((method, plain(path)) for method, path in told) == sorted(
        (route.method, plain(route.rule)) for route in ROUTES
    )


def test_every_route_of_the_app_is_described(app: Flask) -> None:
    rules = {
        (method, plain(rule.rule))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert {(method.upper(), plain(path)) for path, method, _ in operations(document())} == rules


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.endpoint)
def test_every_parameter_is_explained(route: Route) -> None:
    for parameter in route.parameters:
        assert parameter.help.endswith(".")
        assert re.search(rf"[`?&]{parameter.name}[`=]", WORDS), parameter.name


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.endpoint)
def test_every_status_that_a_handler_names_is_described(route: Route) -> None:
    assert set(_statuses_in(route.handler)) <= set(statuses(route))


def test_the_statuses_that_handlers_name_are_found() -> None:
    found = {route.endpoint: set(_statuses_in(route.handler)) for route in ROUTES}
    assert {201, 200} <= found["mark_release"] and {501, 503} <= found["report_pdf"]
    assert found["erase_person"] >= {202, 404, 413, 415} and found["sites"] == set()


@pytest.mark.parametrize("route", [one for one in ROUTES if one.handler], ids=lambda route: route.endpoint)
def test_every_word_that_a_handler_reads_is_described(route: Route) -> None:
    read = set(re.findall(r"(?:request\.args\.get|words\.pop)\(\s*\"(\w+)\"", inspect.getsource(route.handler)))
    assert read <= {parameter.name for parameter in route.parameters}


def test_operations_have_names_of_their_own_and_say_what_they_need() -> None:
    told = [operation for _, _, operation in operations(document())]
    assert len({one["operationId"] for one in told}) == len(told)
    tags = {tag["name"] for tag in document()["tags"]}
    for route, one in zip(ROUTES, told, strict=True):
        assert one["summary"] and set(one["tags"]) <= tags
        needs = PERMISSIONS[route.permission or f"api.{route.endpoint}"].action
        assert bool(one["security"]) is (needs != "come-in")
        if one["security"]:
            assert f"`{one['security'][0]['key'][0]}`" in one["description"]


def test_every_tag_is_used_and_every_reference_leads_somewhere() -> None:
    text = json.dumps(document())
    for kind in ("schemas", "responses", "headers"):
        named = {part.split('"')[0] for part in text.split(f"#/components/{kind}/")[1:]}
        assert named == set(document()["components"][kind])
    used = {tag for _, _, operation in operations(document()) for tag in operation["tags"]}
    assert used == {tag["name"] for tag in document()["tags"]}


def test_every_kind_of_problem_is_in_the_docs_and_no_other() -> None:
    told = re.findall(r"^\| `([a-z-]+)` \| (\d+) \| (.*) \|$", API, re.MULTILINE)
    assert told == [(kind.name, str(kind.status), kind.when) for kind in KINDS]


def test_the_document_is_openapi_and_its_examples_are_valid() -> None:
    validator = needed("jsonschema_rs")
    schemathesis = needed("schemathesis")
    schemathesis.openapi.from_dict(document()).validate()
    for _, _, operation in operations(document()):
        if body := operation.get("requestBody"):
            schema = body["content"]["application/json"]["schema"]
            assert schema["examples"], operation["operationId"]
            for example in schema["examples"]:
                validator.validate({**schema, "components": document()["components"]}, example)


def _statuses_in(function: Any, seen: frozenset[Any] = frozenset()) -> Iterator[int]:
    """Yield the statuses that a handler, or what it calls in reports/api, gives to abort, problem or answer."""
    if function in seen or not getattr(function, "__module__", "").startswith("reports.api"):
        return
    function = inspect.unwrap(function)
    around = importlib.import_module(function.__module__)
    for node in ast.walk(ast.parse(inspect.getsource(function))):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        if name in ("abort", "problem", "answer", "_json", "Response"):
            given = [*node.args, *(word.value for word in node.keywords if word.arg == "status")]
            yield from (
                one.value
                for argument in given
                if isinstance(argument, ast.Constant | ast.IfExp)
                for one in ast.walk(argument)
                if isinstance(one, ast.Constant) and type(one.value) is int
            )
        called = getattr(around, name, None)
        if inspect.isfunction(called) and name != "problem":
            yield from _statuses_in(called, seen | {function})
