"""A stand-in for Discord with its real limits and many channels: ``python -m benchmarks.crowd COUNT``.

It prints where it is. Once a bot has posted, a member uses a command ten times a second until COUNT posts have come;
then it prints what it saw.
"""

import asyncio
import json
import sys
import time

from tests.wire.server import WireDiscord, delay

ROUND_TRIP_SECONDS = 0.08
BETWEEN_COMMANDS = 0.1
PATIENCE_SECONDS = 120.0


async def serve(count: int) -> None:
    """Watch one fan-out."""
    async with WireDiscord(checked=False) as server:
        guild = server.add_guild("Benchmark branch")
        channels = [guild.add_channel(f"channel-{number}") for number in range(count)]
        member = guild.add_member("Ada")
        server.limits.enforce_global(limit=50, seconds=1.0)
        server.faults.add("POST", r"/channels/\d+/messages", delay(ROUND_TRIP_SECONDS), times=10 * count)
        where = {"api_base": server.api_base, "guild": guild.id, "channels": [each.id for each in channels]}
        print(json.dumps(where), flush=True)

        def posts() -> list[float]:
            return [each.at for each in server.requests if _is_post(each.method, each.path, each.status)]

        await server.until(posts, what="the first post", timeout=PATIENCE_SECONDS)
        latencies: list[float] = []
        give_up = time.monotonic() + PATIENCE_SECONDS
        while len(posts()) < count and time.monotonic() < give_up:
            answer = await member.slash(channels[0], "demand show", demand="wmt")
            latencies.append(answer.latency)
            await asyncio.sleep(BETWEEN_COMMANDS)
        seen = posts()
        result = {
            "rate": (len(seen) - 1) / (seen[-1] - seen[0]),
            "posted": sum(len(channel.messages) == 1 for channel in channels),
            "rejected": len(server.limits.rejected),
            "latencies": latencies,
        }
        print(json.dumps(result), flush=True)


def _is_post(method: str, path: str, status: int) -> bool:
    return method == "POST" and path.endswith("/messages") and status == 200


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
