"""What happens on the simulated server, as plain lines and as counts. What is typed into a form is never looked at."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from simcord.env import Env

from bot.clock import Clock
from bot.domain.when import format_moment
from bot.domain.when.moment import moment_of

ZONE: Final = "Europe/London"
LONGEST_LINE: Final = 100
_EPHEMERAL: Final = 1 << 6
_SUBCOMMANDS: Final = {1, 2}


class Journal:
    """Watches the simulated server.

    Args:
        env: the simulated Discord.
        clock: what time it is there.
        log: takes one plain line for each post and each command.
    """

    def __init__(self, env: Env, clock: Clock, log: Callable[[str], None]) -> None:
        self._backend = env.backend
        self._clock = clock
        self._log = log
        self._posts: Counter[int] = Counter()
        self.changed: Callable[[int], None] = lambda channel_id: None  # noqa: ARG005
        """Called with the channel in which something was written, edited or deleted."""
        self._backend.subscribers.append(self._receive)

    @property
    def posts(self) -> Counter[int]:
        """How many posts that everybody can see the bot has made so far, by channel."""
        return self._posts.copy()

    def _receive(self, event: str, payload: Mapping[str, Any]) -> None:
        if event == "MESSAGE_CREATE":
            self._message(payload)
        elif event == "INTERACTION_CREATE":
            self._interaction(payload)
        if event.startswith("MESSAGE_") and "channel_id" in payload:
            self.changed(int(payload["channel_id"]))

    def _message(self, payload: Mapping[str, Any]) -> None:
        by_bot = payload["author"]["id"] == str(self._backend.bot_user.id)
        if not by_bot or payload.get("flags", 0) & _EPHEMERAL or payload.get("type", 0) not in {0, 20}:
            return
        channel_id = int(payload["channel_id"])
        self._posts[channel_id] += 1
        self._write(f"{self._place(channel_id)}  {first_line(payload)}")

    def _interaction(self, payload: Mapping[str, Any]) -> None:
        user = (payload.get("member") or payload)["user"]
        who = user.get("global_name") or user["username"]
        match payload["type"]:
            case 2:
                self._write(f"{who} used /{command_name(payload['data'])}")
            case 3:
                self._write(f"{who} pressed a button in {self._place(int(payload['channel_id']))}")
            case 5:
                self._write(f"{who} sent a form")
            case _:
                pass

    def _place(self, channel_id: int) -> str:
        return f"#{self._backend.get_channel(channel_id).name or 'direct message'}"

    def _write(self, text: str) -> None:
        self._log(f"{_short(self._clock.now())}  {text}")


def first_line(message: Mapping[str, Any]) -> str:
    """The line by which a person would recognise a post."""
    titles = [embed.get("title") for embed in message.get("embeds", [])]
    texts = [
        *titles,
        message.get("content"),
        *(embed.get("description") for embed in message.get("embeds", [])),
    ]
    line = next((text.strip().splitlines()[0] for text in texts if text and text.strip()), "(no text)")
    return line if len(line) <= LONGEST_LINE else line[: LONGEST_LINE - 1] + "…"


def command_name(data: Mapping[str, Any]) -> str:
    """The command with its subcommands, without any of its values."""
    name = str(data["name"])
    inner = [option for option in data.get("options", []) if option["type"] in _SUBCOMMANDS]
    return f"{name} {command_name(inner[0])}" if inner else name


def told(instant: datetime) -> str:
    """An instant as the practice server tells it: "Thursday 3 April 2025, 1pm BST"."""
    return format_moment(moment_of(instant, ZONE))


def _short(instant: datetime) -> str:
    return f"{instant.astimezone(ZoneInfo(ZONE)):%a %d %b %Y %H:%M}"
