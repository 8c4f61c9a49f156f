"""The first schema: campaign, meetings, schedules and deliveries, feedback, focus, participation, audit."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from db.types import Instant, Snowflake, WallTime

revision = "0001"
down_revision = None

UNSAMPLED = (
    ("audit", "actor_id"),
    ("audit", "purpose"),
    ("deliveries", "target_id"),
    ("feedback", "text"),
    ("feedback", "sealed"),
    ("feedback_messages", "text"),
    ("feedback_messages", "sealed"),
    ("feedback_tags", "tag"),
    ("focus_ballots", "ranking"),
    ("focus_ledger", "entry_hash"),
    ("focus_rounds", "title"),
    ("focus_suggestions", "text"),
    ("guilds", "privacy_contact"),
    ("members", "user_id"),
    ("participation_ledger", "entry_hash"),
)


def _create_entries(name: str, *columns: sa.Column[Any]) -> None:
    """Makes a table of campaign entries, which all begin alike."""
    op.create_table(
        name,
        sa.Column("guild_id", Snowflake, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("source_on", sa.Date(), nullable=False),
        sa.Column("seed_digest", sa.String(length=64), nullable=True),
        sa.Column("wording", sa.Text(), nullable=True),
        sa.Column("import_id", sa.String(length=32), nullable=True),
        *columns,
        sa.PrimaryKeyConstraint("guild_id", "key", name=f"pk_{name}"),
    )


def upgrade() -> None:
    """Makes every table."""
    _create_entries(
        "actions",
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("button", sa.String(length=80), nullable=True),
        sa.Column("goal", sa.Integer(), nullable=True),
        sa.Column("picture_url", sa.String(length=512), nullable=True),
        sa.Column("picture_alt", sa.Text(), nullable=True),
        sa.Column("retired_on", sa.Date(), nullable=True),
    )
    _create_entries("aims")
    op.create_table(
        "audit",
        sa.Column("audit_id", sa.String(length=32), nullable=False),
        sa.Column("guild_id", Snowflake, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("actor_id", Snowflake, nullable=False),
        sa.Column("event", sa.String(length=32), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("audit_id", name="pk_audit"),
    )
    op.create_index("ix_audit_guild_id_at", "audit", ["guild_id", "at"], unique=False)
    _create_entries(
        "demands",
        sa.Column("keywords", sa.JSON(), nullable=False),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.Column("retired_reason", sa.Text(), nullable=True),
    )
    op.create_table(
        "feedback",
        sa.Column("feedback_id", sa.String(length=32), nullable=False),
        sa.Column("guild_id", Snowflake, nullable=False),
        sa.Column("topic", sa.String(length=32), nullable=False),
        sa.Column("region", sa.String(length=64), nullable=True),
        sa.Column("grade", sa.String(length=64), nullable=True),
        sa.Column("demand_key", sa.String(length=64), nullable=True),
        sa.Column("meeting_key", sa.String(length=64), nullable=True),
        sa.Column("iso_week", sa.String(length=8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("receipt_hash", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("feedback_id", name="pk_feedback"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_feedback_guild_id_demand_key",
        "feedback",
        ["guild_id", "demand_key", "state", "feedback_id"],
        unique=False,
    )
    op.create_index("ix_feedback_groups", "feedback", ["guild_id", "region", "grade", "state"], unique=False)
    op.create_index(
        "ix_feedback_guild_id_state",
        "feedback",
        ["guild_id", "state", "feedback_id", "topic", "iso_week"],
        unique=False,
    )
    op.create_index("uq_feedback_receipt_hash", "feedback", ["guild_id", "receipt_hash"], unique=True)
    op.create_table(
        "focus_rounds",
        sa.Column("round_id", sa.String(length=32), nullable=False),
        sa.Column("guild_id", Snowflake, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("opens_at", Instant(), nullable=False),
        sa.Column("closes_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("round_id", name="pk_focus_rounds"),
    )
    op.create_index("ix_focus_rounds_guild_id", "focus_rounds", ["guild_id"], unique=False)
    op.create_table(
        "guilds",
        sa.Column("guild_id", Snowflake, autoincrement=False, nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=8), server_default="en", nullable=False),
        sa.Column("organiser_role_id", Snowflake, nullable=True),
        sa.Column("moderator_role_id", Snowflake, nullable=True),
        sa.Column("member_role_id", Snowflake, nullable=True),
        sa.Column("announcements_channel_id", Snowflake, nullable=True),
        sa.Column("organisers_channel_id", Snowflake, nullable=True),
        sa.Column("moderators_channel_id", Snowflake, nullable=True),
        sa.Column("fallback_channel_id", Snowflake, nullable=True),
        sa.Column("ping_role_ids", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("quiet_from", sa.String(length=5), nullable=True),
        sa.Column("quiet_until", sa.String(length=5), nullable=True),
        sa.Column("weekly_cap", sa.Integer(), nullable=True),
        sa.Column("feedback_weeks", sa.Integer(), nullable=True),
        sa.Column("audit_weeks", sa.Integer(), nullable=True),
        sa.Column("privacy_contact", sa.Text(), nullable=True),
        sa.Column("attendance_names", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("attendance_days", sa.Integer(), nullable=True),
        sa.Column("feed_epoch", sa.Integer(), nullable=True),
        sa.Column("campaign", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("guild_id", name="pk_guilds"),
    )
    op.create_table(
        "installation",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_installation"),
    )
    _create_entries(
        "meetings",
        sa.Column("starts_wall", WallTime(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("duration_minutes", sa.Integer(), nullable=False),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("channel_id", Snowflake, nullable=True),
        sa.Column("state", sa.String(length=16), server_default="planned", nullable=False),
        sa.Column("sequence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("repeat", sa.Text(), nullable=True),
        sa.Column("skipped", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("moved", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("cap", sa.Integer(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
    )
    op.create_index("ix_meetings_guild_id_starts_at", "meetings", ["guild_id", "starts_at"], unique=False)
    op.create_table(
        "members",
        sa.Column("guild_id", Snowflake, nullable=False),
        sa.Column("user_id", Snowflake, nullable=False),
        sa.Column("nudges", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.PrimaryKeyConstraint("guild_id", "user_id", name="pk_members"),
    )
    _create_entries(
        "motions",
        sa.Column("conference", sa.String(length=200), nullable=False),
        sa.Column("decision", sa.String(length=100), nullable=False),
        sa.Column("calls_on", sa.String(length=200), nullable=False),
        sa.Column("points", sa.JSON(), nullable=False),
    )
    op.create_table(
        "participation",
        sa.Column("guild_id", Snowflake, nullable=False),
        sa.Column("action_key", sa.String(length=64), nullable=False),
        sa.Column("iso_week", sa.String(length=8), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "action_key", "iso_week", name="pk_participation"),
    )
    op.create_table(
        "participation_ledger",
        sa.Column("entry_hash", sa.String(length=64), nullable=False),
        sa.Column("guild_id", Snowflake, nullable=False),
        sa.Column("iso_week", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("entry_hash", name="pk_participation_ledger"),
        sqlite_with_rowid=False,
    )
    _create_entries(
        "terms",
        sa.Column("expansion", sa.String(length=200), nullable=False),
    )
    op.create_table(
        "demand_responses",
        sa.Column("guild_id", Snowflake, nullable=False),
        sa.Column("response_id", sa.String(length=32), nullable=False),
        sa.Column("demand_key", sa.String(length=64), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("corrects", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["guild_id", "demand_key"],
            ["demands.guild_id", "demands.key"],
            name="fk_demand_responses_demands",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("guild_id", "response_id", name="pk_demand_responses"),
    )
    op.create_table(
        "feedback_messages",
        sa.Column("message_id", sa.String(length=32), nullable=False),
        sa.Column("guild_id", Snowflake, nullable=False),
        sa.Column("feedback_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("from_moderators", sa.Boolean(), nullable=False),
        sa.Column("waiting", sa.Boolean(), nullable=False),
        sa.Column("iso_week", sa.String(length=8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["feedback_id"],
            ["feedback.feedback_id"],
            name="fk_feedback_messages_feedback",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("message_id", name="pk_feedback_messages"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_feedback_messages_feedback_id", "feedback_messages", ["feedback_id"], unique=False)
    op.create_table(
        "feedback_tags",
        sa.Column("feedback_id", sa.String(length=32), nullable=False),
        sa.Column("tag", sa.String(length=32), nullable=False),
        sa.Column("guild_id", Snowflake, nullable=False),
        sa.ForeignKeyConstraint(
            ["feedback_id"], ["feedback.feedback_id"], name="fk_feedback_tags_feedback", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("feedback_id", "tag", name="pk_feedback_tags"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_feedback_tags_guild_id_tag", "feedback_tags", ["guild_id", "tag"], unique=False)
    op.create_table(
        "focus_ballots",
        sa.Column("ballot_id", sa.String(length=32), nullable=False),
        sa.Column("guild_id", Snowflake, nullable=False),
        sa.Column("round_id", sa.String(length=32), nullable=False),
        sa.Column("ranking", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["focus_rounds.round_id"], name="fk_focus_ballots_focus_rounds", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("ballot_id", name="pk_focus_ballots"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_focus_ballots_round_id", "focus_ballots", ["round_id"], unique=False)
    op.create_table(
        "focus_ledger",
        sa.Column("entry_hash", sa.String(length=64), nullable=False),
        sa.Column("guild_id", Snowflake, nullable=False),
        sa.Column("round_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["focus_rounds.round_id"], name="fk_focus_ledger_focus_rounds", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("entry_hash", name="pk_focus_ledger"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "focus_suggestions",
        sa.Column("suggestion_id", sa.String(length=32), nullable=False),
        sa.Column("guild_id", Snowflake, nullable=False),
        sa.Column("round_id", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["focus_rounds.round_id"],
            name="fk_focus_suggestions_focus_rounds",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("suggestion_id", name="pk_focus_suggestions"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_focus_suggestions_round_id", "focus_suggestions", ["round_id"], unique=False)
    op.create_table(
        "schedules",
        sa.Column("schedule_id", sa.String(length=32), nullable=False),
        sa.Column("guild_id", Snowflake, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("wordings", sa.JSON(), nullable=False),
        sa.Column("starts_wall", WallTime(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("channel_id", Snowflake, nullable=False),
        sa.Column("lead_seconds", sa.JSON(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=True),
        sa.Column("holidays", sa.String(length=32), nullable=True),
        sa.Column("role_id", Snowflake, nullable=True),
        sa.Column("meeting_key", sa.String(length=64), nullable=True),
        sa.Column("action_key", sa.String(length=64), nullable=True),
        sa.Column("skipped", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("moved", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("materialised_until", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["guild_id", "meeting_key"],
            ["meetings.guild_id", "meetings.key"],
            name="fk_schedules_meetings",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("schedule_id", name="pk_schedules"),
    )
    op.create_index("ix_schedules_guild_id_kind", "schedules", ["guild_id", "kind"], unique=False)
    op.create_table(
        "deliveries",
        sa.Column("delivery_id", sa.String(length=20), nullable=False),
        sa.Column("guild_id", Snowflake, nullable=False),
        sa.Column("schedule_id", sa.String(length=32), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("slot", sa.String(length=32), nullable=False),
        sa.Column("target_id", Snowflake, nullable=False),
        sa.Column("target_kind", sa.String(length=8), server_default="channel", nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("occurs_at", Instant(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("fence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("attention_at", Instant(), nullable=True),
        sa.Column("first_attempted_at", Instant(), nullable=True),
        sa.Column("may_stand", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("message_id", Snowflake, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("settled_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["schedules.schedule_id"], name="fk_deliveries_schedules", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("delivery_id", name="pk_deliveries"),
    )
    op.create_index("ix_deliveries_attention_at", "deliveries", ["attention_at"], unique=False)
    op.create_index("ix_deliveries_guild_id_due_at", "deliveries", ["guild_id", "due_at"], unique=False)
    op.create_index(
        "uq_deliveries_occurrence",
        "deliveries",
        ["schedule_id", "local_date", "slot", "target_id"],
        unique=True,
    )
    if op.get_bind().dialect.name == "postgresql":
        for table, column in UNSAMPLED:
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")
