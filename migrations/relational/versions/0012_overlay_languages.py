"""Overlay tokens: the language of the page that the overlay was opened from."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM overlay_token")  # they last an hour, and their scopes have the language in them
    op.add_column("overlay_token", sa.Column("language", sa.String(length=35), nullable=False, server_default="en"))


def downgrade() -> None:
    op.drop_column("overlay_token", "language")
