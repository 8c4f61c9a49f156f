"""A stand-in for Discord whose moderator exports all feedback: ``python -m benchmarks.exporting ROWS RUNS``.

It prints what is needed to prepare the product. Once that is connected, a member looks something up and changes
something in turn, ten times a second: first while nothing else happens, then while a moderator exports ROWS pieces.
For each run it prints what it saw, on one line.
"""

import asyncio
import json
import re
import sys
import time
from typing import Any

from tests.wire.server import WireDiscord

BETWEEN_COMMANDS = 0.1
AT_REST = 60
PATIENCE_SECONDS = 600.0
_ZONES = ("Europe/Dublin", "Europe/Paris")


class Branch:
    """A guild with one member and one moderator."""

    def __init__(self, server: WireDiscord) -> None:
        guild = server.add_guild("Benchmark branch")
        self.moderators = guild.add_role("Moderators")
        self.channel = guild.add_channel("general")
        self.guild_id = guild.id
        self.member = guild.add_member("Ada")
        self.moderator = guild.add_member("Max", [self.moderators])

    async def use(self, latencies: dict[str, list[float]], number: int) -> None:
        """Look something up, or change something."""
        if number % 2:
            answer = await self.member.slash(self.channel, "demand show", demand="wmt")
            latencies["look"].append(answer.latency)
        else:
            answer = await self.member.slash(
                self.channel, "me timezone", zone=_ZONES[number // 2 % len(_ZONES)]
            )
            latencies["change"].append(answer.latency)
        await asyncio.sleep(BETWEEN_COMMANDS)

    async def export(self, rows: int) -> dict[str, Any]:
        """Export everything while the member goes on; wait for the last file."""
        latencies: dict[str, list[float]] = {"look": [], "change": []}
        begun, number = time.monotonic(), 0
        answer = await self.moderator.force_slash(
            self.channel, "moderate export", format="csv", purpose="benchmark"
        )
        counted: dict[str, int] = {}
        while sum(counted.values()) < rows and time.monotonic() - begun < PATIENCE_SECONDS:
            for message in [*answer.interaction.followups, answer.message]:
                titles = " ".join(embed.get("title") or "" for embed in message.embeds)
                if found := re.search(r"([\d,]+) pieces of feedback exported", titles):
                    counted[message.id] = int(found[1].replace(",", ""))
                    for file in message.attachments:
                        file.data = b""  # nobody reads it, and every run makes more
            await self.use(latencies, number)
            number += 1
        return {
            "begun": begun,
            "ended": time.monotonic(),
            "files": len(counted),
            "rows": sum(counted.values()),
            **latencies,
        }


async def serve(rows: int, runs: int) -> None:
    """Watch so many exports."""
    async with WireDiscord(checked=False) as server:
        branch = Branch(server)
        where = {"api_base": server.api_base, "guild": branch.guild_id, "role": branch.moderators.id}
        print(json.dumps(where), flush=True)
        await server.wait_connected(timeout=PATIENCE_SECONDS)
        await server.wait_commands_synced(timeout=60)
        rest: dict[str, list[float]] = {"look": [], "change": []}
        for number in range(20):
            await branch.use({"look": [], "change": []}, number)  # the first of each are dearer
        for _ in range(runs):
            begun = time.monotonic()
            rest = {"look": [], "change": []}
            for number in range(AT_REST):
                await branch.use(rest, number)
            at_rest = {"begun": begun, "ended": time.monotonic(), **rest}
            print(json.dumps({"rest": at_rest, "export": await branch.export(rows)}), flush=True)


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2])))
