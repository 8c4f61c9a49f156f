"""Whatever stops the program is told in one sentence that says what to do."""

import logging
import re
import sqlite3
import ssl
import sys
from typing import Any

import aiohttp
import discord
import pytest
from discord.ext import commands
from sqlalchemy.exc import OperationalError

from bot.domain.problems import Problem
from bot.failures import CLOSED, report, sentence_for
from tests.config.helpers import CANARY


def in_a_context(error: BaseException, context: BaseException) -> BaseException:
    error.__context__ = context
    return error


def closed_with(code: int) -> discord.ConnectionClosed:
    return discord.ConnectionClosed(None, shard_id=None, code=code)  # type: ignore[arg-type]


def answered_with(kind: type[discord.HTTPException], status: int) -> discord.HTTPException:
    class Response:
        reason = "because"

    response: Any = Response()
    response.status = status
    return kind(response, "message")


def no_connection(
    kind: type[aiohttp.ClientConnectorError] = aiohttp.ClientConnectorError,
) -> aiohttp.ClientConnectorError:
    class Key:
        host, port, ssl, is_ssl = "discord.com", 443, True, True

    key: Any = Key()
    return kind(key, OSError(101, "Network is unreachable"))


FIRST_CONNECTION = AttributeError("'NoneType' object has no attribute 'sequence'", name="sequence", obj=None)
FAILURES: dict[str, tuple[BaseException, str]] = {
    "a problem": (Problem("The lamp is out.", next_step="Light it."), "The lamp is out. Light it."),
    "a refused token": (discord.LoginFailure("Improper token"), "Discord refused the token. Copy it again"),
    "disallowed intents": (discord.PrivilegedIntentsRequired(None), "does not need"),
    **{f"close {code}": (closed_with(code), sentence) for code, sentence in CLOSED.items()},
    "another close": (closed_with(4000), "closed the connection (code 4000)"),
    "no gateway": (discord.GatewayNotFound(), "where its gateway is"),
    "no network": (no_connection(), "Check the network"),
    "no name server": (no_connection(aiohttp.ClientConnectorDNSError), "Check the network"),
    "a reset connection": (ConnectionResetError(), "Check the network"),
    "no answer in time": (TimeoutError(), "Check the network"),
    "a dropped connection": (aiohttp.ServerDisconnectedError(), "Check the network"),
    "a bad certificate": (no_connection(aiohttp.ClientConnectorSSLError), "date and time"),
    "a bad certificate below": (ssl.SSLError("bad"), "date and time"),
    "Discord is down": (answered_with(discord.DiscordServerError, 503), "HTTP status 503"),
    "too many requests": (answered_with(discord.HTTPException, 429), "Wait ten minutes"),
    "banned": (answered_with(discord.Forbidden, 403), "Wait an hour"),
    "a file": (PermissionError(13, "denied", "data/secret.key"), "data/secret.key cannot be used"),
    "a locked database": (
        OperationalError("SELECT 'canary'", {}, sqlite3.OperationalError("database is locked")),
        "another program keeps the database locked",
    ),
    "a failed first connection": (in_a_context(FIRST_CONNECTION, no_connection()), "Check the network"),
    "a first connection, closed": (
        in_a_context(AttributeError("sequence", name="sequence", obj=None), closed_with(4012)),
        "Install a newer version",
    ),
    "a first connection, no reason": (AttributeError("sequence", name="sequence", obj=None), "Try again"),
    "a feature that fails to load": (
        commands.ExtensionFailed("cogs.x", Problem("The seed is bad.", next_step="Mend it.")),
        "The seed is bad. Mend it.",
    ),
}


@pytest.mark.parametrize(("error", "expected"), FAILURES.values(), ids=FAILURES.keys())
def test_every_failure_has_a_sentence_that_says_what_to_do(error: BaseException, expected: str) -> None:
    sentence = sentence_for(error)
    assert sentence is not None
    assert expected in sentence
    assert "canary" not in sentence
    assert re.search(r"\b(Check|Copy|Try|Wait|Install|Take|Tell|tell|Stop|Mend|Light)\b", sentence), (
        "it does not say what to do"
    )


@pytest.mark.parametrize(
    "error",
    [
        ZeroDivisionError(),
        AttributeError("sequence", name="sequence", obj=object()),
        answered_with(discord.HTTPException, 400),
        commands.ExtensionFailed("cogs.x", ZeroDivisionError()),
    ],
)
def test_a_defect_has_no_sentence_of_its_own(error: BaseException) -> None:
    assert sentence_for(error) is None


def test_a_defect_is_named_and_its_details_are_in_the_log(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    report(ZeroDivisionError("division by zero"), sys.stderr)
    shown = capsys.readouterr().err
    assert shown.count("\n") == 1
    assert "fault of its own (ZeroDivisionError); details in the log" in shown
    assert caplog.records[-1].levelno == logging.ERROR


def test_a_sentence_never_shows_a_secret(capsys: pytest.CaptureFixture[str]) -> None:
    report(Problem(f"It was {CANARY}.", next_step="Hide it."), sys.stderr, [CANARY])
    assert capsys.readouterr().err == "It was [hidden]. Hide it.\n"
