"""What the command line is told by the house, beside a server or not."""

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import event

from tracker.commands.operations import answer
from tracker.errors import FootfallError
from tracker.house import House
from tracker.store.base import StoreDownError

SITE = {"name": "Shop", "hosts": ["shop.example"], "zone": "Europe/Warsaw"}


def test_a_database_that_others_write_to_for_long_is_said_in_one_line(house: House) -> None:
    engine = house.database.engine
    engine.dispose()
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=1"))
    with closing(sqlite3.connect(house.settings.data / "footfall.sqlite")) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(FootfallError, match=r"^a store cannot do it just now \(.*locked\); try again in a minute$"):
            list(answer(house, "add_site", SITE))
    [added] = answer(house, "add_site", SITE)
    assert added["name"] == "Shop"


def test_a_store_that_is_away_is_said_in_one_line(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise StoreDownError("spool files of another process are still open")

    monkeypatch.setattr("tracker.rights.erasing.Erasing.finish", away)
    with pytest.raises(FootfallError, match=r"just now \(spool files of another process are still open\); try again"):
        list(answer(house, "finish_erasures", {}))


def test_what_is_unknown_is_refused(house: House) -> None:
    with pytest.raises(FootfallError, match="knows no operation 'nothing'"):
        list(answer(house, "nothing", {}))
