"""Keeps the numbers under meeting posts true: members' answers change them, and so do organisers.

Many answers in a few seconds make one edit of each post, because Discord limits how often a message may be changed.
"""

import asyncio
import logging
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from bot.domain.language import speak
from bot.one_task import OneTask
from bot.services import languages
from bot.services.standing_posts import standing_posts

if TYPE_CHECKING:
    from bot.sender import DiscordSender
    from bot.services.context import Context

log = logging.getLogger(__name__)

PAUSE_SECONDS = 2.0
"""Between two rounds of edits: five in five seconds is what a channel takes, and reminders need their share."""


class LiveCounts:
    """Edits posts soon after what they show has changed, and never one of them more often than once a pause."""

    def __init__(self, sender: "DiscordSender") -> None:
        self._sender = sender
        self._changed: dict[tuple[int, str, date], None] = {}
        self._task = OneTask()

    def changed(self, context: "Context", guild_id: int, meeting_key: str, day: date) -> None:
        """Notes that posts about an occurrence no longer show what is true."""
        self._changed[guild_id, meeting_key, day] = None
        self._task.begin(partial(self._run, context))

    async def stop(self) -> None:
        """Gives up what is still to be edited; the next answer shows it again."""
        await self._task.stop()

    async def _run(self, context: "Context") -> None:
        while self._changed:
            changed, self._changed = self._changed, {}
            for occasion in changed:
                await self._edit(context, *occasion)
            await asyncio.sleep(PAUSE_SECONDS)

    async def _edit(self, context: "Context", guild_id: int, meeting_key: str, day: date) -> None:
        try:
            speak(await languages.of_guild(context, guild_id))
            for post in await standing_posts(context, guild_id, meeting_key, day):
                await self._sender.edit(post)
        except Exception:
            log.exception("posts about a meeting could not be brought up to date", extra={"guild": guild_id})
