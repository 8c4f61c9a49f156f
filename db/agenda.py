"""Queries on what members propose for a meeting's agenda; nothing in it leads to them."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.tables import agenda_proposals


class ProposalState(StrEnum):
    """What became of a proposal."""

    OPEN = "open"
    ACCEPTED = "accepted"
    SET_ASIDE = "set aside"


@dataclass(frozen=True, slots=True)
class Proposal:
    """One thing that a member wants on the agenda."""

    proposal_id: str
    meeting_key: str
    text: str
    state: ProposalState


async def insert_proposal(connection: AsyncConnection, guild_id: int, proposal: Proposal) -> None:
    """Stores a proposal."""
    await connection.execute(
        insert(agenda_proposals).values(
            guild_id=guild_id,
            proposal_id=proposal.proposal_id,
            meeting_key=proposal.meeting_key,
            text=proposal.text,
            state=proposal.state.value,
        )
    )


async def count_open(connection: AsyncConnection, guild_id: int, meeting_key: str) -> int:
    """How many proposals wait for an organiser."""
    table = agenda_proposals
    query = select(func.count()).where(
        table.c.guild_id == guild_id,
        table.c.meeting_key == meeting_key,
        table.c.state == ProposalState.OPEN.value,
    )
    return (await connection.execute(query)).scalar_one()


async def fetch_open(
    connection: AsyncConnection, guild_id: int, meeting_key: str, *, limit: int
) -> tuple[Proposal, ...]:
    """The proposals that wait for an organiser, in the order of their random ids."""
    table = agenda_proposals
    query = (
        select(table)
        .where(
            table.c.guild_id == guild_id,
            table.c.meeting_key == meeting_key,
            table.c.state == ProposalState.OPEN.value,
        )
        .order_by(table.c.proposal_id)
        .limit(limit)
    )
    return tuple(
        Proposal(row.proposal_id, row.meeting_key, row.text, ProposalState(row.state))
        for row in await connection.execute(query)
    )


async def settle_proposal(
    connection: AsyncConnection, guild_id: int, proposal_id: str, state: ProposalState
) -> Proposal | None:
    """Settles an open proposal; `None` where somebody settled it before."""
    table = agenda_proposals
    statement = (
        update(table)
        .where(
            table.c.guild_id == guild_id,
            table.c.proposal_id == proposal_id,
            table.c.state == ProposalState.OPEN.value,
        )
        .values(state=state.value)
        .returning(table.c.meeting_key, table.c.text)
    )
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else Proposal(proposal_id, row.meeting_key, row.text, state)
