"""Of what is deleted nothing lies in a SQLite file."""

import random
import re

from sqlalchemy import text

from tracker.database import Database
from tracker.settings import Settings
from tracker.sqlite import empty_log, write_anew

ROWS = 3000


def test_a_file_that_is_written_anew_holds_nothing_of_rows_that_moved_before_they_were_deleted(
    settings: Settings, database: Database
) -> None:
    dice = random.Random(7)

    def some() -> list[dict[str, object]]:
        return [{"id": one, "more": "." * dice.randint(1, 200)} for one in dice.sample(range(ROWS), ROWS // 2)]

    with database.session() as session:
        session.execute(text("CREATE TABLE moving (id INTEGER PRIMARY KEY, told TEXT)"))
        session.execute(
            text("INSERT INTO moving VALUES (:id, 'row ' || :id || :more)"),
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
    write_anew(database.engine)
    assert empty_log(database.engine)
    assert found() == set()
    with database.session() as session:
        assert session.scalar(text("SELECT count(*) FROM moving")) == ROWS - len(gone)
