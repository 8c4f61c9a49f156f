"""Backups by the hour, in the process that leads. The practice server makes none: what is done there is invented."""

import asyncio
import logging
from datetime import timedelta
from typing import Protocol

from bot.domain.problems import Problem
from bot.services import backups
from bot.services.context import Context

log = logging.getLogger(__name__)

FIRST_LOOK = timedelta(minutes=5)
"""After the start: what fell due while the bot was off goes out first, and a bot that dies at once makes none."""

LOOK_EVERY = timedelta(minutes=5)
AFTER_FAILURE = timedelta(hours=1)
AGAIN = "The bot tries again by itself in an hour."


class Running(Protocol):
    """A bot, whose context is there once it has opened its database."""

    context: Context


async def keep_backing_up(
    bot: Running,
    *,
    first_look: timedelta = FIRST_LOOK,
    look_every: timedelta = LOOK_EVERY,
    after_failure: timedelta = AFTER_FAILURE,
) -> None:
    """Makes a backup whenever one is due, until it is cancelled."""
    await asyncio.sleep(first_look.total_seconds())
    while True:
        failed = hasattr(bot, "context") and await back_up_if_due(bot.context)
        await asyncio.sleep((after_failure if failed else look_every).total_seconds())


async def back_up_if_due(context: Context) -> bool:
    """Makes a backup if one is due and this process leads. Returns whether that failed."""
    if not context.share.is_first:
        return False
    try:
        context.pulse.backs_up = True
        if not context.pulse.leads or not await backups.is_due(context):
            return False
        target = await backups.make(context)
    except backups.UnderWay:
        return False  # somebody makes one by hand
    except Problem as problem:
        log.warning("no backup was made", extra={"reason": problem.what})
        context.pulse.backup_problem = (problem.what, f"{problem.next_step} {AGAIN}")
        return True
    except Exception as error:  # whatever it is, the bot goes on and `/setup check` tells
        log.exception("no backup was made")
        context.pulse.backup_problem = (
            f"It failed for a reason of its own ({type(error).__name__}).",
            f"The log tells more. {AGAIN}",
        )
        return True
    context.pulse.backup_problem = None
    log.info("backup made", extra={"file": target.name})
    return False
