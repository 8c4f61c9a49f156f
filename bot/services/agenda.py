"""A meeting's agenda and notes: members propose, organisers put on the agenda, and write down what came of it."""

import secrets
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.language import say
from bot.domain.meeting_days import next_of
from bot.domain.models import Meeting, MeetingState
from bot.domain.problems import BadInput, NotFound, TooMany
from bot.domain.text import clean_line, clean_text
from bot.services.context import Context
from bot.services.guilds import local_now
from bot.services.meetings import AGENDA_LIMIT, choose_meeting
from db import agenda as queries
from db import meetings as meeting_queries
from db.agenda import Proposal, ProposalState

PROPOSAL_LIMIT, NOTES_LIMIT = 200, 3_000
MOST_OPEN = 100
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Agenda:
    """A meeting, and what members propose for it; `waiting` counts those that are not shown, too."""

    meeting: Meeting
    proposals: tuple[Proposal, ...]
    waiting: int


async def propose(context: Context, guild_id: int, user_id: int, key: str, text: str) -> Meeting:
    """Stores what a member wants on a meeting's agenda, without saying who.

    Raises:
        NotFound: there is no such meeting.
        BadInput: it is over or cancelled, or the text cannot be used.
        TooMany: the member, or the meeting, has had enough proposals for now.
    """
    line = clean_line(text, name=say("proposal"), most=PROPOSAL_LIMIT)
    today = (await local_now(context, guild_id)).date()
    if not context.suggestions.allow(guild_id, user_id, today):
        raise TooMany(
            say("You have made {most} suggestions today, which is the most.", most=context.suggestions.most),
            next_step=say("Come back tomorrow, or raise it in the meeting."),
        )
    try:
        async with context.database.write() as connection:
            meeting = await _coming(context, connection, guild_id, key)
            await _refuse_too_many(connection, guild_id, meeting)
            proposal = Proposal(secrets.token_hex(8), meeting.key, line, ProposalState.OPEN)
            await queries.insert_proposal(connection, guild_id, proposal)
            return meeting
    except BaseException:
        context.suggestions.give_back(guild_id, user_id, today)
        raise


async def _refuse_too_many(connection: AsyncConnection, guild_id: int, meeting: Meeting) -> None:
    if await queries.count_open(connection, guild_id, meeting.key) >= MOST_OPEN:
        raise TooMany(
            say("So much is proposed for this meeting that organisers have to look first."),
            next_step=say("Raise it in the meeting itself."),
        )


async def agenda(context: Context, guild_id: int, typed: str) -> Agenda:
    """A meeting's agenda, and what is proposed for it.

    Raises:
        NotFound: no meeting fits.
    """
    async with context.database.read() as connection:
        stored = choose_meeting(await meeting_queries.fetch_meetings(connection, guild_id), typed)
        proposals = await queries.fetch_open(connection, guild_id, stored.key, limit=SHOWN)
        waiting = await queries.count_open(connection, guild_id, stored.key)
    return Agenda(next_of(stored, context.now()) or stored, proposals, waiting)


async def settle(context: Context, guild_id: int, proposal_id: str, *, accept: bool) -> Meeting:
    """Puts a proposal on the agenda of its meeting, or sets it aside, in one transaction; returns the meeting.

    Raises:
        NotFound: another organiser settled it before.
        BadInput: the agenda is full.
    """
    state = ProposalState.ACCEPTED if accept else ProposalState.SET_ASIDE
    async with context.database.write() as connection:
        proposal = await queries.settle_proposal(connection, guild_id, proposal_id, state)
        stored = (
            await meeting_queries.fetch_for_change(connection, guild_id, proposal.meeting_key)
            if proposal
            else None
        )
        if proposal is None or stored is None:
            raise NotFound(
                say("Another organiser has dealt with that proposal."),
                next_step=say("`/organise meeting agenda` shows what is left."),
            )
        if accept:
            stored = await _with_item(connection, guild_id, stored, proposal.text)
    context.snapshots.forget(guild_id)
    context.meetings_changed(guild_id)
    context.answers_changed(guild_id, stored.key, (next_of(stored, context.now()) or stored).day)
    return stored


async def write_notes(context: Context, guild_id: int, key: str, text: str) -> Meeting:
    """Keeps what came of a meeting, for everybody to read, in place of earlier notes; empty takes them away.

    Raises:
        NotFound: there is no such meeting.
        BadInput: the text is too long.
    """
    notes = clean_text(text, name=say("notes"), most=NOTES_LIMIT) if text.strip() else ""
    async with context.database.write() as connection:
        stored = await meeting_queries.fetch_for_change(connection, guild_id, key)
        if stored is None:
            raise NotFound(
                say("That meeting is no longer in the diary."), next_step=say("Look at `/meeting list`.")
            )
        changed = replace(stored, notes=notes)
        await meeting_queries.update_meeting(connection, guild_id, changed)
    context.snapshots.forget(guild_id)
    return changed


async def _with_item(connection: AsyncConnection, guild_id: int, stored: Meeting, item: str) -> Meeting:
    summary = f"{stored.summary}\n• {item}".strip()
    if len(summary) > AGENDA_LIMIT:
        raise BadInput(
            say("The agenda would have more than {most:,} characters.", most=AGENDA_LIMIT),
            next_step=say("Shorten it with `/organise meeting edit agenda:` first."),
        )
    changed = replace(stored, summary=summary, sequence=stored.sequence + 1)
    await meeting_queries.update_meeting(connection, guild_id, changed)
    return changed


async def _coming(context: Context, connection: AsyncConnection, guild_id: int, key: str) -> Meeting:
    stored = await meeting_queries.fetch_meeting(connection, guild_id, key)
    if stored is None:
        raise NotFound(
            say("That meeting is no longer in the diary."), next_step=say("Look at `/meeting list`.")
        )
    coming = next_of(stored, context.now())
    if coming is None or stored.state is MeetingState.CANCELLED:
        raise BadInput(
            say("{title} is over.", title=stored.title)
            if coming is None
            else say("{title} is cancelled.", title=stored.title),
            next_step=say("`/meeting list` shows what is planned."),
        )
    return coming
