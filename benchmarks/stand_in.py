"""A stand-in for Discord in a process of its own, and an installation that is set up for the guild in it."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import psutil

from benchmarks.reminders import CONFIGURATION
from bot.clock import SystemClock
from bot.config import load_settings
from bot.services import guilds
from bot.services.context import Context
from bot.services.keys import load_keys
from bot.services.rate_limit import SubmissionLimit
from db.engine import Database
from db.upgrade import upgrade
from tests.wire.processes import REPOSITORY
from tests.wire.server import DEFAULT_TOKEN

_LONGEST_LINE = 2**24


@asynccontextmanager
async def stand_in(module: str, *arguments: object) -> AsyncIterator[asyncio.StreamReader]:
    """Start `python -m module …` on a processor of its own; yield what it prints."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    process = await asyncio.create_subprocess_exec(*command, cwd=REPOSITORY, stdout=PIPE, limit=_LONGEST_LINE)
    assert process.stdout is not None
    try:
        if hasattr(psutil.Process, "cpu_affinity"):  # the bot has the other processors
            psutil.Process(process.pid).cpu_affinity([max(range(psutil.cpu_count() or 1))])
        yield process.stdout
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


def configure(folder: Path, api_base: str, database: Path, url: str | None = None) -> Path:
    """Write the configuration of an installation against this stand-in; return where it is."""
    text = CONFIGURATION.format(token=DEFAULT_TOKEN, api_base=api_base, folder=folder, database=database)
    configuration = folder / "config.toml"
    configuration.write_text(
        text if url is None else text.replace(f"sqlite+aiosqlite:///{database}", url), encoding="utf-8"
    )
    return configuration


@asynccontextmanager
async def context_of(configuration: Path) -> AsyncIterator[Context]:
    """The services on the installation's own database, which is made if need be."""
    settings = load_settings(configuration, {}, need_token=False)
    database = await Database.open(settings.database.url)
    try:
        await upgrade(database)
        keys = load_keys(settings.data.directory)
        yield Context(database, SystemClock(), settings, keys, SubmissionLimit(1))
    finally:
        await database.close()


async def prepare(configuration: Path, where: Mapping[str, str]) -> None:
    """Give the installation a branch's guild, with its organisers and its channel."""
    guild, role, channel = (int(where[name]) for name in ("guild", "role", "channel"))
    async with context_of(configuration) as context:
        await guilds.welcome(context, [guild])
        await guilds.change(
            context,
            guild,
            organiser_role_id=role,
            announcements_channel_id=channel,
            organisers_channel_id=channel,
        )
