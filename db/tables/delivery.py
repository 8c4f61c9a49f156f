"""What is to be posted and when, and what became of each post."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    false,
)

from db.tables._metadata import metadata
from db.types import Instant, Snowflake, WallTime

schedules = Table(
    "schedules",
    metadata,
    Column("schedule_id", String(32), primary_key=True),
    Column("guild_id", Snowflake, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("title", String(200), nullable=False),
    Column("wordings", JSON, nullable=False),
    Column("starts_wall", WallTime, nullable=False),
    Column("zone", String(64), nullable=False),
    Column("channel_id", Snowflake, nullable=False),
    Column("lead_seconds", JSON, nullable=False),
    Column("rule", Text),
    Column("holidays", String(32)),
    Column("role_id", Snowflake),
    Column("meeting_key", String(64)),
    Column("action_key", String(64)),
    # Calendar days of the rule that are left out, and [day, new wall time] of those that were moved.
    Column("skipped", JSON, nullable=False, server_default="[]"),
    Column("moved", JSON, nullable=False, server_default="[]"),
    Column("state", String(16), nullable=False),
    Column("materialised_until", Instant),
    ForeignKeyConstraint(
        ["guild_id", "meeting_key"], ["meetings.guild_id", "meetings.key"], ondelete="CASCADE"
    ),
)
Index("ix_schedules_guild_id_kind", schedules.c.guild_id, schedules.c.kind)

deliveries = Table(
    "deliveries",
    metadata,
    # The digest of (schedule, local date, slot, target): the primary key is the promise that nothing is posted twice.
    Column("delivery_id", String(20), primary_key=True),
    Column("guild_id", Snowflake, nullable=False),
    Column("schedule_id", String(32), nullable=False),
    Column("local_date", Date, nullable=False),
    Column("slot", String(32), nullable=False),
    Column("target_id", Snowflake, nullable=False),
    Column("target_kind", String(8), nullable=False, server_default="channel"),
    Column("due_at", Instant, nullable=False),
    Column("occurs_at", Instant, nullable=False),
    Column("state", String(16), nullable=False),
    Column("fence", Integer, nullable=False, server_default="0"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    # When the row next wants attention: at its due time, at a retry, or when its claimant's lease ends. Null once settled.
    Column("attention_at", Instant),
    Column("first_attempted_at", Instant),
    # An earlier attempt ended in a way that is not known, so the post may stand in its channel.
    Column("may_stand", Boolean, nullable=False, server_default=false()),
    Column("message_id", Snowflake),
    Column("reason", Text),
    Column("settled_at", Instant),
    ForeignKeyConstraint(["schedule_id"], ["schedules.schedule_id"], ondelete="CASCADE"),
)
Index("uq_deliveries_occurrence", deliveries.c.schedule_id, deliveries.c.local_date, deliveries.c.slot,
      deliveries.c.target_id, unique=True)  # fmt: skip
Index("ix_deliveries_attention_at", deliveries.c.attention_at)
Index("ix_deliveries_guild_id_due_at", deliveries.c.guild_id, deliveries.c.due_at)
