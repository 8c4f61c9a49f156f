"""A process that moves a database and kills itself on the way.

Run as ``python -m tests.services.move_victim FOLDER SOURCE TARGET copied|compared TABLE``: it dies when the first rows of
that table are copied or compared.
"""

import asyncio
import os
import signal
import sys

from bot.config import load_settings
from bot.services.moving import move
from bot.services.moving_rows import Step


async def main(folder: str, source: str, target: str, stage: str, table: str) -> None:
    """Moves, and dies."""

    def tell(step: Step) -> None:
        if (step.stage, step.table) == (stage, table):
            os.kill(os.getpid(), signal.SIGKILL)

    environment = {"SOLIDARITY_DATA__DIRECTORY": folder, "SOLIDARITY_DATABASE__URL": source}
    await move(load_settings(None, environment, need_token=False), target, tell)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
