"""Discord's own events over real sockets: one for each meeting, whatever breaks between asking and knowing."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta

from tests.wire.server import commit_then_drop, commit_then_hang, commit_then_status
from tests.wire.server.basics import Json
from tests.wire.test_product import Branch, branch

__all__ = ["branch"]

LINK = "https://join.example.org/secret"


def path(branch: Branch) -> str:
    return f"/guilds/{branch.guild.id}/scheduled-events"


def asked(branch: Branch) -> Counter[str]:
    """How often the bot asked for what about events."""
    found = [one for one in branch.server.requests if re.search(r"/scheduled-events(/\d+)?$", one.path)]
    return Counter(one.method for one in found)


async def shown(branch: Branch, **says: str) -> Json:
    """The only event, once it says so."""

    def found() -> Json | None:
        events = list(branch.guild.events.values())
        fits = len(events) == 1 and all(events[0][name] == value for name, value in says.items())
        return events[0] if fits else None

    return await branch.server.until(found, what=f"one event that says {says}")


async def ready(branch: Branch) -> None:
    await branch.server.wait_connected()
    await branch.server.wait_commands_synced()


async def schedule(branch: Branch, title: str = "Branch call") -> None:
    answer = await branch.organiser.slash(
        branch.announcements, "organise meeting schedule", title=title, when="in 26 hours", link=LINK
    )
    assert f"Scheduled: {title}" in answer.text


async def change(branch: Branch, what: str, **options: str) -> None:
    answer = await branch.organiser.slash(
        branch.announcements, f"organise meeting {what}", meeting="Branch call", **options
    )
    assert answer.ephemeral


async def test_killed_before_its_answer_there_is_one_all_the_same(branch: Branch) -> None:
    fault = branch.server.faults.add("POST", path(branch), commit_then_hang())
    async with branch.product() as product:
        await ready(branch)
        await schedule(branch)
        await fault.wait(20)
        await product.kill()
    ((number, event),) = branch.guild.events.items()
    assert LINK not in str(event)
    await branch.server.wait_disconnected()
    fault = branch.server.faults.add("PATCH", rf"{path(branch)}/\d+", commit_then_hang())
    async with branch.product() as product:
        await ready(branch)
        await change(branch, "edit", title="Branch call, moved")
        await fault.wait(20)
        await product.kill()
    await branch.server.wait_disconnected()
    async with branch.product():
        await ready(branch)
        await change(branch, "move", to="in 50 hours")
        event = await shown(branch, id=number, name="Branch call, moved")
        later = (datetime.now(UTC) + timedelta(hours=49)).isoformat()
        await branch.server.until(lambda: event["scheduled_start_time"] > later, what="the move")
        await change(branch, "cancel")
        await branch.server.until(lambda: not branch.guild.events, what="no event")
    assert branch.organisers.messages == [], "nobody but the bot has changed it"


async def test_made_twice_by_a_lost_answer_one_is_taken_away(branch: Branch) -> None:
    branch.server.faults.add("POST", path(branch), commit_then_status(502))
    async with branch.product() as product:
        await ready(branch)
        await schedule(branch)
        await branch.server.until(lambda: asked(branch)["DELETE"], what="the second to go")
        await shown(branch, name="Branch call")
    assert "Traceback" not in product.log()


async def test_only_what_differs_is_sent(branch: Branch) -> None:
    branch.server.faults.add("PATCH", rf"{path(branch)}/\d+", commit_then_drop())
    async with branch.product() as product:
        await ready(branch)
        await schedule(branch)
        event = await shown(branch)
        post = await branch.server.wait_message(branch.announcements)
        coming = next(one for one in post.custom_ids if one.startswith("meeting.answer"))
        await branch.member.click(post, coming)
        await change(branch, "edit", seats="20")
        assert asked(branch)["PATCH"] == 0
        await change(branch, "edit", duration="90 minutes")
        await branch.server.until(lambda: asked(branch)["PATCH"], what="an edit")
        await schedule(branch, "Reps")
        await branch.server.until(lambda: len(branch.guild.events) == 2, what="two")
        assert event["name"] == "Branch call"
    await branch.server.wait_disconnected()
    before = asked(branch)
    async with branch.product():
        await branch.server.wait_connected()
        answer = await branch.member.slash(branch.announcements, "aims")
        assert answer.ephemeral
    assert (asked(branch) - before)["POST"] == (asked(branch) - before)["PATCH"] == 0
    assert "Traceback" not in product.log()
