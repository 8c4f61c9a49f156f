"""A stand-in for Discord in which a whole branch presses a button: ``python -m benchmarks.pressing MEMBERS SECONDS``.

It prints what is needed to prepare the product, and where the bare bot is to connect. Once both are there, an organiser has
a meeting and a nudge posted. Then the contenders take turns: the bare bot answers /ping; one member presses under the
meeting again and again, others count an action or send feedback, one after the other. In the end everybody presses within
SECONDS, first Coming under the meeting, then the nudge's button. It prints on one line what it saw.
"""

import asyncio
import gc
import json
import random
import re
import sys
import time
from typing import Any

from tests.wire.server import Answer, Member, Message, WireDiscord
from tests.wire.server.answers import NoAnswerError

TURNS, IN_A_TURN = 10, 20
ONE_BY_ONE = TURNS * IN_A_TURN
PATIENCE_SECONDS = 60.0
EDITS, EDIT_SECONDS = 5, 5.0
"""So many messages of a channel may be edited in so many seconds; beyond that the stand-in answers 429, as Discord does."""
_EDIT = re.compile(r"/channels/\d+/messages/\d+")


class Branch:
    """A guild with an organiser and many members."""

    def __init__(self, server: WireDiscord, members: int, seconds: float) -> None:
        self.server, self.seconds = server, seconds
        guild = server.add_guild("Benchmark branch")
        role = guild.add_role("Organisers")
        self.channel = guild.add_channel("announcements")
        self.organiser = guild.add_member("Olu", [role])
        self.members = [guild.add_member(f"Member {number}") for number in range(members)]
        self.others = [guild.add_member(f"Other {number}") for number in range(ONE_BY_ONE)]
        self.where = {
            "api_base": server.api_base,
            "guild": guild.id,
            "role": role.id,
            "channel": self.channel.id,
        }
        server.limits.enforce_global(limit=50, seconds=1.0)
        server.limits.enforce_route("PATCH", _EDIT.pattern, EDITS, EDIT_SECONDS)

    async def meeting(self) -> Message:
        """The post about a meeting that was scheduled just now."""
        await self.organiser.slash(
            self.channel, "organise meeting schedule", title="Branch call", when="in 26 hours"
        )
        return await self._post("meeting.answer")

    async def nudge(self) -> Message:
        """A nudge's post, asked for just now."""
        await self.organiser.slash(
            self.channel, "organise nudge schedule", action="yellow", when="Friday 8am"
        )
        asked = await self.organiser.slash(self.channel, "organise nudge send", nudge="yellow")
        await self.organiser.click(asked, _button(asked.message, "schedule.send"))
        return await self._post("action.done")

    async def _post(self, name: str) -> Message:
        return await self.server.wait_message(
            self.channel, lambda message: _named(message, name), timeout=PATIENCE_SECONDS
        )

    async def one_by_one(self, post: Message, turn: int) -> dict[str, list[float]]:
        """The seconds until each is answered, in one turn of each kind."""
        others = self.others[turn * IN_A_TURN : (turn + 1) * IN_A_TURN]
        return {
            "coming": await self.pressed_one_by_one(post),
            "action": await self.counted_one_by_one(others),
            "feedback": await self.said_one_by_one(others),
        }

    async def pressed_one_by_one(self, post: Message) -> list[float]:
        """One member presses, and changes their mind each time."""
        buttons = [one for one in post.custom_ids if one.startswith("meeting.answer")]
        return [
            (await self.members[0].click(post, buttons[number % 2])).latency for number in range(IN_A_TURN)
        ]

    async def counted_one_by_one(self, members: list[Member]) -> list[float]:
        """Each member's action is counted."""
        return [
            (await one.slash(self.channel, "action done", action="logo-on-calls")).latency for one in members
        ]

    async def said_one_by_one(self, members: list[Member]) -> list[float]:
        """Each member, who has filled in the form, has a receipt."""
        latencies: list[float] = []
        for member in members:
            form = await member.slash(self.channel, "feedback give", topic="situation")
            answer: Answer = await member.submit_modal(form, {"text": "Nine cases too many, and no cover."})
            latencies.append(answer.latency)
        return latencies

    async def all_at_once(self, post: Message, name: str) -> dict[str, Any]:
        """Let each member press once, at any moment of the given seconds."""
        chance, begun = random.Random(1), time.monotonic()
        pressed = [
            self._press(post, name, member, chance.uniform(0, self.seconds)) for member in self.members
        ]
        answers = [one for one in await asyncio.gather(*pressed) if one is not None]
        return {
            "latencies": [one.latency for one in answers],
            "unanswered": len(self.members) - len(answers),
            "begun": begun,
            "texts": [one.text for one in answers],
        }

    async def _press(self, post: Message, name: str, member: Member, after: float) -> Answer | None:
        await asyncio.sleep(after)
        try:
            return await member.click(post, _button(post, name))
        except NoAnswerError:
            return None

    async def counted(self, post: Message) -> bool:
        """Whether the post soon says how many come."""
        wanted = f"{len(self.members)} coming"
        try:
            await self.server.until(
                lambda: wanted in _words(post), what=f"“{wanted}” in the post", timeout=PATIENCE_SECONDS
            )
        except (AssertionError, TimeoutError):
            return False
        return True

    def edits(self, since: float) -> dict[str, int]:
        """How often messages were edited since then, and at most in five seconds."""
        at = [one.at for one in self.server.requests if _is_edit(one.method, one.path) and one.at >= since]
        most = max((sum(0 <= other - one < EDIT_SECONDS for other in at) for one in at), default=0)
        return {"edits": len(at), "at_most": most, "rejected": len(self.server.limits.rejected)}


def _is_edit(method: str, path: str) -> bool:
    return method == "PATCH" and _EDIT.search(path) is not None


def _named(message: Message, name: str) -> list[str]:
    return [one for one in message.custom_ids if one.startswith(name)]


def _button(message: Message, name: str) -> str:
    return _named(message, name)[0]


def _words(post: Message) -> str:
    return json.dumps([post.content, post.embeds], ensure_ascii=False)


async def in_turns(branch: Branch, bare: WireDiscord, post: Message) -> dict[str, list[float]]:
    """The seconds until each interaction is answered when there is no other, the bare bot's in between."""
    guild = bare.add_guild("Another branch")
    channel, member = guild.add_channel("general"), guild.add_member("Member")
    seconds: dict[str, list[float]] = {}
    for turn in range(TURNS):
        found = {"ping": [(await member.slash(channel, "ping")).latency for _ in range(IN_A_TURN)]}
        for kind, latencies in (found | await branch.one_by_one(post, turn)).items():
            seconds.setdefault(kind, []).extend(latencies)
    return seconds


async def serve(members: int, seconds: float) -> None:
    """Watch everybody press."""
    async with WireDiscord(checked=False) as server, WireDiscord(checked=False) as bare:
        branch = Branch(server, members, seconds)
        print(json.dumps({**branch.where, "bare": bare.api_base}), flush=True)
        for one in (server, bare):
            await one.wait_connected(timeout=PATIENCE_SECONDS)
            await one.wait_commands_synced(timeout=PATIENCE_SECONDS)
        meeting = await branch.meeting()
        alone = await in_turns(branch, bare, meeting)
        coming = await branch.all_at_once(meeting, "meeting.answer")
        coming["exact"] = await branch.counted(meeting)
        coming |= branch.edits(coming["begun"])
        nudge = await branch.nudge()
        done = await branch.all_at_once(nudge, "action.done")
        again = await branch.members[0].click(nudge, _button(nudge, "action.done"))
        once = sum("Counted, thank you" in text for text in done["texts"]) == members
        done["exact"] = once and re.search(rf"\b{members}\b", again.text) is not None
        done |= branch.edits(done["begun"])
        for one in (coming, done):
            del one["texts"], one["begun"]
        print(json.dumps({"alone": alone, "coming": coming, "done": done}), flush=True)


if __name__ == "__main__":
    gc.disable()  # a stand-in remembers everything: to look through that would take longer than what is measured
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2])))
