"""`/action`: what members can do now, being counted without being named, and how it goes."""

from collections.abc import Mapping, Sequence
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.actions import DONE_LABEL
from bot.domain.language import later, say, say_count
from bot.domain.models import Action
from bot.services import campaign, participation
from bot.services.context import Context
from cogs._answers import answer
from cogs._bot import CampaignBot, Interaction, bot_of, context_of, guild_id_of
from cogs._lookups import Found
from cogs._render import PICTURE_SHOWS, Page, button, link_button, shorten, source_line
from cogs._routes import route
from cogs._suggestions import suggesting
from cogs.action_progress import DONE, PROGRESS, SHARE, share_progress, show_progress, so_far

LIST = "action.list"
PER_PAGE = 5
BUTTONS_OF_A_KIND = 10
FOOT = later("Counted by the week, without names.")
STORED = later(
    "One more in this week's number. Until the week is over also a scrambled mark, so "
    "that nobody counts twice. Not your name, and not when."
)


@app_commands.guild_only()
class ActionCog(commands.GroupCog, group_name="action", group_description="What you can do now"):
    """Shows actions, counts who takes part, and shows how it goes."""

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

    @app_commands.command(description="How many took part week by week, as a picture to share")
    @app_commands.describe(action="start typing; without it, the one that most members do")
    @app_commands.autocomplete(action=suggesting(campaign.suggest_actions))
    async def progress(self, interaction: Interaction, action: str = "") -> None:
        """Shows how an action goes."""
        await show_progress(interaction, action)


async def count_in(interaction: Interaction, argument: str) -> None:
    """Counts the member for an action; the delivery under which the button stood does not matter."""
    key = argument.partition("|")[0]
    context, guild_id = context_of(interaction), guild_id_of(interaction)
    recorded = await participation.record_done(context, guild_id, interaction.user.id, key)
    action = await campaign.get_action(context, guild_id, key)
    headline = (
        say("Counted, thank you.") if recorded.counted else say("You are already counted for this week.")
    )
    body = f"**{action.title}**\n{so_far(recorded.members_this_week, action.goal)}"
    steps = [
        button(say("How is it going?"), route(PROGRESS, key)),
        button(say("What else can I do?"), route("look", LIST, "0", "")),
    ]
    await answer(interaction, Page(headline, body, ((say("What is stored"), say(STORED)),)), buttons=steps)


async def action_list(context: Context, guild_id: int, argument: str) -> Found:
    """The actions, each with its links and this week's number."""
    del argument
    actions = await campaign.list_actions(context, guild_id)
    if not actions:
        return Found((Page(say("There is nothing on the list yet."), say("Ask an organiser.")),))
    members = await participation.this_week(context, guild_id)
    chunks = [actions[start : start + PER_PAGE] for start in range(0, len(actions), PER_PAGE)]
    return Found(tuple(_page(len(actions), chunk, members) for chunk in chunks), _steps(actions))


def _page(total: int, actions: Sequence[Action], members: Mapping[str, int]) -> Page:
    details = tuple((action.title, _entry(action, members.get(action.key, 0))) for action in actions)
    sources = dict.fromkeys(source_line(action.source) for action in actions)
    pictures = [action for action in actions if action.picture]
    headline = say_count(total, "{number} thing you can do now", "{number} things you can do now")
    foot = " · ".join((say(FOOT), *sources))
    if len(pictures) != 1 or pictures[0].picture is None:
        return Page(headline, "", details, foot)
    return Page(headline, "", details, foot, pictures[0].picture.url)


def _entry(action: Action, members: int) -> str:
    parts = [" · ".join(f"[{link.label}]({link.url})" for link in action.links)]
    if action.picture:
        parts.append(f"[{say(PICTURE_SHOWS)}]({action.picture.url}): {shorten(action.picture.alt, 200)}")
    parts.append(so_far(members, action.goal))
    rest = "\n".join(part for part in parts if part)
    return f"{shorten(action.summary, 1_000 - len(rest))}\n{rest}"


def _steps(actions: Sequence[Action]) -> tuple[discord.ui.Button[Any], ...]:
    done = [
        button(f"{action.button or say(DONE_LABEL)}: {action.title}", route(DONE, action.key, ""))
        for action in actions
    ]
    links = {link.url: link_button(link.label, link.url) for action in actions for link in action.links}
    return (
        *done[:BUTTONS_OF_A_KIND],
        *list(links.values())[:BUTTONS_OF_A_KIND],
        button(say("How is it going?"), route(PROGRESS, "")),
    )


async def setup(bot: CampaignBot) -> None:
    """Adds the feature to the bot."""
    bot.lookups.add(LIST, action_list)
    bot.routes.add(DONE, count_in)
    bot.routes.add(PROGRESS, show_progress)
    bot.routes.add(SHARE, share_progress)
    await bot.add_cog(ActionCog())
