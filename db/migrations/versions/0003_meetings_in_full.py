"""Who comes to meetings, Discord's own events, proposals for the agenda, templates."""

import sqlalchemy as sa
from alembic import op

from db.types import Snowflake

revision = "0003"
down_revision = "0002"

UNSAMPLED = (("agenda_proposals", "text"), ("meeting_answers", "user_id"))


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "meeting_answers",
        sa.Column("guild_id", Snowflake, nullable=False),
        sa.Column("meeting_key", sa.String(length=64), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("user_id", Snowflake, nullable=False),
        sa.Column("answer", sa.String(length=8), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("lead_seconds", sa.Integer(), nullable=True),
        _of_a_meeting("meeting_answers"),
        sa.PrimaryKeyConstraint(
            "guild_id", "meeting_key", "local_date", "user_id", name="pk_meeting_answers"
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "meeting_counts",
        sa.Column("guild_id", Snowflake, nullable=False),
        sa.Column("meeting_key", sa.String(length=64), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("coming", sa.Integer(), nullable=False),
        sa.Column("maybe", sa.Integer(), nullable=False),
        sa.Column("not_coming", sa.Integer(), nullable=False),
        _of_a_meeting("meeting_counts"),
        sa.PrimaryKeyConstraint("guild_id", "meeting_key", "local_date", name="pk_meeting_counts"),
    )
    op.create_table(
        "native_events",
        sa.Column("guild_id", Snowflake, nullable=False),
        sa.Column("meeting_key", sa.String(length=64), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("event_id", Snowflake, nullable=True),
        sa.Column("told_digest", sa.String(length=64), nullable=True),
        sa.Column("shown_digest", sa.String(length=64), nullable=True),
        sa.Column("deletions", sa.Integer(), nullable=False),
        _of_a_meeting("native_events"),
        sa.PrimaryKeyConstraint("guild_id", "meeting_key", "local_date", name="pk_native_events"),
    )
    op.create_table(
        "agenda_proposals",
        sa.Column("proposal_id", sa.String(length=32), nullable=False),
        sa.Column("guild_id", Snowflake, nullable=False),
        sa.Column("meeting_key", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        _of_a_meeting("agenda_proposals"),
        sa.PrimaryKeyConstraint("proposal_id", name="pk_agenda_proposals"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_agenda_proposals_guild_id_meeting_key",
        "agenda_proposals",
        ["guild_id", "meeting_key"],
        unique=False,
    )
    op.create_table(
        "meeting_templates",
        sa.Column("guild_id", Snowflake, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("template", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "name", name="pk_meeting_templates"),
    )
    if op.get_bind().dialect.name == "postgresql":
        for table, column in UNSAMPLED:
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")


def _of_a_meeting(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["guild_id", "meeting_key"],
        ["meetings.guild_id", "meetings.key"],
        name=f"fk_{table}_meetings",
        ondelete="CASCADE",
    )
