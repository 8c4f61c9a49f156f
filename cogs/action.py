"""`/action`: what members can do now, and being counted without being named."""

from collections.abc import Mapping, Sequence
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.export_rows import K
from bot.domain.models import Action
from bot.services import campaign, participation
from bot.services.context import Context
from cogs._answers import answer
from cogs._bot import CampaignBot, Interaction, bot_of, context_of, guild_id_of
from cogs._lookups import Found
from cogs._render import Page, button, count_of, link_button, shorten, source_line
from cogs._routes import route
from cogs._suggestions import suggesting

LIST, DONE = "action.list", "action.done"
PER_PAGE = 5
BUTTONS_OF_A_KIND = 10
FOOT = "Counted by the week, without names."
STORED = (
    "One more in this week's number. Until the week is over also a scrambled mark, so that nobody counts twice. "
    "Not your name, and not when."
)


@app_commands.guild_only()
class ActionCog(commands.GroupCog, group_name="action", group_description="What you can do now"):
    """Shows actions, and counts who takes part."""

    @app_commands.command(description="What you can do now")
    async def list(self, interaction: Interaction) -> None:
        """Lists the actions."""
        await bot_of(interaction).lookups.show(interaction, LIST)

    @app_commands.command(description="Be counted for this week, without your name")
    @app_commands.describe(action="what you have done; start typing")
    @app_commands.autocomplete(action=suggesting(campaign.suggest_actions))
    async def done(self, interaction: Interaction, action: str) -> None:
        """Counts the member."""
        found = await campaign.get_action(context_of(interaction), guild_id_of(interaction), action)
        await count_in(interaction, found.key)


async def count_in(interaction: Interaction, argument: str) -> None:
    """Counts the member for an action; the delivery under which the button stood does not matter."""
    key = argument.partition("|")[0]
    context, guild_id = context_of(interaction), guild_id_of(interaction)
    recorded = await participation.record_done(context, guild_id, interaction.user.id, key)
    action = await campaign.get_action(context, guild_id, key)
    headline = "Counted, thank you." if recorded.counted else "You are already counted for this week."
    body = f"**{action.title}**\n{_so_far(recorded.members_this_week)}"
    details = (("What is stored", STORED),)
    steps = [button("What else can I do?", route("look", LIST, "0", ""))]
    await answer(interaction, Page(headline, body, details), buttons=steps)


async def action_list(context: Context, guild_id: int, argument: str) -> Found:
    """The actions, each with its links and this week's number."""
    del argument
    actions = await campaign.list_actions(context, guild_id)
    if not actions:
        return Found((Page("There is nothing on the list yet.", "Ask an organiser."),))
    members = await participation.this_week(context, guild_id)
    chunks = [actions[start : start + PER_PAGE] for start in range(0, len(actions), PER_PAGE)]
    return Found(tuple(_page(len(actions), chunk, members) for chunk in chunks), _steps(actions))


def _page(total: int, actions: Sequence[Action], members: Mapping[str, int]) -> Page:
    details = tuple((action.title, _entry(action, members.get(action.key, 0))) for action in actions)
    sources = dict.fromkeys(source_line(action.source) for action in actions)
    return Page(f"{count_of(total, 'thing')} you can do now", "", details, " · ".join((FOOT, *sources)))


def _entry(action: Action, members: int) -> str:
    links = " · ".join(f"[{link.label}]({link.url})" for link in action.links)
    number = _so_far(members)
    summary = shorten(action.summary, 1_000 - len(links) - len(number))
    return "\n".join(part for part in (summary, links, number) if part)


def _so_far(members: int) -> str:
    return f"This week so far: {count_of(members, 'member') if members >= K else f'fewer than {K} members'}."


def _steps(actions: Sequence[Action]) -> tuple[discord.ui.Button[Any], ...]:
    done = [button(f"I've done this: {action.title}", route(DONE, action.key, "")) for action in actions]
    links = {link.url: link_button(link.label, link.url) for action in actions for link in action.links}
    return (*done[:BUTTONS_OF_A_KIND], *list(links.values())[:BUTTONS_OF_A_KIND])


async def setup(bot: CampaignBot) -> None:
    """Adds the feature to the bot."""
    bot.lookups.add(LIST, action_list)
    bot.routes.add(DONE, count_in)
    await bot.add_cog(ActionCog())
