"""Holds the API to its description: schemathesis makes requests of the document, and checks each answer by it.

What a description cannot know, since every house has its own, is put into a copy of it: keys, names, numbers, cursors.
"""

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from typing import Any

import schemathesis
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events, from_schema

from reports.api.documents import document
from reports.query.dimensions import DIMENSIONS
from reports.query.ranges import NAMES
from tracker.bodies import Asgi

PHASES = ("examples", "coverage", "fuzzing", "stateful")
LETTERS = st.characters(
    min_codepoint=33, max_codepoint=0x24F, exclude_characters="/?#|\\:\x7f\xad", categories=["L", "N"]
)
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
FORMATS = {
    "range": st.one_of(
        st.sampled_from([name for name in NAMES if name != "all"]),  # with which nothing can be compared
        st.tuples(DAYS, DAYS).map(lambda days: f"{min(days)}..{max(days)}"),
    ),
    "filter": st.builds(
        "{}:{}:{}".format,
        st.sampled_from([one.name for one in DIMENSIONS if not one.by_goals]),  # a goal's name must be one
        st.sampled_from(["is", "is_not", "contains"]),
        st.text(LETTERS, min_size=1, max_size=20),
    ),
    "readable": st.text(LETTERS, min_size=1, max_size=20),
    "page": st.text(LETTERS, max_size=20).map("/{}".format),
}
# No schema says how long an address may be as a whole, nor that a body of many small parts is long.
REFUSED = ["400", "401", "403", "404", "405", "406", "409", "413", "414", "415", "422", "428", "429", "5xx"]
TAKEN = ["2xx", "3xx", "401", "403", "404", "409", "413", "414", "429", "5xx"]
# Which measures go with which dimensions, which limit must lie below which, and where something may be posted to, is
# more than JSON Schema can say; as is which day is to come.
BEYOND = ["query", "get_query_as", "change_signals", "try_limits", "make_webhook", "change_webhook", "mark_release"]
# A request is taken for its good events and says which were not; where all are bad, what an address or a time may be
# is more than a schema says, too.
IN_PART = ["send_events"]
# They post to a receiver outside of this machine.
OUTSIDE = ["test_webhook", "send_webhook_again"]
HELD_TO = [
    {
        "include-operation-id": BEYOND,
        "checks": {"positive_data_acceptance": {"expected-statuses": [*TAKEN, "422"]}},
    },
    {
        "include-operation-id": IN_PART,
        "checks": {
            "positive_data_acceptance": {"expected-statuses": [*TAKEN, "422"]},
            "negative_data_rejection": {"expected-statuses": [*REFUSED, "202"]},
        },
    },
]
NUMBERS = ("profile", "profile_id", "edge_id", "conflict_id", "event_id")


@dataclass(frozen=True)
class Broken:
    """An answer that is not as described: of which operation, by which check, why, and what was sent and got."""

    operation: str
    check: str
    why: str
    sent: str

    def __str__(self) -> str:
        return f"{self.operation}: {self.check}: {self.why}\n{self.sent}"


def described(get: Callable[[str], Any], key: str, host: str) -> dict[str, Any]:
    """Return the document, in which parameters say what values there are on the site of a house."""
    told, site = deepcopy(document()), f"/api/v1/sites/{key}"

    def found(path: str, field: str, name: str = "id") -> list[str]:
        return [str(one[name]) for one in get(f"{site}/{path}").json[field]][:2] or ["1"]

    profiles = found("profiles?who=known&limit=2", "profiles")
    there_is = {
        "site_id": [key],
        "profile_id": profiles,
        "profile": profiles,
        "event_id": found("examples?signal=dead&limit=2", "examples"),
        "edge_id": found(f"edges?profile={profiles[0]}", "edges"),
        "conflict_id": found("conflicts", "conflicts"),
        "segment": found("segments", "segments", "name"),
        "funnel": found("funnels", "funnels", "name"),
        "release": found("releases", "releases", "name"),
    }
    for path, method, operation in operations(told):
        if path.endswith(".{form}"):  # a cursor goes with the days that it was given for
            operation["parameters"] = [one for one in operation["parameters"] if one["name"] != "range"]
        elif path.endswith(("/events", "/visits")):
            operation["parameters"] = [one for one in operation["parameters"] if one["name"] != "cursor"]
        for one in operation["parameters"]:
            name = one["name"]
            if name == "site_key":
                one["schema"] = {"type": "string", "enum": [key]}
            elif name == "cursor":
                what = path.rpartition("/")[2].partition(".")[0]
                cursor = get(f"{site}/{what}.ndjson?limit=1").headers["Footfall-Cursor"]
                one["schema"] = {"type": "string", "enum": [cursor]}
            elif name == "since" and path.endswith("/check"):
                one["schema"] = {"type": "string", "enum": there_is["release"]}
            elif name in there_is and method != "delete":  # what is deleted is made for it: others are still needed
                some = {"type": "string", "enum": there_is[name]}
                # a number of nobody is none that breaks a rule
                one["schema"] = {"anyOf": [some, one["schema"]]} if name in NUMBERS else some
    adding = told["paths"]["/api/v1/sites/{site_key}/trackers"]["post"]["requestBody"]["content"]["application/json"]
    adding["schema"]["oneOf"][0]["properties"]["id"] = {"type": "string", "enum": [host]}  # a page of this site
    adding["schema"]["examples"] = [{"product": "plausible", "id": host}]
    return told


def operations(told: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Return the path, the method and the operation of each."""
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def broken(
    app: Asgi,
    told: dict[str, Any],
    token: str,
    *,
    phases: Sequence[str],
    examples: int,
    only: Sequence[str] = (),
    changing: bool = False,
) -> list[Broken]:
    """Make requests of a document by all phases that are named, with all checks; return what was not as described.

    Where what a site has is `changing` meanwhile, any name of it may be right or wrong: then no status is expected.
    """
    ids = [operation["operationId"] for _, _, operation in operations(told)]
    unwanted = [*OUTSIDE, *(one for one in ids if only and one not in only)]
    for name, strategy in FORMATS.items():
        schemathesis.openapi.format(name, strategy)
    config = SchemathesisConfig.from_dict(
        {
            "seed": 1,
            "headers": {"Authorization": f"Bearer {token}"},
            "generation": {"deterministic": True, "max-examples": examples, "no-shrink": True, "database": "none"},
            "phases": {name: {"enabled": name in phases} for name in PHASES},
            "checks": {
                "positive_data_acceptance": {"enabled": not changing, "expected-statuses": TAKEN},
                "negative_data_rejection": {"enabled": not changing, "expected-statuses": REFUSED},
            },
            # what is only filtered out is sent all the same, as a method that its path does not know
            "operations": [
                {"include-operation-id": unwanted, "enabled": False},
                *([] if changing else HELD_TO),
            ],
            "continue-on-failure": True,
            "request-timeout": 60,
        }
    )
    schema = schemathesis.openapi.from_dict(told, config=config)
    schema.app = app
    schema.location = "/api/openapi.json"
    return [one for event in from_schema(schema).execute() for one in _broken(event)]


def _broken(event: events.EngineEvent) -> Iterator[Broken]:
    if isinstance(event, events.NonFatalError):
        yield Broken(event.label, "error", repr(event.value), "")
    if isinstance(event, events.FatalError):
        yield Broken("", "error", repr(event.exception), "")
    if isinstance(event, events.ScenarioFinished):
        for case_id, checks in event.recorder.checks.items():
            for check in checks:
                if check.status == Status.FAILURE and check.failure_info:
                    label = event.recorder.cases[case_id].value.operation.label
                    yield Broken(label, check.name, str(check.failure_info.failure), _sent(event, case_id))


def _sent(event: events.ScenarioFinished, case_id: str) -> str:
    about = event.recorder.interactions[case_id]
    asked = f"{about.request.method} {about.request.uri[:1000]} {(about.request.body or b'')[:1000]!r}"
    return f"{asked}\n{about.response.status_code} {about.response.content[:400]!r}" if about.response else asked
