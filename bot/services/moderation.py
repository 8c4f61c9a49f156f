"""What moderators do with feedback. Whatever takes it out of the bot leaves a trace in the audit log."""

import hashlib
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.export_rows import HEADER, export_rows, to_csv
from bot.domain.feedback import STATES, FeedbackState, known_topic, read_week
from bot.domain.problems import BadInput, TooMany
from bot.domain.text import clean_line
from bot.services import guilds
from bot.services.context import Context
from db.audit import insert_audit
from db.feedback import Wanted, count_groups, fetch_released

EXPORTED = "export"
PURPOSE_LEAST, PURPOSE_MOST = 3, 200
MAX_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Export:
    """A file of feedback, and what its reader should know about it."""

    file_name: str
    data: bytes = field(repr=False)
    rows: int
    sha256: str
    purpose: str
    blanked_regions: int
    blanked_grades: int


async def export_csv(
    context: Context,
    guild_id: int,
    moderator_id: int,
    purpose: str,
    topic: str | None = None,
    since: str | None = None,
    until: str | None = None,
    state: str | None = None,
) -> Export:
    """Exports released feedback, and writes into the audit log who did it and why.

    Args:
        context: the installation.
        guild_id: the guild.
        moderator_id: who exports it.
        purpose: what for.
        topic: the key of a topic, to leave out the others.
        since: the first ISO week, or a day in it.
        until: the last ISO week, or a day in it.
        state: a state, to leave out the others.

    Raises:
        BadInput: there is no purpose, or something that was asked for is not known.
        TooMany: the file would be too large for Discord; nothing is exported or written then.
    """
    purpose = _known_purpose(purpose)
    now = await guilds.local_now(context, guild_id)
    zone = (await guilds.get(context, guild_id)).zone
    wanted = Wanted(
        topic=known_topic(topic) if topic else None,
        since=read_week(since, now=now, zone=zone) if since else None,
        until=read_week(until, now=now, zone=zone) if until else None,
        state=_known_state(state) if state else None,
    )
    _in_order(wanted)
    async with context.database.write() as connection:
        export = await _build(connection, guild_id, wanted, purpose=purpose, day=now.date())
        await insert_audit(
            connection,
            guild_id,
            at=context.now(),
            actor_id=moderator_id,
            event=EXPORTED,
            purpose=export.purpose,
            rows=export.rows,
            sha256=export.sha256,
        )
    return export


async def _build(
    connection: AsyncConnection, guild_id: int, wanted: Wanted, *, purpose: str, day: date
) -> Export:
    # Counted before they are read: what is released in between makes no group look larger than it is.
    sizes = await count_groups(connection, guild_id)
    built = export_rows(await fetch_released(connection, guild_id, wanted), sizes)
    data = _small_enough(to_csv([HEADER, *built.rows]), len(built.rows))
    return Export(
        file_name=f"feedback-{day}.csv",
        data=data,
        rows=len(built.rows),
        sha256=hashlib.sha256(data).hexdigest(),
        purpose=purpose,
        blanked_regions=built.blanked_regions,
        blanked_grades=built.blanked_grades,
    )


def _known_purpose(typed: str) -> str:
    purpose = clean_line(typed, name="purpose", most=PURPOSE_MOST)
    if len(purpose) < PURPOSE_LEAST:
        raise BadInput(
            "The purpose is too short, so nothing was exported.",
            next_step="Say in a few words what the file is for, such as: briefing for Thursday's meeting.",
        )
    return purpose


def _known_state(typed: str) -> FeedbackState:
    known = next((state for state in STATES if state.value == typed), None)
    if known is None:
        raise BadInput(
            "That is not a state that feedback can have, so nothing was exported.",
            next_step=f"Choose one of these, or leave it out: {'; '.join(STATES.values())}.",
        )
    return known


def _in_order(wanted: Wanted) -> None:
    if wanted.since and wanted.until and wanted.since > wanted.until:
        raise BadInput(
            f"That ends ({wanted.until}) before it begins ({wanted.since}), so nothing was exported.",
            next_step="Put the earlier week first: since is the first week, until the last.",
        )


def _small_enough(data: bytes, rows: int) -> bytes:
    if len(data) > MAX_BYTES:
        raise TooMany(
            f"Those {rows:,} entries make a file of {len(data) / 1024 / 1024:.0f} MB, and Discord takes 10.",
            next_step="Ask for less at once: one topic, or a few weeks with since and until.",
            kept="Nothing was exported.",
        )
    return data
