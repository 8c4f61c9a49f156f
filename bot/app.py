"""Wires the bot together: settings, database, cogs, scheduler; starts and stops them in order."""

import hashlib
import json
import logging
from functools import partial
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.admission import Admission
from bot.clock import Clock, SystemClock
from bot.config import Settings
from bot.domain.shards import EVERYTHING, Share
from bot.engine import Engine
from bot.errors import answer_failure
from bot.feed import FeedServer
from bot.health import HealthServer
from bot.live_counts import LiveCounts
from bot.metrics import Metrics, measured, note_failure, note_too_late
from bot.pacing import PacedConnector, paced
from bot.services import guilds
from bot.services.context import Context
from bot.services.keys import load_keys
from bot.services.rate_limit import SubmissionLimit
from bot.services.scheduler import Scheduler
from bot.supervision import Supervision
from cogs._answers import in_time
from cogs._language import speak_to
from cogs._lookups import Lookups
from cogs._routes import Routes, is_routed, modal_text
from db.engine import Database
from db.guilds import read_fact, write_fact
from db.upgrade import upgrade

if TYPE_CHECKING:
    from db.leadership import Lock

log = logging.getLogger(__name__)

EXTENSIONS = (
    "cogs.search",
    "cogs.demand",
    "cogs.aims",
    "cogs.motion",
    "cogs.glossary",
    "cogs.meeting",
    "cogs.meeting_answers",
    "cogs.meeting_events",
    "cogs.action",
    "cogs.feedback",
    "cogs.focus",
    "cogs.me",
    "cogs.organise",
    "cogs.moderate",
    "cogs.setup",
    "cogs.help",
    "cogs.about",
)
SYNCED_TREE = "synced_command_tree"


class CampaignTree(app_commands.CommandTree[Any]):
    """The slash commands. Every one is answered in time, and every failure is answered too."""

    async def _call(self, interaction: discord.Interaction[Any]) -> None:
        if not await self.client.may_serve():
            return
        with measured(self.client.metrics, interaction, lambda: _command_of(interaction)):
            async with self.client.admission.turn(interaction.id) as waited:
                if waited is None:
                    note_too_late(interaction)
                else:
                    await self._answer(interaction, waited)

    async def _answer(self, interaction: discord.Interaction[Any], waited: float) -> None:
        if interaction.type is discord.InteractionType.autocomplete:
            await speak_to(interaction)
            await super()._call(interaction)  # pyright: ignore[reportPrivateUsage]
            if not interaction.response.is_done():
                await interaction.response.autocomplete([])
            return
        async with in_time(interaction, waited):
            await speak_to(interaction)
            try:
                await super()._call(interaction)  # pyright: ignore[reportPrivateUsage]
            except app_commands.AppCommandError:
                raise
            except Exception as error:  # noqa: BLE001 - a check may refuse with a `Problem`; every failure is answered
                note_failure(interaction, error)
                await answer_failure(interaction, error)

    async def on_error(
        self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError, /
    ) -> None:
        """Answers an interaction whose command failed."""
        note_failure(interaction, error)
        await answer_failure(interaction, error)


def _command_of(interaction: discord.Interaction[Any]) -> str:
    return interaction.command.qualified_name if interaction.command else ""


class SolidarityBot(commands.Bot):
    """The campaign's bot: real discord.py, one database, one scheduler."""

    context: Context

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock,
        extensions: tuple[str, ...],
        always_sync: bool,
        share: Share = EVERYTHING,
        lock: "Lock | None" = None,
        **library_options: Any,
    ) -> None:
        self.metrics = Metrics() if settings.monitoring.endpoint else None
        self._pace = paced(settings.sharding.processes or 1)
        if self.metrics is not None:
            library_options["http_trace"] = self.metrics.requests()
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=CampaignTree,
            intents=discord.Intents(guilds=True, guild_scheduled_events=True),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            max_ratelimit_timeout=30,
            **library_options,
        )
        self.settings = settings
        self.clock = clock
        self.admission = Admission(clock)
        self.routes = Routes()
        self.lookups = Lookups(self.routes)
        self.engine = Engine(self, clock, lock)
        self.live_counts = LiveCounts(self.engine.sender)
        self._features, self._share = extensions, share
        self._always_sync = always_sync
        self.feed, self.health = FeedServer(), HealthServer()
        self._supervision = Supervision()

    @property
    def scheduler(self) -> Scheduler:
        """The one alarm."""
        return self.engine.scheduler

    async def login(self, token: str) -> None:
        """Logs in; every request from here on keeps the pace."""
        self.http.connector = PacedConnector(self._pace)
        await super().login(token)

    async def setup_hook(self) -> None:
        """Opens the database, loads the features and registers the commands; before the gateway is connected."""
        keys = load_keys(self.settings.data.directory)
        database = await Database.open(self.settings.database.url)
        self.context = Context(
            database=database,
            clock=self.clock,
            settings=self.settings,
            keys=keys,
            limit=SubmissionLimit(self.settings.feedback.submissions_per_day),
            wake=self.scheduler.wake,
            share=self._share,
        )
        self.context.show_answers = partial(self.live_counts.changed, self.context)
        self.context.pulse.lost_for = self._supervision.lost_for
        if self.metrics is not None:
            database.wrote, self.context.pulse.count = self.metrics.wrote, self.metrics.settled
        self.lookups.bind(self.context)
        self.engine.bind(self.context)
        await upgrade(database)
        for feature in self._features:
            await self.load_extension(feature)
        if self._share.is_first:
            await self._sync_if_changed()
        await self.feed.start(self.context)
        await self.health.start(self.context, self.metrics)

    async def _sync_if_changed(self) -> None:
        """Registers the commands with Discord, which allows 200 creations a day, only when they have changed."""
        tree = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        text = json.dumps([self.application_id, tree], sort_keys=True, default=str)
        digest = hashlib.sha256(text.encode()).hexdigest()
        async with self.context.database.read() as connection:
            known = await read_fact(connection, SYNCED_TREE)
        if known == digest and not self._always_sync:
            log.info("commands unchanged")
            return
        await self.tree.sync()
        async with self.context.database.write() as connection:
            await write_fact(connection, SYNCED_TREE, digest)
        log.info("commands synced", extra={"commands": len(tree)})

    async def connect(self, *, reconnect: bool = True) -> None:
        """Stays connected until it is closed or Discord refuses the bot for good."""

        async def connect_once() -> None:
            await super(SolidarityBot, self).connect(reconnect=reconnect)

        await self._supervision.run(connect_once, self._break_off)

    async def _break_off(self) -> None:
        """Gives up a connection that came to nothing, so that a fresh one can be made."""
        if self.ws is not None and self.ws.open:  # pyright: ignore[reportUnnecessaryComparison]
            await self.ws.close(4000)

    async def on_ready(self) -> None:
        """Catches up with what fell due meanwhile. Discord says READY again after a reconnection; once is enough."""
        self._supervision.connected()
        if self.scheduler.running:
            self.scheduler.wake()
            await self.engine.native_events.look_everywhere()
            return
        await guilds.welcome(self.context, [guild.id for guild in self.guilds])
        self.scheduler.start()
        log.info("ready", extra={"guilds": len(self.guilds)})

    async def on_resumed(self) -> None:
        """Catches up with what could not be sent while the connection was broken."""
        self._supervision.connected()
        self.scheduler.wake()

    async def on_disconnect(self) -> None:
        """Notes since when there is no connection."""
        self._supervision.disconnected()

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Gives a new guild the campaign's facts."""
        await guilds.welcome(self.context, [guild.id])

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Does the same for a guild that Discord could not show at the start."""
        if await guilds.is_new(self.context, guild.id):
            await guilds.welcome(self.context, [guild.id])
        self.engine.native_events.changed(guild.id)

    async def on_guild_channel_create(self, channel: discord.abc.GuildChannel) -> None:
        """Looks whether a closed channel is mended; so do the handlers that follow."""
        await self.engine.something_changed(channel.guild.id)

    async def on_guild_channel_update(
        self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel
    ) -> None:
        """A channel's permissions may have changed."""
        del before
        await self.engine.something_changed(after.guild.id)

    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        """What a role may do may have changed."""
        del before
        await self.engine.something_changed(after.guild.id)

    async def on_guild_role_delete(self, role: discord.Role) -> None:
        """Posts may have been meant to ping it."""
        await self.engine.look_at_roles(role.guild.id)

    async def on_thread_update(self, before: discord.Thread, after: discord.Thread) -> None:
        """A thread may have been opened again."""
        del before
        await self.engine.something_changed(after.guild.id)

    async def on_member_update(self, before: discord.Member, after: discord.Member) -> None:
        """The bot's own roles may have changed; without the members intent Discord tells of nobody else."""
        del before
        if after == after.guild.me:
            await self.engine.something_changed(after.guild.id)

    async def on_scheduled_event_create(self, event: discord.ScheduledEvent) -> None:
        """One of Discord's own events may be there twice; so may be wrong what the handlers that follow hear of."""
        self.engine.native_events.changed(event.guild_id)

    async def on_scheduled_event_update(
        self, before: discord.ScheduledEvent, after: discord.ScheduledEvent
    ) -> None:
        """Somebody may have changed an event by hand."""
        del before
        self.engine.native_events.changed(after.guild_id)

    async def on_scheduled_event_delete(self, event: discord.ScheduledEvent) -> None:
        """Somebody may have deleted an event by hand."""
        self.engine.native_events.changed(event.guild_id)

    async def may_serve(self) -> bool:
        """Whether what Discord tells is for this process to deal with; always, where there is no other."""
        return True

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Answers buttons and modals; commands are the tree's."""
        if not is_routed(interaction) or not await self.may_serve():
            return
        with measured(self.metrics, interaction, lambda: self.routes.name_of(interaction)):
            async with self.admission.turn(interaction.id) as waited:
                if waited is None:
                    note_too_late(interaction)
                else:
                    await self._answer(interaction, waited)

    async def _answer(self, interaction: discord.Interaction[Any], waited: float) -> None:
        async with in_time(interaction, waited):
            await speak_to(interaction)
            try:
                await self.routes.dispatch(interaction)
            except Exception as error:  # noqa: BLE001 - every failure is answered
                note_failure(interaction, error)
                await answer_failure(interaction, error, typed=modal_text(interaction))

    async def close(self) -> None:
        """Stops in order: the alarm, the servers of its own, the gateway, the database, the lead."""
        await self.engine.stop()
        await self.feed.stop()
        await self.health.stop()
        await self.live_counts.stop()
        await super().close()
        if hasattr(self, "context"):
            await self.context.database.close()
        await self.engine.resign()


def create_bot(
    settings: Settings,
    *,
    clock: Clock | None = None,
    extra_extensions: tuple[str, ...] = (),
    always_sync: bool = False,
) -> SolidarityBot:
    """Builds the bot. Nothing is opened or connected before it is started.

    Args:
        settings: the validated configuration.
        clock: the source of "now"; the machine's own unless given.
        extra_extensions: features beyond the product's own, such as the practice server's.
        always_sync: register the commands even if the database says that they are unchanged.
    """
    return SolidarityBot(
        settings,
        clock=clock or SystemClock(),
        extensions=(*EXTENSIONS, *extra_extensions),
        always_sync=always_sync,
    )
