"""A small sample of the torture, and proof that its judgement would notice; `make torture` does it in full."""

import asyncio
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.domain.schedules import Delivery, DeliveryState
from tests.torture.installation import Found, empty_database, installed
from tests.torture.trials import INSIDE, PATIENCE_SECONDS, TRIALS, torture
from tests.torture.victim import Countdown

TOGETHER = 9


async def test_nothing_is_lost_or_doubled_whatever_kills_it() -> None:
    """Every second line of the table, so one run at each point: inside the nonce window or past it, in turn."""
    sample = [trial for number, trial in enumerate(TRIALS) if number % 2 == number // 2 % 2]
    finished: list[int] = []
    tallies = await torture(sample, 1, together=TOGETHER, seed=1, progress=finished.append)
    for trial, tally in tallies.items():
        assert tally.complaints == [], trial.name
        assert not tally.failed
        assert tally.runs, trial.name
        assert tally.counted["once"]
        if trial.condition == INSIDE:
            assert tally.counted["once"] == tally.counted.total()
    assert sum(finished) == len(sample)
    assert any(tally.counted["held"] for tally in tallies.values())


async def test_what_nothing_has_disturbed_is_looked_for_nowhere(tmp_path: Path) -> None:
    """Each outcome is written down at once, and none waits for its lease to end."""
    async with installed(
        await empty_database(tmp_path),
        tmp_path / "calm",
        occurrences=40,
        nonce_window=None,
        readable=True,
    ) as installation:
        product = await installation.start()
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not installation.settled():
                await asyncio.wait({product.ended}, timeout=0.2)
        assert await product.stopped() == 0
        assert {each.verdict for each in installation.compare()} == {"once"}
        looks = [
            each for each in installation.server.requests if each.method == "GET" and "messages" in each.path
        ]
        assert looks == []


@pytest.mark.parametrize(
    ("state", "reason", "posts", "verdict"),
    [
        (DeliveryState.SENT, None, 1, "once"),
        (DeliveryState.SENT, None, 0, "lost"),
        (DeliveryState.SENT, None, 2, "doubled"),
        (DeliveryState.HELD, "Uncertain.", 1, "held"),
        (DeliveryState.HELD, "Uncertain.", 2, "doubled"),
        (DeliveryState.HELD, None, 0, "lost"),
        (DeliveryState.SENDING, None, 1, "lost"),
        (DeliveryState.SKIPPED, "Too late.", 0, "lost"),
    ],
)
def test_what_is_lost_or_doubled_is_called_so(
    state: DeliveryState, reason: str | None, posts: int, verdict: str
) -> None:
    assert Found("key", state, reason, posts).verdict == verdict


def test_a_victim_dies_of_the_nth_delivery_that_nobody_has_tried() -> None:
    def tried(times: int) -> Delivery:
        return SimpleNamespace(attempts=times)  # type: ignore[return-value]

    countdown = Countdown(2)
    assert [countdown.ends_with(tried(times)) for times in (2, 1, 3, 1)] == [False, False, False, True]
