"""Foreign ids: what other trackers call the sites here."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "foreign_id",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("product", sa.String(length=32), nullable=False),
        sa.Column("their_id", sa.String(length=255), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=True),
        sa.Column("consented", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=320), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_foreign_id_site_id_site"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_foreign_id")),
        sa.UniqueConstraint("product", "their_id", name=op.f("uq_foreign_id_product")),
    )
    op.create_index(op.f("ix_foreign_id_site_id"), "foreign_id", ["site_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_foreign_id_site_id"), table_name="foreign_id")
    op.drop_table("foreign_id")
