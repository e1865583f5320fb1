"""Alerts: watches, what they noticed, mutes, uptime; recipients and messages may be a watch's."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "watch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("sensitivity", sa.String(length=8), nullable=False),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("cool_down_hours", sa.Integer(), nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=True),
        sa.Column("quiet_until", sa.Integer(), nullable=True),
        sa.Column("days_off", sa.JSON(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("created_by", sa.String(length=320), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_watch_site_id_site"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch")),
        sa.UniqueConstraint("site_id", "name", name=op.f("uq_watch_site_id")),
    )
    op.create_index(op.f("ix_watch_site_id"), "watch", ["site_id"], unique=False)
    op.create_table(
        "alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("watch_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("began_at", _TIME, nullable=False),
        sa.Column("noticed_at", _TIME, nullable=False),
        sa.Column("seen_at", _TIME, nullable=False),
        sa.Column("ended_at", _TIME, nullable=True),
        sa.Column("told_at", _TIME, nullable=True),
        sa.Column("headline", sa.String(length=200), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["watch_id"], ["watch.id"], name=op.f("fk_alert_watch_id_watch"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
    )
    op.create_index(op.f("ix_alert_watch_id"), "alert", ["watch_id"], unique=False)
    op.create_index(
        "uq_alert_open",
        "alert",
        ["watch_id", "kind", "subject"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.create_table(
        "uptime",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=False),
        sa.Column("began_at", _TIME, nullable=False),
        sa.Column("until", _TIME, nullable=False),
        sa.Column("loaded_until", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uptime")),
    )
    op.create_index(op.f("ix_uptime_holder"), "uptime", ["holder"], unique=False)
    op.create_index(op.f("ix_uptime_until"), "uptime", ["until"], unique=False)
    _exchange(watched=True)
    op.create_table(
        "mute",
        sa.Column("recipient_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("until", _TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["recipient.id"], name=op.f("fk_mute_recipient_id_recipient"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("recipient_id", "kind", name=op.f("pk_mute")),
    )


def downgrade() -> None:
    op.drop_table("mute")
    op.execute("DELETE FROM message WHERE schedule_id IS NULL")
    op.execute("DELETE FROM recipient WHERE schedule_id IS NULL")
    _exchange(watched=False)
    op.drop_table("uptime")
    op.drop_index("uq_alert_open", table_name="alert")
    op.drop_index(op.f("ix_alert_watch_id"), table_name="alert")
    op.drop_table("alert")
    op.drop_index(op.f("ix_watch_site_id"), table_name="watch")
    op.drop_table("watch")


def _exchange(*, watched: bool) -> None:
    """Make recipients and messages anew, with a watch or without, and put back what was in them.

    SQLite changes a column by making its table anew, and would delete the messages of a recipient table that goes.
    """
    of_both = "id, schedule_id, address, token, of_team, confirmed_at, left_at"
    of_messages = "id, key, delivery_id, recipient_id, schedule_id, address, state, tries, next_try_at, "
    of_messages += "taken_until, sent_at, problem"
    for table, columns in (("recipient", of_both), ("message", of_messages)):
        op.execute(f"CREATE TABLE kept_{table} AS SELECT {columns} FROM {table}")  # noqa: S608 - names of our own
    op.drop_table("message")
    op.drop_table("recipient")
    _make_recipient(watched=watched)
    _make_message(watched=watched)
    for table, columns in (("recipient", of_both), ("message", of_messages)):
        op.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM kept_{table}")  # noqa: S608 - as above
        op.drop_table(f"kept_{table}")
        if op.get_bind().dialect.name == "postgresql":
            last = f"SELECT setval('{table}_id_seq', coalesce(max(id), 0) + 1, false) FROM {table}"  # noqa: S608 - as above
            op.execute(last)


def _make_recipient(*, watched: bool) -> None:
    parts = [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("schedule_id", sa.Integer(), nullable=watched),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("of_team", sa.Boolean(), nullable=False),
        sa.Column("confirmed_at", _TIME, nullable=True),
        sa.Column("left_at", _TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["schedule.id"], name=op.f("fk_recipient_schedule_id_schedule"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipient")),
        sa.UniqueConstraint("schedule_id", "address", name=op.f("uq_recipient_schedule_id")),
        sa.UniqueConstraint("token", name=op.f("uq_recipient_token")),
    ]
    if watched:
        parts += [
            sa.Column("watch_id", sa.Integer(), nullable=True),
            sa.ForeignKeyConstraint(
                ["watch_id"], ["watch.id"], name=op.f("fk_recipient_watch_id_watch"), ondelete="CASCADE"
            ),
            sa.UniqueConstraint("watch_id", "address", name=op.f("uq_recipient_watch_id")),
            sa.CheckConstraint("(schedule_id IS NULL) <> (watch_id IS NULL)", name=op.f("ck_recipient_owner")),
        ]
    op.create_table("recipient", *parts)


def _make_message(*, watched: bool) -> None:
    parts = [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=True),
        sa.Column("recipient_id", sa.Integer(), nullable=True),
        sa.Column("schedule_id", sa.Integer(), nullable=watched),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", _TIME, nullable=False),
        sa.Column("taken_until", _TIME, nullable=True),
        sa.Column("sent_at", _TIME, nullable=True),
        sa.Column("problem", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_message_delivery_id_delivery"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["recipient.id"], name=op.f("fk_message_recipient_id_recipient"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["schedule.id"], name=op.f("fk_message_schedule_id_schedule"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("delivery_id", "address", name=op.f("uq_message_delivery_id")),
        sa.UniqueConstraint("key", name=op.f("uq_message_key")),
    ]
    if watched:
        parts += [
            sa.Column("alert_id", sa.Integer(), nullable=True),
            sa.Column("watch_id", sa.Integer(), nullable=True),
            sa.ForeignKeyConstraint(
                ["alert_id"], ["alert.id"], name=op.f("fk_message_alert_id_alert"), ondelete="CASCADE"
            ),
            sa.ForeignKeyConstraint(
                ["watch_id"], ["watch.id"], name=op.f("fk_message_watch_id_watch"), ondelete="CASCADE"
            ),
            sa.UniqueConstraint("alert_id", "address", name=op.f("uq_message_alert_id")),
            sa.CheckConstraint("(schedule_id IS NULL) <> (watch_id IS NULL)", name=op.f("ck_message_owner")),
        ]
    op.create_table("message", *parts)
    op.create_index(op.f("ix_message_recipient_id"), "message", ["recipient_id"], unique=False)
    op.create_index(op.f("ix_message_schedule_id"), "message", ["schedule_id"], unique=False)
    op.create_index("ix_message_state_next_try_at", "message", ["state", "next_try_at"], unique=False)
    if watched:
        op.create_index(op.f("ix_message_watch_id"), "message", ["watch_id"], unique=False)
