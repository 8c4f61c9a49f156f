"""The delivery engine in the running bot: what its scheduler does at each turn, if this process is the one that delivers."""

import asyncio
import logging
import math
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import discord

from bot.clock import Clock
from bot.domain.language import say, say_count, speaking
from bot.native_events import NativeEvents
from bot.sender import DiscordSender
from bot.services import daily, digest, languages, permission_watch, restored, retention, role_watch
from bot.services.context import Context
from bot.services.delivery import deliver_due, next_attention
from bot.services.scheduler import Scheduler
from bot.weekly import tell_organisers
from cogs._render import button
from cogs._routes import route
from db.leadership import lock_of

if TYPE_CHECKING:
    from db.leadership import Lock

log = logging.getLogger(__name__)

TRY_TO_LEAD_EVERY = timedelta(seconds=5)


class Engine:
    """Delivers what is due while this process leads, and stands by while another does."""

    def __init__(self, client: discord.Client, clock: Clock, lock: "Lock | None" = None) -> None:
        self._client, self._clock = client, clock
        self.sender = DiscordSender(client)
        self.native_events = NativeEvents(client, self.sender)
        self._context: Context | None = None
        self._lock = lock
        self._led: bool | None = None
        self._stopping = False
        self._newly_leads = False
        self._noted_alive: datetime | None = None
        self._to_look_at: set[int] = set()
        self._looking = asyncio.Lock()
        self.scheduler = Scheduler(clock, work=self._work, next_due=self._next_due)

    def bind(self, context: Context) -> None:
        """Names the installation whose deliveries these are."""
        self._context = context
        if self._lock is None:
            self._lock = lock_of(context.settings.database.url)
        context.pulse.leads = False
        context.pulse.latency = self._latency
        context.pulse.look = self.look
        context.pulse.heartbeat = lambda: self.scheduler.last_beat
        self.native_events.bind(context)

    async def stop(self) -> None:
        """Begins nothing more, and gives back what is claimed and not under way."""
        self._stopping = True
        await self.scheduler.stop()
        await self.native_events.stop()  # after the last turn, which may have begun to look again

    async def resign(self) -> None:
        """Lets another process lead."""
        if self._lock is not None:
            await self._lock.close()

    async def look(self, guild_id: int) -> None:
        """Looks whether closed channels of a guild are mended, and tries again what was held back for them."""
        if self._context is not None and self._context.pulse.leads:
            await permission_watch.look(
                self._context, self.sender, self.sender.problem_with, guild_id, only_mended=True
            )

    async def something_changed(self, guild_id: int) -> None:
        """Looks soon. An administrator's change is often one of many, and all of them are seen in one look."""
        if guild_id in self._to_look_at:
            return
        self._to_look_at.add(guild_id)
        async with self._looking:
            self._to_look_at.discard(guild_id)
            await self.look(guild_id)
            self.native_events.changed(guild_id)

    async def look_at_roles(self, guild_id: int) -> None:
        """Tells the organisers if a role was deleted that posts are to ping."""
        if self._context is not None and self._context.pulse.leads:
            await role_watch.look_at_roles(self._context, self.sender, self.sender.role_gone, guild_id)

    async def _work(self) -> None:
        context, lock = self._context, self._lock
        if context is None or lock is None:
            return
        await self._seek_lead(context, lock)
        if not context.pulse.leads:
            return
        await self._deliver(context)  # no post waits for the daily work, nor for it to be mended
        is_new_day = await daily.is_new_day(context)
        if is_new_day:
            await self._deliver(context)  # what it wrote ahead may be due after a long pause
        is_first_turn, self._newly_leads = self._newly_leads, False
        await self.native_events.look_everywhere(only_if_due=not (is_new_day or is_first_turn))
        if is_new_day or is_first_turn:
            await self._tell_moderators(context)
        if is_new_day:
            await permission_watch.look_everywhere(context, self.sender, self.sender.problem_with)
            await role_watch.look_at_all_roles(context, self.sender, self.sender.role_gone)
            await retention.warn(context, self.sender)
            await tell_organisers(context, self._client, self.sender)
            await daily.note_day(context)
        self._noted_alive = await restored.note_alive(context, self._noted_alive)
        context.pulse.last_turn = self._clock.now()

    async def _deliver(self, context: Context) -> None:
        await deliver_due(context, self.sender, lambda: context.pulse.leads and not self._stopping)

    async def _seek_lead(self, context: Context, lock: "Lock") -> None:
        before, context.pulse.leads = self._led, await lock.confirm()
        self._led = context.pulse.leads
        if self._led is before:
            return
        if not self._led:
            log.warning(
                "another process delivers from this database; this one answers commands and stands by"
            )
            return
        log.info("this process delivers")
        self._newly_leads = True
        context.pulse.doubtful_before = await restored.doubtful_before(context)
        for question in await restored.pause_overdue(context):
            with speaking(await languages.of_guild(context, question.guild_id)):
                await self._ask(question)

    async def _next_due(self) -> datetime | None:
        context = self._context
        if context is None:
            return None
        if not context.pulse.leads:
            return self._clock.now() + TRY_TO_LEAD_EVERY
        due = [
            await daily.next_turn(context),
            await next_attention(context),
            self.native_events.again_at,
        ]
        return min((instant for instant in due if instant is not None), default=None)

    async def _ask(self, question: restored.Question) -> None:
        text = say_count(
            question.posts,
            "I was off for more than a day, or an older copy of my database was put back. {number} post fell due "
            "meanwhile and would still be of use, but may have been posted already. What shall I do? "
            "Before I post anything, I look whether it stands in its channel.",
            "I was off for more than a day, or an older copy of my database was put back. {number} posts fell due "
            "meanwhile and would still be of use, but may have been posted already. What shall I do? "
            "Before I post anything, I look whether it stands in its channel.",
        )
        buttons = [
            button(say("Post what is still useful"), route("restored.post", ""), main=True),
            button(say("Leave them out"), route("restored.leave", "")),
        ]
        await self.sender.alert(question.guild_id, question.channel_id, text, buttons)

    async def _tell_moderators(self, context: Context) -> None:
        """Says what the day's batch brought; after a restart, what the process before had no time to say."""
        for one in await digest.take(context):
            with speaking(await languages.of_guild(context, one.guild_id)):
                buttons = [button(say("Open the queue"), route("queue.page", ""), main=True)]
            await self.sender.alert(one.guild_id, one.channel_id, one.text, buttons)

    def _latency(self) -> float | None:
        latency = self._client.latency
        return latency if math.isfinite(latency) else None
