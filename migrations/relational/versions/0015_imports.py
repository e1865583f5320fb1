"""Imports: what other products have counted by day, kept apart."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0013"
branch_labels = None
depends_on = None

_number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_NUMBERS = ("visitors", "visits", "views", "bounces", "duration_ms", "events")


def upgrade() -> None:
    op.create_table(
        "import_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("product", sa.String(length=32), nullable=False),
        sa.Column("files", sa.String(length=200), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=320), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_import_run_site_id_site"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_import_run_site_id"), "import_run", ["site_id"], unique=False)
    op.create_table(
        "imported_count",
        sa.Column("id", _number, nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=512), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=True) for name in _NUMBERS),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import_run.id"], name=op.f("fk_imported_count_import_id_import_run"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_imported_count_site_id_site"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_count")),
    )
    op.create_index(op.f("ix_imported_count_import_id"), "imported_count", ["import_id"], unique=False)
    op.create_index("ix_imported_count_site_id", "imported_count", ["site_id", "kind", "day"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_imported_count_site_id", table_name="imported_count")
    op.drop_index(op.f("ix_imported_count_import_id"), table_name="imported_count")
    op.drop_table("imported_count")
    op.drop_index(op.f("ix_import_run_site_id"), table_name="import_run")
    op.drop_table("import_run")
