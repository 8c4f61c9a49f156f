"""The real bot in a simulated server, without pytest: for as many interactions as there is time for."""

import asyncio
import logging
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast
from unittest.mock import patch

import simcord
from discord.ext import commands
from simcord import OptionError, SetupError
from simcord._settlement import _active_callbacks

from bot.app import create_bot
from bot.config import load_settings
from tests.conftest import StoppedClock
from tests.discord.conftest import DiscordsClock, World, furnished, set_up_once_imported

PATIENCE_SECONDS = 60
STANDSTILL_SECONDS = 5
HANDLERS = ("CommandTree-invoker", "discord.py: on_interaction")
UNANSWERED = "an interaction could not be answered"


class Complaints(logging.Handler):
    """What the bot logs of a defect, or of an interaction that it could not answer."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.ERROR or record.getMessage() == UNANSWERED:
            trace = logging.Formatter().formatException(record.exc_info) if record.exc_info else ""
            self.said.append(f"{record.getMessage()}: {' / '.join(trace.splitlines()[-3:])}")


class Remembered:
    """What the simulated Discord remembers of all that was ever sent: after a million interactions, more than fits in."""

    def __init__(self, env: simcord.Env) -> None:
        self._env: Any = env
        self._kept = [set(store) for store in self._stores()]

    def forget_the_rest(self) -> None:
        """Forgets what came since, so that what was there can still be pressed and sent in."""
        for store, kept in zip(self._stores(), self._kept, strict=False):
            for key in store.keys() - kept:
                del store[key]
        self._env.backend.http_requests.clear()
        self._env.backend.transcript.clear()
        self._env._errors.clear()
        self._env._error_ids.clear()

    def _stores(self) -> list[dict[Any, Any]]:
        backend = self._env.backend
        return [backend.interactions, backend.interaction_tokens, *backend.messages.values()]


class Server:
    """One server, and what happens in it."""

    def __init__(self, world: World, complaints: Complaints) -> None:
        self.world = world
        self._complaints = complaints
        cast("Any", world.env)._settle_internal = self._until_handled

    async def tried(self, interaction: Awaitable[Any]) -> tuple[Any, str | None]:
        """What was answered, and what is wrong with that.

        Raises:
            OptionError, SetupError: Discord's own client would not send this.
        """
        self._complaints.said.clear()
        started, result = time.thread_time(), None
        try:
            result = await interaction
        except (OptionError, SetupError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, nobody has foreseen it
            self._complaints.said.append(f"{type(error).__name__}: {error}")
        if time.thread_time() - started > STANDSTILL_SECONDS:
            self._complaints.said.append("everybody else had to wait for it")
        if isinstance(result, simcord.InteractionResult) and not result.acknowledged:
            self._complaints.said.append("it was not answered")
        return result, "; ".join(self._complaints.said) or None

    async def _until_handled(self, **_: Any) -> None:
        """Waits for the handler, and not, as simcord does, for whatever sleeps for less than its patience."""
        for _turn in range(3):
            await asyncio.sleep(0)
        while busy := [task for task in asyncio.all_tasks() if task.get_name() in HANDLERS]:
            done, _pending = await asyncio.wait(busy, timeout=PATIENCE_SECONDS)
            if not done:
                raise TimeoutError("the handler has not ended")
        _active_callbacks(cast("Any", self.world.env)._settlement_state())  # it forgets those that are over


@asynccontextmanager
async def serving(database: str = "") -> AsyncIterator[Server]:
    """A bot that has just been set up, in a server of its own; in a new SQLite database unless one is named."""
    complaints, clock = Complaints(), StoppedClock()
    logging.getLogger().addHandler(complaints)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "data").mkdir()
        environ = {"SOLIDARITY_DATA__DIRECTORY": f"{folder}/data"}
        if database:
            environ["SOLIDARITY_DATABASE__URL"] = database
        settings = load_settings(None, environ, need_token=False)
        with patch.object(commands.Bot, "_load_from_module_spec", set_up_once_imported):
            env = simcord.Env(create_bot(settings, clock=clock), check_errors=False)
            env.backend.clock = cast("Any", DiscordsClock(clock))
            await env.start()
            try:
                world = await furnished(env, clock, env.create_guild("Operation Protect"))
                await world.bot.scheduler.stop()
                world.bot.context.meetings_changed = lambda _: (
                    None
                )  # what is made later may be about what is gone
                yield Server(world, complaints)
            finally:
                logging.getLogger().removeHandler(complaints)
                await env.bot.close()
                await env.shutdown()
