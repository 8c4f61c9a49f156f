"""The product with a sender that sends nothing: ``python -m benchmarks.handing_over FILE COUNT -- run --config …``.

It notes by how much later than due each post is handed to it, and writes the figures to FILE when there are COUNT.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import bot.sender
from bot.__main__ import main
from bot.services.delivery import Post


def note_in(file: Path, count: int) -> None:
    """Replace sending by noting the seconds since each post was due."""
    lags: list[float] = []

    async def send(self: bot.sender.DiscordSender, post: Post) -> int:
        del self
        lags.append((datetime.now(UTC) - post.delivery.due_at).total_seconds())
        if len(lags) == count:
            unfinished = file.with_suffix(".part")
            unfinished.write_text(json.dumps(lags), encoding="utf-8")
            unfinished.rename(file)
        return len(lags)

    bot.sender.DiscordSender.send = send  # type: ignore[method-assign]


if __name__ == "__main__":
    note_in(Path(sys.argv[1]), int(sys.argv[2]))
    sys.argv = ["solidarity-bot", *sys.argv[4:]]
    main()
