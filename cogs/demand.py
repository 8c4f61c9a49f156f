"""`/demand`: the demands on the employer, what the employer answered, and word of new answers."""

import io

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.language import say
from bot.domain.since import parse_since
from bot.services import campaign, demand_chart, guilds
from cogs._answers import answer
from cogs._bot import CampaignBot, Interaction, bot_of, context_of, guild_id_of
from cogs._render import STATUS_WORDS, Page, button
from cogs._routes import day_in, route
from cogs._suggestions import choices, suggesting
from cogs.demand_follows import add_follows, follow_commands
from cogs.demand_pages import PICTURE, RETIRED, RETIRED_WORDS, add_pages

STATUS_CHOICES = choices(
    {status.value: words for status, words in STATUS_WORDS.items()} | {RETIRED: RETIRED_WORDS}
)


@app_commands.guild_only()
class DemandCog(
    commands.GroupCog, group_name="demand", group_description="What the unions demand of the employer"
):
    """Looks up demands."""

    def __init__(self) -> None:
        super().__init__()
        group = self.__cog_app_commands_group__
        if group is None:
            raise RuntimeError("a group cog always has its group")
        for command in follow_commands():
            group.add_command(command)

    @app_commands.command(name="list", description="All demands, with how far the employer has come")
    @app_commands.describe(status="only those with this status; retired ones are left out unless asked for")
    @app_commands.choices(status=STATUS_CHOICES)
    async def list_(self, interaction: Interaction, status: str = "") -> None:
        """Shows the demands."""
        await bot_of(interaction).lookups.show(interaction, "demand.list", status)

    @app_commands.command(description="One demand: wording, source, status and the employer's answers")
    @app_commands.describe(demand="start typing: a word from it is enough, typos are fine")
    @app_commands.autocomplete(demand=suggesting(campaign.suggest_demands))
    async def show(self, interaction: Interaction, demand: str) -> None:
        """Shows one demand."""
        found = await campaign.get_demand(context_of(interaction), guild_id_of(interaction), demand)
        await bot_of(interaction).lookups.show(interaction, "demand.show", found.key)

    @app_commands.command(description="Find demands by what they are about")
    @app_commands.describe(query="for example: sickness, overtime, AI")
    async def search(self, interaction: Interaction, query: app_commands.Range[str, 1, 70]) -> None:
        """Shows the demands that answer to some words."""
        await bot_of(interaction).lookups.show(interaction, "demand.search", query)

    @app_commands.command(description="What the employer has answered lately")
    @app_commands.describe(
        since="such as: 1 March, last month, 2 weeks ago; the last 30 days unless given",
        picture="a picture of all demands by status over time, instead of the list",
    )
    async def changes(self, interaction: Interaction, since: str = "", picture: bool = False) -> None:
        """Shows the dated responses since a day, or draws how all demands stood."""
        context, guild_id = context_of(interaction), guild_id_of(interaction)
        if since:
            zone = (await guilds.get(context, guild_id)).zone
            since = parse_since(since, now=context.now(), zone=zone).isoformat()
        if picture:
            await show_picture(interaction, since)
            return
        await bot_of(interaction).lookups.show(interaction, "demand.changes", since)


async def show_picture(interaction: Interaction, argument: str) -> None:
    """Draws the demands by status, from a day until today."""
    since = day_in(argument) if argument else None
    drawn = await demand_chart.picture(context_of(interaction), guild_id_of(interaction), since)
    file = discord.File(io.BytesIO(drawn.png), "demands-by-status.png", description=drawn.description)
    page = Page(
        say("The demands by status over time"),
        drawn.description,
        foot=say(
            "What an organiser corrected is drawn as corrected. Retired demands count until they "
            "were retired."
        ),
    )
    steps = [button(say("All demands"), route("look", "demand.list", "0", ""))]
    await answer(interaction, page, buttons=steps, file=file)


async def setup(bot: CampaignBot) -> None:
    """Adds the feature to the bot."""
    add_pages(bot)
    add_follows(bot)
    bot.routes.add(PICTURE, show_picture)
    await bot.add_cog(DemandCog())
