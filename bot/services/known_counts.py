"""How many come to each meeting, kept in memory: many look, few answer."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from bot.domain.attendance import Answer
from db.meeting_answers import Occasion, count_answers

if TYPE_CHECKING:
    from bot.services.context import Context

MAXIMUM_AGE = timedelta(minutes=1)

_Known = dict[Occasion, tuple[datetime, Mapping[Answer, int]]]


class KnownCounts:
    """What was counted of each occurrence, by guild.

    Whatever changes answers calls `forget`. Another process has no way to, so what is known is counted anew once it is a
    minute old. When a guild is forgotten while its answers are being counted, that count is not kept.
    """

    def __init__(self) -> None:
        self._known: dict[int, _Known] = {}

    async def of(
        self, context: "Context", guild_id: int, meeting_key: str, day: date
    ) -> Mapping[Answer, int]:
        """How many gave each answer to an occurrence of a meeting, also when it is long over."""
        occasion, now = Occasion(meeting_key, day), context.now()
        known = self._known.setdefault(guild_id, {})
        if occasion in known:
            counted_at, counted = known[occasion]
            if timedelta() <= now - counted_at < MAXIMUM_AGE:
                return counted
        async with context.database.read() as connection:
            counted = await count_answers(connection, guild_id, occasion)
        known[occasion] = (now, counted)
        return counted

    def forget(self, guild_id: int) -> None:
        """Drops what is known of a guild. Call it after a change is committed."""
        self._known.pop(guild_id, None)
