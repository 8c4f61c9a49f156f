"""How many interactions a second a bot sustains: ``python -m benchmarks.storming bare|product``.

Members act at even intervals, whether or not those before are answered. A rate is sustained if the 99th percentile of the
answers is below 250 ms and each comes within Discord's three seconds, counted from when its member meant to act. The rate
is raised until it is too much, then narrowed down, each time after the bot has done with what was before. The rates that
were sustained are printed on one line. The product is then given several times what it sustains, of which a second line
tells, until it is gone.
"""

import asyncio
import gc
import itertools
import json
import math
import sys
import time
from collections.abc import Awaitable, Callable, Iterator

from benchmarks.measures import percentile
from benchmarks.pressing import Branch
from tests.wire.server import Answer, Member, Message, WireDiscord
from tests.wire.server.answers import NoAnswerError

MEMBERS = 200
SECONDS = 3.0
FIRST_RATE, STEP, NARROWED = 50.0, 1.5, 3
LONGEST_P99_SECONDS, LONGEST_SECONDS = 0.25, 3.0
WARM_UP = 300
PATIENCE_SECONDS = 120.0
TOO_MANY, TOO_MANY_SECONDS = 2, 10.0

Act = Callable[[], Awaitable[Answer]]


async def sustained(act: Act) -> float:
    """The highest rate a second that is sustained, to about 5 %."""
    for _ in range(WARM_UP):
        await act()
    low, high = FIRST_RATE, FIRST_RATE * STEP
    while await _sustains(act, high):
        low, high = high, high * STEP
    for _ in range(NARROWED):
        middle = math.sqrt(low * high)
        low, high = (middle, high) if await _sustains(act, middle) else (low, middle)
    return low


async def _sustains(act: Act, rate: float) -> bool:
    begun, gap = time.perf_counter(), 1 / rate
    acting: list[asyncio.Task[float]] = []
    for number in range(int(rate * SECONDS)):
        meant = begun + number * gap
        await asyncio.sleep(max(0.0, meant - time.perf_counter()))
        acting.append(asyncio.create_task(_seconds(act, meant)))
    seconds = await asyncio.gather(*acting)
    await _rest(act)
    return percentile(seconds, 99) < LONGEST_P99_SECONDS and max(seconds) <= LONGEST_SECONDS


async def too_many(act: Act, rate: float) -> None:
    """Ask for more than can be answered; after a while, print how many a second were answered all the same."""
    begun, acting, answered = time.perf_counter(), set[asyncio.Task[None]](), 0

    async def ask() -> None:
        nonlocal answered
        seconds = await _seconds(act, time.perf_counter())
        answered += math.isfinite(seconds)

    for number in itertools.count():
        await asyncio.sleep(max(0.0, begun + number / rate - time.perf_counter()))
        task = asyncio.create_task(ask())
        acting.add(task)
        task.add_done_callback(acting.discard)
        if number == int(rate * TOO_MANY_SECONDS):
            print(json.dumps({"answered": answered / (time.perf_counter() - begun)}), flush=True)


async def _rest(act: Act) -> None:
    """Wait until the bot is through with what it was given, also when nobody waits for that any more."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await _seconds(act, time.perf_counter()) > LONGEST_P99_SECONDS:
            pass


async def _seconds(act: Act, meant: float) -> float:
    try:
        await act()
    except NoAnswerError:
        return math.inf
    return time.perf_counter() - meant


def asking(branch: Branch, command: str, **options: str) -> Act:
    """Members in turn use a command."""
    members = itertools.cycle(branch.members)
    return lambda: next(members).slash(branch.channel, command, **options)


def pressing(post: Message, members: list[Member]) -> Act:
    """Members in turn say that they come to a meeting, and in their next turn that they cannot: each press is written."""
    coming, _, not_coming = [one for one in post.custom_ids if one.startswith("meeting.answer")]
    presses: Iterator[tuple[str, Member]] = (
        (button, member) for button in itertools.cycle((coming, not_coming)) for member in members
    )

    def press() -> Awaitable[Answer]:
        button, member = next(presses)
        return member.click(post, button)

    return press


async def serve(which: str) -> None:
    """Print where the stand-in is; once a bot is there, print what it sustains."""
    async with WireDiscord(checked=False) as server:
        branch = Branch(server, MEMBERS, SECONDS)
        print(json.dumps(branch.where), flush=True)
        await server.wait_connected(timeout=PATIENCE_SECONDS)
        await server.wait_commands_synced(timeout=PATIENCE_SECONDS)
        found: dict[str, float] = {}
        if which == "bare":
            found["look"] = await sustained(asking(branch, "ping"))
            print(json.dumps(found), flush=True)
            return
        post = await branch.meeting()
        found["look"] = await sustained(asking(branch, "demand show", demand="wmt"))
        found["write"] = await sustained(pressing(post, branch.members))
        print(json.dumps(found), flush=True)
        await too_many(pressing(post, branch.members), TOO_MANY * found["write"])


if __name__ == "__main__":
    gc.disable()  # a stand-in remembers everything: to look through that would take longer than what is measured
    asyncio.run(serve(sys.argv[1]))
