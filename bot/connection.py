"""Points discord.py at the server named in `[discord] api_base`.

Where the library connects is decided by two class attributes. A plain client never asks for the gateway's
address, so it is asked for here.
"""

from typing import Any

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.domain.problems import Problem

TIMEOUT_SECONDS = 20
REFUSED = 401
FIRST_SERVER_ERROR = 500
CORRECT_IT = "Correct api_base below [discord]; it usually ends in /api/v10."


class ConnectionProblem(Problem):
    """The server named in `[discord] api_base` cannot be used."""


async def connect_to(api_base: str, token: str | None = None) -> None:
    """Makes every request and every gateway connection of this process go to another server.

    Args:
        api_base: its address up to the version, without a slash at the end.
        token: the bot's token, which a server may ask for before it says where its gateway is.

    Raises:
        ConnectionProblem: it cannot be reached, or does not answer as Discord does.
        discord.LoginFailure: it refuses the token.
    """
    gateway = _gateway_in(await _ask(api_base, token), api_base)
    Route.BASE = api_base
    DiscordWebSocket.DEFAULT_GATEWAY = gateway


async def _ask(api_base: str, token: str | None) -> Any:
    headers = {"Authorization": f"Bot {token}"} if token else {}
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout, headers=headers) as session,
            # A redirection could carry the token to somebody else.
            session.get(f"{api_base}/gateway/bot", allow_redirects=False) as response,
        ):
            return await _read(response, api_base)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise ConnectionProblem(
            f"Nothing answers at {api_base}.",
            next_step="Check that the server runs, and correct api_base below [discord] if it is elsewhere.",
        ) from error


async def _read(response: aiohttp.ClientResponse, api_base: str) -> Any:
    if response.status == REFUSED:
        raise discord.LoginFailure("The server refuses the token.")
    if response.status >= FIRST_SERVER_ERROR:
        raise ConnectionProblem(
            f"The server at {api_base} has a fault of its own (HTTP status {response.status}).",
            next_step="Try again in a few minutes.",
        )
    if response.status != 200:  # noqa: PLR2004 - HTTP's "OK"
        raise ConnectionProblem(
            f"The server at {api_base} does not answer as Discord does (HTTP status {response.status}).",
            next_step=CORRECT_IT,
        )
    try:
        return await response.json(content_type=None)
    except ValueError:  # also what text that is not UTF-8 raises
        return None


def _gateway_in(answer: Any, api_base: str) -> yarl.URL:
    try:
        gateway = yarl.URL(answer["url"])
    except (TypeError, KeyError, ValueError):
        gateway = yarl.URL()
    if gateway.scheme not in {"ws", "wss"} or not gateway.host:
        raise ConnectionProblem(
            f"The server at {api_base} does not say where its gateway is, as Discord does.",
            next_step=CORRECT_IT,
        )
    return gateway
