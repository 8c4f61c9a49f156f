"""What stops the program, in one plain sentence with what to do about it."""

import logging
import ssl
from collections.abc import Callable, Iterable
from typing import Any, TextIO, TypeAlias

import aiohttp
import discord
from discord.ext import commands
from sqlalchemy.exc import DBAPIError

from bot.domain.problems import Problem
from bot.logs import redact
from db.engine import explain

log = logging.getLogger(__name__)

Kinds: TypeAlias = type[BaseException] | tuple[type[BaseException], ...]

PORTAL = "https://discord.com/developers/applications"
REFUSED_TOKEN = f"Discord refused the token. Copy it again from {PORTAL}, under Bot."
TELL_THE_KEEPER = "Please tell whoever looks after the bot's code."
LATER = "Try again in a few minutes; see https://discordstatus.com."
TOO_MANY_REQUESTS = 429
FORBIDDEN = 403
FIRST_SERVER_ERROR = 500

CLOSED = {
    4004: REFUSED_TOKEN,
    4010: f"Discord refused the connection because its shard is not valid. {TELL_THE_KEEPER}",
    4011: "Discord says that the bot is in too many servers for one connection. Take it out of some.",
    4012: "Discord no longer knows this version of its gateway. Install a newer version of Solidarity Bot.",
    4013: f"Discord refused the connection because the bot's intents are not valid. {TELL_THE_KEEPER}",
    4014: (
        "Discord refused the connection because the bot asks for privileged intents, which it does not need. "
        f"Install Solidarity Bot again without changes, or allow them at {PORTAL}, under Bot."
    ),
}


def is_final(error: BaseException) -> bool:
    """Whether Discord refuses the bot for good, so that connecting again would change nothing."""
    if isinstance(error, discord.ConnectionClosed):
        return error.code in CLOSED
    return isinstance(error, Problem | discord.LoginFailure | discord.PrivilegedIntentsRequired)


def report(error: BaseException, stream: TextIO, secrets: Iterable[str] = ()) -> None:
    """Prints one sentence about what stopped the program; the log has the details of what nobody expected."""
    sentence = sentence_for(error)
    if sentence is None:
        log.error("the program stopped", exc_info=error)
        sentence = (
            f"Solidarity Bot stopped for a fault of its own ({type(error).__name__}); details in the log. "
            f'With level = "debug" below [log] it tells more. {TELL_THE_KEEPER}'
        )
    else:
        log.debug("the program stopped", exc_info=error)
    print(redact(sentence, secrets), file=stream, flush=True)


def sentence_for(error: BaseException) -> str | None:
    """What a failure means and what to do; `None` when it is a defect."""
    return next((say(error) for kinds, say in _SENTENCES if isinstance(error, kinds)), None)


def _of_problem(error: Any) -> str:
    several = "\n" in error.what
    return f"{error.what}\n{error.next_step}" if several else f"{error.what} {error.next_step}"


def _of_database(error: Any) -> str:
    return _of_problem(explain(error))


def _of_first_connection(error: Any) -> str | None:
    """Of a slip in discord.py 2.7, which trips over its own feet when its first connection fails."""
    if error.name != "sequence" or error.obj is not None:
        return None
    reason = sentence_for(error.__context__) if error.__context__ else None
    return reason or "Discord's gateway did not accept the connection. Try again in a few minutes."


def _of_close(error: Any) -> str:
    return CLOSED.get(error.code) or f"Discord closed the connection (code {error.code}). {LATER}"


def _of_answer(error: Any) -> str | None:
    if error.status == TOO_MANY_REQUESTS:
        return "Discord says that the bot asks too often. Wait ten minutes, then start it again."
    if error.status == FORBIDDEN:
        return "Discord does not let this machine or this bot in. Wait an hour, then start it again."
    if error.status >= FIRST_SERVER_ERROR:
        return f"Discord has a fault of its own (HTTP status {error.status}). {LATER}"
    return None


def _of_file_or_network(error: Any) -> str:
    if error.filename is not None:
        return f"{error.filename} cannot be used. Check that this user may read it and write in its folder."
    return _NO_NETWORK


_NO_NETWORK = "Discord could not be reached. Check the network and any firewall or proxy, then try again."
_NOT_SECURE = (
    "The connection to Discord is not secure: its certificate was refused. "
    "Check this machine's date and time, and whether anything in between reads its traffic."
)


def _always(sentence: str) -> Callable[[Any], str]:
    return lambda error: sentence  # noqa: ARG005 - same shape as the others


# The first kind that fits counts, so the special ones stand before the general.
_SENTENCES: tuple[tuple[Kinds, Callable[[Any], str | None]], ...] = (
    (Problem, _of_problem),
    (DBAPIError, _of_database),
    (AttributeError, _of_first_connection),
    (commands.ExtensionFailed, lambda error: sentence_for(error.original)),
    (discord.LoginFailure, _always(REFUSED_TOKEN)),
    (discord.PrivilegedIntentsRequired, _always(CLOSED[4014])),
    (discord.ConnectionClosed, _of_close),
    (discord.GatewayNotFound, _always(f"Discord does not say where its gateway is. {LATER}")),
    (discord.HTTPException, _of_answer),
    ((ssl.SSLError, aiohttp.ClientSSLError, aiohttp.ServerFingerprintMismatch), _always(_NOT_SECURE)),
    ((aiohttp.ClientError, TimeoutError), _always(_NO_NETWORK)),
    (OSError, _of_file_or_network),
)
