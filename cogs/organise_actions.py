"""`/organise action`: add something that members can do, change it, set its goal, retire it."""

from typing import Any

import discord
from discord import app_commands

from bot.domain.actions import (
    ALT_LIMIT,
    DONE_LABEL,
    LABEL_LIMIT,
    MOST_GOAL,
    URL_LIMIT,
    write_links,
    write_picture,
)
from bot.domain.language import say, say_count
from bot.domain.models import Action
from bot.services import actions
from bot.services.actions import SUMMARY_LIMIT, TITLE_LIMIT, ActionForm
from cogs._answers import answer
from cogs._bot import CampaignBot, Interaction, context_of, guild_id_of
from cogs._permissions import is_organiser, organiser_only, require_organiser
from cogs._render import PICTURE_SHOWS, Page, as_typed, button, day, plain, shorten
from cogs._routes import modal_values, route, show_modal
from cogs._suggestions import suggesting

SAVE, RETIRE, RESTORE = "action.save", "action.retire", "action.restore"
TITLE, SUMMARY, LABEL, LINKS, PICTURE = "title", "summary", "button", "links", "picture"
LINKS_LIMIT = 3_500
ACTION = suggesting(actions.suggest, only=is_organiser)
ABOUT_GOAL = "how many members you hope for each week; 0 for none"


class ActionGroup(app_commands.Group):
    """The commands for actions."""

    def __init__(self) -> None:
        super().__init__(name="action", description="What members can do")

    @app_commands.command(description="Add something that members can do, in a form")
    @app_commands.describe(goal=ABOUT_GOAL)
    @organiser_only()
    async def add(
        self, interaction: Interaction, goal: app_commands.Range[int, 0, MOST_GOAL] | None = None
    ) -> None:
        """Shows an empty form."""
        await show_modal(interaction, _modal(say("Something members can do"), None, goal))

    @app_commands.command(description="Change what an action says, its links, its picture or its goal")
    @app_commands.describe(action="start typing", goal=ABOUT_GOAL)
    @app_commands.autocomplete(action=ACTION)
    @organiser_only()
    async def edit(
        self,
        interaction: Interaction,
        action: str,
        goal: app_commands.Range[int, 0, MOST_GOAL] | None = None,
    ) -> None:
        """Shows the form as it was filled in last."""
        found = await actions.find(context_of(interaction), guild_id_of(interaction), action)
        await show_modal(interaction, _modal(say("Change: {title}", title=found.title), found, goal))

    @app_commands.command(description="Take an action off the list; its numbers stay, and it can come back")
    @app_commands.describe(action="start typing")
    @app_commands.autocomplete(action=ACTION)
    @organiser_only()
    async def retire(self, interaction: Interaction, action: str) -> None:
        """Retires an action, or offers to bring it back."""
        found = await actions.find(context_of(interaction), guild_id_of(interaction), action)
        await _retire(interaction, found)


def _modal(title: str, action: Action | None, goal: int | None) -> discord.ui.Modal:
    given = "" if goal is None else str(goal)
    modal = discord.ui.Modal(
        title=shorten(title, 45),
        custom_id=route(SAVE, action.key, given, actions.seen(action)) if action else route(SAVE, "", given),
    )
    for label, description, field in _fields(action):
        modal.add_item(discord.ui.Label(text=label, description=description, component=field))
    return modal


def _fields(action: Action | None) -> tuple[tuple[str, str, discord.ui.TextInput[Any]], ...]:
    long = discord.TextStyle.paragraph
    return (
        (
            say("What is it called?"),
            say("Such as: Wear yellow on Fridays"),
            _field(TITLE, action and action.title, TITLE_LIMIT),
        ),
        (
            say("What should members do?"),
            say("In plain words."),
            _field(SUMMARY, action and action.summary, SUMMARY_LIMIT, style=long),
        ),
        (
            say("What does its button say?"),
            say("Such as: I'm in yellow. Without it: {label}", label=say(DONE_LABEL)),
            _field(LABEL, action and action.button, LABEL_LIMIT, required=False),
        ),
        (
            say("Links, one a line"),
            say("Words, a space, and an address that begins with https://"),
            _field(
                LINKS, write_links(action.links) if action else None, LINKS_LIMIT, style=long, required=False
            ),
        ),
        (
            say("A picture, and what it shows"),
            say("Its https:// address on a website; below it, in words, what it shows."),
            _field(
                PICTURE,
                write_picture(action.picture) if action else None,
                URL_LIMIT + 1 + ALT_LIMIT,
                style=long,
                required=False,
            ),
        ),
    )


def _field(
    name: str,
    now: str | None,
    most: int,
    *,
    style: discord.TextStyle = discord.TextStyle.short,
    required: bool = True,
) -> discord.ui.TextInput[Any]:
    return discord.ui.TextInput(
        custom_id=name, style=style, max_length=most, required=required, default=now or None
    )


async def save_action(interaction: Interaction, argument: str) -> None:
    """Stores what was typed into the form."""
    await require_organiser(interaction)
    key, given, as_seen = [*argument.split("|"), "", ""][:3]
    goal = int(given) if given.isdecimal() else None
    typed = modal_values(interaction)
    form = ActionForm(*(typed.get(name, "") for name in (TITLE, SUMMARY, LABEL, LINKS, PICTURE)))
    context, guild_id = context_of(interaction), guild_id_of(interaction)
    if key:
        saved, done = await actions.edit(context, guild_id, key, form, goal, as_seen=as_seen), say("Changed")
    else:
        saved, done = await actions.add(context, guild_id, form, goal), say("Added")
    steps = [button(say("Show the list"), route("look", "action.list", "0", ""))]
    await answer(interaction, _saved_page(saved, done), buttons=steps)


def _saved_page(action: Action, done: str) -> Page:
    details = [
        (say("On its button"), plain(action.button or say(DONE_LABEL))),
        (
            say("Goal"),
            say_count(action.goal, "{number} member a week", "{number} members a week")
            if action.goal
            else say("None"),
        ),
    ]
    if action.links:
        details.append((say("Links"), "\n".join(f"[{link.label}]({link.url})" for link in action.links)))
    if action.picture:
        details.append((say(PICTURE_SHOWS), as_typed(action.picture.alt)))
    if action.retired_on:
        details.append((say("Off the list"), say("Since {day}", day=day(action.retired_on))))
    foot = say("A nudge keeps the words that it was scheduled with; its button and picture follow.")
    picture = action.picture.url if action.picture else None
    return Page(f"{done}: {plain(action.title)}", as_typed(action.summary), tuple(details), foot, picture)


async def retire_action(interaction: Interaction, argument: str) -> None:
    """Retires an action, by its button."""
    await require_organiser(interaction)
    found = await actions.get(context_of(interaction), guild_id_of(interaction), argument)
    await _retire(interaction, found)


async def _retire(interaction: Interaction, found: Action) -> None:
    bring_back = [button(say("Bring it back"), route(RESTORE, found.key))]
    if found.retired_on is not None:
        page = Page(
            say("It is off the list already: {title}", title=plain(found.title)),
            say("Since {day}.", day=day(found.retired_on)),
        )
        await answer(interaction, page, buttons=bring_back)
        return
    retired = await actions.retire(context_of(interaction), guild_id_of(interaction), found.key)
    details = ()
    if retired.nudges:
        still = "\n".join(plain(title) for title in retired.nudges)
        details = (
            (
                say("Nudges that still call for it"),
                "\n".join((still, say("`/organise nudge delete` ends one."))),
            ),
        )
    page = Page(
        say("Taken off the list: {title}", title=plain(found.title)),
        say("What was counted stays. You can bring it back."),
        details,
    )
    await answer(interaction, page, buttons=bring_back)


async def restore_action(interaction: Interaction, argument: str) -> None:
    """Brings a retired action back."""
    await require_organiser(interaction)
    found = await actions.restore(context_of(interaction), guild_id_of(interaction), argument)
    steps = [button(say("Take it off again"), route(RETIRE, found.key))]
    await answer(
        interaction,
        Page(say("Back on the list: {title}", title=plain(found.title))),
        buttons=steps,
    )


def add_action_routes(bot: CampaignBot) -> None:
    """Adds the buttons and the form to the bot."""
    bot.routes.add(SAVE, save_action)
    bot.routes.add(RETIRE, retire_action)
    bot.routes.add(RESTORE, restore_action)
