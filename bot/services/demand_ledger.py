"""The ledger of demands: what the employer answered and when, and which demands are no longer made.

Nothing in it is overwritten. An entry that was wrong is corrected by another one, which says so; both stay in the
history, and only the later one counts. A demand that is no longer made is retired, with its history, and can be brought
back.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.language import say
from bot.domain.models import Demand, DemandResponse, DemandStatus
from bot.domain.problems import BadInput, NotFound
from bot.domain.text import clean_line, clean_text
from bot.domain.when.moment import format_date
from bot.services import follows, guilds
from bot.services.context import Context
from db import campaign as queries
from db.audit import insert_audit
from db.campaign import EntryKind
from db.guilds import lock_guild

RESPONSE_LIMIT, SOURCE_LIMIT, REASON_LIMIT = 1_000, 300, 300
AUDIT_EVENT = "demand"


@dataclass(frozen=True, slots=True)
class Recorded:
    """A demand after an entry was added; `is_new` is false where exactly that entry stood there already."""

    demand: Demand
    response: DemandResponse
    is_new: bool


async def record_response(
    context: Context,
    guild_id: int,
    actor_id: int,
    key: str,
    status: DemandStatus | str,
    text: str,
    on: date,
    source: str,
    *,
    corrects: str | None = None,
) -> Recorded:
    """Adds a response of the employer to a demand's history, and sees to it that its followers are told.

    The same entry a second time changes nothing: somebody pressed twice.

    Args:
        context: the installation.
        guild_id: the guild.
        actor_id: the organiser, for the audit log.
        key: the demand's own key: words would do for looking up, but not for writing.
        status: the status that the demand has from this response on.
        text: what the employer said or did, at most 1,000 characters.
        on: the day of the response, today at the latest.
        source: where that can be read, or who said so, at most 300 characters.
        corrects: the entry of this demand that was wrong, if this one says so.

    Raises:
        BadInput: something about the response cannot be used.
        NotFound: the guild has no such demand, or the demand no such entry.
    """
    response = DemandResponse(
        on=await _not_in_the_future(context, guild_id, on),
        status=_known_status(status),
        text=clean_text(text, name=say("response"), most=RESPONSE_LIMIT),
        source=clean_line(source, name=say("source"), most=SOURCE_LIMIT),
        response_id=secrets.token_hex(16),
        corrects=corrects,
    )
    guild = await guilds.get(context, guild_id)
    async with context.database.write() as connection:
        before = await demand_to_change(connection, guild_id, key)
        known = next((one for one in before.standing if one == response), None)
        if known is not None:
            return Recorded(before, known, is_new=False)
        _can_be_corrected(before, corrects)
        await queries.insert_response(
            connection,
            guild_id,
            key,
            response,
            response_id=response.response_id,
            recorded_at=context.now(),
        )
        done = "corrected an answer" if corrects else "recorded an answer"
        await note(context, connection, guild_id, actor_id, before, f"{done} of {response.on}")
        await follows.tell(context, connection, guild, key, response.response_id)
        demand = await demand_to_change(connection, guild_id, key)
    context.snapshots.forget(guild_id)
    context.wake()
    return Recorded(demand, response, is_new=True)


async def find_entry(context: Context, guild_id: int, response_id: str) -> tuple[Demand, DemandResponse]:
    """An entry of the history, with its demand.

    Raises:
        NotFound: there is no such entry.
    """
    for demand in (await context.snapshots.get(context, guild_id)).demands.entries:
        for response in demand.responses:
            if response.response_id == response_id:
                return demand, response
    raise _no_such_entry()


async def retire(context: Context, guild_id: int, actor_id: int, key: str, reason: str) -> Demand:
    """Marks a demand as no longer made. It keeps its history, and can be brought back.

    Raises:
        BadInput: the reason cannot be used, or the demand is retired already.
        NotFound: the guild has no such demand.
    """
    reason = clean_line(reason, name=say("reason"), most=REASON_LIMIT)
    today = (await guilds.local_now(context, guild_id)).date()
    async with context.database.write() as connection:
        demand = await demand_to_change(connection, guild_id, key)
        if demand.retired_on is not None:
            raise BadInput(
                say("That demand is retired already, so nothing was changed."),
                next_step=say(
                    "`/demand show demand:{title}` shows since when, and why.",
                    title=demand.title,
                ),
            )
        await _set_retired(connection, guild_id, key, today, reason)
        await note(context, connection, guild_id, actor_id, demand, "retired")
    context.snapshots.forget(guild_id)
    return replace(demand, retired_on=today, retired_reason=reason)


async def bring_back(context: Context, guild_id: int, actor_id: int, key: str) -> Demand:
    """Marks a retired demand as made again; where it is made already, nothing changes.

    Raises:
        NotFound: the guild has no such demand.
    """
    async with context.database.write() as connection:
        demand = await demand_to_change(connection, guild_id, key)
        if demand.retired_on is not None:
            await _set_retired(connection, guild_id, key, None, None)
            await note(context, connection, guild_id, actor_id, demand, "brought back")
    context.snapshots.forget(guild_id)
    return replace(demand, retired_on=None, retired_reason=None)


async def demand_to_change(connection: AsyncConnection, guild_id: int, key: str) -> Demand:
    """A demand that nobody else can change before this transaction ends.

    Raises:
        NotFound: the guild has no such demand.
    """
    await lock_guild(connection, guild_id)
    demand = await queries.fetch_demand(connection, guild_id, key)
    if demand is None:
        raise NotFound(
            say("There is no demand “{key}”, so nothing was changed.", key=key[:60]),
            next_step=say("Choose one from the list that appears while you type."),
        )
    return demand


async def note(
    context: Context, connection: AsyncConnection, guild_id: int, actor_id: int, demand: Demand, what: str
) -> None:
    """Writes into the audit log, in English, what was done to a demand, in the caller's transaction."""
    await insert_audit(
        connection,
        guild_id,
        at=context.now(),
        actor_id=actor_id,
        event=AUDIT_EVENT,
        purpose=f"{demand.title}: {what}",
    )


async def _set_retired(
    connection: AsyncConnection, guild_id: int, key: str, on: date | None, reason: str | None
) -> None:
    values = {"retired_on": on, "retired_reason": reason}
    await queries.update_entry(connection, guild_id, EntryKind.DEMAND, key, values)


def _can_be_corrected(demand: Demand, response_id: str | None) -> None:
    if response_id is None:
        return
    if response_id in demand.corrected:
        raise BadInput(
            say("That entry was corrected already, so nothing was recorded."),
            next_step=say("Correct the later entry, if that one is wrong too."),
        )
    if all(response.response_id != response_id for response in demand.responses):
        raise _no_such_entry()


def _no_such_entry() -> NotFound:
    return NotFound(
        say("I do not know that entry, so nothing was recorded."),
        next_step=say(
            "Choose one from the list that appears while you type, after you have chosen the demand."
        ),
    )


async def _not_in_the_future(context: Context, guild_id: int, on: date) -> date:
    today = (await guilds.local_now(context, guild_id)).date()
    if on > today:
        raise BadInput(
            say("{day} is in the future, so nothing was recorded.", day=format_date(on)),
            next_step=say("Give the day on which the employer responded, today at the latest."),
        )
    return on


def _known_status(status: DemandStatus | str) -> DemandStatus:
    try:
        return DemandStatus(status)
    except ValueError:
        words = ", ".join(known.value.replace("_", " ") for known in DemandStatus)
        raise BadInput(
            say("“{status}” is not a status, so nothing was recorded.", status=status[:60]),
            next_step=say("Use one of: {statuses}.", statuses=words),
        ) from None
