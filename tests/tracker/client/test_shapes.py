"""What the client promises is typed, documented, and no other than what the server answers."""

import inspect
import types
from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

import msgspec
import pytest

from reports.api.routes import ROUTES
from tests.kit.store import Visiting, dead
from tests.tracker.client import sample
from tests.tracker.client.test_client import yesterday
from tracker import client
from tracker.client import Site, saved, struggles
from tracker.client.reports import ReportInfo
from tracker.client.schema import Schema
from tracker.client.site import SiteInfo

ANSWERS = {
    "sites": SiteInfo,
    "query": client.Answer,
    "query_schema": Schema,
    "reports": ReportInfo,
    "report": client.Report,
    "heatmap": client.Heatmap,
    "flow": client.Flow,
    "examples": struggles.Examples,
    "story": client.Story,
    "releases": saved.Releases,
    "mark_release": client.Release,
    "check": client.Check,
    "goals": saved.Goals,
    "funnels": saved.Funnels,
    "segments": saved.Segments,
    "send_events": client.Taken,
}
WRAPPED = {"sites": "sites", "reports": "reports"}
PUBLIC = [(name, getattr(client, name)) for name in client.__all__ if name != "Row"]


def members(kind: type) -> Iterator[tuple[str, Any]]:
    for name, found in vars(kind).items():
        if not name.startswith("_") and isinstance(found, types.FunctionType | property | classmethod):
            yield name, found.fget if isinstance(found, property) else getattr(found, "__func__", found)


@pytest.mark.parametrize(("name", "kind"), PUBLIC, ids=[name for name, _ in PUBLIC])
def test_every_public_name_is_documented_and_typed(name: str, kind: type) -> None:
    assert kind.__doc__ and kind.__module__.startswith("tracker.client"), name
    for called, found in members(kind):
        assert inspect.getdoc(found), f"{name}.{called}"
        signature = inspect.signature(found)
        assert signature.return_annotation is not inspect.Signature.empty, f"{name}.{called}"
        for parameter in list(signature.parameters.values())[1:]:
            assert parameter.annotation is not inspect.Parameter.empty, f"{name}.{called}: {parameter.name}"


def test_no_public_name_is_left_out() -> None:
    kinds = {found for _, kind in PUBLIC for found in mentioned(kind)} - {saved.Goals, struggles.Examples}
    assert {kind.__name__ for kind in kinds} <= set(client.__all__)


def mentioned(kind: type) -> set[type]:
    """The client's own kinds that a kind's fields and methods name, itself among them."""
    hints = list(get_type_hints(kind).values()) if issubclass(kind, msgspec.Struct) else []
    for _, found in members(kind):
        hints += own_hints(found)
    return {kind, *(one for hint in hints for one in parts(hint))}


def own_hints(found: Any) -> list[Any]:
    names = {"pandas": types.SimpleNamespace(DataFrame=object), "polars": types.SimpleNamespace(DataFrame=object)}
    return list(get_type_hints(found, localns=names).values())


def parts(hint: Any) -> Iterator[type]:
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct | client.Site | client.Rows):
        yield hint
    for one in get_args(hint):
        yield from parts(one)


@pytest.mark.parametrize("endpoint", ANSWERS)
def test_the_client_reads_what_the_server_writes(endpoint: str) -> None:
    theirs = next(route.shape for route in ROUTES if route.endpoint == endpoint)
    if endpoint in WRAPPED:
        [theirs] = get_args(get_type_hints(theirs)[WRAPPED[endpoint]])
    agree(ANSWERS[endpoint], theirs)


def agree(ours: Any, theirs: Any) -> None:
    """Every field that we name is one of theirs, may be null where theirs may, and so on inside."""
    if isinstance(ours, type) and issubclass(ours, msgspec.Struct):
        given = {one.encode_name: one for one in msgspec.structs.fields(theirs)}
        for one in msgspec.structs.fields(ours):
            assert one.encode_name in given, (ours.__name__, one.encode_name)
            answer = given[one.encode_name]
            may_lack = theirs.__struct_config__.omit_defaults and not answer.required
            assert not (may_lack and one.required and one.encode_name != "records"), (ours.__name__, one.encode_name)
            nullable = type(None) in get_args(answer.type)
            assert not nullable or type(None) in get_args(one.type) or one.encode_name == "records", (ours, one.name)
            agree(one.type, answer.type)
        return
    inner = [one for one in get_args(ours) if one is not type(None)]
    outer = [one for one in get_args(theirs) if one is not type(None)]
    for mine, other in zip(inner, outer, strict=False):
        agree(mine, other)


def test_the_sample_program_works(reached: Site, visit_own: Visiting) -> None:
    phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1"
    assert sample.newest_story(reached, "dead") is None
    visit_own(yesterday(), ["/cart"], [dead("#pay")], user_agent=phone)
    assert sample.struck_pages(reached) == {"/cart": 1}
    assert (sample.newest_story(reached, "dead") or pytest.fail("no story")).element == "#pay"
    rows, cursor = sample.follow(reached, None)
    assert [one["kind"] for one in rows] == ["view", "click"]
    assert sample.follow(reached, cursor) == ([], cursor)
    assert [row["visitors"] for row in sample.visitors_by_day(reached)] == [1]
    with client.Client(reached._wire._base, "ff_x") as stranger, pytest.raises(client.UnauthenticatedError):
        sample.last_event(stranger, "shop")
