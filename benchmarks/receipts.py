"""Whether the time of an answer tells a wrong receipt from one whose feedback was taken back."""

import random
import time

from benchmarks.contenders import Rig
from benchmarks.in_process import installation
from benchmarks.measures import Row, Sample
from bot.domain.problems import NotFound
from bot.domain.receipts import new_receipt
from bot.services import feedback, feedback_receipts
from bot.services.context import Context

STORED, WITHDRAWN, TRIES = 2_000, 50, 2_500
_GUILD, _MEMBER = 1, 2


async def measure(bare: Rig, product: Rig, runs: int) -> tuple[list[Row], list[str]]:
    """Return the row with wrong receipts on the left and withdrawn ones on the right, asked in random turns."""
    del bare
    async with installation(product) as context:
        return await _measure(context, runs)


async def _measure(context: Context, runs: int) -> tuple[list[Row], list[str]]:
    given = [await feedback.give(context, _GUILD, _MEMBER, "other", "Words") for _ in range(STORED)]
    withdrawn = given[:: STORED // WITHDRAWN]
    for receipt in withdrawn:
        await feedback_receipts.withdraw(context, _GUILD, _MEMBER, receipt)
    wrong: list[float] = []
    taken_back: list[float] = []
    for _ in range(TRIES * runs):
        turns = [(new_receipt(), wrong), (random.choice(withdrawn), taken_back)]
        random.shuffle(turns)
        for receipt, times in turns:
            times.append(await _microseconds(context, receipt))
    left, right = Sample(tuple(wrong), "µs", 0), Sample(tuple(taken_back), "µs", 0)
    longer = mann_whitney(wrong, taken_back)
    note = (
        f"{len(wrong):,} wrong receipts and {len(taken_back):,} withdrawn ones in random turns, {STORED:,} pieces stored. "
        f"A withdrawn one took longer than a wrong one in {longer:.1%} of all pairs; 50% is pure chance, and "
        f"{chance(len(wrong)):.1%} to either side is what chance gives in 95 of 100 measurements."
    )
    return [Row("a receipt that opens nothing: withdrawn (left: wrong)", left, right)], [note]


async def _microseconds(context: Context, receipt: str) -> float:
    begun = time.perf_counter()
    try:
        await feedback_receipts.check(context, _GUILD, _MEMBER, receipt)
    except NotFound:
        return (time.perf_counter() - begun) * 1e6
    raise RuntimeError("a receipt that should open nothing opened something")


def mann_whitney(left: list[float], right: list[float]) -> float:
    """The share of all pairs of which the right one is larger (Mann and Whitney's U over the number of pairs)."""
    ranked = sorted([(value, 0) for value in left] + [(value, 1) for value in right])
    ranks = sum(rank for rank, (_, side) in enumerate(ranked, start=1) if side)
    return (ranks - len(right) * (len(right) + 1) / 2) / (len(left) * len(right))


def chance(number: int) -> float:
    """How far from one half that share comes by chance in 95 of 100 measurements, with as many on either side."""
    return 1.96 * ((2 * number + 1) / (12 * number * number)) ** 0.5
