"""Processes of one installation, killed and frozen at random under load, and their PostgreSQL restarted in the middle."""

import asyncio
import contextlib
import random
import statistics
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.torture.cluster import Cluster, Slot, clustered
from tests.torture.crowd import Crowd
from tests.wire.doubles import Doubles

TAKEOVER_SECONDS = 15.0
"""What is promised."""

FROZEN_SECONDS = 20.0
PATIENCE_SECONDS = 60.0
RATE_LIMITED = 429


@dataclass(frozen=True)
class Plan:
    """What is done to an installation, and for how long."""

    processes: int = 3
    shards: int = 2
    seconds: float = 600.0
    kills: int = 20
    freezes: int = 2
    spares_who_stands_by: bool = False
    posts_per_second: float = 3.0
    uses_per_second: float = 4.0
    identify_every: float = 5.0
    """So many seconds must lie between two connections to Discord, of whatever process."""

    seed: int = 1
    back_after: tuple[float, float] = (1.0, 9.0)
    """So many seconds after its death a process is started again, at random in between."""


@dataclass
class Report:
    """What was found."""

    plan: Plan
    verdicts: Counter[str] = field(default_factory=Counter[str])
    interactions: Counter[str] = field(default_factory=Counter[str])
    answered_twice: int = 0
    rate_limited: int = 0
    syncs: int = 0
    kills: int = 0
    of_those_serving: int = 0
    freezes: int = 0
    restarts: int = 0
    takeovers: list[float] = field(default_factory=list)
    lags: list[float] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Whether anything is not as promised."""
        return bool(
            self.complaints
            or self.verdicts["lost"]
            or self.verdicts["doubled"]
            or self.answered_twice
            or self.rate_limited
            or self.syncs != 1
            or max(self.takeovers, default=0) > TAKEOVER_SECONDS
        )

    def show(self, console: Console) -> None:
        """Prints it."""
        table = Table(
            title=f"{self.plan.processes} processes, one PostgreSQL, {self.plan.seconds:.0f} seconds"
        )
        table.add_column("what")
        table.add_column("number", justify="right")
        for what, number in self._lines():
            table.add_row(what, number)
        console.print(table)
        for complaint in self.complaints[:10]:
            console.print(complaint, markup=False, highlight=False)

    def _lines(self) -> list[tuple[str, str]]:
        posts = [
            (f"posts: {name}", f"{self.verdicts[name]:,}") for name in ("once", "held", "lost", "doubled")
        ]
        uses = [
            (f"interactions: {name}", f"{number:,}") for name, number in sorted(self.interactions.items())
        ]
        return [
            ("kill -9", f"{self.kills}"),
            ("of a process that served", f"{self.of_those_serving}"),
            ("frozen for 20 seconds, then woken", f"{self.freezes}"),
            ("PostgreSQL restarted", f"{self.restarts}"),
            *posts,
            *uses,
            ("interactions: answered by two processes", f"{self.answered_twice}"),
            ("requests that Discord refused with 429", f"{self.rate_limited}"),
            ("times that commands were registered", f"{self.syncs}"),
            (f"shards taken over or back ({len(self.takeovers)}), seconds", _spread(self.takeovers)),
            ("posts: seconds after they were due", _spread(self.lags)),
        ]


def _spread(numbers: list[float]) -> str:
    if not numbers:
        return "none"
    ordered = sorted(numbers)
    middle, high = statistics.median(ordered), ordered[min(int(len(ordered) * 0.99), len(ordered) - 1)]
    return f"median {middle:.1f}, p99 {high:.1f}, longest {ordered[-1]:.1f}"


class Killer:
    """Does to one installation what a plan says."""

    def __init__(self, cluster: Cluster, plan: Plan, console: Console | None = None) -> None:
        self._cluster, self._plan, self._console = cluster, plan, console
        self._random = random.Random(plan.seed)
        self.crowd = Crowd(cluster, random.Random(plan.seed + 1))
        self.doubles = Doubles(cluster.server)
        self.report = Report(plan)
        self._watching: list[asyncio.Task[None]] = []
        self._began = time.monotonic()
        # A process that is just being started ends where there is no database, and says so; it is for systemd to try again.
        self._database_stays = asyncio.Lock()

    async def run(self) -> Report:
        """Runs everything, waits until every post has come to an end, and counts."""
        plan, cluster = self._plan, self._cluster
        cluster.server.limits.enforce_global()
        begins = datetime.now(UTC) + timedelta(seconds=5)
        posts = round(plan.posts_per_second * plan.seconds)
        await cluster.schedule(posts, begins, timedelta(seconds=plan.seconds))
        for slot in cluster.slots:
            await slot.start()
        for shard in range(plan.shards):
            await self.crowd.answered_in(shard, PATIENCE_SECONDS)
        self._began = time.monotonic()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.crowd.use(plan.seconds, 1 / plan.uses_per_second))
            tasks.create_task(self._harm())
            tasks.create_task(self._look_for_doubles(plan.seconds))
        for watching in self._watching:
            await watching
        await self._end()
        await self._count(posts)
        return self.report

    async def _harm(self) -> None:
        """Kills and freezes at random moments, and restarts the database in the middle."""
        plan = self._plan
        gap = plan.seconds / (plan.kills + plan.freezes)
        what = ["kill"] * plan.kills + ["freeze"] * plan.freezes
        self._random.shuffle(what)
        moments = [
            (gap * (number + self._random.uniform(0.05, 0.6)), each) for number, each in enumerate(what)
        ]
        for at, each in sorted([*moments, (plan.seconds / 2, "restart")]):
            await asyncio.sleep(max(self._began + at - time.monotonic(), 0))
            await {"kill": self._kill, "freeze": self._freeze, "restart": self._restart}[each]()

    async def _look_for_doubles(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._look()
            await asyncio.sleep(0.5)

    def _look(self) -> None:
        self.doubles.look([slot.child.pid for slot in self._cluster.slots if slot.child is not None])

    async def _kill(self) -> None:
        self._look()
        alive = [each for each in self._cluster.slots if each.child is not None]
        serving = [each for each in alive if each.serves()]
        slot = self._random.choice(serving if self._plan.spares_who_stands_by and serving else alive)
        shards = slot.serves()
        await slot.kill()
        self.report.kills += 1
        self.report.of_those_serving += bool(shards)
        self._note(f"killed {slot.name}", shards)
        self._watch(shards)
        self._watching.append(asyncio.create_task(self._bring_back(slot)))

    async def _bring_back(self, slot: Slot) -> None:
        await asyncio.sleep(self._random.uniform(*self._plan.back_after))
        async with self._database_stays:
            await slot.start()
            await self._has_started(slot)

    async def _freeze(self) -> None:
        serving = [each for each in self._cluster.slots if each.serves()]
        slot = self._random.choice(serving or [each for each in self._cluster.slots if each.child])
        shards = slot.serves()
        slot.freeze()
        self.crowd.frozen |= shards
        self.report.freezes += 1
        self._note(f"froze {slot.name}", shards)
        # Discord goes on telling the frozen one, so nobody is answered before somebody else is connected.
        self._watch(shards)
        await asyncio.sleep(FROZEN_SECONDS)
        slot.thaw()
        await asyncio.sleep(self._cluster.server.world.interaction_deadline)
        self.crowd.frozen -= shards

    async def _restart(self) -> None:
        async with self._database_stays:
            self._note("restarting PostgreSQL", set())
            await asyncio.to_thread(self._cluster.postgres.restart)
        self.report.restarts += 1

    def _watch(self, shards: set[int]) -> None:
        """Measures until members are answered again; only where another process is there to take over."""
        if any(each.child is not None and not each.serves() for each in self._cluster.slots):
            self._watching += [asyncio.create_task(self._measure(shard)) for shard in shards]

    async def _measure(self, shard: int) -> None:
        try:
            seconds = await self.crowd.answered_in(shard, PATIENCE_SECONDS)
        except TimeoutError:
            self.report.complaints.append(f"nobody took shard {shard} over")
            return
        self.report.takeovers.append(seconds)
        self._note(f"answered again after {seconds:.1f} s", {shard})

    async def _end(self) -> None:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not await self._cluster.settled():
                    await asyncio.sleep(0.5)
        except TimeoutError:
            logs = "\n".join(f"{slot.name}: {slot.said()[-1500:]}" for slot in self._cluster.slots)
            self.report.complaints.append(f"posts never came to an end\n{logs}")
        self._look()
        for slot in self._cluster.slots:
            await self._has_started(slot)
            if slot.child is not None and (code := await slot.child.stopped()) != 0:
                self.report.complaints.append(
                    f"{slot.name} did not stop cleanly, but with {code}\n{slot.said()[-1500:]}"
                )

    async def _has_started(self, slot: Slot) -> None:
        """Waits until a process that came back late is as far as to be stopped."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not slot.serves() and "standing by" not in slot.said():
                    await asyncio.sleep(0.1)

    async def _count(self, posts: int) -> None:
        report, cluster = self.report, self._cluster
        found = await cluster.compare()
        report.verdicts.update(each.verdict for each in found)
        report.complaints += [str(each) for each in found if each.verdict in {"lost", "doubled"}]
        report.complaints += self.crowd.complaints
        if len(found) != posts:
            report.complaints.append(f"{len(found)} deliveries are in the database, not {posts}")
        report.interactions = self.crowd.counted
        requests = cluster.server.requests
        report.answered_twice = self.doubles.doubled
        report.rate_limited = sum(each.status == RATE_LIMITED for each in requests)
        report.syncs = cluster.server.world.syncs
        report.lags = await cluster.lags()

    def _note(self, what: str, shards: set[int]) -> None:
        if self._console is not None:
            where = f" (shards {sorted(shards)})" if shards else ""
            at = time.monotonic() - self._began
            self._console.print(f"{at:6.1f} s  {what}{where}", highlight=False, markup=False)


async def kill_at_random(plan: Plan, console: Console | None = None, folder: Path | None = None) -> Report:
    """Puts an installation through a plan."""
    with tempfile.TemporaryDirectory(prefix="solidarity-torture-", dir=folder) as name:
        async with clustered(Path(name), processes=plan.processes, shards=plan.shards) as cluster:
            cluster.server.gateway.identify_interval = plan.identify_every
            return await Killer(cluster, plan, console).run()
