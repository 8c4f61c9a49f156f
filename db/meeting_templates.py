"""Queries on what organisers keep for scheduling such a meeting again."""

from collections.abc import Mapping

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.tables import meeting_templates
from db.upsert import insert_or

Template = Mapping[str, str | int | None]
"""What was typed for each option of the command, as `bot.services.meetings.MeetingRequest` names them."""


async def put_template(connection: AsyncConnection, guild_id: int, name: str, template: Template) -> None:
    """Keeps a template in place of one with the same name."""
    statement = insert_or(connection, meeting_templates).values(
        guild_id=guild_id, name=name, template=dict(template)
    )
    await connection.execute(
        statement.on_conflict_do_update(
            index_elements=["guild_id", "name"], set_={"template": statement.excluded.template}
        )
    )


async def fetch_templates(connection: AsyncConnection, guild_id: int) -> dict[str, Template]:
    """A guild's templates, in the order of their names."""
    table = meeting_templates
    query = select(table.c.name, table.c.template).where(table.c.guild_id == guild_id)
    return {row.name: row.template for row in await connection.execute(query.order_by(table.c.name))}


async def delete_template(connection: AsyncConnection, guild_id: int, name: str) -> bool:
    """Deletes a template; returns whether it was there."""
    table = meeting_templates
    result = await connection.execute(delete(table).where(table.c.guild_id == guild_id, table.c.name == name))
    return result.rowcount > 0
