"""What is done to the product, and how often: deaths at five points, and answers that get lost without a death."""

import asyncio
import contextlib
import random
import signal
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.torture.installation import CONCURRENCY, Found, Installation, Progress, empty_database, installed
from tests.torture.victim import DEATHS, MOST_CLAIMED, Point
from tests.wire.born import Born
from tests.wire.server import Fault, commit_then_drop, commit_then_hang, commit_then_status

PATIENCE_SECONDS = 300.0
LOOK_EVERY_SECONDS = 0.2
DEATHS_TOGETHER = 10
"""So many deaths one installation suffers, one after the other; then the ordinary product finishes."""
FAULTS_TOGETHER = 50
LATEST = 3
"""A victim dies of one of so many first deliveries."""
FRESH_PER_DEATH = (LATEST + 1) * MOST_CLAIMED + CONCURRENCY
"""So many deliveries that nobody has tried a victim may use up: marked, under way, and claimed."""

INSIDE, PAST, CLOSED = "inside", "past", "inside, no history"


@dataclass(frozen=True)
class Trial:
    """One line of the table: something that is done to the product, under one condition."""

    name: str
    condition: str
    point: Point = Point.NEVER
    fault: Callable[[], Fault] | None = None

    @property
    def nonce_window(self) -> float | None:
        """Discord's own, or none at all."""
        return 0 if self.condition == PAST else None

    @property
    def together(self) -> int:
        """How many runs one installation takes."""
        return FAULTS_TOGETHER if self.fault else DEATHS_TOGETHER


_FAULTS: dict[str, Callable[[], Fault]] = {
    "commit, then 503": lambda: commit_then_status(503),
    "commit, then drop": commit_then_drop,
    "commit, then hang": commit_then_hang,
}
TRIALS = (
    *(
        Trial(f"kill -9 {point.value.replace('-', ' ')}", where, point)
        for point in DEATHS
        for where in (INSIDE, PAST)
    ),
    *(Trial(name, where, fault=fault) for name, fault in _FAULTS.items() for where in (INSIDE, PAST)),
    Trial("kill -9 in flight", CLOSED, Point.IN_FLIGHT),
)


@dataclass
class Tally:
    """What became of the occurrences of one trial."""

    runs: int = 0
    counted: Counter[str] = field(default_factory=Counter[str])
    complaints: list[str] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Whether anything was lost or doubled, or went wrong otherwise."""
        return bool(self.counted["lost"] or self.counted["doubled"] or self.complaints)

    def add(self, found: list[Found]) -> None:
        """Counts one installation."""
        self.counted.update(each.verdict for each in found)
        self.complaints += [str(each) for each in found if each.verdict in {"lost", "doubled"}]


@dataclass
class Torturer:
    """Works through trials, several installations at a time."""

    folder: Path
    template: Path
    together: asyncio.Semaphore
    progress: Progress
    random: random.Random
    tallies: dict[Trial, Tally] = field(default_factory=dict[Trial, Tally])
    _installations: int = 0

    async def do(self, trial: Trial, runs: int) -> None:
        """Puts one installation through some runs of a trial, and counts."""
        tally = self.tallies.setdefault(trial, Tally())
        async with self.together:
            self._installations += 1
            occurrences = runs if trial.fault else runs * FRESH_PER_DEATH + 1
            async with installed(
                self.template,
                self.folder / str(self._installations),
                occurrences=occurrences,
                nonce_window=trial.nonce_window,
                readable=trial.condition != CLOSED,
            ) as installation:
                try:
                    suffered = await self._suffer(trial, runs, installation)
                    tally.runs += suffered  # not before the await: other installations count meanwhile
                except (TimeoutError, AssertionError) as error:
                    tail = installation.log.read_text(errors="replace")[-1500:]
                    tally.complaints.append(f"{trial.name}, {trial.condition}: {error!r}\n{tail}")
                tally.add(installation.compare())

    async def _suffer(self, trial: Trial, runs: int, installation: Installation) -> int:
        """Returns how many runs there were: a victim that finds nothing left to die of is none."""
        suffered = runs
        if trial.fault:
            for channel in installation.channels:
                path = rf"/channels/{channel.id}/messages"
                installation.server.faults.add("POST", path, trial.fault())
        else:
            nths = [self.random.randint(1, LATEST) for _ in range(runs)]
            suffered = sum([await _let_die(installation, trial.point, nth) for nth in nths])
        await _finish(installation)
        self.progress(runs)
        return suffered


async def _let_die(installation: Installation, point: Point, nth: int) -> bool:
    """Starts a victim and waits for its death. Returns whether it died, and not for want of work."""
    armed = None
    if point is Point.IN_FLIGHT:
        armed = installation.server.faults.add("POST", r"/channels/\d+/messages", commit_then_hang())
    victim = await installation.start(f"{point}:{nth}")
    async with _reaped(victim), asyncio.timeout(PATIENCE_SECONDS):
        while not victim.ended.done() and not (armed and armed.struck):
            if installation.settled():
                installation.server.faults.clear()
                return False
            await asyncio.wait({victim.ended}, timeout=LOOK_EVERY_SECONDS)
        if armed is not None:
            victim.send_signal(signal.SIGKILL)
        code = await asyncio.shield(
            victim.ended
        )  # whoever loses patience must not cancel what others wait for
    assert code == -signal.SIGKILL, f"the victim ended with {code} instead of dying at {point}"
    return True


async def _finish(installation: Installation) -> None:
    """Runs the ordinary product until every delivery has come to an end."""
    product = await installation.start()
    async with _reaped(product), asyncio.timeout(PATIENCE_SECONDS):
        while not installation.settled():
            assert not product.ended.done(), "the ordinary product ended by itself"
            await asyncio.wait({product.ended}, timeout=LOOK_EVERY_SECONDS)
        assert await product.stopped() == 0, "the ordinary product did not stop cleanly"


@contextlib.asynccontextmanager
async def _reaped(child: Born) -> AsyncIterator[None]:
    try:
        yield
    finally:
        await child.killed()


async def torture(
    trials: tuple[Trial, ...], runs: int, *, together: int, seed: int, progress: Progress
) -> dict[Trial, Tally]:
    """Does every trial so many times; returns what was counted."""
    with tempfile.TemporaryDirectory(prefix="solidarity-torture-") as name:
        folder = Path(name)
        torturer = Torturer(
            folder,
            await empty_database(folder),
            asyncio.Semaphore(together),
            progress,
            random.Random(seed),
        )
        async with asyncio.TaskGroup() as tasks:
            for trial, some in _portions(trials, runs):
                tasks.create_task(torturer.do(trial, some))
        return {trial: torturer.tallies[trial] for trial in trials}


def _portions(trials: tuple[Trial, ...], runs: int) -> list[tuple[Trial, int]]:
    return [
        (trial, min(trial.together, runs - start))
        for trial in trials
        for start in range(0, runs, trial.together)
    ]
