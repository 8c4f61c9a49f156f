"""Small things that every part of the stand-in needs: ids, permissions, and waiting without sleeping."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from enum import IntFlag
from typing import Any, TypeVar

Json = dict[str, Any]
Result = TypeVar("Result")

API_PATH = "/api/v10"
DISCORD_EPOCH_MS = 1_420_070_400_000
PATIENCE_SECONDS = 60.0
"""So long is waited for what must come: none waits for its end but a test that fails, on however slow a machine."""


class Permission(IntFlag):
    """The permission bits that the stand-in knows how to enforce or show."""

    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    MANAGE_ROLES = 1 << 28
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_EVENTS = 1 << 33
    MODERATE_MEMBERS = 1 << 40
    CREATE_EVENTS = 1 << 44
    PIN_MESSAGES = 1 << 51


MEMBER_PERMISSIONS = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.ADD_REACTIONS
    | Permission.USE_APPLICATION_COMMANDS
)
# The bot may ping everyone: that it does not is then its own merit, not the server's.
BOT_PERMISSIONS = (
    MEMBER_PERMISSIONS
    | Permission.MENTION_EVERYONE
    | Permission.MANAGE_ROLES
    | Permission.MANAGE_EVENTS
    | Permission.CREATE_EVENTS
    | Permission.PIN_MESSAGES
)
EVERY_PERMISSION = Permission(sum(Permission))


class MessageFlag(IntFlag):
    """The message flags that change how the stand-in treats a message."""

    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    COMPONENTS_V2 = 1 << 15


class Intent(IntFlag):
    """Groups of gateway events that a bot asks for when it identifies."""

    GUILDS = 1 << 0
    GUILD_MEMBERS = 1 << 1
    GUILD_PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    DIRECT_MESSAGES = 1 << 12
    MESSAGE_CONTENT = 1 << 15
    GUILD_SCHEDULED_EVENTS = 1 << 16


PRIVILEGED_INTENTS = Intent.GUILD_MEMBERS | Intent.GUILD_PRESENCES | Intent.MESSAGE_CONTENT


class Snowflakes:
    """Hands out ids that grow with time and never repeat, as Discord's do."""

    def __init__(self) -> None:
        self._last = 0

    def next(self) -> str:
        """Return a fresh id, greater than every earlier one."""
        from_clock = (int(time.time() * 1000) - DISCORD_EPOCH_MS) << 22
        self._last = max(from_clock, self._last + 1)
        return str(self._last)

    def next_in(self, shard: int, count: int) -> str:
        """Return a fresh id of a guild that belongs to a shard."""
        while (int(self.next()) >> 22) % count != shard:
            self._last += 1 << 22
        return str(self._last)


def utc_now() -> datetime:
    """Return the present instant in UTC."""
    return datetime.now(UTC)


class Changes:
    """Wakes those who wait for a condition whenever something in the stand-in has changed."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Callable[[], Any], asyncio.Future[Any]]] = []

    def announce(self) -> None:
        """Look at every waiting condition again."""
        for condition, future in tuple(self._waiting):
            if future.done():
                continue
            try:
                outcome = condition()
            except Exception as error:  # noqa: BLE001 -- it belongs to the one who waits, not to the request that woke it
                future.set_exception(error)
            else:
                if outcome:
                    future.set_result(outcome)

    async def until(
        self, condition: Callable[[], Result | None], *, what: str, timeout: float = PATIENCE_SECONDS
    ) -> Result:
        """Return the first true outcome of the condition.

        Raises:
            TimeoutError: it stayed false for ``timeout`` seconds; the message names ``what``.
        """
        if outcome := condition():
            return outcome
        entry = (condition, asyncio.get_running_loop().create_future())
        self._waiting.append(entry)
        try:
            async with asyncio.timeout(timeout):
                return await entry[1]
        except TimeoutError:
            raise TimeoutError(f"waited {timeout} s in vain for {what}") from None
        finally:
            self._waiting.remove(entry)
