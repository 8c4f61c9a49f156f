"""`/setup language`: the language of posts, and of answers to everybody who chose none."""

from typing import Any

from discord import app_commands

from bot.domain.language import LANGUAGES, say, speak
from bot.services import guilds, languages
from cogs._answers import answer
from cogs._bot import Interaction, context_of, guild_id_of
from cogs._language import what_stays
from cogs._permissions import administrator_only
from cogs._render import Page
from cogs._suggestions import choices


@app_commands.command(
    name="language", description="Choose the language of posts, and of answers to whoever chose none"
)
@app_commands.describe(wanted="leave it out to see how it stands")
@app_commands.rename(wanted="language")
@app_commands.choices(wanted=choices(LANGUAGES))
@administrator_only()
async def _language(interaction: Interaction, wanted: str | None = None) -> None:
    context, guild_id = context_of(interaction), guild_id_of(interaction)
    if wanted is not None:
        await languages.choose_for_guild(context, guild_id, wanted)
        speak(await languages.of_person(context, guild_id, interaction.user.id))
    guild = await guilds.get(context, guild_id)
    headline = say("This server's language: {language}", language=LANGUAGES[guild.language])
    details = (
        (
            say("What it is for"),
            say("Posts in channels, and answers to members who chose no language of their own."),
        ),
        (say("For one person"), say("`/me language` changes it for whoever types it.")),
        what_stays(),
    )
    await answer(interaction, Page(headline, say(languages.AWAITING_REVIEW), details))


def language_setting() -> app_commands.Command[Any, ..., Any]:
    """The command, for the group to which it belongs."""
    return _language  # pyright: ignore[reportUnknownVariableType]
