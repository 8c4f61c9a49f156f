"""Rows for every table of two guilds, made from the tables themselves, and a lock on the rows of the second one.

A guild's rows come in `VARIANTS`. Those of variant 0 have the same keys in both guilds wherever the table lets them, so
that a query that forgets the guild finds the other one's. All else, each text, id and number, is the guild's own.
"""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    insert,
    select,
    text,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.attendance import Answer
from bot.domain.feedback import FeedbackState
from bot.domain.focus import SuggestionState
from bot.domain.models import DemandStatus, MeetingState
from bot.domain.schedules import DeliveryState, ScheduleKind, ScheduleState, TargetKind
from db.agenda import ProposalState
from db.tables import metadata
from db.types import Instant, WallTime

A, B = 1_001, 2_002
VARIANTS = 30
NOW = datetime(2025, 3, 31, 8, 0, tzinfo=UTC)

Place = tuple[str, str]
KINDS_OF_DOCUMENT = ("bulletin", "motion")
# What a column may hold where any text would not do; the variants take turns.
TURNS: dict[Place, tuple[Any, ...]] = {
    ("schedules", "kind"): tuple(ScheduleKind),
    ("schedules", "state"): (ScheduleState.ACTIVE, ScheduleState.ACTIVE, ScheduleState.PAUSED),
    ("deliveries", "state"): tuple(DeliveryState),
    ("deliveries", "target_kind"): (*[TargetKind.CHANNEL] * 2, *[TargetKind.MEMBER] * 2),
    ("meetings", "state"): tuple(MeetingState),
    ("feedback", "state"): tuple(FeedbackState),
    ("focus_suggestions", "state"): tuple(SuggestionState),
    ("agenda_proposals", "state"): tuple(ProposalState),
    ("demand_responses", "status"): tuple(DemandStatus),
    ("meeting_answers", "answer"): tuple(Answer),
    ("imports", "kind"): KINDS_OF_DOCUMENT,
    ("imports", "undone_at"): (None, NOW),
    ("demands", "retired_on"): (None, None, date(2025, 1, 1)),
    ("actions", "retired_on"): (None, None, date(2025, 1, 1)),
    ("meetings", "repeat"): (None,),
    ("schedules", "rule"): (None,),
    ("schedules", "holidays"): (None,),
    ("schedules", "materialised_until"): (None, NOW),
    ("guilds", "quiet_from"): (None,),
    ("guilds", "quiet_until"): (None,),
    ("feedback_messages", "from_moderators"): (False, True, False),
    ("feedback_messages", "waiting"): (True, False, False),
    ("focus_rounds", "closes_at"): (NOW + timedelta(days=1), NOW - timedelta(days=1)),
    ("deliveries", "attention_at"): (NOW - timedelta(minutes=5),),
}
# A batch of answers of which no delivery is kept any more.
LEFT_OUT = {("deliveries", 28)}
# Keys by which the command line, the bot or a member names a thing within its guild.
SHARED = {
    *("key", "demand_key", "meeting_key", "motion_key", "action_key", "name", "label"),
    *("user_id", "response_id", "progress_id", "import_id", "draft_id"),
}


def mark(guild_id: int) -> str:
    """What stands in every text of a guild."""
    return f"of{guild_id}"


def word(guild_id: int, variant: int, *, shared: bool = False) -> str:
    """A key: the same in both guilds for variant 0, where it may be; short enough for every column."""
    return "shared" if shared and variant == 0 else f"{mark(guild_id)}v{variant}"


def number(guild_id: int, variant: int, *, shared: bool = False) -> int:
    """A Discord id that no other guild has, or that of a member of both."""
    return (900_000 if shared else guild_id * 1_000_000) + variant


def week(variant: int) -> str:
    """An ISO week; the same in both guilds."""
    return f"{2025 - variant // 50}-W{variant % 50 + 1:02}"


def row(table: Table, guild_id: int, variant: int) -> dict[str, Any]:
    """One row of a table."""
    return {column.name: _value(column, guild_id, variant) for column in table.columns}


def _value(column: Column[Any], guild_id: int, variant: int) -> Any:
    place = (column.table.name, column.name)
    if column.name == "guild_id":
        return guild_id
    if place in TURNS:
        turns = TURNS[place]
        return turns[variant % len(turns)]
    if column.name == "zone":
        return "Europe/London"
    if place == ("focus_ballots", "ranking"):
        return json.dumps([word(guild_id, variant)])
    to_a_member = place == ("deliveries", "target_id") and variant % 4 > 1
    shared = column.name in SHARED or to_a_member
    match column.type:
        case JSON():
            return _json(place, guild_id, variant)
        case Instant():
            return NOW - timedelta(days=variant, hours=guild_id % 7)
        case WallTime():
            return NOW.replace(tzinfo=None) + timedelta(days=variant)
        case Date():
            return NOW.date() - timedelta(days=variant)
        case Boolean():
            return variant % 2 == 0
        case LargeBinary():
            return mark(guild_id).encode() if variant % 2 else None
        case Text():
            return f"Words {word(guild_id, variant)}"
        case String(length=length):
            if column.name == "iso_week":
                return week(variant)
            return word(guild_id, variant, shared=shared)[:length]
        case _ if column.name.endswith("_id"):
            return number(guild_id, variant, shared=shared)
        case Integer():
            return guild_id * 100 + variant if column.name != "fence" else variant
        case other:
            raise AssertionError(f"no value for {place}, {other!r}")


def _json(place: Place, guild_id: int, variant: int) -> Any:
    match place:
        case (_, "skipped" | "moved"):
            return []
        case (_, "lead_seconds"):
            return [0, 3_600]
        case (_, "ping_role_ids"):
            return [number(guild_id, variant)]
        case ("motions", "points"):
            return [{"kind": "note", "label": "1", "text": mark(guild_id), "wording": None}]
        case ("actions", "links"):
            return [{"label": mark(guild_id), "url": f"https://{mark(guild_id)}.example"}]
        case ("imports", "changes"):
            change = {"deed": "added", "kind": "demand", "before": {}, "after": {}}
            return [{**change, "key": word(guild_id, variant), "title": mark(guild_id)}]
        case (_, "draft" | "template"):
            return {"title": mark(guild_id)}
        case _:
            return [word(guild_id, variant)]


async def fill(connection: AsyncConnection, guild_id: int) -> None:
    """Writes rows of a guild into every table that has a guild."""
    for table in metadata.sorted_tables:
        if "guild_id" in table.c:
            variants = 1 if [one.name for one in table.primary_key] == ["guild_id"] else VARIANTS
            rows = [row(table, guild_id, one) for one in range(variants) if (table.name, one) not in LEFT_OUT]
            await connection.execute(insert(table), rows)


async def lock_rows(connection: AsyncConnection, guild_id: int) -> None:
    """From now on the database itself refuses to insert, change or delete any row of a guild, by whatever way."""
    sqlite = connection.dialect.name == "sqlite"
    if not sqlite:
        await connection.execute(
            text(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'a row of the other guild, in %', TG_TABLE_NAME; END $$"
            )
        )
    for table in metadata.sorted_tables:
        if "guild_id" not in table.c:
            continue
        for deed, sides in (("INSERT", ("NEW",)), ("UPDATE", ("OLD", "NEW")), ("DELETE", ("OLD",))):
            name = f"refuse_{deed.lower()}_{table.name}"
            when = " OR ".join(f"{side}.guild_id = {guild_id}" for side in sides)
            body = (
                f"BEGIN SELECT RAISE(ABORT, 'a row of the other guild, in {table.name}'); END"
                if sqlite
                else "EXECUTE FUNCTION refuse()"
            )
            await connection.execute(
                text(f"CREATE TRIGGER {name} BEFORE {deed} ON {table.name} FOR EACH ROW WHEN ({when}) {body}")
            )


async def unlock_rows(connection: AsyncConnection) -> None:
    """Takes the lock away again, for the next test on the same PostgreSQL."""
    if connection.dialect.name != "sqlite":
        await connection.execute(text("DROP FUNCTION refuse() CASCADE"))


async def stored(connection: AsyncConnection, guild_id: int) -> dict[str, list[str]]:
    """Every row of a guild."""
    return {
        table.name: sorted(
            repr(one) for one in await connection.execute(select(table).where(table.c.guild_id == guild_id))
        )
        for table in metadata.sorted_tables
        if "guild_id" in table.c
    }
