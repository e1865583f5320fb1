"""Who is whom and why, what people asked to be erased, saved segments, the audit, and each site's own key."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(length=320), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_table(
        "identity_mark",
        sa.Column("spool_file", sa.String(length=255), nullable=False),
        sa.Column("last_row", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("spool_file", name=op.f("pk_identity_mark")),
    )
    op.create_table(
        "browser_state",
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("browser_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attributes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_browser_state_site_id_site"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", "browser_id", "seen_at", name=op.f("pk_browser_state")),
    )
    op.create_table(
        "erased_identifier",
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_erased_identifier_site_id_site"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_erased_identifier")),
    )
    op.create_table(
        "identifier",
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hub", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_identifier_site_id_site"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_identifier")),
    )
    op.create_table(
        "identity_conflict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("edge_id", sa.BigInteger(), nullable=False),
        sa.Column("a", sa.BigInteger(), nullable=False),
        sa.Column("b", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=320), nullable=True),
        sa.Column("decision", sa.String(length=8), nullable=True),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_identity_conflict_site_id_site"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_conflict")),
        sa.UniqueConstraint("site_id", "edge_id", name=op.f("uq_identity_conflict_site_id")),
    )
    op.create_table(
        "identity_edge",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("a", sa.BigInteger(), nullable=False),
        sa.Column("b", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("rule", sa.String(length=32), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("bits", sa.Double(), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("consent", sa.String(length=16), nullable=False),
        sa.Column("observed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_observed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("observations", sa.Integer(), nullable=False),
        sa.Column("retracted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retracted_by", sa.String(length=320), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_identity_edge_site_id_site"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_edge")),
    )
    op.create_index("ix_identity_edge_a", "identity_edge", ["site_id", "a"], unique=False)
    op.create_index("ix_identity_edge_b", "identity_edge", ["site_id", "b"], unique=False)
    op.create_index(
        "uq_identity_edge_live",
        "identity_edge",
        ["site_id", "a", "b", "kind"],
        unique=True,
        sqlite_where=sa.text("retracted_at IS NULL"),
        postgresql_where=sa.text("retracted_at IS NULL"),
    )

    op.create_table(
        "member_change",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("identifier_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_member_change_site_id_site"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_member_change")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "profile_member",
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("identifier_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("profile_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_profile_member_site_id_site"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", "identifier_id", "since_at", name=op.f("pk_profile_member")),
    )
    op.create_index("ix_profile_member_profile", "profile_member", ["site_id", "profile_id"], unique=False)

    op.create_table(
        "segment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=320), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_segment_site_id_site"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segment")),
        sa.UniqueConstraint("site_id", "name", name=op.f("uq_segment_site_id")),
    )
    op.create_table(
        "sign_in_span",
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("login_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_sign_in_span_site_id_site"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", "device_id", "first_at", "login_id", name=op.f("pk_sign_in_span")),
    )
    # no batch: SQLite would drop the table, and with it all that hangs on it
    op.add_column("site", sa.Column("identity_key", sa.LargeBinary(length=32), nullable=False, server_default=""))
    op.add_column("site", sa.Column("retention_days", sa.Integer(), nullable=True))
    connection = op.get_bind()
    site = sa.table("site", sa.column("id", sa.Integer), sa.column("identity_key", sa.LargeBinary))
    for (number,) in connection.execute(sa.select(site.c.id)).all():
        connection.execute(site.update().where(site.c.id == number).values(identity_key=secrets.token_bytes(32)))


def downgrade() -> None:
    op.drop_column("site", "retention_days")
    op.drop_column("site", "identity_key")
    for table in (
        "sign_in_span",
        "segment",
        "profile_member",
        "member_change",
        "identity_edge",
        "identity_conflict",
        "identifier",
        "erased_identifier",
        "browser_state",
        "identity_mark",
        "audit_entry",
    ):
        op.drop_table(table)
