"""`/about`: what this bot is, who runs it here, and what it knows of whoever asks."""

from discord import app_commands
from discord.ext import commands

from bot import __version__
from bot.domain.language import later, say
from bot.services import guilds
from cogs._answers import answer
from cogs._bot import CampaignBot, Interaction, context_of, guild_id_of
from cogs._render import Page, button, link_button, plain
from cogs._routes import route

ABOUT = "about"
_WHAT = later(
    "I am Solidarity Bot, version {version}. I keep a campaign's meetings, demands and "
    "the employer's answers at hand, post reminders, count who takes part without names, "
    "and take in feedback in confidence."
)
_PRIVACY = later(
    "Feedback is confidential: it is not linked to you in our database, though Discord "
    "sees that you use a bot. `/me data` shows all that is held about you here, and `/me "
    "forget` erases it."
)
_NOBODY = later(
    "Nobody is named yet. Ask the administrators of this server: `/setup privacy` names whom to ask."
)
_LICENCE = later("MIT: everybody may use, read and change the program.")
_ELSEWHERE = later("Ask whoever runs it where its code is.")


class AboutCog(commands.Cog):
    """Says what the bot is."""

    @app_commands.command(description="What this bot is, who runs it here, and what it knows about you")
    @app_commands.guild_only()
    async def about(self, interaction: Interaction) -> None:
        """Shows the page."""
        await show_about(interaction, "")


async def show_about(interaction: Interaction, argument: str) -> None:
    """Answers the command, and the button under `/help`."""
    del argument
    context = context_of(interaction)
    guild = await guilds.get(context, guild_id_of(interaction))
    code = context.settings.about.code
    where = say("Its code: <{address}>", address=code) if code else say(_ELSEWHERE)
    details = (
        (say("Who runs it here"), plain(guild.privacy_contact) if guild.privacy_contact else say(_NOBODY)),
        (say("Your data"), say(_PRIVACY)),
        (say("Licence"), f"{say(_LICENCE)} {where}"),
    )
    steps = [button(say("What you can do here"), route("help", ""), main=True)]
    if code:
        steps.append(link_button(say("Read the code"), code))
    await answer(
        interaction,
        Page(say("About this bot"), say(_WHAT, version=__version__), details),
        buttons=steps,
    )


async def setup(bot: CampaignBot) -> None:
    """Adds the feature to the bot."""
    bot.routes.add(ABOUT, show_about)
    await bot.add_cog(AboutCog())
