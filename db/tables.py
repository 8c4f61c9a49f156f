"""Every table, as SQLAlchemy Core. Each row belongs to a guild, except `installation`, which belongs to the process.

Migrations under `db/migrations` make the same schema; a test compares the two.
"""

from sqlalchemy import (
    DDL,
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    event,
    false,
)

from db.types import Instant, Snowflake, WallTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)

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
    Column("organiser_role_id", Snowflake),
    Column("moderator_role_id", Snowflake),
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
)


def _entry_table(name: str, *columns: Column[object]) -> Table:
    """A table of campaign entries: guild, key, title, summary, source, and the digest of the seed it came from."""
    return Table(
        name,
        metadata,
        Column("guild_id", Snowflake, nullable=False),
        Column("key", String(64), nullable=False),
        Column("position", Integer, nullable=False),
        Column("title", String(200), nullable=False),
        Column("summary", Text, nullable=False),
        Column("source", String(300), nullable=False),
        Column("source_on", Date, nullable=False),
        # What the seed held when it was loaded. An entry that no longer matches it was edited here, and is left alone.
        Column("seed_digest", String(64)),
        *columns,
        PrimaryKeyConstraint("guild_id", "key"),
    )


members = Table(
    "members",
    metadata,
    # What a member chose about themselves: shown by /me data, erased by /me forget.
    Column("guild_id", Snowflake, nullable=False),
    Column("user_id", Snowflake, nullable=False),
    Column("nudges", Boolean, nullable=False, server_default=false()),
    Column("zone", String(64)),
    PrimaryKeyConstraint("guild_id", "user_id"),
)

demands = _entry_table("demands", Column("keywords", JSON, nullable=False))
aims = _entry_table("aims")
motions = _entry_table(
    "motions",
    Column("conference", String(200), nullable=False),
    Column("decision", String(100), nullable=False),
    Column("calls_on", String(200), nullable=False),
    Column("points", JSON, nullable=False),
)
actions = _entry_table("actions", Column("links", JSON, nullable=False))
terms = _entry_table("terms", Column("expansion", String(200), nullable=False))
meetings = _entry_table(
    "meetings",
    Column("starts_wall", WallTime, nullable=False),
    Column("zone", String(64), nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("duration_minutes", Integer, nullable=False),
    Column("link", Text),
    Column("channel_id", Snowflake),
    Column("state", String(16), nullable=False, server_default="planned"),
    Column("sequence", Integer, nullable=False, server_default="0"),
    Column("repeat", Text),
)
Index("ix_meetings_guild_id_starts_at", meetings.c.guild_id, meetings.c.starts_at)

demand_responses = Table(
    "demand_responses",
    metadata,
    Column("guild_id", Snowflake, nullable=False),
    Column("response_id", String(32), nullable=False),
    Column("demand_key", String(64), nullable=False),
    Column("on", Date, nullable=False),
    Column("status", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("source", String(300), nullable=False),
    Column("recorded_at", Instant, nullable=False),
    PrimaryKeyConstraint("guild_id", "response_id"),
    ForeignKeyConstraint(["guild_id", "demand_key"], ["demands.guild_id", "demands.key"], ondelete="CASCADE"),
)

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

feedback = Table(
    "feedback",
    metadata,
    # Random, and the order in which SQLite stores the rows (there is no rowid): the file does not tell who came first.
    Column("feedback_id", String(32), primary_key=True),
    Column("guild_id", Snowflake, nullable=False),
    Column("topic", String(32), nullable=False),
    Column("region", String(64)),
    Column("grade", String(64)),
    # What it speaks to, if the member chose something: a demand's number, or a meeting's key.
    Column("demand_key", String(64)),
    Column("meeting_key", String(64)),
    Column("iso_week", String(8), nullable=False),
    # Readable, or empty where `sealed` holds it encrypted for the recipients in the configuration.
    Column("text", Text, nullable=False),
    Column("sealed", LargeBinary),
    Column("receipt_hash", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    sqlite_with_rowid=False,
)
Index("ix_feedback_guild_id_state", feedback.c.guild_id, feedback.c.state)
# Counting the groups of region and grade reads nothing but this.
Index("ix_feedback_groups", feedback.c.guild_id, feedback.c.region, feedback.c.grade, feedback.c.state)
# A demand shows how much feedback speaks to it, so that counting must not read every piece.
Index("ix_feedback_guild_id_demand_key", feedback.c.guild_id, feedback.c.demand_key, feedback.c.state)
Index("uq_feedback_receipt_hash", feedback.c.guild_id, feedback.c.receipt_hash, unique=True)

feedback_tags = Table(
    "feedback_tags",
    metadata,
    Column("guild_id", Snowflake, nullable=False),
    Column("feedback_id", String(32), nullable=False),
    Column("tag", String(32), nullable=False),
    PrimaryKeyConstraint("feedback_id", "tag"),
    ForeignKeyConstraint(["feedback_id"], ["feedback.feedback_id"], ondelete="CASCADE"),
    sqlite_with_rowid=False,
)
Index("ix_feedback_tags_guild_id_tag", feedback_tags.c.guild_id, feedback_tags.c.tag)

feedback_messages = Table(
    "feedback_messages",
    metadata,
    # What was added through the receipt, and the moderators' replies, in the order of `number` within one piece.
    Column("message_id", String(32), primary_key=True),
    Column("guild_id", Snowflake, nullable=False),
    Column("feedback_id", String(32), nullable=False),
    Column("number", Integer, nullable=False),
    Column("from_moderators", Boolean, nullable=False),
    # An addition waits for the day's batch, as feedback does; a reply can be read at once.
    Column("waiting", Boolean, nullable=False),
    Column("iso_week", String(8), nullable=False),
    Column("text", Text, nullable=False),
    Column("sealed", LargeBinary),
    ForeignKeyConstraint(["feedback_id"], ["feedback.feedback_id"], ondelete="CASCADE"),
    sqlite_with_rowid=False,
)
Index("ix_feedback_messages_feedback_id", feedback_messages.c.feedback_id)

focus_rounds = Table(
    "focus_rounds",
    metadata,
    Column("round_id", String(32), primary_key=True),
    Column("guild_id", Snowflake, nullable=False),
    Column("title", Text, nullable=False),
    Column("opens_at", Instant, nullable=False),
    Column("closes_at", Instant, nullable=False),
)
Index("ix_focus_rounds_guild_id", focus_rounds.c.guild_id)

focus_suggestions = Table(
    "focus_suggestions",
    metadata,
    Column("suggestion_id", String(32), primary_key=True),
    Column("guild_id", Snowflake, nullable=False),
    Column("round_id", String(32), nullable=False),
    Column("text", Text, nullable=False),
    # Waiting for a moderator, on the ballot, merged into another, or set aside.
    Column("state", String(16), nullable=False),
    Column("merged_into", String(32)),
    ForeignKeyConstraint(["round_id"], ["focus_rounds.round_id"], ondelete="CASCADE"),
    sqlite_with_rowid=False,
)
Index("ix_focus_suggestions_round_id", focus_suggestions.c.round_id)

focus_ballots = Table(
    "focus_ballots",
    metadata,
    Column("ballot_id", String(32), primary_key=True),
    Column("guild_id", Snowflake, nullable=False),
    Column("round_id", String(32), nullable=False),
    # Keys of suggestions, the first choice first, as JSON.
    Column("ranking", Text, nullable=False),
    ForeignKeyConstraint(["round_id"], ["focus_rounds.round_id"], ondelete="CASCADE"),
    sqlite_with_rowid=False,
)
Index("ix_focus_ballots_round_id", focus_ballots.c.round_id)

focus_ledger = Table(
    "focus_ledger",
    metadata,
    # Keyed hash of (guild, round, member), under a key kept outside the database; emptied when the round closes.
    Column("entry_hash", String(64), primary_key=True),
    Column("guild_id", Snowflake, nullable=False),
    Column("round_id", String(32), nullable=False),
    ForeignKeyConstraint(["round_id"], ["focus_rounds.round_id"], ondelete="CASCADE"),
    sqlite_with_rowid=False,
)

participation = Table(
    "participation",
    metadata,
    Column("guild_id", Snowflake, nullable=False),
    Column("action_key", String(64), nullable=False),
    Column("iso_week", String(8), nullable=False),
    Column("members", Integer, nullable=False),
    PrimaryKeyConstraint("guild_id", "action_key", "iso_week"),
)

participation_ledger = Table(
    "participation_ledger",
    metadata,
    # Keyed hash of (guild, action, week, member), under a key kept outside the database; only the current week's rows.
    Column("entry_hash", String(64), primary_key=True),
    Column("guild_id", Snowflake, nullable=False),
    Column("iso_week", String(8), nullable=False),
    sqlite_with_rowid=False,
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

# PostgreSQL samples what columns hold, for planning, and keeps that when the rows are gone. Of these it takes no samples.
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
for _table, _column in UNSAMPLED:
    event.listen(
        metadata.tables[_table],
        "after_create",
        DDL(f"ALTER TABLE {_table} ALTER COLUMN {_column} SET STATISTICS 0").execute_if(dialect="postgresql"),
    )
