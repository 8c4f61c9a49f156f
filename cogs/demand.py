"""`/demand`: the demands on the employer, and what the employer answered."""

from collections.abc import Sequence
from datetime import date, timedelta

from discord import app_commands
from discord.ext import commands

from bot.domain.models import Demand, DemandStatus
from bot.domain.past_days import parse_past_day
from bot.services import campaign, guilds
from bot.services.context import Context
from cogs._bot import CampaignBot, Interaction, bot_of, context_of, guild_id_of
from cogs._lookups import Found
from cogs._render import STATUS_WORDS, Page, button, count_of, day, plain, shorten, source_line
from cogs._routes import route
from cogs._suggestions import choices, suggesting

PER_PAGE = 6
LATELY = timedelta(days=30)
STATUS_CHOICES = choices({status.value: words for status, words in STATUS_WORDS.items()})


@app_commands.guild_only()
class DemandCog(
    commands.GroupCog, group_name="demand", group_description="What the unions demand of the employer"
):
    """Looks up demands."""

    @app_commands.command(name="list", description="All demands, with how far the employer has come")
    @app_commands.describe(status="only those with this status")
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
    @app_commands.describe(since="a date, such as 1 March; the last 30 days unless given")
    async def changes(self, interaction: Interaction, since: str = "") -> None:
        """Shows the dated responses since a day."""
        context, guild_id = context_of(interaction), guild_id_of(interaction)
        if since:
            zone = (await guilds.get(context, guild_id)).zone
            since = parse_past_day(since, now=context.now(), zone=zone).isoformat()
        await bot_of(interaction).lookups.show(interaction, "demand.changes", since)


async def demand_list(context: Context, guild_id: int, argument: str) -> Found:
    """The demands, some to a page."""
    status = DemandStatus(argument) if argument else None
    demands = await campaign.list_demands(context, guild_id, status)
    if not demands:
        wanted = f" with the status “{STATUS_WORDS[status]}”" if status else ""
        return Found(
            (Page(f"There is no demand{wanted}.", "`/demand list` without a status shows all of them."),)
        )
    chunks = [demands[start : start + PER_PAGE] for start in range(0, len(demands), PER_PAGE)]
    heading = f"{len(demands)} demands on the employer" if len(demands) > 1 else "One demand on the employer"
    return Found(tuple(Page(heading, details=_summaries(chunk)) for chunk in chunks))


async def demand_show(context: Context, guild_id: int, argument: str) -> Found:
    """One demand in full."""
    demand = await campaign.get_demand(context, guild_id, argument)
    details = [("Status", STATUS_WORDS[demand.status])]
    details += [
        (
            f"{day(response.on)}: {STATUS_WORDS[response.status]}",
            f"{plain(response.text)}\n-# {plain(response.source)}",
        )
        for response in reversed(demand.responses)
    ]
    if not demand.responses:
        details.append(("The employer's answers", "None recorded yet."))
    evidence = await campaign.evidence_for(context, guild_id, demand)
    if evidence is not None:
        # Second, so that a long history of answers cannot push it off the page.
        said = f"{count_of(evidence, 'piece')} of feedback speak to this demand."
        details.insert(1, ("What members say", said))
    page = Page(
        f"{demand.position}. {demand.title}", demand.summary, tuple(details), source_line(demand.source)
    )
    return Found((page,), (button("All demands", route("look", "demand.list", "0", "")),))


async def demand_search(context: Context, guild_id: int, argument: str) -> Found:
    """The demands that answer to some words."""
    hits = await campaign.search_demands(context, guild_id, argument, limit=PER_PAGE)
    if not hits:
        page = Page(
            f"No demand speaks of “{shorten(plain(argument), 60)}”.", "Try another word, or see all of them."
        )
        return Found((page,), (button("All demands", route("look", "demand.list", "0", ""), main=True),))
    best = hits[0].demand
    page = Page(
        f"{len(hits)} found for “{shorten(plain(argument), 60)}”",
        details=_summaries([hit.demand for hit in hits]),
    )
    return Found(
        (page,), (button(f"Open: {best.title}", route("look", "demand.show", "0", best.key), main=True),)
    )


async def demand_changes(context: Context, guild_id: int, argument: str) -> Found:
    """The employer's responses since a day, newest first."""
    today = (await guilds.local_now(context, guild_id)).date()
    since = date.fromisoformat(argument) if argument else today - LATELY
    changes = await campaign.changes_since(context, guild_id, since)
    if not changes:
        body = "No response of the employer was recorded in that time."
        return Found((Page(f"Nothing new since {day(since)}.", body),))
    details = tuple(
        (
            f"{day(change.response.on)}: {change.demand.title}",
            f"{STATUS_WORDS[change.before]} → {STATUS_WORDS[change.response.status]}\n{plain(change.response.text)}",
        )
        for change in reversed(changes)
    )
    chunks = [details[start : start + PER_PAGE] for start in range(0, len(details), PER_PAGE)]
    return Found(tuple(Page(f"Changes since {day(since)}", details=chunk) for chunk in chunks))


def _summaries(demands: Sequence[Demand]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (f"{demand.position}. {demand.title}", f"{STATUS_WORDS[demand.status]}\n{demand.summary}")
        for demand in demands
    )


async def setup(bot: CampaignBot) -> None:
    """Adds the feature to the bot."""
    bot.lookups.add("demand.list", demand_list)
    bot.lookups.add("demand.show", demand_show)
    bot.lookups.add("demand.search", demand_search)
    bot.lookups.add("demand.changes", demand_changes)
    await bot.add_cog(DemandCog())
