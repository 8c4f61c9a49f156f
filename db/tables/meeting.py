"""Meetings in full: who comes, Discord's own events, members' proposals for the agenda, templates."""

from sqlalchemy import (
    JSON,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from db.tables._metadata import metadata
from db.types import Snowflake


def _of_a_meeting() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["guild_id", "meeting_key"], ["meetings.guild_id", "meetings.key"], ondelete="CASCADE"
    )


meeting_answers = Table(
    "meeting_answers",
    metadata,
    # One occurrence is known by the day on which its rule puts it, wherever it was moved.
    Column("guild_id", Snowflake, nullable=False),
    Column("meeting_key", String(64), nullable=False),
    Column("local_date", Date, nullable=False),
    Column("user_id", Snowflake, nullable=False),
    Column("answer", String(8), nullable=False),
    # Who asked for a seat earlier has the smaller number.
    Column("place", Integer, nullable=False),
    # How long before it the member wants a direct message; null means none.
    Column("lead_seconds", Integer),
    PrimaryKeyConstraint("guild_id", "meeting_key", "local_date", "user_id"),
    _of_a_meeting(),
    sqlite_with_rowid=False,
)

meeting_counts = Table(
    "meeting_counts",
    metadata,
    # What stays when the answers are deleted: numbers.
    Column("guild_id", Snowflake, nullable=False),
    Column("meeting_key", String(64), nullable=False),
    Column("local_date", Date, nullable=False),
    Column("coming", Integer, nullable=False),
    Column("maybe", Integer, nullable=False),
    Column("not_coming", Integer, nullable=False),
    PrimaryKeyConstraint("guild_id", "meeting_key", "local_date"),
    _of_a_meeting(),
)

native_events = Table(
    "native_events",
    metadata,
    Column("guild_id", Snowflake, nullable=False),
    Column("meeting_key", String(64), nullable=False),
    Column("local_date", Date, nullable=False),
    # Discord's own event; null from before it is asked for until its id is known.
    Column("event_id", Snowflake),
    # What Discord was last told, so that only what differs is sent.
    Column("told_digest", String(64)),
    # What Discord then showed, so that what somebody else changes there is noticed.
    Column("shown_digest", String(64)),
    # How often somebody deleted it in Discord.
    Column("deletions", Integer, nullable=False),
    PrimaryKeyConstraint("guild_id", "meeting_key", "local_date"),
    _of_a_meeting(),
)

agenda_proposals = Table(
    "agenda_proposals",
    metadata,
    Column("proposal_id", String(32), primary_key=True),
    Column("guild_id", Snowflake, nullable=False),
    Column("meeting_key", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("state", String(16), nullable=False),
    _of_a_meeting(),
    sqlite_with_rowid=False,
)
Index("ix_agenda_proposals_guild_id_meeting_key", agenda_proposals.c.guild_id, agenda_proposals.c.meeting_key)

meeting_templates = Table(
    "meeting_templates",
    metadata,
    Column("guild_id", Snowflake, nullable=False),
    Column("name", String(100), nullable=False),
    Column("template", JSON, nullable=False),
    PrimaryKeyConstraint("guild_id", "name"),
)
