"""Run the stand-in on its own: ``python -m tests.wire.server --port 8000`` prints the API base, then serves."""

import argparse
import asyncio
import gc
import signal

from tests.wire.server.state import DEFAULT_TOKEN
from tests.wire.server.wire_discord import WireDiscord


async def serve(port: int, token: str, *, checked: bool) -> None:
    """Serve until interrupted or terminated."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with WireDiscord(port, token, checked=checked) as server:
        print(server.api_base, flush=True)  # noqa: T201 -- whoever starts the process reads its address here
        await stop.wait()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m tests.wire.server", description=__doc__)
    parser.add_argument(
        "--port", type=int, default=0, help="port on 127.0.0.1; 0, the default, picks a free one"
    )
    parser.add_argument("--token", default=DEFAULT_TOKEN, help="the only bot token to accept")
    parser.add_argument(
        "--unchecked",
        action="store_true",
        help="do not compare requests with Discord's description, nor collect garbage: both take time that Discord "
        "does not take",
    )
    arguments = parser.parse_args()
    if arguments.unchecked:
        gc.disable()
    asyncio.run(serve(arguments.port, arguments.token, checked=not arguments.unchecked))


if __name__ == "__main__":
    main()
