"""The product, made to kill itself: ``python -m tests.torture.victim --die-at POINT[:NTH] -- run --config FILE``.

The product has no hooks for this. The functions it calls are wrapped from outside, then its own command line is run.
A victim dies of the first (or NTH) delivery that is being attempted for the first time; what earlier victims left behind
it takes up like the ordinary product, which it is in every other respect.
"""

import os
import signal
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, NoReturn

import bot.sender
import db.deliveries
from bot.domain.schedules import Delivery, DeliveryState
from bot.services.delivery import Post
from db.engine import Database
from tests.wire.born import Born, bear


class Point(StrEnum):
    """Where a process dies."""

    NEVER = "never"
    AFTER_CLAIM = "after-claim"
    BEFORE_SEND = "before-send"
    IN_FLIGHT = "in-flight"
    """The request has arrived and is not answered. Whoever holds the answer back kills the process."""
    BEFORE_MARK = "before-mark"
    AFTER_MARK = "after-mark"


DEATHS = tuple(point for point in Point if point is not Point.NEVER)

MOST_CLAIMED = 4


def die() -> NoReturn:
    """Ends this process as a power cut would: nothing is flushed, closed or caught."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("survived SIGKILL")


@dataclass
class Countdown:
    """Counts deliveries that are attempted for the first time; the last of them is the victim's end."""

    left: int

    def ends_with(self, delivery: Delivery) -> bool:
        """Counts a delivery, and says whether it was the last."""
        self.left -= delivery.attempts == 1
        return self.left <= 0


def arm(point: Point, nth: int = 1) -> None:
    """Wraps the product's functions so that the process dies at a point."""
    if point is Point.NEVER:
        return
    _claim_few()
    countdown = Countdown(nth)
    if point is Point.AFTER_CLAIM:
        _die_after_commit_of("claim_due", countdown)
    elif point is Point.BEFORE_SEND:
        _die_before_send(countdown)
    elif point is Point.BEFORE_MARK:
        _die_before_mark(countdown)
    elif point is Point.AFTER_MARK:
        _die_after_commit_of("settle", countdown)


def _claim_few() -> None:
    """Lets a victim claim little at a time, so that one database holds enough for several deaths."""
    claim_due = db.deliveries.claim_due

    async def wrapped(connection: Any, *, limit: int, **options: Any) -> Any:
        return await claim_due(connection, limit=min(limit, MOST_CLAIMED), **options)

    db.deliveries.claim_due = wrapped


def _die_after_commit_of(query: str, countdown: Countdown) -> None:
    """Dies once the transaction is committed in which a query of `db.deliveries` touched a first attempt."""
    run_query = getattr(db.deliveries, query)
    open_transaction = Database.write
    doomed: set[Any] = set()

    async def noting(connection: Any, *arguments: Any, **options: Any) -> Any:
        result = await run_query(connection, *arguments, **options)
        touched = [*arguments, *(result if isinstance(result, Sequence) else ())]
        for each in touched:
            if isinstance(each, Delivery) and countdown.ends_with(each):
                doomed.add(connection)
        return result

    @asynccontextmanager
    async def write(self: Database) -> AsyncGenerator[Any]:
        async with open_transaction(self) as connection:
            yield connection
        if connection in doomed:
            die()

    setattr(db.deliveries, query, noting)
    Database.write = write  # type: ignore[method-assign]


def _die_before_send(countdown: Countdown) -> None:
    send = bot.sender.DiscordSender.send

    async def wrapped(self: bot.sender.DiscordSender, post: Post) -> int:
        if countdown.ends_with(post.delivery):
            die()
        return await send(self, post)

    bot.sender.DiscordSender.send = wrapped  # type: ignore[method-assign]


def _die_before_mark(countdown: Countdown) -> None:
    settle = db.deliveries.settle

    async def wrapped(connection: Any, delivery: Delivery, state: DeliveryState, **options: Any) -> bool:
        if state is DeliveryState.SENT and countdown.ends_with(delivery):
            die()
        return await settle(connection, delivery, state, **options)

    db.deliveries.settle = wrapped


def run(die_at: str, arguments: Sequence[str]) -> int:
    """Runs the product's command line in this process; returns its exit code, if it comes to that."""
    from bot.__main__ import main

    point, _, nth = die_at.partition(":")
    arm(Point(point), int(nth or 1))
    sys.argv = ["solidarity-bot", *arguments]
    try:
        main()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return 0


async def born_to_die(die_at: str, arguments: Sequence[str], log: Path) -> Born:
    """Starts a process that runs the product's command line and dies at a point (`POINT:NTH`)."""
    return await bear(["-m", "tests.torture.victim", "--die-at", die_at, "--", *arguments], log)


def main() -> int:
    """Reads where to die; the rest is the product's own."""
    option, die_at, separator, *arguments = sys.argv[1:]
    if (option, separator) != ("--die-at", "--"):
        raise SystemExit(__doc__)
    return run(die_at, arguments)


if __name__ == "__main__":
    sys.exit(main())
