"""How long moderators wait for the queue and the report with a million pieces stored, against ten thousand."""

import asyncio
import random
import secrets
import sqlite3
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, closing
from functools import partial

from benchmarks.contenders import Rig
from benchmarks.in_process import installation
from benchmarks.measures import Row, Sample
from bot.services import moderation_queue, reports
from bot.services.context import Context
from seeds.loader import load_campaign
from seeds.reader import read_campaign

FEW, MANY = 10_000, 1_000_000
TURNS = 20
_GUILD, _MODERATOR = 1, 2
_TICK = 0.005
_ASKED: tuple[tuple[str, dict[str, str], int], ...] = (
    ("open", {}, 0),
    ("every state, last page", {"state": "all"}, 99),
    ("of a topic", {"topic": "situation"}, 0),
    ("of a demand", {"demand": "4"}, 0),
    ("with a tag", {"tag": "pay"}, 0),
)


async def measure(bare: Rig, product: Rig, runs: int) -> tuple[list[Row], list[str]]:
    """Return a row for each way of asking, with few pieces on the left and many on the right."""
    del bare
    async with AsyncExitStack() as stack:
        both: list[Context] = []
        for number in (FEW, MANY):
            context = await stack.enter_async_context(installation(product))
            await load_campaign(context.database, _GUILD, read_campaign("operation_protect"))
            await asyncio.to_thread(_fill, context, number)
            both.append(context)
        rows = [
            await _row(f"queue, {name}", [partial(_page, one, asked, page) for one in both], runs * TURNS)
            for name, asked, page in _ASKED
        ]
        rows.append(
            await _row(
                "report", [partial(reports.make_report, one, _GUILD, _MODERATOR) for one in both], runs
            )
        )
        stalls = [
            await _longest_stall(partial(_page, both[1], {}, 0)),
            await _longest_stall(partial(reports.make_report, both[1], _GUILD, _MODERATOR)),
        ]
    stood = (
        f"with {MANY:,}, the event loop stood still for at most {stalls[0]:.0f} ms during a page of the queue, and "
        f"{stalls[1]:.0f} ms during a report"
    )
    return rows, [f"left: {FEW:,} pieces stored, right: {MANY:,}, one in ten of them open", stood]


async def _page(context: Context, asked: dict[str, str], page: int) -> object:
    wanted = await moderation_queue.ask(context, _GUILD, **asked)
    return await moderation_queue.queue(context, _GUILD, wanted, page)


async def _row(what: str, both: list[Callable[[], Awaitable[object]]], turns: int) -> Row:
    milliseconds: list[list[float]] = [[], []]
    for turn in range(turns):
        for which in (0, 1) if turn % 2 == 0 else (1, 0):
            begun = time.perf_counter()
            await both[which]()
            milliseconds[which].append((time.perf_counter() - begun) * 1000)
    left, right = (Sample(tuple(each), "ms", 1) for each in milliseconds)
    return Row(what, left, right)


async def _longest_stall(use: Callable[[], Awaitable[object]]) -> float:
    """For how many milliseconds the event loop did not come round, at worst."""
    longest, running = 0.0, asyncio.ensure_future(use())
    while not running.done():
        begun = time.perf_counter()
        await asyncio.sleep(_TICK)
        longest = max(longest, time.perf_counter() - begun - _TICK)
    await running
    return longest * 1000


def _fill(context: Context, number: int) -> None:
    chance = random.Random(1)
    ids = sorted(secrets.token_hex(16) for _ in range(number))
    pieces = (
        (
            one,
            _GUILD,
            chance.choice(["situation", "focus", "meeting", "other"]),
            chance.choice(["wales", "london", "north_east", None]),
            chance.choice(["po", "pso", None]),
            chance.choice([None, "cap-on-cases", "extend-overtime"]),
            f"2025-W{chance.randint(1, 40):02}",
            "word " * 30,
            secrets.token_hex(32),
            "new" if chance.random() < 0.1 else "done",
        )
        for one in ids
    )
    assert context.database.path is not None
    with closing(sqlite3.connect(context.database.path)) as file, file:
        file.executemany(
            "INSERT INTO feedback (feedback_id, guild_id, topic, region, grade, demand_key, iso_week, text,"
            " receipt_hash, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            pieces,
        )
        file.executemany(
            "INSERT INTO feedback_tags (guild_id, feedback_id, tag) VALUES (?, ?, 'pay')",
            ((_GUILD, one) for one in ids[::5]),
        )
