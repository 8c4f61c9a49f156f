"""The moderators' work on feedback: what is open, what one piece says, and what becomes of it.

Nothing is listed by its arrival. Every change leaves a trace in the audit log: who changed what, without a word of the text.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.export_rows import shown_groups
from bot.domain.feedback import STATES, TOPICS, Feedback, FeedbackState
from bot.domain.feedback_threads import ThreadMessage
from bot.domain.models import Demand
from bot.domain.moderating import (
    MOST_TAGS,
    REPLY_LIMIT,
    QueueFilter,
    demand_number,
    normalised_tag,
    read_reference,
    reference,
)
from bot.domain.problems import BadInput, NotFound, TooMany
from bot.domain.text import clean_text
from bot.services import campaign
from bot.services.campaign import Suggestion
from bot.services.context import Context
from bot.services.feedback import current_week
from db import feedback_work as queries
from db.audit import insert_audit
from db.feedback import count_groups
from db.feedback_threads import fetch_messages, fetch_next_number, insert_message

PER_PAGE = 5
SUGGESTED = 25
EVERY_STATE = "all"
OPEN_STATES = frozenset({FeedbackState.NEW, FeedbackState.OPEN})
STATE_CHANGED, TAGGED, REPLIED = "state", "tag", "reply"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a moderator asked the queue for; all of it may be empty. The demand is its number."""

    state: str = ""
    topic: str = ""
    demand: str = ""
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of feedback with all that moderators may see of it. Small groups have no region and no grade."""

    feedback: Feedback = field(repr=False)
    tags: tuple[str, ...]
    demand: Demand | None
    region: str | None = None
    grade: str | None = None
    thread: tuple[ThreadMessage, ...] = field(default=(), repr=False)

    @property
    def reference(self) -> str:
        """The short form of its random id."""
        return reference(self.feedback.feedback_id)


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Some of the pieces that were asked for, and how many there are in all."""

    pieces: tuple[Piece, ...]
    total: int
    page: int
    pages: int


async def ask(
    context: Context, guild_id: int, state: str = "", topic: str = "", demand: str = "", tag: str = ""
) -> Asked:
    """What the queue is asked for, checked.

    Raises:
        BadInput: there is no such state or topic, or the tag cannot be one.
        NotFound: there is no such demand.
    """
    if state and state != EVERY_STATE:
        known_state(state)
    if topic and topic not in TOPICS:
        raise BadInput("There is no such topic.", next_step=f"Choose one of: {'; '.join(TOPICS.values())}.")
    if demand and not demand.isdecimal():
        demand = str((await campaign.get_demand(context, guild_id, demand)).position)
    return Asked(state, topic, demand, normalised_tag(tag) if tag else "")


async def queue(context: Context, guild_id: int, asked: Asked, page: int = 0) -> QueuePage:
    """One page of the feedback that was asked for, in the order of the random ids.

    Raises:
        NotFound: there is no demand with that number.
    """
    demand = await _numbered(context, guild_id, int(asked.demand)) if asked.demand else None
    wanted = QueueFilter(
        states=_states(asked.state),
        topic=asked.topic or None,
        tag=asked.tag or None,
        demand_key=demand.key if demand else None,
    )
    async with context.database.read() as connection:
        total = await queries.count_pieces(connection, guild_id, wanted)
        pages = max(1, -(-total // PER_PAGE))
        page = min(max(page, 0), pages - 1)
        found = await queries.fetch_pieces(connection, guild_id, wanted, skip=page * PER_PAGE, most=PER_PAGE)
        tags = await queries.fetch_tags(connection, guild_id, [one.feedback_id for one in found])
    pieces = [
        Piece(one, tags[one.feedback_id], await campaign.demand_with_key(context, guild_id, one.demand_key))
        for one in found
    ]
    return QueuePage(tuple(pieces), total, page, pages)


async def show(context: Context, guild_id: int, typed: str) -> Piece:
    """One piece in full, with what was added to it.

    Raises:
        BadInput: the reference cannot be one, or fits several pieces.
        NotFound: the guild has no such piece among what was handed over.
    """
    async with context.database.read() as connection:
        one = await _one(connection, guild_id, typed)
        tags = await queries.fetch_tags(connection, guild_id, [one.feedback_id])
        thread = await fetch_messages(connection, guild_id, one.feedback_id)
        shown = shown_groups(await count_groups(connection, guild_id))
    region, grade = shown.get((one.region, one.grade), (None, None))
    demand = await campaign.demand_with_key(context, guild_id, one.demand_key)
    return Piece(
        one, tags[one.feedback_id], demand, region, grade, tuple(said for said in thread if not said.waiting)
    )


async def set_states(
    context: Context, guild_id: int, moderator_id: int, typed: Sequence[str], state: str
) -> int:
    """Gives one piece or several the same state. Returns how many.

    Raises:
        NotFound: a piece is not there; nothing is changed then.
    """
    wanted = known_state(state)
    async with context.database.write() as connection:
        found = [await _one(connection, guild_id, one) for one in typed]
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
        one = await _one(connection, guild_id, typed)
        if demand is not None:
            changed = await _speak_to(connection, guild_id, one, demand, remove=remove)
            what = f"demand {demand.position}"
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
    text = clean_text(text, name="reply", most=REPLY_LIMIT)
    week = await current_week(context, guild_id)
    async with context.database.write() as connection:
        one = await _one(connection, guild_id, typed)
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


async def suggest_pieces(context: Context, guild_id: int, typed: str) -> list[Suggestion]:
    """Pieces to choose from while a moderator types a reference, or words from the text."""
    words = typed.strip()
    async with context.database.read() as connection:
        if not words:
            wanted = QueueFilter(OPEN_STATES)
            found = await queries.fetch_pieces(connection, guild_id, wanted, skip=0, most=SUGGESTED)
        else:
            found = await queries.fetch_beginning(connection, guild_id, words.lower(), most=SUGGESTED)
            found = found or await queries.fetch_saying(connection, guild_id, words, most=SUGGESTED)
    return [(_label(one), one.feedback_id) for one in found]


async def suggest_tags(context: Context, guild_id: int, typed: str) -> list[Suggestion]:
    """The tags in use, while a moderator types."""
    async with context.database.read() as connection:
        tags = await queries.fetch_every_tag(connection, guild_id)
    start = typed.strip().casefold()
    return [(one, one) for one in tags if start in one][:SUGGESTED]


def known_state(typed: str) -> FeedbackState:
    """The state with this key.

    Raises:
        BadInput: moderators cannot give or ask for it.
    """
    found = next((state for state in STATES if state.value == typed), None)
    if found is None:
        raise BadInput(
            "That is not a state that feedback can have.",
            next_step=f"Choose one of these: {'; '.join(STATES.values())}.",
        )
    return found


def _states(asked: str) -> frozenset[FeedbackState]:
    if not asked:
        return OPEN_STATES
    return frozenset(STATES) if asked == EVERY_STATE else frozenset({known_state(asked)})


async def _one(connection: AsyncConnection, guild_id: int, typed: str) -> Feedback:
    found = await queries.fetch_beginning(connection, guild_id, read_reference(typed), most=2)
    if not found:
        raise NotFound(
            "There is no such piece of feedback. Perhaps it was taken back, or its time was over.",
            next_step="`/moderate queue` shows what is there.",
        )
    one, *others = found
    if others:
        raise BadInput(
            "More than one piece of feedback begins like that, so nothing was changed.",
            next_step="Choose it from the list that appears while you type.",
        )
    return one


async def _demand_of_tag(context: Context, guild_id: int, wanted: str) -> Demand | None:
    number = demand_number(wanted)
    return None if number is None else await _numbered(context, guild_id, number)


async def _numbered(context: Context, guild_id: int, number: int) -> Demand:
    demand = await campaign.demand_numbered(context, guild_id, number)
    if demand is None:
        raise NotFound(
            f"There is no demand {number}, so nothing was changed.",
            next_step="`/demand list` shows them with their numbers.",
        )
    return demand


async def _change_tag(
    connection: AsyncConnection, guild_id: int, feedback_id: str, wanted: str, *, remove: bool
) -> bool:
    if remove:
        return await queries.delete_tag(connection, guild_id, feedback_id, wanted)
    there = (await queries.fetch_tags(connection, guild_id, [feedback_id]))[feedback_id]
    if len(there) >= MOST_TAGS and wanted not in there:
        raise TooMany(
            f"That piece has {MOST_TAGS} tags, which is the most.",
            next_step="Take one off first: `/moderate tag` with remove:True.",
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


def _label(one: Feedback) -> str:
    said = "sealed" if one.sealed is not None else " ".join(one.text.split())
    label = f"{reference(one.feedback_id)} · {STATES.get(one.state, '')} · {said}"
    return label if len(label) <= campaign.LABEL_LIMIT else label[: campaign.LABEL_LIMIT - 1] + "…"
