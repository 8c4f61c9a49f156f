"""`/feedback`: what members say in confidence.

What is typed goes into a modal, which nobody else in the channel sees. If it cannot be stored, the one handler
of failures hands it back in full.
"""

from collections.abc import Mapping
from typing import Any

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.feedback import GRADES, REGIONS, TEXT_LIMIT, TOPICS
from bot.services import feedback
from cogs._answers import answer
from cogs._bot import CampaignBot, Interaction, context_of, guild_id_of
from cogs._render import Page
from cogs._routes import modal_values, route, show_modal
from cogs._suggestions import choices

GIVE = "feedback.give"
TOPIC, TEXT, REGION, GRADE = "topic", "text", "region", "grade"

NOTICE = (
    "**Confidential: not linked to you in our database.** We keep your words and the week, not your name. "
    "Discord itself sees that you use this bot and what you send, and the moderators read your words: "
    "leave out names, case numbers, and whatever only you could know."
)
RECEIPT_USE = (
    "**This is your receipt. Save it now: it is shown only this once, and nobody can look it up for you.**\n"
    "It is the only thing that ties this feedback to you. Reading a reply with it, and taking the feedback back, "
    "come with a later version."
)
STORED = (
    "Your words, the topic, the region and grade if you chose them, the week (not the day or the time), and a "
    "scrambled form of the receipt. Not your name, your Discord account, or this message.\n"
    "Moderators see it with the next daily batch, in no particular order."
)


@app_commands.guild_only()
class FeedbackCog(
    commands.GroupCog, group_name="feedback", group_description="Tell the moderators something in confidence"
):
    """Takes in confidential feedback."""

    @app_commands.command(description="Say how things are, or what to do next, in confidence")
    @app_commands.describe(topic="what it is about; you can also choose it in the form")
    @app_commands.choices(topic=choices(dict(TOPICS)))
    async def give(self, interaction: Interaction, topic: str = "") -> None:
        """Shows the form."""
        await show_modal(interaction, feedback_modal(topic))


def feedback_modal(topic: str) -> discord.ui.Modal:
    """The form. It carries the topic that was chosen already, and asks for it otherwise."""
    modal = discord.ui.Modal(title="Feedback, in confidence", custom_id=route(GIVE, topic))
    modal.add_item(discord.ui.TextDisplay(NOTICE))
    if not topic:
        modal.add_item(
            discord.ui.Label(text="What is it about?", component=_select(TOPIC, TOPICS, required=True))
        )
    modal.add_item(discord.ui.Label(text="What do you want to say?", component=_text()))
    modal.add_item(
        discord.ui.Label(
            text="Your region",
            description="If you like. It is left out of exports where fewer than 5 share it.",
            component=_select(REGION, REGIONS, required=False),
        )
    )
    modal.add_item(
        discord.ui.Label(
            text="Your grade",
            description="If you like. It is left out of exports where fewer than 5 share it.",
            component=_select(GRADE, GRADES, required=False),
        )
    )
    return modal


def _text() -> discord.ui.TextInput[Any]:
    return discord.ui.TextInput(custom_id=TEXT, style=discord.TextStyle.paragraph, max_length=TEXT_LIMIT)


def _select(custom_id: str, options: Mapping[str, str], *, required: bool) -> discord.ui.Select[Any]:
    return discord.ui.Select(
        custom_id=custom_id,
        required=required,
        min_values=1 if required else 0,
        options=[discord.SelectOption(label=label, value=key) for key, label in options.items()],
    )


async def store(interaction: Interaction, argument: str) -> None:
    """Stores what was typed into the form, and shows the receipt."""
    typed = modal_values(interaction)
    receipt = await feedback.give(
        context_of(interaction),
        guild_id_of(interaction),
        interaction.user.id,
        argument or typed.get(TOPIC),
        typed.get(TEXT, ""),
        typed.get(REGION),
        typed.get(GRADE),
    )
    await _show_receipt(interaction, receipt)


async def _show_receipt(interaction: Interaction, receipt: str) -> None:
    page = Page(
        "Thank you. Your feedback is stored.",
        f"```\n{receipt}\n```\n{RECEIPT_USE}",
        (("What is stored", STORED),),
    )
    try:
        await answer(interaction, page)
    except (discord.HTTPException, aiohttp.ClientError, OSError):
        # Nobody can look the receipt up, so showing it is worth a second try.
        await answer(interaction, page)


async def setup(bot: CampaignBot) -> None:
    """Adds the feature to the bot."""
    bot.routes.add(GIVE, store)
    await bot.add_cog(FeedbackCog())
