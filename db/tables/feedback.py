"""Feedback and votes on the focus: nothing in here leads to a member."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from db.tables._metadata import metadata
from db.types import Instant, Snowflake

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
# A page of the queue is read in the order of this, however much feedback there is; so it is with the demands' below.
# Counting topics and weeks reads nothing but this.
Index(
    "ix_feedback_guild_id_state",
    feedback.c.guild_id,
    feedback.c.state,
    feedback.c.feedback_id,
    feedback.c.topic,
    feedback.c.iso_week,
)
# Counting the groups of region and grade reads nothing but this.
Index("ix_feedback_groups", feedback.c.guild_id, feedback.c.region, feedback.c.grade, feedback.c.state)
# A demand shows how much feedback speaks to it, so that counting must not read every piece.
Index(
    "ix_feedback_guild_id_demand_key",
    feedback.c.guild_id,
    feedback.c.demand_key,
    feedback.c.state,
    feedback.c.feedback_id,
)
Index("uq_feedback_receipt_hash", feedback.c.guild_id, feedback.c.receipt_hash, unique=True)

feedback_tags = Table(
    "feedback_tags",
    metadata,
    # The key stands first: of a table without rowid where it does not, SQLite 3.40 reports damage that is not there.
    Column("feedback_id", String(32), nullable=False),
    Column("tag", String(32), nullable=False),
    Column("guild_id", Snowflake, nullable=False),
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
