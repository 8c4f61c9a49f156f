"""The pinned message that says what to try. A command is put into the composer by clicking it."""

import discord
from simcord.env import Env

from bot.practice import DEFAULT_CAMPAIGN
from bot.practice.world import World
from cogs._render import Page, embed_of
from seeds.format import CampaignSeed

HEADLINE = "Welcome to the practice server"
BODY = """\
Everything here is invented; nothing leaves this computer. Choose who you are under **Viewing as**, open a channel, \
then type a command or click one below. `/help` lists what each person may use."""

TO_TRY: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "As Morgan, a member",
        (
            '/demand show demand:"sicknes absense"',
            "/meeting next",
            "/action list",
            "/feedback give",
        ),
    ),
    (
        "As Sam, an organiser",
        (
            '/organise meeting schedule title:"All-members\' call" when:"Thursday 3 April 12.30pm"',
            '/organise nudge schedule action:"wear yellow" when:"Friday 8am"',
        ),
    ),
    ("As Alex, a moderator (after a day forward)", ('/moderate export format:csv purpose:"branch meeting"',)),
    ("As Robin, an administrator", ("/setup check",)),
    ("Then let time pass", ('/practice forward to:"3 April 13:00"', '/practice forward to:"1 day"')),
)


def to_try(seed: CampaignSeed | None) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What to try with a campaign: with another than the one that comes first, its own demands and actions."""
    if seed is not None and seed.name == DEFAULT_CAMPAIGN:
        return TO_TRY
    own = {
        "/demand show": seed.demands[-1].title.casefold() if seed and seed.demands else None,
        "/organise nudge schedule": seed.actions[0].title if seed and seed.actions else None,
    }
    return tuple(
        (heading, tuple(line for one in commands if (line := _in_its_words(one, own))))
        for heading, commands in TO_TRY
    )


def _in_its_words(command: str, own: dict[str, str | None]) -> str | None:
    """The command with what there is in the campaign in its first option; `None` if there is nothing of the kind."""
    for name, words in own.items():
        if command.startswith(name):
            start, _, rest = command.partition('"')
            return f'{start}"{words}"{rest.partition(chr(34))[2]}' if words else None
    return command


async def post_welcome(env: Env, bot: discord.Client, world: World, seed: CampaignSeed | None) -> None:
    """Posts and pins the welcome; what was posted in an earlier run is gone, as simcord keeps nothing."""
    channel = bot.get_channel(world.channels["welcome"].id)
    if not isinstance(channel, discord.TextChannel):
        raise TypeError("the simulated server has no #welcome")
    details = tuple(
        (heading, "\n".join(f"`{command}`" for command in commands)) for heading, commands in to_try(seed)
    )
    message = await channel.send(embed=embed_of(Page(HEADLINE, BODY, details)))
    # Discord's own way of pinning adds a line about it below the message.
    env.backend.get_message(channel.id, message.id).pinned = True
