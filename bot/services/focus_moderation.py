"""What moderators do for a focus round: open and close it, and make a ballot of what was suggested.

The ballot can be changed until voting opens and never after, so that everybody votes on the same one. Who did what goes
to the audit log; what was suggested does not.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.focus import BALLOT_LEAST, BALLOT_MOST, TITLE_LIMIT, Phase, Round, Suggestion, SuggestionState
from bot.domain.language import later, say
from bot.domain.problems import BadInput, NotFound, Problem, TooMany
from bot.domain.text import clean_line
from bot.domain.when import parse_moment
from bot.services import guilds
from bot.services.context import Context
from bot.services.focus import Overview, overview
from db import focus as queries
from db.audit import insert_audit
from db.guilds import ensure_guild, lock_guild

AUDITED = "focus"
_JUDGED = {
    SuggestionState.ON_BALLOT: later("Put a suggestion on the ballot"),
    SuggestionState.MERGED: later("Merged a suggestion into another"),
    SuggestionState.SET_ASIDE: later("Set a suggestion aside"),
}


@dataclass(frozen=True, slots=True)
class RoundRequest:
    """What a moderator typed. Without a title or an opening, those of the round stay as they are."""

    closes: str
    title: str | None = None
    opens: str | None = None
    zone: str | None = None
    """The zone in which the moderator types times, if not the guild's."""


async def open_round(context: Context, guild_id: int, moderator_id: int, request: RoundRequest) -> Round:
    """Opens a round, which takes suggestions at once and votes from the given time.

    Raises:
        Problem: a round is open already, or something that was typed cannot be used; nothing is stored then.
    """
    zone = (await guilds.get(context, guild_id)).zone
    typed_in = request.zone or zone
    opened = Round(
        round_id=secrets.token_hex(16),
        title=clean_line(request.title or "", name=say("title"), most=TITLE_LIMIT),
        opens_at=_instant(context, request.opens or "", typed_in),
        closes_at=_instant(context, request.closes, typed_in),
    )
    _in_order(opened)
    async with context.database.write() as connection:
        await ensure_guild(connection, guild_id, zone)
        await lock_guild(connection, guild_id)
        if await queries.fetch_open(connection, guild_id, context.now()) is not None:
            raise BadInput(
                say("A round is open already, and there can be only one at a time."),
                next_step=say("`/moderate focus` shows it. Close it first, or wait until it closes."),
                kept=say("No second round was opened."),
            )
        await queries.insert_round(connection, guild_id, opened)
        await _audit(
            context,
            connection,
            guild_id,
            moderator_id,
            f"Opened a round: {opened.title}",
        )
    return opened


async def change_round(
    context: Context, guild_id: int, moderator_id: int, round_id: str, request: RoundRequest
) -> Round:
    """Changes a round's times, and its title as long as nobody can vote.

    Raises:
        Problem: the round is not open, or something cannot be used or changed any more; nothing is changed then.
    """
    typed_in = request.zone or (await guilds.get(context, guild_id)).zone
    closes_at = _instant(context, request.closes, typed_in)
    async with context.database.write() as connection:
        found = await _locked(context, connection, guild_id, round_id)
        changed = replace(found.round, closes_at=closes_at)
        if not found.can_vote:
            if request.title is not None:
                changed = replace(
                    changed, title=clean_line(request.title, name=say("title"), most=TITLE_LIMIT)
                )
            if request.opens is not None:
                changed = replace(changed, opens_at=_instant(context, request.opens, typed_in))
        _in_order(changed)
        await queries.update_round(connection, guild_id, changed)
        await _audit(
            context,
            connection,
            guild_id,
            moderator_id,
            f"Changed the round: {changed.title}",
        )
    return changed


async def turn(context: Context, guild_id: int, moderator_id: int, round_id: str, to: Phase) -> None:
    """Takes a round to its next phase at once: opens the voting, or closes the round.

    Raises:
        Problem: the round has come that far already, or there is not enough on the ballot to vote on.
    """
    now = context.now()
    async with context.database.write() as connection:
        found = await _locked(context, connection, guild_id, round_id)
        if to is Phase.CLOSED:
            opens_at = min(found.round.opens_at, now)
            turned, what = replace(found.round, opens_at=opens_at, closes_at=now), "Closed the round"
        elif to is Phase.VOTING and found.phase is Phase.SUGGESTING:
            require_ballot(found)
            turned, what = replace(found.round, opens_at=now), "Opened the voting"
        else:
            raise _came_that_far()
        await queries.update_round(connection, guild_id, turned)
        await _audit(context, connection, guild_id, moderator_id, f"{what}: {turned.title}")


def require_ballot(found: Overview) -> None:
    """Refuses to open the voting on fewer suggestions than make a choice.

    Raises:
        BadInput: there are too few on the ballot.
    """
    if len(found.ballot) < BALLOT_LEAST:
        raise BadInput(
            say(
                "There must be at least {least} suggestions on the ballot before anybody can vote.",
                least=BALLOT_LEAST,
            ),
            next_step=say("Look through the suggestions first: `/moderate focus`, then Suggestions."),
            kept=say("Nothing was changed."),
        )


async def get_suggestion(context: Context, guild_id: int, suggestion_id: str) -> tuple[Overview, Suggestion]:
    """A suggestion of the open round, and the round.

    Raises:
        NotFound: the open round has no such suggestion.
    """
    async with context.database.read() as connection:
        found = await overview(context, connection, guild_id)
    return _among(found, suggestion_id)


async def judge(
    context: Context,
    guild_id: int,
    moderator_id: int,
    suggestion_id: str,
    state: SuggestionState,
    merged_into: str | None = None,
) -> None:
    """Puts a suggestion on the ballot, merges it into one that is there, or sets it aside.

    Raises:
        Problem: voting has opened, the ballot is full, or the suggestion is not there; nothing is changed then.
    """
    async with context.database.write() as connection:
        asked = await queries.fetch_suggestion(connection, guild_id, suggestion_id)
        if asked is not None:
            await queries.fetch_for_change(connection, guild_id, asked.round_id)
        found, judged = _among(await overview(context, connection, guild_id), suggestion_id)
        _require_changeable(found)
        if state is SuggestionState.ON_BALLOT and judged not in found.ballot:
            _require_room(found)
        if state is SuggestionState.MERGED:
            target = next((one for one in found.ballot if one.suggestion_id == merged_into), None)
            if target is None or target == judged:
                raise _not_there()
        await queries.judge(connection, guild_id, suggestion_id, state, merged_into)
        await _audit(context, connection, guild_id, moderator_id, _JUDGED[state])


async def _locked(context: Context, connection: AsyncConnection, guild_id: int, round_id: str) -> Overview:
    await queries.fetch_for_change(connection, guild_id, round_id)
    found = await overview(context, connection, guild_id)
    if found is None or found.round.round_id != round_id:
        raise _came_that_far()
    return found


def _came_that_far() -> Problem:
    return NotFound(
        say("The round has moved on meanwhile, so it was left as it is."),
        next_step=say("`/moderate focus` shows how things stand."),
    )


def _among(found: Overview | None, suggestion_id: str) -> tuple[Overview, Suggestion]:
    if found is not None:
        for one in found.suggestions:
            if one.suggestion_id == suggestion_id:
                return found, one
    raise _not_there()


def _not_there() -> Problem:
    return NotFound(
        say("That suggestion is not part of the open round any more."),
        next_step=say("`/moderate focus` shows how things stand."),
    )


def _require_changeable(found: Overview) -> None:
    if found.phase is Phase.SUGGESTING:
        return
    if found.can_vote:
        raise BadInput(
            say("Voting has opened, so the ballot stays as it is: everybody has to vote on the same one."),
            next_step=say("The rest can be suggested again in the next round."),
        )
    raise BadInput(
        say("The time for suggestions is over, but there are too few on the ballot to vote on."),
        next_step=say("Put the opening of the vote off first: `/moderate focus`, then Change the round."),
    )


def _require_room(found: Overview) -> None:
    if len(found.ballot) >= BALLOT_MOST:
        raise TooMany(
            say("The ballot holds {most} suggestions, and it is full.", most=BALLOT_MOST),
            next_step=say("Merge it into one that is there, or set another aside first."),
        )


def _instant(context: Context, phrase: str, zone: str) -> datetime:
    return parse_moment(phrase, now=context.now(), zone=zone).instant


def _in_order(planned: Round) -> None:
    if planned.closes_at <= planned.opens_at:
        raise BadInput(
            say("The round would close before voting opens."),
            next_step=say("Give a later time to close, or an earlier one to open the voting."),
            kept=say("Nothing was changed."),
        )


async def _audit(
    context: Context, connection: AsyncConnection, guild_id: int, moderator_id: int, what: str
) -> None:
    await insert_audit(
        connection, guild_id, at=context.now(), actor_id=moderator_id, event=AUDITED, purpose=what
    )
