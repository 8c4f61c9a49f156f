"""Members who use the bot all the time, and what became of everything that they did."""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field

from tests.torture.cluster import Branch, Cluster
from tests.wire.server import NoAnswerError
from tests.wire.server.gateway import Session

ANSWERED, REFUSED, UNANSWERED = "answered", "refused by Discord", "unanswered"
TOO_LATE = "refused by Discord, as the answer took more than three seconds"


@dataclass
class Crowd:
    """Uses the bot in every guild, and counts."""

    cluster: Cluster
    random: random.Random
    counted: Counter[str] = field(default_factory=Counter[str])
    complaints: list[str] = field(default_factory=list)
    frozen: set[int] = field(default_factory=set)
    """Shards whose process has been stopped where it stands."""

    async def use(self, seconds: float, every: float) -> None:
        """Uses the bot for a while, in one guild after the other at random."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        async with asyncio.TaskGroup() as tasks:
            while loop.time() < until:
                tasks.create_task(self.ask(self.random.choice(self.cluster.branches)))
                await asyncio.sleep(every)

    async def ask(self, branch: Branch) -> bool:
        """Uses the bot once. Returns whether it was answered.

        It is refused by Discord where nobody is connected for the guild's shard, or whoever was dies before it answers;
        a person sees at once that the application did not respond, and tries again.
        """
        told = self._sessions(branch)
        was_frozen = branch.shard in self.frozen
        try:
            await branch.member.slash(branch.channels[0], "aims")
        except NoAnswerError as error:
            if "came too late" in str(error):  # a matter of how busy the machine is
                self.counted[TOO_LATE] += 1
                return False
            still_there = [session for session in told if session.connection is not None]
            if still_there and not was_frozen and branch.shard not in self.frozen:
                self.counted[UNANSWERED] += 1
                self.complaints.append(
                    f"nobody answered in shard {branch.shard}, although somebody served it"
                )
            else:
                self.counted[REFUSED] += 1
            return False
        self.counted[ANSWERED] += 1
        return True

    async def answered_in(self, shard: int, within: float) -> float:
        """Waits until somebody is answered in a shard; returns how many seconds that took."""
        loop = asyncio.get_running_loop()
        branch = next(each for each in self.cluster.branches if each.shard == shard)
        began = loop.time()
        async with asyncio.timeout(within):
            while True:
                if self._sessions(branch):
                    asked = loop.time()
                    if await self.ask(branch):
                        return asked - began
                await asyncio.sleep(0.1)

    def _sessions(self, branch: Branch) -> list[Session]:
        return [each for each in self.cluster.server.gateway.connected if each.has(branch.guild.id)]
