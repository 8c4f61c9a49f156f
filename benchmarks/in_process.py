"""The services in this process on a database of their own, for measurements without Discord."""

import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from benchmarks.contenders import ProductRig, Rig
from bot.clock import SystemClock
from bot.config import load_settings
from bot.services.context import Context
from bot.services.keys import load_keys
from bot.services.rate_limit import SubmissionLimit, WrongReceiptLimit
from db.engine import Database
from db.upgrade import upgrade

_UNLIMITED = sys.maxsize


@asynccontextmanager
async def installation(product: Rig) -> AsyncGenerator[Context]:
    """A new installation without limits on what one person may do."""
    assert isinstance(product, ProductRig)
    product.start_afresh()
    database = await Database.open(f"sqlite+aiosqlite:///{product.database}")
    await upgrade(database)
    settings = load_settings(
        None, {"SOLIDARITY_DATA__DIRECTORY": str(product.folder / "in_process")}, need_token=False
    )
    keys = load_keys(settings.data.directory)
    try:
        yield Context(
            database,
            SystemClock(),
            settings,
            keys,
            SubmissionLimit(_UNLIMITED),
            WrongReceiptLimit(_UNLIMITED),
        )
    finally:
        await database.close()
