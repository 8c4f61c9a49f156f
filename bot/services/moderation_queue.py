"""What moderators see of feedback: what is open, and what one piece says. Nothing is listed by its arrival."""

from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.export_rows import Group, shown_groups
from bot.domain.feedback import STATES, TOPICS, Feedback, FeedbackState
from bot.domain.feedback_threads import ThreadMessage
from bot.domain.language import say
from bot.domain.models import Demand
from bot.domain.moderating import (
    QueueFilter,
    normalised_tag,
    read_reference,
    reference,
)
from bot.domain.problems import BadInput, NotFound
from bot.services import campaign
from bot.services.campaign import Suggestion
from bot.services.context import Context
from db import feedback_work as queries
from db.feedback import count_groups
from db.feedback_threads import fetch_messages

PER_PAGE = 5
LISTED = 500
"""Nobody turns more than a hundred pages; so a page costs the same however much feedback there is."""

SEARCHED = 5_000
"""In so many pieces words are looked for while somebody types."""

SUGGESTED = 25
EVERY_STATE = "all"
OPEN_STATES = frozenset({FeedbackState.NEW, FeedbackState.OPEN})


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
    """Some of the pieces that were asked for, and how many are listed in all.

    What comes after the first `LISTED` is not, and `more` tells that there is such. It moves up when others are dealt with.
    """

    pieces: tuple[Piece, ...]
    total: int
    page: int
    pages: int
    more: bool


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
        raise BadInput(
            say("There is no such topic."),
            next_step=say("Choose one of: {listed}.", listed="; ".join(map(say, TOPICS.values()))),
        )
    if demand and not demand.isdecimal():
        demand = str((await campaign.get_demand(context, guild_id, demand)).position)
    return Asked(state, topic, demand, normalised_tag(tag) if tag else "")


async def queue(context: Context, guild_id: int, asked: Asked, page: int = 0) -> QueuePage:
    """One page of the feedback that was asked for, in the order of the random ids.

    Raises:
        NotFound: there is no demand with that number.
    """
    demand = await campaign.demand_numbered(context, guild_id, int(asked.demand)) if asked.demand else None
    wanted = QueueFilter(
        states=_states(asked.state),
        topic=asked.topic or None,
        tag=asked.tag or None,
        demand_key=demand.key if demand else None,
    )
    async with context.database.read() as connection:
        ids = await queries.fetch_pieces(connection, guild_id, wanted, most=LISTED + 1)
        total = min(len(ids), LISTED)
        pages = max(1, -(-total // PER_PAGE))
        page = min(max(page, 0), pages - 1)
        shown = ids[page * PER_PAGE : min((page + 1) * PER_PAGE, LISTED)]
        found = await queries.fetch_by_ids(connection, guild_id, shown)
        tags = await queries.fetch_tags(connection, guild_id, [one.feedback_id for one in found])
    pieces = [
        Piece(one, tags[one.feedback_id], await campaign.demand_with_key(context, guild_id, one.demand_key))
        for one in found
    ]
    return QueuePage(tuple(pieces), total, page, pages, more=len(ids) > LISTED)


async def show(context: Context, guild_id: int, typed: str) -> Piece:
    """One piece in full, with what was added to it.

    Raises:
        BadInput: the reference cannot be one, or fits several pieces.
        NotFound: the guild has no such piece among what was handed over.
    """
    async with context.database.read() as connection:
        one = await find_piece(connection, guild_id, typed)
        tags = await queries.fetch_tags(connection, guild_id, [one.feedback_id])
        thread = await fetch_messages(connection, guild_id, one.feedback_id)
        region, grade = await _shown_of(connection, guild_id, one)
    demand = await campaign.demand_with_key(context, guild_id, one.demand_key)
    return Piece(
        one, tags[one.feedback_id], demand, region, grade, tuple(said for said in thread if not said.waiting)
    )


async def suggest_pieces(context: Context, guild_id: int, typed: str) -> list[Suggestion]:
    """Pieces to choose from while a moderator types a reference, or words from the text."""
    words = typed.strip()
    async with context.database.read() as connection:
        if not words:
            wanted = QueueFilter(OPEN_STATES)
            ids = await queries.fetch_pieces(connection, guild_id, wanted, most=SUGGESTED)
            found = await queries.fetch_by_ids(connection, guild_id, ids)
        else:
            found = await queries.fetch_beginning(connection, guild_id, words.lower(), most=SUGGESTED)
            found = found or await queries.fetch_saying(
                connection, guild_id, words, most=SUGGESTED, among=SEARCHED
            )
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
            say("That is not a state that feedback can have."),
            next_step=say("Choose one of these: {listed}.", listed="; ".join(map(say, STATES.values()))),
        )
    return found


async def _shown_of(connection: AsyncConnection, guild_id: int, one: Feedback) -> Group:
    if one.region is None and one.grade is None:
        return None, None
    shown = shown_groups(await count_groups(connection, guild_id))
    return shown.get((one.region, one.grade), (None, None))


def _states(asked: str) -> frozenset[FeedbackState]:
    if not asked:
        return OPEN_STATES
    return frozenset(STATES) if asked == EVERY_STATE else frozenset({known_state(asked)})


async def find_piece(connection: AsyncConnection, guild_id: int, typed: str) -> Feedback:
    """The piece with this reference, or the beginning of it.

    Raises:
        BadInput: the reference cannot be one, or fits several pieces.
        NotFound: the guild has no such piece among what was handed over.
    """
    found = await queries.fetch_beginning(connection, guild_id, read_reference(typed), most=2)
    if not found:
        raise NotFound(
            say("There is no such piece of feedback. Perhaps it was taken back, or its time was over."),
            next_step=say("`/moderate queue` shows what is there."),
        )
    one, *others = found
    if others:
        raise BadInput(
            say("More than one piece of feedback begins like that, so nothing was changed."),
            next_step=say("Choose it from the list that appears while you type."),
        )
    return one


def _label(one: Feedback) -> str:
    said = say("sealed") if one.sealed is not None else " ".join(one.text.split())
    return f"{reference(one.feedback_id)} · {say(STATES.get(one.state, ''))} · {said}"
