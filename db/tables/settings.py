"""The installation, what administrators and members set, and the audit log."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    false,
)

from db.tables._metadata import metadata
from db.types import Instant, Snowflake

installation = Table(
    "installation",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

guilds = Table(
    "guilds",
    metadata,
    Column("guild_id", Snowflake, primary_key=True, autoincrement=False),
    Column("zone", String(64), nullable=False),
    # The language of posts, and of answers to everybody who chose none.
    Column("language", String(8), nullable=False, server_default="en"),
    Column("organiser_role_id", Snowflake),
    Column("moderator_role_id", Snowflake),
    # Who may have the joining links; null means everybody in the guild.
    Column("member_role_id", Snowflake),
    Column("announcements_channel_id", Snowflake),
    Column("organisers_channel_id", Snowflake),
    Column("moderators_channel_id", Snowflake),
    Column("fallback_channel_id", Snowflake),
    # Roles that posts may ping; empty means any role that people may mention.
    Column("ping_role_ids", JSON, nullable=False, server_default="[]"),
    # Local wall times HH:MM between which nudges wait, and the most nudges a channel gets in a week.
    Column("quiet_from", String(5)),
    Column("quiet_until", String(5)),
    Column("weekly_cap", Integer),
    # Weeks after which feedback and the audit log are deleted; null means the default of the installation.
    Column("feedback_weeks", Integer),
    Column("audit_weeks", Integer),
    # Whom members can ask about their data, in the branch's own words.
    Column("privacy_contact", Text),
    # Whether organisers may see who comes to a meeting, and for how many days after it. Otherwise they see numbers.
    Column("attendance_names", Boolean, nullable=False, server_default=false()),
    Column("attendance_days", Integer),
    # Drawn anew whenever the calendar feed gets a new secret address; null means that there is no feed.
    Column("feed_epoch", Integer),
    # The campaign of `seeds` or of a folder that this guild was given; null means that of the configuration.
    Column("campaign", String(64)),
)


members = Table(
    "members",
    metadata,
    # What a member chose about themselves: shown by /me data, erased by /me forget.
    Column("guild_id", Snowflake, nullable=False),
    Column("user_id", Snowflake, nullable=False),
    Column("nudges", Boolean, nullable=False, server_default=false()),
    Column("zone", String(64)),
    Column("language", String(8)),
    PrimaryKeyConstraint("guild_id", "user_id"),
)

audit = Table(
    "audit",
    metadata,
    Column("audit_id", String(32), primary_key=True),
    Column("guild_id", Snowflake, nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor_id", Snowflake, nullable=False),
    Column("event", String(32), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("rows", Integer),
    Column("sha256", String(64)),
)
Index("ix_audit_guild_id_at", audit.c.guild_id, audit.c.at)
