"""`/action progress`: how many members took part week by week, as a picture that can be shared, and in words."""

import io
from typing import Any

import discord

from bot.domain.actions import DONE_LABEL, Week
from bot.domain.export_rows import K
from bot.domain.feedback import monday_of
from bot.domain.language import later, say, say_count, speaking
from bot.domain.models import Action
from bot.domain.problems import NotAllowed, NotFound
from bot.domain.when.moment import format_calendar_day
from bot.services import campaign, languages, participation
from bot.services.participation import Progress
from cogs._answers import answer
from cogs._bot import Interaction, bot_of, context_of, guild_id_of
from cogs._render import Page, button, embed_of, shorten
from cogs._routes import route

DONE, PROGRESS, SHARE = "action.done", "action.progress", "action.share"
FILE_NAME = "action-progress.png"
OTHERS_OFFERED = 3
FOOT = later(
    "Members counted once each a week, without names. Weeks with fewer than {least} members are not told apart."
)


def so_far(members: int, goal: int | None) -> str:
    """This week's number in words; small numbers are not told."""
    words = (
        say_count(members, "This week so far: {number} member.", "This week so far: {number} members.")
        if members >= K
        else say("This week so far: fewer than {least} members.", least=K)
    )
    if not goal:
        return words
    if members >= max(goal, K):
        return words + " " + say("The goal is reached: {goal}.", goal=f"{goal:,}")
    return words + " " + say("Goal: {goal}.", goal=f"{goal:,}")


async def show_progress(interaction: Interaction, argument: str) -> None:
    """Shows how an action goes, privately; without one, that which most members do."""
    found = await _find(interaction, argument)
    steps: list[discord.ui.Item[Any]] = [
        button(found.action.button or say(DONE_LABEL), route(DONE, found.action.key, ""), main=True)
    ]
    actions = await campaign.list_actions(context_of(interaction), guild_id_of(interaction))
    others = [action for action in actions if action.key != found.action.key][:OTHERS_OFFERED]
    steps += [
        button(say("Progress: {title}", title=action.title), route(PROGRESS, action.key)) for action in others
    ]
    if found.weeks:
        steps.append(button(say("Share here"), route(SHARE, found.action.key)))
    await answer(interaction, progress_page(found), buttons=steps, file=await _picture(found))


async def share_progress(interaction: Interaction, argument: str) -> None:
    """Posts the picture where everybody in the channel sees it, once for each answer."""
    found = await _find(interaction, argument)
    channel = interaction.channel
    if not interaction.permissions.send_messages or not isinstance(channel, discord.abc.Messageable):
        raise NotAllowed(
            say("You may not write in this channel, so this was not shared."),
            next_step=say("Share it in a channel where you may write."),
        )
    with speaking(await languages.of_guild(context_of(interaction), guild_id_of(interaction))):
        page, picture = progress_page(found), await _picture(found)
    await answer(interaction, Page(say("Shared in this channel."), say("Everybody here can see it now.")))
    if picture is not None and bot_of(interaction).lookups.first_press(interaction):
        await channel.send(embed=embed_of(page), file=picture)


async def _find(interaction: Interaction, key_or_words: str) -> Progress:
    context, guild_id = context_of(interaction), guild_id_of(interaction)
    wanted = key_or_words or await participation.most_done(context, guild_id)
    if wanted:
        return await participation.progress(
            context, guild_id, await campaign.get_action(context, guild_id, wanted)
        )
    actions = await campaign.list_actions(context, guild_id)
    if not actions:
        raise NotFound(
            say("There is nothing on the list yet."), next_step=say("Ask an organiser what you can do.")
        )
    return await participation.progress(context, guild_id, actions[0])


def progress_page(found: Progress) -> Page:
    """How an action goes, in words: what the picture shows, and more."""
    goal = found.action.goal
    lines = [so_far(found.members_this_week, goal)]
    if found.streak > 1:
        lines.append(participation.in_a_row(found))
    if goal and found.weeks:
        lines.append(
            say_count(
                len(found.weeks),
                "The goal was reached in {reached} of {number} week.",
                "The goal was reached in {reached} of {number} weeks.",
                reached=found.reached,
            )
        )
    if not found.weeks:
        lines.append(say("There is a picture once {least} members have been counted in one week.", least=K))
    details = ((say("Week by week"), "\n".join(_week(week, found.action) for week in reversed(found.weeks))),)
    return Page(
        shorten(found.action.title, 200), "\n".join(lines), details if found.weeks else (), say(FOOT, least=K)
    )


def _week(week: Week, action: Action) -> str:
    first = format_calendar_day(monday_of(week.iso_week))
    if week.members is None:
        return say("From Monday {day}: fewer than {least} members", day=first, least=K)
    if action.goal and week.members >= action.goal:
        return say_count(
            week.members,
            "From Monday {day}: {number} member, goal reached",
            "From Monday {day}: {number} members, goal reached",
            day=first,
        )
    return say_count(
        week.members, "From Monday {day}: {number} member", "From Monday {day}: {number} members", day=first
    )


async def _picture(found: Progress) -> discord.File | None:
    if not found.weeks:
        return None
    drawn, words = await participation.draw(found)
    return discord.File(io.BytesIO(drawn), FILE_NAME, description=words)
