"""Who serves which shards: a lock for each share of the guilds, which ends when its holder dies, hangs or loses its way.

While a process holds the lock it tells the database so every moment, and the database ends a lock that it hears nothing
of. So the process knows by its own clock until when nobody else can have the share; after that it asks before it acts.
A share that nobody serves is taken by a process that stands by, once it has been free for a while: who held it has time
to come back after the database was away, and nobody ever takes a share from a process that serves it.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Protocol

from bot.domain.shards import Share
from db.advisory import UNREACHABLE, AdvisorySession, family_of
from db.engine import explain
from db.leadership import Lock, lock_of

log = logging.getLogger(__name__)

BEAT_SECONDS = 1.5
"""So often a holder says that it is there."""

DOUBT_BEAT_SECONDS = 0.5
SURE_SECONDS = 3.0
"""So long after it last said so, it may still be sure that the share is its own: no longer than a share must have been
free before another takes it, since a database that is restarted ends every lock at once."""

ENDS_AFTER_SECONDS = 5.0
"""So long after it last said so, the database takes it for dead."""

FREE_SECONDS = 3.0
"""So long a share must have been free before a process that stands by takes it."""

LOOK_EVERY_SECONDS = 0.75
ANSWERS_WITHIN_SECONDS = 2.0
MAY_SERVE_WITHIN_SECONDS = 1.0


def _nobody_is_told() -> None:
    """Stands in until the bot runs."""


class Lease(Lock, Protocol):
    """The right to serve a share of the guilds."""

    lost: asyncio.Event
    """Set once another process has it."""

    answers: bool
    """Whether the database answered when it was last asked."""

    stood_by: bool
    """Whether the database was reached and another process had the share: so this one's settings are right."""

    returned: Callable[[], None]
    """Is told when the database is there again after it was away."""

    async def obtain(self, *, at_once: bool) -> Share:
        """Waits until there is a share to serve."""
        ...

    async def may_serve(self) -> bool:
        """Whether this process may answer for its guilds now. Costs nothing while that is sure."""
        ...

    async def is_alone(self) -> bool:
        """Whether no other process serves a share."""
        ...


class AdvisoryLease:
    """A lease in PostgreSQL."""

    def __init__(self, url: str, shares: Sequence[Share], begins_with: Share | None) -> None:
        self._session = AdvisorySession(url, ends_after_seconds=ENDS_AFTER_SECONDS)
        self._family = family_of(shares[0].count, len(shares))
        self._shares, self._begins_with = tuple(shares), begins_with
        self._free_since: dict[Share, float] = {}
        self._was_split_otherwise = False
        self._share: Share | None = None
        self._sure_until = 0.0
        self._asking = asyncio.Lock()
        self._beating: asyncio.Task[None] | None = None
        self.lost = asyncio.Event()
        self.returned = _nobody_is_told
        self.answers, self.stood_by = True, False

    async def obtain(self, *, at_once: bool) -> Share:
        """Waits until there is a share to serve, and holds it from then on.

        Args:
            at_once: the process has just been started. It takes the share that it begins with without waiting, if that
                is free at the first look, and ends if the database cannot be asked then.

        Raises:
            DatabaseProblem: the database cannot be asked by a process that has just been started.
        """
        is_first = True
        while True:
            try:
                async with asyncio.timeout(ANSWERS_WITHIN_SECONDS):
                    share = await self._look(at_once=at_once and is_first)
            except UNREACHABLE as error:
                self.answers = False
                await self._session.drop()
                self._free_since.clear()
                if is_first and at_once:
                    raise explain(error) from error
                log.warning("the database cannot be asked which shards are free; trying again")
            else:
                self.answers = True
                if share is not None:
                    return self._holding(share)
                if is_first:
                    log.info("standing by: other processes serve, or nobody has for a moment")
                self.stood_by = True
            is_first = False
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    async def confirm(self) -> bool:
        """Whether the share is certainly this process's now; asks where that is not known."""
        if not self._is_sure:
            await self._ask()
        return self._is_sure and not self.lost.is_set()

    async def may_serve(self) -> bool:
        """Whether this process may answer for its guilds now. Costs nothing while that is sure.

        While the database cannot be asked, nobody can have taken the share and begun to serve it.
        """
        if not self._is_sure:
            await asyncio.wait({asyncio.ensure_future(self._ask())}, timeout=MAY_SERVE_WITHIN_SECONDS)
        return not self.lost.is_set()

    async def is_alone(self) -> bool:
        """Whether no other process serves a share."""
        async with self._asking:
            return len(await self._session.taken()) <= 1

    async def close(self) -> None:
        """Gives the share back."""
        if self._beating is not None:
            self._beating.cancel()
            await asyncio.wait({self._beating})
        await self._session.close()

    @property
    def _is_sure(self) -> bool:
        return time.monotonic() < self._sure_until

    async def _look(self, *, at_once: bool) -> Share | None:
        taken = await self._session.taken()
        if self._is_split_otherwise(taken):
            self._free_since.clear()
            return None
        now = time.monotonic()
        free = [share for share in self._shares if (self._family, share.first) not in taken]
        self._free_since = {share: self._free_since.get(share, now) for share in free}
        for share in sorted(free, key=lambda one: one != self._begins_with):
            long_enough = now - self._free_since[share] >= FREE_SECONDS
            if long_enough or (at_once and share == self._begins_with):
                began = time.monotonic()
                if await self._take(share):
                    self._sure_until = began + SURE_SECONDS
                    return share
        return None

    def _is_split_otherwise(self, taken: set[tuple[int, int]]) -> bool:
        split_otherwise = any(family != self._family for family, _ in taken)
        if split_otherwise and not self._was_split_otherwise:
            log.warning(
                "other processes split this installation in another way; give all of them the same [sharding]"
            )
        self._was_split_otherwise = split_otherwise
        return split_otherwise

    async def _take(self, share: Share) -> bool:
        if not await self._session.take(self._family, share.first):
            return False
        # Looked at again: of two that come at the same time and split in different ways, at least one sees the other.
        if self._is_split_otherwise(await self._session.taken()):
            await self._session.give_back(self._family, share.first)
            return False
        return True

    def _holding(self, share: Share) -> Share:
        self._share = share
        self._beating = asyncio.create_task(self._beat())
        log.info("this process serves", extra={"shards": str(share), "of": share.count})
        return share

    async def _beat(self) -> None:
        while not self.lost.is_set():
            await asyncio.sleep(BEAT_SECONDS if self._session.is_open else DOUBT_BEAT_SECONDS)
            await self._ask()

    async def _ask(self) -> None:
        """Says that the process is there, and takes the lock again where the connection was lost."""
        async with self._asking:
            if self._share is None or self.lost.is_set():
                return
            was_open, returned, began = self._session.is_open, None, time.monotonic()
            holds = await self._in_time(self._say_alive) if was_open else None
            if was_open and holds is None:
                log.warning("the hold on the shards is in doubt: the connection to the database is broken")
            if holds is None:
                began = time.monotonic()
                holds = await self._in_time(partial(self._take_again, self._share))
                returned = holds
            if holds:
                self._sure_until = began + SURE_SECONDS
            if returned:
                self.returned()

    async def _in_time(self, asking: Callable[[], Awaitable[bool]]) -> bool | None:
        """What the database answers; `None` if it does not, and the connection is given up."""
        try:
            async with asyncio.timeout(ANSWERS_WITHIN_SECONDS):
                return await asking()
        except UNREACHABLE:
            await self._session.drop()
            return None

    async def _say_alive(self) -> bool:
        await self._session.alive()
        return True

    async def _take_again(self, share: Share) -> bool:
        if await self._take(share):
            return True
        # An earlier connection of this very process may not have ended yet; then nobody else has come between.
        if not await self._session.end_earlier_ones():
            log.warning("another process serves these shards now", extra={"shards": str(share)})
            self.lost.set()
        return False


class FileLease:
    """A lease on a SQLite file: one process serves everything, others stand by."""

    def __init__(self, url: str, shares: Sequence[Share]) -> None:
        (self._share,) = shares
        self._lock = lock_of(url)
        self.lost = asyncio.Event()
        self.returned = _nobody_is_told
        self.answers, self.stood_by = True, False

    async def obtain(self, *, at_once: bool) -> Share:
        """Waits until nobody else serves the file."""
        del at_once  # the system gives a lock back as soon as its holder is gone
        is_first = True
        while True:
            if await self._lock.confirm():
                return self._share
            if is_first:
                log.info("standing by: another process serves")
            is_first, self.stood_by = False, True
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    async def confirm(self) -> bool:
        """Whether this process has the lock, which nobody can take from it."""
        return await self._lock.confirm()

    async def may_serve(self) -> bool:
        """Whether this process may answer: nobody can take the lock from it."""
        return True

    async def is_alone(self) -> bool:
        """Whether no other process serves: there is one share only."""
        return True

    async def close(self) -> None:
        """Gives the lock back."""
        await self._lock.close()


def lease_of(url: str, shares: Sequence[Share], begins_with: Share | None) -> Lease:
    """The lease of a process that is to serve one of these shares; nothing is opened yet."""
    if url.startswith("sqlite"):
        return FileLease(url, shares)
    return AdvisoryLease(url, shares, begins_with)
