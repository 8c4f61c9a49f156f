"""Moves the practice clock forward, doing everything that falls due on the way, each at its own instant."""

import asyncio
import contextvars
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, ParamSpec, TypeVar

from bot.domain.problems import BadInput
from bot.practice.clock import PracticeClock
from bot.services.scheduler import Scheduler

MOST_DAYS: Final = 400
MOST_STEPS: Final = 10_000
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Journey:
    """How far the clock came."""

    steps: int
    arrived: bool


async def forward(clock: PracticeClock, scheduler: Scheduler, target: datetime) -> Journey:
    """Goes from one due instant to the next, taking the scheduler's own turn at each, until `target`."""
    with clock.stopped():
        await scheduler.turn()
        for step in range(MOST_STEPS):
            due = scheduler.due
            if due is None or due > target:
                clock.move_to(target)
                await scheduler.turn()
                return Journey(step, arrived=True)
            clock.move_to(due)
            await scheduler.turn()
    return Journey(MOST_STEPS, arrived=False)


def refuse_unless_ahead(now: datetime, target: datetime) -> None:
    """Refuses a target that cannot be reached in one go.

    Raises:
        BadInput: it is not ahead, or too far ahead.
    """
    if target <= now:
        raise BadInput(
            "That is not ahead of the practice clock, which only goes forward.",
            next_step="Name a later time, such as `tomorrow 9am`; `/practice now` shows what time it is.",
        )
    if target > now + timedelta(days=MOST_DAYS):
        raise BadInput(
            f"That is more than {MOST_DAYS} days ahead.",
            next_step="Go there in smaller steps, such as `1 year` at a time.",
        )


def apart(function: Callable[P, T]) -> Callable[P, T]:
    """Calls the function outside the scope in which simcord follows the bot's work.

    simcord waits after each command for the bot's timers of the next minutes. The scheduler's alarm always rings within
    half a minute and is set anew, and nobody should wait for that.
    """

    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        return contextvars.Context().run(function, *args, **kwargs)

    return call


async def run_apart(work: Coroutine[Any, Any, T]) -> T:
    """Does the work outside that scope, and waits for it."""
    return await apart(asyncio.ensure_future)(work)
