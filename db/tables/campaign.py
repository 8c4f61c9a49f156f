"""The campaign: its entries, the employer's responses, what was imported, who took part."""

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
from db.types import Instant, Snowflake, WallTime


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
        # The document's own words, and the import that brought them or the entry itself; null without one.
        Column("wording", Text),
        Column("import_id", String(32)),
        *columns,
        PrimaryKeyConstraint("guild_id", "key"),
    )


demands = _entry_table(
    "demands",
    Column("keywords", JSON, nullable=False),
    # A demand that is no longer made stays, with its history.
    Column("retired_on", Date),
    Column("retired_reason", Text),
)
aims = _entry_table("aims")
motions = _entry_table(
    "motions",
    Column("conference", String(200), nullable=False),
    Column("decision", String(100), nullable=False),
    Column("calls_on", String(200), nullable=False),
    Column("points", JSON, nullable=False),
)
actions = _entry_table(
    "actions",
    Column("links", JSON, nullable=False),
    # What the button says by which members are counted, how many are hoped for each week, and a picture in words too.
    Column("button", String(80)),
    Column("goal", Integer),
    Column("picture_url", String(512)),
    Column("picture_alt", Text),
    # An action that is no longer asked for stays, with its numbers.
    Column("retired_on", Date),
)
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
    # Days of the rule that are left out, and [day, new wall time] of those that were moved, as in `schedules`.
    Column("skipped", JSON, nullable=False, server_default="[]"),
    Column("moved", JSON, nullable=False, server_default="[]"),
    # The most people that can come; null means any number.
    Column("cap", Integer),
    Column("notes", Text),
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
    # The earlier entry of which this one says that it was wrong; that one stays in the history.
    Column("corrects", String(32)),
    PrimaryKeyConstraint("guild_id", "response_id"),
    ForeignKeyConstraint(["guild_id", "demand_key"], ["demands.guild_id", "demands.key"], ondelete="CASCADE"),
)

demand_follows = Table(
    "demand_follows",
    metadata,
    # An empty demand key stands for all demands, those that are added later too.
    Column("guild_id", Snowflake, nullable=False),
    Column("user_id", Snowflake, nullable=False),
    Column("demand_key", String(64), nullable=False),
    PrimaryKeyConstraint("guild_id", "user_id", "demand_key"),
)

motion_progress = Table(
    "motion_progress",
    metadata,
    Column("guild_id", Snowflake, nullable=False),
    Column("progress_id", String(32), nullable=False),
    Column("motion_key", String(64), nullable=False),
    # The letter or number of the resolution.
    Column("label", String(16), nullable=False),
    Column("on", Date, nullable=False),
    Column("text", Text, nullable=False),
    Column("source", String(300), nullable=False),
    Column("recorded_at", Instant, nullable=False),
    PrimaryKeyConstraint("guild_id", "progress_id"),
    ForeignKeyConstraint(["guild_id", "motion_key"], ["motions.guild_id", "motions.key"], ondelete="CASCADE"),
)

imports = Table(
    "imports",
    metadata,
    Column("guild_id", Snowflake, nullable=False),
    Column("import_id", String(32), nullable=False),
    # SHA-256 of the document's text: the same document again changes nothing.
    Column("digest", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("title", String(200), nullable=False),
    Column("on", Date),
    Column("text", Text, nullable=False),
    Column("imported_at", Instant, nullable=False),
    Column("undone_at", Instant),
    # What each entry was before, so that the import can be undone.
    Column("changes", JSON, nullable=False),
    PrimaryKeyConstraint("guild_id", "import_id"),
)
Index("ix_imports_guild_id_digest", imports.c.guild_id, imports.c.digest)

import_drafts = Table(
    "import_drafts",
    metadata,
    # What was read from a document and waits for an organiser's word; deleted once applied, or after a day.
    Column("guild_id", Snowflake, nullable=False),
    Column("draft_id", String(32), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("draft", JSON, nullable=False),
    PrimaryKeyConstraint("guild_id", "draft_id"),
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
