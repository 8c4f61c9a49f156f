"""What moderators do with feedback: states, tags and replies.

Every change leaves a trace in the audit log: who changed what, without a word of the text. That record is English.
"""

import secrets
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.feedback import STATES, Feedback
from bot.domain.feedback_threads import ThreadMessage
from bot.domain.language import say
from bot.domain.models import Demand
from bot.domain.moderating import MOST_TAGS, REPLY_LIMIT, demand_number, demand_tag, normalised_tag, reference
from bot.domain.problems import TooMany
from bot.domain.text import clean_text
from bot.services import campaign
from bot.services.context import Context
from bot.services.feedback import current_week
from bot.services.moderation_queue import Piece, find_piece, known_state, show
from db import feedback_work as queries
from db.audit import insert_audit
from db.feedback_threads import fetch_next_number, insert_message

STATE_CHANGED, TAGGED, REPLIED = "state", "tag", "reply"


async def set_states(
    context: Context, guild_id: int, moderator_id: int, typed: Sequence[str], state: str
) -> int:
    """Gives one piece or several the same state. Returns how many.

    Raises:
        NotFound: a piece is not there; nothing is changed then.
    """
    wanted = known_state(state)
    async with context.database.write() as connection:
        found = [await find_piece(connection, guild_id, one) for one in typed]
        changed = [one for one in found if one.state is not wanted]
        if not changed:
            return 0
        await queries.set_state(connection, guild_id, [one.feedback_id for one in changed], wanted)
        names = ", ".join(reference(one.feedback_id) for one in changed)
        await _audit(
            context,
            connection,
            guild_id,
            moderator_id,
            STATE_CHANGED,
            f"{names}: {STATES[wanted]}",
            len(changed),
        )
    context.snapshots.forget(guild_id)
    return len(changed)


async def tag(
    context: Context, guild_id: int, moderator_id: int, typed: str, tags: str, *, remove: bool = False
) -> Piece:
    """Adds a tag to a piece, or takes it off. A tag such as "demand 3" says to which demand it speaks.

    The audit log does not repeat a tag: moderators write tags in words of their own.

    Raises:
        NotFound: there is no such piece, or no such demand.
    """
    wanted = normalised_tag(tags)
    demand = await _demand_of_tag(context, guild_id, wanted)
    async with context.database.write() as connection:
        one = await find_piece(connection, guild_id, typed)
        if demand is not None:
            changed = await _speak_to(connection, guild_id, one, demand, remove=remove)
            what = demand_tag(demand.position)
        else:
            changed = await _change_tag(connection, guild_id, one.feedback_id, wanted, remove=remove)
            what = "a tag"
        if changed:
            what = f"{reference(one.feedback_id)}: {what} {'taken off' if remove else 'added'}"
            await _audit(context, connection, guild_id, moderator_id, TAGGED, what)
    if demand is not None:
        context.snapshots.forget(guild_id)
    return await show(context, guild_id, one.feedback_id)


async def reply(context: Context, guild_id: int, moderator_id: int, typed: str, text: str) -> Piece:
    """Adds a reply that the member reads with the receipt. It can be read at once.

    Raises:
        BadInput: there is nothing in it, or too much.
        NotFound: there is no such piece.
    """
    text = clean_text(text, name=say("reply"), most=REPLY_LIMIT)
    week = await current_week(context, guild_id)
    async with context.database.write() as connection:
        one = await find_piece(connection, guild_id, typed)
        await insert_message(
            connection,
            guild_id,
            one.feedback_id,
            ThreadMessage(
                message_id=secrets.token_hex(16),
                number=await fetch_next_number(connection, guild_id, one.feedback_id),
                from_moderators=True,
                waiting=False,
                iso_week=week,
                text=text,
            ),
        )
        what = f"{reference(one.feedback_id)}: replied"
        await _audit(context, connection, guild_id, moderator_id, REPLIED, what)
    return await show(context, guild_id, one.feedback_id)


async def _demand_of_tag(context: Context, guild_id: int, wanted: str) -> Demand | None:
    number = demand_number(wanted)
    return None if number is None else await campaign.demand_numbered(context, guild_id, number)


async def _change_tag(
    connection: AsyncConnection, guild_id: int, feedback_id: str, wanted: str, *, remove: bool
) -> bool:
    if remove:
        return await queries.delete_tag(connection, guild_id, feedback_id, wanted)
    there = (await queries.fetch_tags(connection, guild_id, [feedback_id]))[feedback_id]
    if len(there) >= MOST_TAGS and wanted not in there:
        raise TooMany(
            say("That piece has {most} tags, which is the most.", most=MOST_TAGS),
            next_step=say("Take one off first: `/moderate tag` with remove:True."),
        )
    return await queries.insert_tag(connection, guild_id, feedback_id, wanted)


async def _speak_to(
    connection: AsyncConnection, guild_id: int, one: Feedback, demand: Demand, *, remove: bool
) -> bool:
    if (one.demand_key == demand.key) is not remove:
        return False
    await queries.set_demand(connection, guild_id, one.feedback_id, None if remove else demand.key)
    return True


async def _audit(
    context: Context,
    connection: AsyncConnection,
    guild_id: int,
    moderator_id: int,
    event: str,
    what: str,
    rows: int | None = None,
) -> None:
    await insert_audit(
        connection, guild_id, at=context.now(), actor_id=moderator_id, event=event, purpose=what, rows=rows
    )
