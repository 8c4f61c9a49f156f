"""`/glossary`: what the trade's terms mean."""

from discord import app_commands
from discord.ext import commands

from bot.domain.language import say, say_count
from bot.services import campaign
from bot.services.context import Context
from cogs._bot import CampaignBot, Interaction, bot_of, context_of, guild_id_of
from cogs._lookups import Found
from cogs._render import Page, button, source_line
from cogs._routes import route
from cogs._suggestions import suggesting

PER_PAGE = 10


class GlossaryCog(commands.Cog):
    """Explains terms."""

    @app_commands.command(description="What HMPPS, WMT, PSS and the like mean")
    @app_commands.describe(term="start typing; leave it out to see all terms")
    @app_commands.autocomplete(term=suggesting(campaign.suggest_terms))
    @app_commands.guild_only()
    async def glossary(self, interaction: Interaction, term: str = "") -> None:
        """Explains one term, or lists all."""
        lookups = bot_of(interaction).lookups
        if not term.strip():
            await lookups.show(interaction, "glossary.list")
            return
        found = await campaign.explain_term(context_of(interaction), guild_id_of(interaction), term)
        await lookups.show(interaction, "glossary.show", found.key)


async def glossary_list(context: Context, guild_id: int, argument: str) -> Found:
    """All terms, in the order of the alphabet."""
    del argument
    terms = sorted(await campaign.list_terms(context, guild_id), key=lambda term: term.title.casefold())
    if not terms:
        return Found((Page(say("The glossary is empty here so far."), say("Ask an organiser.")),))
    chunks = [terms[start : start + PER_PAGE] for start in range(0, len(terms), PER_PAGE)]
    return Found(
        tuple(
            Page(
                say_count(len(terms), "{number} term explained", "{number} terms explained"),
                "\n".join(f"**{t.title}**: {t.expansion or t.summary}" for t in chunk),
            )
            for chunk in chunks
        )
    )


async def glossary_show(context: Context, guild_id: int, argument: str) -> Found:
    """One term."""
    term = await campaign.explain_term(context, guild_id, argument)
    heading = f"{term.title}: {term.expansion}" if term.expansion else term.title
    page = Page(heading, term.summary, (), source_line(term.source))
    return Found((page,), (button(say("All terms"), route("look", "glossary.list", "0", "")),))


async def setup(bot: CampaignBot) -> None:
    """Adds the feature to the bot."""
    bot.lookups.add("glossary.list", glossary_list)
    bot.lookups.add("glossary.show", glossary_show)
    await bot.add_cog(GlossaryCog())
