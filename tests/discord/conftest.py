"""The real bot against a simulated Discord, with a guild that is set up and one person of each role."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any, cast

import discord
import pytest
import simcord
from discord.ext import commands
from sqlalchemy import Table, insert, select

from bot.app import SolidarityBot, create_bot
from bot.config import Settings, load_settings
from bot.config.sections import CampaignSettings
from bot.practice.clock import SIMCORD_EPOCH
from bot.services import guilds, scheduler
from db.engine import Database
from db.tables import metadata
from seeds.loader import change_campaign
from seeds.reader import read_campaign
from tests.conftest import StoppedClock

PATIENCE_SECONDS = 12
"""So long may the bot take over one thing: on a busy machine five seconds, as simcord has it, prove no fault.

What sleeps for less is waited for, so this is less than what the scheduler sleeps for after a failure.
"""


@dataclass
class World:
    """Everything that a test of the bot's behaviour needs."""

    env: simcord.Env
    bot: SolidarityBot
    clock: StoppedClock
    guild: simcord.GuildHandle
    announcements: simcord.ChannelHandle
    organisers: simcord.ChannelHandle
    moderators: simcord.ChannelHandle
    general: simcord.ChannelHandle
    member: simcord.MemberActor
    organiser: simcord.MemberActor
    moderator: simcord.MemberActor
    administrator: simcord.MemberActor

    async def turn(self) -> None:
        """Lets the scheduler do what is due at the clock's present time."""
        with self.env._bot_scope():
            await self.bot.scheduler.turn()
        await self.env.settle()

    async def put(self, channel: simcord.ChannelHandle, *items: discord.ui.Item[Any]) -> discord.Message:
        """A message of the bot with these buttons or lists, such as another version may have left in a channel."""
        view = discord.ui.View(timeout=None)
        for item in items:
            view.add_item(item)
        view.stop()
        place = self.bot.get_channel(channel.id)
        assert isinstance(place, discord.TextChannel)
        return await place.send("Left here", view=view)

    def posts(self, channel: simcord.ChannelHandle | None = None) -> list[discord.Message]:
        """What the bot has posted into a channel, oldest first."""
        me = self.bot.user
        return [message for message in (channel or self.announcements).history() if message.author == me]


class DiscordsClock:
    """The test's clock in the shape in which simcord keeps its own, so that Discord's events begin and end by it."""

    def __init__(self, clock: StoppedClock) -> None:
        self._clock, self._ahead = clock, 0.0

    @property
    def elapsed(self) -> float:
        return (self.now() - SIMCORD_EPOCH).total_seconds()

    def now(self) -> datetime:
        return self._clock.now() + timedelta(seconds=self._ahead)

    def advance(self, seconds: float) -> None:
        """Simcord lets its time pass by a hair when one of its timers rings."""
        self._ahead += seconds

    def stand_still(self) -> None:
        """From now on it does not follow the machine's clock, however wrong that goes."""
        self._clock = StoppedClock(self._clock.instant)


@pytest.fixture
def settings(tmp_path: Path, migrated_file: Path) -> Settings:
    (tmp_path / "data").mkdir()
    shutil.copy(migrated_file, tmp_path / "data")
    environ = {"SOLIDARITY_DATA__DIRECTORY": str(tmp_path / "data")}
    return load_settings(None, environ, need_token=False)


async def set_up_once_imported(bot: commands.Bot, spec: ModuleSpec, name: str) -> None:
    """Loads a feature of the bot without executing its module anew, as discord.py does for each bot of a process."""
    await import_module(name).setup(bot)


@pytest.fixture
async def env(
    settings: Settings, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[simcord.Env]:
    """A running bot in a simulated Discord without guilds."""
    monkeypatch.setattr(commands.Bot, "_load_from_module_spec", set_up_once_imported)
    # Simcord cannot settle while a real alarm rings, as it would in a test that takes half a minute on a busy machine.
    monkeypatch.setattr(scheduler, "LONGEST_SLEEP", timedelta(days=1))
    running = simcord.Env(
        create_bot(settings, clock=clock), check_errors=False, settle_timeout=PATIENCE_SECONDS
    )
    running.backend.clock = cast("Any", DiscordsClock(clock))
    await running.start()
    yield running
    await running.bot.close()
    await running.shutdown()


Rows = dict[Table, list[dict[str, Any]]]


@pytest.fixture(scope="session")
def welcomed(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """What the bot stores for a guild that it welcomes: its settings, and the campaign's facts."""
    path = shutil.copy(migrated_file, tmp_path_factory.mktemp("welcomed"))
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, _welcome_in(f"sqlite+aiosqlite:///{path}")).result()


async def _welcome_in(url: str) -> Rows:
    campaign = CampaignSettings()
    database = await Database.open(url)
    await change_campaign(database, 0, read_campaign(campaign.name), zone=campaign.timezone)
    async with database.read() as connection:
        read = {table: await connection.execute(select(table)) for table in metadata.sorted_tables}
        rows = {table: [dict(row) for row in result.mappings()] for table, result in read.items()}
    await database.close()
    return {table: of_it for table, of_it in rows.items() if of_it}


async def _welcome(bot: SolidarityBot, guild_id: int, welcomed: Rows) -> None:
    """Stores what a welcome stores. Reading the campaign anew takes a fifth of what a whole test does."""
    assert bot.settings.campaign == CampaignSettings()
    async with bot.context.database.write() as connection:
        for table, rows in welcomed.items():
            await connection.execute(insert(table), [{**row, "guild_id": guild_id} for row in rows])


@pytest.fixture
async def world(env: simcord.Env, clock: StoppedClock, welcomed: Rows) -> World:
    bot = env.bot
    assert isinstance(bot, SolidarityBot)
    guild_id = env.backend.snowflake() + 1  # which is not given to anybody else
    await _welcome(bot, guild_id, welcomed)
    return await furnished(env, clock, env.create_guild("Operation Protect", id=guild_id))


async def furnished(env: simcord.Env, clock: StoppedClock, guild: simcord.GuildHandle) -> World:
    """A server with channels, roles and a person of each role, which the bot knows."""
    bot = env.bot
    assert isinstance(bot, SolidarityBot)
    roles = {name: guild.create_role(name) for name in ("Organiser", "Moderator")}
    manage = guild.create_role("Administrator", permissions=discord.Permissions(manage_guild=True))
    channels = {
        name: guild.create_text_channel(name)
        for name in ("announcements", "organisers", "moderators", "general")
    }
    people = {
        name: guild.add_member(env.create_user(name), roles=given)
        for name, given in {
            "member": [],
            "organiser": [roles["Organiser"]],
            "moderator": [roles["Moderator"]],
            "administrator": [manage],
        }.items()
    }
    await env.settle()
    await guilds.change(
        bot.context,
        guild.id,
        organiser_role_id=roles["Organiser"].id,
        moderator_role_id=roles["Moderator"].id,
        announcements_channel_id=channels["announcements"].id,
        organisers_channel_id=channels["organisers"].id,
        moderators_channel_id=channels["moderators"].id,
    )
    return World(env, bot, clock, guild, **channels, **people)


def text_of(result: simcord.InteractionResult) -> str:
    """All that an answer shows, as one text."""
    message = result.response
    assert message is not None, "the interaction was not answered"
    return text_in(message)


def text_in(message: discord.Message) -> str:
    """All that a message shows, as one text."""
    parts = [message.content]
    for embed in message.embeds:
        parts += [embed.title or "", embed.description or ""]
        parts += [f"{field.name}\n{field.value}" for field in embed.fields]
        parts.append(embed.footer.text or "")
    return "\n".join(parts)
