"""When alerts and deliveries were looked at for webhooks, so that each look asks for the others alone."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_IS_UNPOSTED = sa.text("posted_at IS NULL")
_FOUND_BY = (
    ("alert", "watch_id", "noticed_at", timedelta(hours=6)),
    ("delivery", "schedule_id", "made_at", timedelta(hours=36)),
)
"""Each table with whose its rows are, since when they are, and after how long they were looked at no more until now."""


def upgrade() -> None:
    for table, whose, since, let_go_after in _FOUND_BY:
        op.add_column(table, sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True))
        _note_let_go(table, since, datetime.now(UTC) - let_go_after)
        op.create_index(
            f"ix_{table}_unposted",
            table,
            [whose, since],
            unique=False,
            sqlite_where=_IS_UNPOSTED,
            postgresql_where=_IS_UNPOSTED,
        )


def _note_let_go(name: str, since: str, before: datetime) -> None:
    """Note in the rows of before a moment that they were looked at: whether they were told may be forgotten by now."""
    table = sa.table(name, *(sa.column(one, sa.DateTime(timezone=True)) for one in ("posted_at", since)))
    op.execute(table.update().where(table.c[since] < before).values(posted_at=table.c[since]))


def downgrade() -> None:
    for table, *_ in _FOUND_BY:
        op.drop_index(f"ix_{table}_unposted", table_name=table)
        op.drop_column(table, "posted_at")
