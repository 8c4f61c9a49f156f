"""Answering an interaction: once, in time, and in the right place, whatever happened before.

Discord gives three seconds for the first answer. A guard defers when a command takes longer, and `answer` then edits the
deferred reply, which unlike a follow-up cannot be posted twice.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Sequence
from typing import Any

import discord

from cogs._render import Page, embed_of, view_of

log = logging.getLogger(__name__)

DEFER_AFTER_SECONDS = 1.8
ALREADY_ACKNOWLEDGED = 40060

_DEFERRED = (
    discord.InteractionResponseType.deferred_channel_message,
    discord.InteractionResponseType.deferred_message_update,
)


@contextlib.asynccontextmanager
async def in_time(interaction: discord.Interaction[Any], waited: float) -> AsyncGenerator[None]:
    """Sees to it that the interaction is acknowledged in time, if the block has not done so by then.

    Args:
        interaction: what is answered.
        waited: how many seconds it has waited already.
    """
    loop = asyncio.get_running_loop()
    tasks: list[asyncio.Task[None]] = []
    timer = loop.call_later(
        max(DEFER_AFTER_SECONDS - waited, 0), lambda: tasks.append(loop.create_task(_defer(interaction)))
    )
    try:
        yield
    finally:
        timer.cancel()
        for task in tasks:
            await task


async def _defer(interaction: discord.Interaction[Any]) -> None:
    if interaction.response.is_done():
        return
    with contextlib.suppress(discord.HTTPException, discord.InteractionResponded):
        await interaction.response.defer(ephemeral=True, thinking=True)


async def answer(
    interaction: discord.Interaction[Any],
    page: Page,
    *,
    buttons: Sequence[discord.ui.Item[Any]] = (),
    file: discord.File | None = None,
    replace: bool = False,
    more: Sequence[Page] = (),
) -> None:
    """Answers privately with one page.

    Args:
        interaction: what is answered.
        page: what to say.
        buttons: the next steps, left to right; menus among them take a row each.
        file: something to attach.
        replace: change the message whose button was pressed, instead of writing a new one.
        more: pages to show under the first, in the same message; Discord takes 6,000 characters in all.
    """
    content: dict[str, Any] = {"embeds": [embed_of(one) for one in (page, *more)]}
    view = view_of(buttons)
    if not interaction.response.is_done():
        try:
            await _first_answer(interaction, content, view, file, replace=replace)
        except discord.InteractionResponded:
            pass
        except discord.HTTPException as error:
            if error.code != ALREADY_ACKNOWLEDGED:
                raise
        else:
            return
    await _later_answer(interaction, content, view, file)


async def _first_answer(
    interaction: discord.Interaction[Any],
    content: dict[str, Any],
    view: discord.ui.View | None,
    file: discord.File | None,
    *,
    replace: bool,
) -> None:
    if replace:
        await interaction.response.edit_message(**content, view=view)
        return
    if view is not None:
        content["view"] = view
    if file is not None:
        content["file"] = file
    await interaction.response.send_message(**content, ephemeral=True)


async def _later_answer(
    interaction: discord.Interaction[Any],
    content: dict[str, Any],
    view: discord.ui.View | None,
    file: discord.File | None,
) -> None:
    if file is not None:
        file.reset(seek=True)  # the first attempt may have read it to its end
    attachments = [file] if file is not None else []
    if interaction.response.type in _DEFERRED or interaction.response.type is None:
        await interaction.edit_original_response(**content, view=view, attachments=attachments)
        return
    if view is not None:
        content["view"] = view
    if file is not None:
        content["file"] = file
    await interaction.followup.send(**content, ephemeral=True)
