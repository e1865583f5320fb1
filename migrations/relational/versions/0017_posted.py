"""When alerts and deliveries were looked at for webhooks, so that each look asks for the others alone."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_IS_UNPOSTED = sa.text("posted_at IS NULL")
_FOUND_BY = (("alert", ["watch_id", "noticed_at"]), ("delivery", ["schedule_id", "made_at"]))


def upgrade() -> None:
    for table, columns in _FOUND_BY:
        op.add_column(table, sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True))
        op.create_index(
            f"ix_{table}_unposted",
            table,
            columns,
            unique=False,
            sqlite_where=_IS_UNPOSTED,
            postgresql_where=_IS_UNPOSTED,
        )


def downgrade() -> None:
    for table, _ in _FOUND_BY:
        op.drop_index(f"ix_{table}_unposted", table_name=table)
        op.drop_column(table, "posted_at")
