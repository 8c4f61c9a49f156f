"""Queries on who follows which demand; an empty key stands for all demands."""

from sqlalchemy.ext.asyncio import AsyncConnection

from db.tables import demand_follows
from db.upsert import insert_or


async def insert_follow(connection: AsyncConnection, guild_id: int, user_id: int, demand_key: str) -> bool:
    """Lets a member follow a demand. Returns whether they did not before."""
    row = {"guild_id": guild_id, "user_id": user_id, "demand_key": demand_key}
    statement = insert_or(connection, demand_follows).values(**row).on_conflict_do_nothing()
    result = await connection.execute(statement.returning(demand_follows.c.user_id))
    return result.scalar_one_or_none() is not None
