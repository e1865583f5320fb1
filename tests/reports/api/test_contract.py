"""Answers are as the API's description says, whatever is sent: schemathesis with all of its checks, in short.

`python -m bench.contract` is the long form.
"""

import pytest
from flask import Flask
from flask.testing import FlaskClient

pytest.importorskip("schemathesis", reason="no schemathesis here: pip install -e '.[dev]'")

from tests.reports.api.contract import broken, described, operations
from tracker.access import create_key
from tracker.app import create_asgi
from tracker.house import House
from tracker.rate import Rate
from tracker.roles import SCOPES
from tracker.segments import save_segment
from tracker.sites import SiteInfo

# What takes long, or takes all: in the long form alone.
LONG = {"get_report_pdf", "try_limits", "get_events_as", "get_visits_as", "get_profiles_as", "export_person"}


@pytest.mark.timeout(300)
def test_answers_are_as_described(sample: SiteInfo, house: House, app: Flask, client: FlaskClient) -> None:
    with house.database.session() as session:
        token = create_key(session, "schemathesis", SCOPES)
        save_segment(session, sample.id, "Phones", ["device:is:mobile"], "test")
    house.sites.forget()
    house.calls = Rate(1_000_000, burst_s=60)
    headers = {"Authorization": f"Bearer {token}"}
    told = described(lambda path: client.get(path, headers=headers), sample.key, sample.hosts[0])
    reading = [one["operationId"] for _, method, one in operations(told) if method == "get"]
    changing = [one["operationId"] for _, method, one in operations(told) if method != "get"]
    serve = create_asgi(house)
    for only in (reading, changing):  # names that are saved must not be taken for wrong ones
        found = broken(
            serve, told, token, phases=["fuzzing"], examples=1, only=[one for one in only if one not in LONG]
        )
        assert not found, "\n\n".join(map(str, found))
