"""What users may be told when something fails, and the one handler that answers every failed interaction.

Each kind of failure has one kind reply: what happened, what was kept, what to do now. Nobody is shown an id or a traceback.
"""

import asyncio
import io
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord
from discord import app_commands
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.domain.language import later, say
from bot.domain.problems import Problem
from cogs._answers import answer
from cogs._render import Page
from db.engine import explain

log = logging.getLogger(__name__)

EXPIRED = 10062
NOTHING_CHANGED = later("Nothing was changed.")


@dataclass(frozen=True, slots=True)
class Explanation:
    """A failure in words for the person who met it."""

    what: str
    next_step: str
    kept: str | None = None
    expected: bool = True
    """Whether it may happen in ordinary use; otherwise it is logged as a defect."""


def explanation_of(error: BaseException) -> Explanation:
    """What to tell a person about a failure."""
    cause = _unwrapped(error)
    for kind, explain_it in _EXPLANATIONS:
        if isinstance(cause, kind):
            return explain_it(cause)
    return Explanation(
        say("That did not work, and the fault is mine, not yours."),
        say(
            "Please try once more. If it happens again, tell the people who run this bot what "
            "you typed and when."
        ),
        say("I cannot say for certain whether anything was stored; look it up before you repeat it."),
        expected=False,
    )


async def answer_failure(
    interaction: discord.Interaction[Any], error: BaseException, *, typed: str = ""
) -> None:
    """Answers an interaction whose handling failed. Never raises.

    Args:
        interaction: what is answered.
        error: what went wrong.
        typed: what was typed into a modal; it is handed back, so that nobody has to write it again.
    """
    explanation = explanation_of(error)
    if not explanation.expected:
        log.error("an interaction failed", exc_info=_unwrapped(error))
    body = f"{explanation.kept}\n\n" if explanation.kept else ""
    page = Page(
        explanation.what,
        body + say("**What to do now:** {next_step}", next_step=explanation.next_step),
    )
    try:
        await answer(interaction, page, file=_handed_back(typed))
    except discord.HTTPException as failure:
        # An interaction that Discord has given up on cannot be answered by anybody.
        log.warning(
            "an interaction could not be answered", extra={"status": failure.status, "code": failure.code}
        )
    except (OSError, TimeoutError, RuntimeError, aiohttp.ClientError, discord.DiscordException) as failure:
        log.warning("an interaction could not be answered", extra={"error": type(failure).__name__})


def _handed_back(typed: str) -> discord.File | None:
    return discord.File(io.BytesIO(typed.encode(errors="replace")), "what-you-typed.txt") if typed else None


def _unwrapped(error: BaseException) -> BaseException:
    if isinstance(error, app_commands.CommandInvokeError):
        return error.original
    if isinstance(error, app_commands.TransformerError) and isinstance(error.__cause__, Problem):
        return error.__cause__
    return error


def _of_problem(error: Any) -> Explanation:
    return Explanation(error.what, error.next_step, error.kept)


def _of_database(error: Any) -> Explanation:
    problem = explain(error)
    log.error("the database failed", extra={"problem": problem.what})
    return Explanation(
        say("I could not reach my notebook just now."),
        say("Please try again in a minute. If it lasts, tell the people who run this bot."),
        say(NOTHING_CHANGED),
    )


def _of_forbidden(error: Any) -> Explanation:
    del error
    return Explanation(
        say("Discord does not let me do that here."),
        say(
            "Ask an administrator to run `/setup check`, which names the missing permission and "
            "how to grant it."
        ),
    )


def _of_discord(error: Any) -> Explanation:
    del error
    return Explanation(
        say("Discord did not take my answer."),
        say("Please try again in a minute."),
        say("Look it up before you repeat it: it may have been stored."),
        expected=False,
    )


def _fixed(what: str, next_step: str, kept: str | None = None) -> Callable[[Any], Explanation]:
    def explain_it(error: Any) -> Explanation:
        del error
        return Explanation(say(what), say(next_step), say(kept) if kept else None)

    return explain_it


_EXPLANATIONS: tuple[
    tuple[type[BaseException] | tuple[type[BaseException], ...], Callable[[Any], Explanation]], ...
] = (
    (Problem, _of_problem),
    (
        (app_commands.MissingPermissions, app_commands.MissingRole, app_commands.MissingAnyRole),
        _fixed(
            later("That command is for administrators of this server."),
            later("Ask somebody who may manage the server to do it; `/help` shows what you can use."),
            NOTHING_CHANGED,
        ),
    ),
    (
        app_commands.NoPrivateMessage,
        _fixed(
            later("That works in your campaign's server, not in a direct message."),
            later("Open the server and type the same command there."),
        ),
    ),
    (
        app_commands.CommandOnCooldown,
        _fixed(
            later("That was a little too fast."), later("Wait a minute, then try again."), NOTHING_CHANGED
        ),
    ),
    (
        (app_commands.CommandNotFound, app_commands.CommandSignatureMismatch),
        _fixed(
            later("That command has changed since your Discord last looked."),
            later("Restart Discord (Ctrl+R on a computer), then type it again; `/help` lists the commands."),
            NOTHING_CHANGED,
        ),
    ),
    (
        app_commands.TransformerError,
        _fixed(
            later("One of the options could not be read."),
            later("Choose from the list that Discord offers while you type."),
            NOTHING_CHANGED,
        ),
    ),
    (
        app_commands.CheckFailure,
        _fixed(
            later("You may not use that command here."),
            later("`/help` shows what you can use."),
            NOTHING_CHANGED,
        ),
    ),
    ((DBAPIError, SQLAlchemyError), _of_database),
    (discord.Forbidden, _of_forbidden),
    (
        discord.NotFound,
        _fixed(
            later("What you are looking at has been deleted meanwhile."),
            later("Type the command again to see how things stand now."),
        ),
    ),
    (
        (asyncio.TimeoutError, OSError, aiohttp.ClientError),
        _fixed(
            later("Something I depend on did not answer in time."),
            later("Please try again in a minute."),
            later("Look it up before you repeat it: it may have been stored."),
        ),
    ),
    (discord.HTTPException, _of_discord),
)
