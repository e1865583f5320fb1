"""Runs the relational store's migrations, for `footfall` and for a developer's `alembic -c setup.cfg`."""

from alembic import context
from sqlalchemy import Connection

from tracker.database import Database
from tracker.models import Base
from tracker.models.base import UtcDateTime
from tracker.settings import load_settings


def plain_times(kind: str, item: object, _autogen: object) -> str | bool:
    # A migration must go on working when our own types have long changed.
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_server_default=True,
        render_item=plain_times,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    database = Database(load_settings())
    with database.engine.begin() as opened:
        run(opened)
    database.close()
