"""Every table, as SQLAlchemy Core. Each row belongs to a guild, except `installation`, which belongs to the process.

Migrations under `db/migrations` make the same schema; a test compares the two.
"""

from sqlalchemy import DDL, event

from db.tables._metadata import metadata
from db.tables.campaign import (
    actions,
    aims,
    demand_follows,
    demand_responses,
    demands,
    import_drafts,
    imports,
    meetings,
    motion_progress,
    motions,
    participation,
    participation_ledger,
    terms,
)
from db.tables.delivery import deliveries, schedules
from db.tables.feedback import (
    feedback,
    feedback_messages,
    feedback_tags,
    focus_ballots,
    focus_ledger,
    focus_rounds,
    focus_suggestions,
)
from db.tables.meeting import (
    agenda_proposals,
    meeting_answers,
    meeting_counts,
    meeting_templates,
    native_events,
)
from db.tables.settings import audit, guilds, installation, members

__all__ = [
    "UNSAMPLED",
    "actions",
    "agenda_proposals",
    "aims",
    "audit",
    "deliveries",
    "demand_follows",
    "demand_responses",
    "demands",
    "feedback",
    "feedback_messages",
    "feedback_tags",
    "focus_ballots",
    "focus_ledger",
    "focus_rounds",
    "focus_suggestions",
    "guilds",
    "import_drafts",
    "imports",
    "installation",
    "meeting_answers",
    "meeting_counts",
    "meeting_templates",
    "meetings",
    "members",
    "metadata",
    "motion_progress",
    "motions",
    "native_events",
    "participation",
    "participation_ledger",
    "schedules",
    "terms",
]

# PostgreSQL samples what columns hold, for planning, and keeps that when the rows are gone. Of these it takes no samples.
UNSAMPLED = (
    ("audit", "actor_id"),
    ("audit", "purpose"),
    ("deliveries", "target_id"),
    ("demand_follows", "user_id"),
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
    ("agenda_proposals", "text"),
    ("meeting_answers", "user_id"),
    ("members", "user_id"),
    ("participation_ledger", "entry_hash"),
)
for _table, _column in UNSAMPLED:
    event.listen(
        metadata.tables[_table],
        "after_create",
        DDL(f"ALTER TABLE {_table} ALTER COLUMN {_column} SET STATISTICS 0").execute_if(dialect="postgresql"),
    )
