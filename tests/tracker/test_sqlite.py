"""Of what is deleted nothing lies in a SQLite file."""

import random
import re
from collections.abc import Callable

import pytest
from sqlalchemy import Column, Engine, ForeignKey, Integer, MetaData, Table, Text, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.schema import CreateTable

from tracker.database import Database
from tracker.models import Site
from tracker.settings import Settings
from tracker.sqlite import empty_log, write_anew, write_table_anew

ROWS = 3000
MOVING = Table(
    "moving",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("told", Text),
    Column("site_id", ForeignKey(Site.id)),
)


def write_moving_anew(engine: Engine) -> None:
    write_table_anew(engine, MOVING)


@pytest.mark.parametrize("wipe", [write_anew, write_moving_anew])
def test_what_is_written_anew_holds_nothing_of_rows_that_moved_before_they_were_deleted(
    settings: Settings, database: Database, wipe: Callable[[Engine], None]
) -> None:
    dice = random.Random(7)

    def some() -> list[dict[str, object]]:
        return [{"id": one, "more": "." * dice.randint(1, 200)} for one in dice.sample(range(ROWS), ROWS // 2)]

    with database.session() as session:
        session.connection().execute(CreateTable(MOVING))
        session.execute(
            text("INSERT INTO moving VALUES (:id, 'row ' || :id || :more, NULL)"),
            [{"id": one, "more": "." * dice.randint(200, 400)} for one in range(ROWS)],
        )
        session.execute(text("UPDATE moving SET told = told || :more WHERE id = :id"), some())
    gone = some()
    with database.session() as session:
        session.execute(text("DELETE FROM moving WHERE id = :id"), gone)

    def found() -> set[int]:
        told = re.findall(rb"row (\d+)\.", database_file.read_bytes())
        return {int(one) for one in told} & {one["id"] for one in gone}

    database_file = settings.data / "footfall.sqlite"
    assert empty_log(database.engine)
    assert found() != set()  # else there is nothing to see here
    wipe(database.engine)
    assert empty_log(database.engine)
    assert found() == set()
    with database.session() as session:
        assert session.scalar(text("SELECT count(*) FROM moving")) == ROWS - len(gone)


def test_foreign_keys_are_looked_at_again_after_a_table_was_written_anew(database: Database) -> None:
    with database.session() as session:
        session.connection().execute(CreateTable(MOVING))
        session.execute(text("INSERT INTO moving VALUES (1, 'a', NULL)"))
    write_table_anew(database.engine, MOVING)
    with pytest.raises(IntegrityError), database.session() as session:
        session.execute(text("INSERT INTO moving VALUES (2, 'b', 999)"))
