"""Who stopped an upload on its way in, and when it was first begun."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("upload", sa.Column("stopped_by", sa.String(length=320), nullable=False, server_default=""))
    op.add_column("upload", sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("upload", "begun_at")
    op.drop_column("upload", "stopped_by")
