"""The test post of `/setup start`: it pings nobody, says what it is, and an administrator deletes it with its button."""

import contextlib
from collections import deque

import discord

from bot.domain.language import later, say, speaking
from bot.domain.models import Guild
from bot.domain.problems import BadInput
from bot.services import languages
from cogs._answers import answer
from cogs._bot import Interaction
from cogs._render import Page, button, embed_of, view_of
from cogs._setup_making import usable_channel
from cogs._setup_pages import to

SHOWN_REMEMBERED = 100
_HEADLINE = later("This is a test")
_BODY = later(
    "I am being set up, and this shows that I may post here. It pings nobody, and there "
    "is nothing to do. `/help` shows what you can use."
)

_posted: deque[tuple[int, str]] = deque(maxlen=SHOWN_REMEMBERED)
"""Buttons that have posted already, by server and token: a double click must not post twice."""


async def post_test(server: discord.Guild, guild: Guild, token: str) -> str:
    """Posts the test, and says where it is; `token` is the one that the button got when it was shown.

    Raises:
        BadInput: no channel is chosen, or the bot may not post there.
    """
    if guild.announcements_channel_id is None:
        raise BadInput(
            say("I do not know yet where to post."),
            next_step=say("Choose the announcements channel in step 3."),
        )
    channel = usable_channel(server, guild.announcements_channel_id)
    shown = (server.id, token)
    if shown not in _posted:
        _posted.append(shown)
        try:
            await _send(channel, guild.language)
        except BaseException:
            _posted.remove(shown)
            raise
    return say("Posted in {channel}. Look there, and delete it with its button", channel=channel.mention)


async def _send(channel: discord.TextChannel, language: str) -> None:
    with speaking(languages.catalogue(language)):
        page = Page(say(_HEADLINE), say(_BODY), foot=say("Administrators can delete this."))
        view = view_of([button(say("Delete this test"), to("unpost"))])
    await channel.send(
        embed=embed_of(page),
        view=view or discord.utils.MISSING,
        allowed_mentions=discord.AllowedMentions.none(),
    )


async def unpost(interaction: Interaction, argument: str) -> None:
    """Deletes the test post whose button was pressed."""
    del argument
    if interaction.message is not None:
        with contextlib.suppress(discord.NotFound):
            await interaction.message.delete()
    await answer(interaction, Page(say("The test post is deleted.")))
