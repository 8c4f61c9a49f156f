"""Work beside everything else, which must have ended before the database is closed."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any


class OneTask:
    """A task that goes on while there is work: one at a time, and none once it is stopped."""

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None
        self._stopped = False

    def begin(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Begins the work, unless it is under way or was stopped."""
        if not self._stopped and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(work())

    async def stop(self) -> None:
        """Breaks the work off, and waits until it has ended; it is not begun again."""
        self._stopped = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
