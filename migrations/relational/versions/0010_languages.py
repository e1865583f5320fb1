"""Languages: which a person reads, and which a schedule's and a watch's letters are written in."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("user", sa.Column("language", sa.String(length=35), nullable=True))
    for table in ("schedule", "watch"):
        op.add_column(table, sa.Column("language", sa.String(length=35), nullable=False, server_default="en"))


def downgrade() -> None:
    for table in ("watch", "schedule"):
        op.drop_column(table, "language")
    op.drop_column("user", "language")
