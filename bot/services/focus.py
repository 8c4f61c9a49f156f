"""What members do in a focus round: suggest, vote once and in secret, and see the results when it has closed.

A vote enters the ledger and the ballots in one transaction, so that none is lost or doubled, whenever the process dies. The
same transaction writes both tables anew in shuffled orders, so that the database does not show which belong together.
"""

import asyncio
import secrets
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.focus import (
    BALLOT_LEAST,
    BALLOTS_LEAST,
    SUGGESTION_LIMIT,
    Phase,
    Round,
    Standing,
    Suggestion,
    SuggestionState,
    count,
    places_of,
)
from bot.domain.language import say, say_count
from bot.domain.problems import BadInput, NotFound, Problem, TooMany
from bot.domain.text import clean_line
from bot.services.context import SUGGESTIONS_PER_DAY, Context
from db import focus as queries


@dataclass(frozen=True, slots=True)
class Overview:
    """A round that is not closed, with all that was suggested."""

    round: Round
    phase: Phase
    suggestions: tuple[Suggestion, ...]

    def in_state(self, state: SuggestionState) -> tuple[Suggestion, ...]:
        """The suggestions that have come this far, in the order of their random ids."""
        return tuple(one for one in self.suggestions if one.state is state)

    @property
    def ballot(self) -> tuple[Suggestion, ...]:
        """What stands on the ballot, in its order."""
        return self.in_state(SuggestionState.ON_BALLOT)

    @property
    def can_vote(self) -> bool:
        """Whether votes are taken now."""
        return self.phase is Phase.VOTING and len(self.ballot) >= BALLOT_LEAST


@dataclass(frozen=True, slots=True)
class Results:
    """What a closed round came to. Without enough ballots there are no standings."""

    round: Round
    ballots: int | None
    """How many there were; `None` where they were too few to say."""

    standings: tuple[Standing, ...]
    older: bool
    """Whether a round closed before this one."""


async def current(context: Context, guild_id: int) -> Overview | None:
    """The guild's round that is not closed yet."""
    async with context.database.read() as connection:
        return await overview(context, connection, guild_id)


async def overview(context: Context, connection: AsyncConnection, guild_id: int) -> Overview | None:
    """The same within a transaction."""
    now = context.now()
    found = await queries.fetch_open(connection, guild_id, now)
    if found is None:
        return None
    return Overview(
        found, found.phase(now), await queries.fetch_suggestions(connection, guild_id, found.round_id)
    )


async def taking_suggestions(context: Context, guild_id: int) -> Round:
    """The round for which suggestions are taken now.

    Raises:
        Problem: there is none.
    """
    found = await current(context, guild_id)
    return _require_suggesting(found.round if found else None, context)


def cleaned(typed: str) -> str:
    """A suggestion as it is stored: one line, without what cannot be seen.

    Raises:
        BadInput: nothing readable was typed, or too much of it.
    """
    return clean_line(typed, name=say("suggestion"), most=SUGGESTION_LIMIT)


async def suggest(context: Context, guild_id: int, user_id: int, round_id: str, typed: str) -> Round:
    """Stores a suggestion, which then waits for a moderator, and returns the round.

    Args:
        context: the installation.
        guild_id: the guild.
        user_id: who suggests it; used for the limit per day, in memory only, and neither stored nor logged.
        round_id: the round whose form was filled in.
        typed: the suggestion.

    Raises:
        Problem: it cannot be used, comes too late, or is one too many; nothing is stored then.
    """
    text = cleaned(typed)
    today = context.now().astimezone(ZoneInfo(context.settings.campaign.timezone)).date()
    if not context.suggestions.allow(guild_id, user_id, today):
        raise TooMany(
            say_count(
                SUGGESTIONS_PER_DAY,
                "You have already suggested {number} thing today.",
                "You have already suggested {number} things today.",
            ),
            next_step=say("Keep your text, and send it tomorrow."),
        )
    try:
        async with context.database.write() as connection:
            found = _require_suggesting(
                await queries.fetch_for_change(connection, guild_id, round_id), context
            )
            await queries.insert_suggestion(
                connection, guild_id, Suggestion(secrets.token_hex(16), round_id, text)
            )
    except BaseException:
        context.suggestions.give_back(guild_id, user_id, today)
        raise
    return found


async def open_ballot(context: Context, guild_id: int, user_id: int) -> Overview:
    """The round in which this member can vote now.

    Raises:
        Problem: there is none, it has not opened yet, or the member has voted.
    """
    async with context.database.read() as connection:
        found = await overview(context, connection, guild_id)
        if found is None:
            raise _no_votes()
        _require_voting(found)
        mark = context.keys.focus_hash(guild_id, found.round.round_id, user_id)
        if mark in context.forgotten_votes or await queries.is_in_ledger(connection, guild_id, mark):
            raise _voted_already()
        return found


async def vote(context: Context, guild_id: int, user_id: int, round_id: str, letters: str) -> Round:
    """Counts a member's ranking, once, and returns the round.

    Args:
        context: the installation.
        guild_id: the guild.
        user_id: the member; only a keyed hash of them is stored, apart from the ballot, until the round has closed.
        round_id: the round of the ballot.
        letters: the choices as letters of the ballot, the first choice first.

    Raises:
        Problem: the round is not open, the member has voted, or the choices do not fit; nothing is counted then.
    """
    mark = context.keys.focus_hash(guild_id, round_id, user_id)
    async with context.database.write() as connection:
        locked = await queries.fetch_for_change(connection, guild_id, round_id)
        found = await overview(context, connection, guild_id)
        if locked is None or found is None or found.round.round_id != round_id:
            raise _no_votes()
        _require_voting(found)
        places = places_of(letters, len(found.ballot))
        if not places:
            raise BadInput(
                say("You have not chosen anything yet."), next_step=say("Pick your first choice, then vote.")
            )
        if mark in context.forgotten_votes or not await queries.enter_ledger(
            connection, guild_id, round_id, mark
        ):
            raise _voted_already()
        ranking = [found.ballot[place].suggestion_id for place in places]
        await queries.insert_ballot(connection, guild_id, round_id, ranking)
        await queries.shuffle_votes(connection, guild_id, round_id)
    if context.database.path is not None:
        # A write-ahead log would show what this one vote has changed.
        await asyncio.to_thread(queries.empty_log, context.database.path)
    return found.round


async def results(context: Context, guild_id: int, back: int = 0) -> Results:
    """What the latest closed round came to, or one that many rounds before it.

    Raises:
        NotFound: no such round has closed.
    """
    async with context.database.read() as connection:
        closed = await queries.fetch_closed(connection, guild_id, context.now())
        if back >= len(closed):
            raise await _no_results(context, connection, guild_id)
        chosen = closed[back]
        ballots = await queries.fetch_ballots(connection, guild_id, chosen.round_id)
        suggestions = await queries.fetch_suggestions(connection, guild_id, chosen.round_id)
    options = [one for one in suggestions if one.state is SuggestionState.ON_BALLOT]
    enough = len(ballots) >= BALLOTS_LEAST
    return Results(
        round=chosen,
        ballots=len(ballots) if enough else None,
        standings=count(options, ballots) if enough else (),
        older=back + 1 < len(closed),
    )


async def empty_ledgers(context: Context) -> None:
    """Deletes the ledgers of the rounds that have closed; their ballots stay."""
    async with context.database.write() as connection:
        for guild_id in await queries.fetch_guilds_in_ledger(connection):
            await queries.empty_ledger_of_closed(connection, guild_id, context.now())


def _require_suggesting(found: Round | None, context: Context) -> Round:
    phase = Phase.CLOSED if found is None else found.phase(context.now())
    if phase is Phase.VOTING:
        raise BadInput(
            say("The ballot of this round is fixed, so it takes no more suggestions."),
            next_step=say("`/focus vote` shows what you can choose from."),
            kept=say("Nothing was stored. Keep your text for the next round."),
        )
    if found is None or phase is Phase.CLOSED:
        raise _no_round(say("No round takes suggestions at the moment."))
    return found


def _require_voting(found: Overview) -> None:
    if found.phase is Phase.SUGGESTING:
        seconds = int(found.round.opens_at.timestamp())
        raise BadInput(
            say("Voting has not opened yet. It opens <t:{seconds}:F>.", seconds=seconds),
            next_step=say("Until then, `/focus suggest` puts something on the ballot."),
        )
    if not found.can_vote:
        raise BadInput(
            say("There are not enough suggestions on the ballot to vote on."),
            next_step=say("Ask a moderator: `/moderate focus` shows them what to do."),
        )


def _no_votes() -> Problem:
    return _no_round(say("No round takes votes at the moment."))


def _no_round(what: str) -> Problem:
    return NotFound(
        what,
        next_step=say(
            "Look out for the next one, or tell the moderators what matters with `/feedback give "
            "topic:focus`."
        ),
    )


def _voted_already() -> Problem:
    return TooMany(
        say(
            "You have voted in this round already. A vote cannot be changed, because nothing "
            "shows which one is yours."
        ),
        next_step=say("`/focus results` shows the outcome once the round has closed."),
    )


async def _no_results(context: Context, connection: AsyncConnection, guild_id: int) -> Problem:
    found = await queries.fetch_open(connection, guild_id, context.now())
    if found is None:
        return NotFound(
            say("No round has closed yet, so there are no results."),
            next_step=say("Look out for the first one."),
        )
    seconds = int(found.closes_at.timestamp())
    return NotFound(
        say(
            "Nobody sees results before the round closes, moderators included. It closes <t:{seconds}:F>.",
            seconds=seconds,
        ),
        next_step=say("Have your say until then: `/focus suggest` before voting opens, `/focus vote` after."),
    )
