"""Who chose a language of their own, kept in memory: every command asks."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from db.members import fetch_languages

if TYPE_CHECKING:
    from bot.services.context import Context

MAXIMUM_AGE = timedelta(minutes=1)


class ChosenLanguages:
    """The members of each guild who are not spoken to in the guild's language.

    Another process has no way to tell of a change, so what is known of a guild is read anew once it is a minute old.
    """

    def __init__(self) -> None:
        self._known: dict[int, tuple[datetime, Mapping[int, str]]] = {}

    async def chosen(self, context: "Context", guild_id: int) -> Mapping[int, str]:
        """The language of each member of a guild who chose one."""
        now = context.now()
        if guild_id in self._known:
            read_at, known = self._known[guild_id]
            if timedelta() <= now - read_at < MAXIMUM_AGE:
                return known
        async with context.database.read() as connection:
            found = await fetch_languages(connection, guild_id)
        self._known[guild_id] = (now, found)
        return found

    def forget(self, guild_id: int) -> None:
        """Drops what is known of a guild. Call it after a change is committed."""
        self._known.pop(guild_id, None)
