"""What the tests of nudges and of reminders share."""

from datetime import timedelta
from typing import Any

import simcord

from tests.discord.conftest import World, text_of


async def asks(world: World, command: str, **options: Any) -> str:
    """What the bot answers the organiser, privately."""
    result = await world.organiser.slash(world.organisers, f"organise {command}", **options)
    assert result.ephemeral
    return text_of(result)


async def forward(world: World, **units: float) -> None:
    """Moves the clock step by step, as time would."""
    target = world.clock.now() + timedelta(**units)
    while world.bot.scheduler.due is not None and world.bot.scheduler.due <= target:
        world.clock.instant = max(world.clock.instant, world.bot.scheduler.due)
        await world.turn()
    world.clock.instant = target
    await world.turn()


def due(world: World) -> list[str]:
    """When the posts in the announcements channel were due, as their feet say."""
    return [str(post.embeds[0].footer.text).removeprefix("Due ") for post in world.posts()]


async def press(actor: simcord.MemberActor, shown: simcord.InteractionResult, label: str) -> str:
    """Presses a button of an answer, and reads what comes."""
    assert shown.response is not None
    return text_of(await actor.click(shown.response, label=label))
