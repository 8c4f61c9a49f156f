"""The bot of an installation that is split into shards: it connects to Discord for its own, and serves no others."""

from typing import NoReturn

import discord
from discord.ext import commands

from bot.app import EXTENSIONS, SolidarityBot
from bot.clock import SystemClock
from bot.config import Settings
from bot.domain.shards import Share
from bot.services.one_secret import check_secret
from bot.services.shard_lease import Lease


class GaveUp(discord.ClientException):
    """The connections to Discord came to nothing for too long."""


class ShardedBot(SolidarityBot, commands.AutoShardedBot):
    """Serves some of Discord's shards for as long as it holds their lease.

    One is made for each turn of serving, so that nothing it remembers of its guilds is older than the turn.
    """

    def __init__(self, settings: Settings, share: Share, lease: Lease) -> None:
        super().__init__(
            settings,
            clock=SystemClock(),
            extensions=EXTENSIONS,
            always_sync=False,
            share=share,
            lock=lease,
            shard_count=share.count,
            shard_ids=list(share.ids),
        )
        self._lease = lease
        lease.returned = self._catch_up

    async def setup_hook(self) -> None:
        """Opens everything, and makes sure that the processes have one secret between them."""
        await super().setup_hook()
        await check_secret(self.context, alone=await self._lease.is_alone())

    async def may_serve(self) -> bool:
        """Whether no other process has taken over: Discord tells both of what happens until one is gone."""
        return await self._lease.may_serve()

    async def on_resumed(self) -> None:
        """Catches up with what could not be sent while a connection was broken."""
        self.scheduler.wake()

    async def on_disconnect(self) -> None:
        """Leaves it to the handler that is told of which shard."""

    async def on_shard_ready(self, shard_id: int) -> None:
        """Notes that a shard is connected, at the start or afresh; afresh, what fell due meanwhile is caught up with."""
        self._supervision.connected(shard_id)
        if self.scheduler.running:
            self.scheduler.wake()
            await self.engine.native_events.look_everywhere()

    async def on_shard_resumed(self, shard_id: int) -> None:
        """Notes that a shard is connected again."""
        self._supervision.connected(shard_id)

    async def on_shard_disconnect(self, shard_id: int) -> None:
        """Notes since when a shard is not connected."""
        self._supervision.disconnected(shard_id)

    def _catch_up(self) -> None:
        """What fell due while the database was away goes out at once, not when a failed turn is tried again."""
        if self.scheduler.running:
            self.scheduler.wake()

    async def _break_off(self) -> NoReturn:
        """Leaves the fresh connections to a fresh bot: the library cannot give up half of what it has begun."""
        raise GaveUp
