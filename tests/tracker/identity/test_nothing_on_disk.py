"""In each privacy mode: what must not be kept is in no file, in no table, and in no log."""

import logging
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.kit.consenting import LOOKS, Person, make_site, mark
from tests.kit.ground import at
from tests.tracker.ingest.test_secrets import corpus
from tracker import archive
from tracker.house import House
from tracker.identity.identifiers import identifier_id
from tracker.models import Identifier
from tracker.sites import PRIVACY_MODES
from tracker.store.schema import event

ADDRESS = "198.51.100.237"
FIRST_PARTY = "0fedcba987654321"
LOGIN = "marked-login@example.org"
GPU = "marked-gpu-0xfeed"
SECRETS = [secret for secret in corpus() if len(secret) > 7][:40]
NEVER = [ADDRESS, ADDRESS.rpartition(".")[0], FIRST_PARTY, LOGIN, GPU, "marked-login", *SECRETS]
KEPT = {
    "count": set(),
    "cookieless": set(),
    "consented": {"first_party", "daily_hash"},
    "stitched": {"first_party", "daily_hash", "login", "fingerprint"},
}


def everything(data: Path) -> str:
    """Return all that lies in files, as it lies there and as engines read it: they pack texts."""
    parts = [path.read_bytes().decode("latin-1") for path in sorted(data.rglob("*")) if path.is_file()]
    with duckdb.connect() as engine:
        for parquet in data.rglob("*.parquet"):
            parts.append(str(engine.execute("FROM read_parquet(?)", [str(parquet)]).fetchall()))
    return "\n".join(parts)


@pytest.mark.parametrize("mode", PRIVACY_MODES)
def test_marked_secrets_and_a_marked_address_are_found_nowhere(
    mode: str, house: House, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    site = make_site(house, mode)
    with time_machine.travel(at("2026-03-02 12:00"), tick=False) as clock:
        anna = Person(client, house, site, address=ADDRESS, consent=mark(FIRST_PARTY), login=LOGIN)
        for number, secret in enumerate(SECRETS):
            anna.view(f"/page?token={secret}#{secret}", fingerprint={**LOOKS, "gpu_renderer": GPU})
            if number % 10 == 0:
                clock.shift(timedelta(minutes=1))
        waiting = everything(house.settings.data)
        house.loader.run_once()
        house.spool.close()
        house.loader.run_once()
        archive.merge_finished_days(house.settings.archive_folder, at("2026-03-03 12:00").date())
        stored = str(house.store.query(select(*event.c)).rows)
    for text in NEVER:
        for place in (waiting, everything(house.settings.data), stored, caplog.text):
            assert text not in place, text
    assert list(house.settings.archive_folder.rglob("*.parquet"))
    with house.database.session() as session:
        assert set(session.scalars(select(Identifier.kind))) == KEPT[mode]
    visitors = {visitor for (visitor,) in house.store.query(select(event.c.visitor_id)).rows}
    logins = {login for (login,) in house.store.query(select(event.c.login_id)).rows}
    assert (None in visitors) == (mode == "count")
    assert (logins == {None}) == (mode != "stitched")


@pytest.mark.parametrize("mode", PRIVACY_MODES)
@pytest.mark.parametrize("how", ["gpc", "denied"])
def test_who_says_no_is_nobody_in_every_mode(mode: str, how: str, house: House, client: FlaskClient) -> None:
    anna = Person(client, house, make_site(house, mode), login=LOGIN)
    anna.consent = "denied" if how == "denied" else mark()
    if how == "gpc":
        anna.headers["Sec-GPC"] = "1"
    anna.view("/", fingerprint=LOOKS)
    house.loader.run_once()
    assert house.store.query(select(event.c.visitor_id, event.c.login_id)).rows == [(None, None)]
    with house.database.session() as session:
        assert list(session.scalars(select(Identifier.id))) == []


@pytest.mark.parametrize("age_days", [395, 396, -2, 10_000])
def test_an_id_lasts_thirteen_months_and_not_a_day_longer(age_days: int, house: House, client: FlaskClient) -> None:
    anna = Person(client, house, make_site(house, "consented"), consent=mark(age_days=age_days))
    with time_machine.travel(at("2026-03-02 12:00"), tick=False):
        anna.consent = mark(FIRST_PARTY, age_days=age_days)
        anna.view("/")
        anna.view("/again")
    house.loader.run_once()
    [visitor] = {visitor for (visitor,) in house.store.query(select(event.c.visitor_id)).rows}
    own = identifier_id(anna.site.identity_key, "first_party", FIRST_PARTY)
    assert (visitor == own) == (age_days == 395)
