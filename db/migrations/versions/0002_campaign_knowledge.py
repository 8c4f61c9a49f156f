"""Documents that organisers import, what was done about motions, and who follows which demand."""

import sqlalchemy as sa
from alembic import op

from db.types import Instant, Snowflake

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "demand_follows",
        sa.Column("guild_id", Snowflake, nullable=False),
        sa.Column("user_id", Snowflake, nullable=False),
        sa.Column("demand_key", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "user_id", "demand_key", name="pk_demand_follows"),
    )
    op.create_table(
        "motion_progress",
        sa.Column("guild_id", Snowflake, nullable=False),
        sa.Column("progress_id", sa.String(length=32), nullable=False),
        sa.Column("motion_key", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=16), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["guild_id", "motion_key"],
            ["motions.guild_id", "motions.key"],
            name="fk_motion_progress_motions",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("guild_id", "progress_id", name="pk_motion_progress"),
    )
    op.create_table(
        "imports",
        sa.Column("guild_id", Snowflake, nullable=False),
        sa.Column("import_id", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("on", sa.Date(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("imported_at", Instant(), nullable=False),
        sa.Column("undone_at", Instant(), nullable=True),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "import_id", name="pk_imports"),
    )
    op.create_index("ix_imports_guild_id_digest", "imports", ["guild_id", "digest"], unique=False)
    op.create_table(
        "import_drafts",
        sa.Column("guild_id", Snowflake, nullable=False),
        sa.Column("draft_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("draft", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "draft_id", name="pk_import_drafts"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE demand_follows ALTER COLUMN user_id SET STATISTICS 0")
