"""Since when webhooks are told of kinds that they were given after they were made."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("webhook", sa.Column("kinds_from", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    op.drop_column("webhook", "kinds_from")
