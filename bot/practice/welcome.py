"""The pinned message that says what to try. A command is put into the composer by clicking it."""

import discord
from simcord.env import Env

from bot.practice.world import World
from cogs._render import Page, embed_of

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


async def post_welcome(env: Env, bot: discord.Client, world: World) -> None:
    """Posts and pins the welcome; what was posted in an earlier run is gone, as simcord keeps nothing."""
    channel = bot.get_channel(world.channels["welcome"].id)
    if not isinstance(channel, discord.TextChannel):
        raise TypeError("the simulated server has no #welcome")
    details = tuple(
        (heading, "\n".join(f"`{command}`" for command in commands)) for heading, commands in TO_TRY
    )
    message = await channel.send(embed=embed_of(Page(HEADLINE, BODY, details)))
    # Discord's own way of pinning adds a line about it below the message.
    env.backend.get_message(channel.id, message.id).pinned = True
