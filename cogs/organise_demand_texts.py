"""`/organise demand add` and `edit`: the forms, and the question before something changes.

Nothing is remembered between the question and its answer: the new text stands in the question's own message, which only
the organiser sees, and comes back from Discord with the press of the button.
"""

from typing import Any

import discord

from bot.domain.language import say
from bot.domain.models import KEYWORDS_LIMIT, Demand
from bot.domain.problems import BadInput
from bot.services import campaign, demand_texts
from bot.services.demand_texts import DemandText, TypedDemand
from cogs._answers import answer
from cogs._bot import Interaction, context_of, guild_id_of
from cogs._permissions import require_organiser
from cogs._render import Page, button, day, shorten
from cogs._routes import modal_values, route, show_modal

ADD, EDIT = "demand.add", "demand.edit"
TITLE, SUMMARY, DEMAND_SOURCE, SOURCE_ON, KEYWORDS, WORDING = (
    "title",
    "summary",
    "source",
    "source_on",
    "keywords",
    "wording",
)
_FIELDS = 4
"""The pages with both texts have so many: title, source, date of the source and search words, in this order."""

_NONE = "—"
_LEAST_BEFORE, _MOST_BEFORE, _ROOM_FOR_BOTH, _LINE_BEFORE = 50, 2_000, 3_900, 120


async def show_add(interaction: Interaction) -> None:
    """Shows an empty form."""
    modal = discord.ui.Modal(title=say("Add a demand"), custom_id=ADD)
    modal.add_item(_line(say("Title"), TITLE, demand_texts.TITLE_LIMIT))
    modal.add_item(_box(say("What it means, in plain words"), SUMMARY, demand_texts.SUMMARY_LIMIT))
    modal.add_item(_line(say("Where it comes from"), DEMAND_SOURCE, demand_texts.SOURCE_LIMIT))
    modal.add_item(
        _line(say("The date of that, such as: 1 March"), SOURCE_ON, demand_texts.DATE_LIMIT, needed=False)
    )
    modal.add_item(
        _box(say("Its own words there, if you have them"), WORDING, demand_texts.WORDING_LIMIT, needed=False)
    )
    await show_modal(interaction, modal)


async def add_typed(interaction: Interaction, argument: str) -> None:
    """Adds what was typed into the form."""
    del argument
    await require_organiser(interaction)
    demand = await demand_texts.add(
        context_of(interaction), guild_id_of(interaction), interaction.user.id, _typed(interaction)
    )
    page = Page(
        say("Added as number {position}: {title}", position=demand.position, title=demand.title),
        demand.summary,
        foot=say("Source: {source}, {day}", source=demand.source.title, day=day(demand.source.on)),
    )
    await answer(interaction, page, buttons=[_show(demand.key)])


async def show_edit(interaction: Interaction, demand: Demand) -> None:
    """Shows a form with what a demand says now."""
    text = demand_texts.text_of(demand)
    room = min(max(demand_texts.SUMMARY_LIMIT, len(text.summary)), demand_texts.WORDING_LIMIT)
    modal = discord.ui.Modal(
        title=shorten(say("Edit: {title}", title=demand.title), 45),
        custom_id=route(EDIT, demand.key),
    )
    modal.add_item(_line(say("Title"), TITLE, demand_texts.TITLE_LIMIT, text.title))
    modal.add_item(_box(say("What it means, in plain words"), SUMMARY, room, text.summary))
    modal.add_item(_line(say("Where it comes from"), DEMAND_SOURCE, demand_texts.SOURCE_LIMIT, text.source))
    modal.add_item(
        _line(say("The date of that"), SOURCE_ON, demand_texts.DATE_LIMIT, text.source_on.isoformat())
    )
    modal.add_item(
        _line(
            say("Words by which it is found, with commas"),
            KEYWORDS,
            KEYWORDS_LIMIT,
            ", ".join(text.keywords),
            needed=False,
        )
    )
    await show_modal(interaction, modal)


async def edit_typed(interaction: Interaction, argument: str) -> None:
    """Shows a demand as it reads and as it would read, and asks."""
    await require_organiser(interaction)
    context, guild_id = context_of(interaction), guild_id_of(interaction)
    demand = await campaign.demand_of_button(context, guild_id, argument)
    before = demand_texts.text_of(demand)
    after = await demand_texts.read_typed(context, guild_id, _typed(interaction))
    changed = demand_texts.differing(before, after)
    if not changed:
        page = Page(
            say("Nothing is different, so nothing was changed."),
            say("**{title}** stays as it is.", title=demand.title),
        )
        await answer(interaction, page, buttons=[_show(demand.key)])
        return
    page = Page(
        say("Change this demand?"),
        say(
            "Different: {changed}. Its number, its history and its wording from documents stay. "
            "If you press nothing, nothing changes.",
            changed=", ".join(map(say, changed)),
        ),
    )
    confirm = button(
        say("Change it"), route("demand.edit.yes", demand_texts.seen(before), demand.key), main=True
    )
    await answer(
        interaction,
        page,
        more=(_before_page(before, after), _text_page(say("As it will read"), after)),
        buttons=[confirm],
    )


async def confirm_edit(interaction: Interaction, argument: str) -> None:
    """Changes the demand to what the question showed."""
    await require_organiser(interaction)
    context, guild_id = context_of(interaction), guild_id_of(interaction)
    as_seen, _, key = argument.partition("|")
    text = await demand_texts.read_typed(context, guild_id, _shown(interaction))
    demand = await demand_texts.edit(context, guild_id, interaction.user.id, key, text, as_seen=as_seen)
    page = Page(say("Changed: {title}", title=demand.title), demand.summary)
    await answer(interaction, page, buttons=[_show(key)], replace=True)


def _before_page(before: DemandText, after: DemandText) -> Page:
    """The old text, cut where the new one, which has to be whole, needs Discord's room."""
    whole = _text_page(say("As it reads now"), before)
    room = min(_MOST_BEFORE, max(_LEAST_BEFORE, _ROOM_FOR_BOTH - len(after.summary)))
    details = tuple((name, shorten(value, _LINE_BEFORE)) for name, value in whole.details)
    return Page(whole.headline, shorten(before.summary, room), details)


def _text_page(headline: str, text: DemandText) -> Page:
    details = (
        (say("Title"), text.title),
        (say("Source"), text.source),
        (say("Date of the source"), text.source_on.isoformat()),
        (say("Search words"), ", ".join(text.keywords) or _NONE),
    )
    return Page(headline, text.summary, details)


def _shown(interaction: Interaction) -> TypedDemand:
    """The text that the question shows; its parts are known by their places, in whatever language they were headed.

    Raises:
        BadInput: it does not stand there any more.
    """
    embeds = interaction.message.embeds if interaction.message else []
    after = embeds[-1] if embeds else None
    if after is None or len(after.fields) != _FIELDS:
        raise BadInput(
            say("That question was answered already, so nothing more was changed."),
            next_step=say("`/demand show` shows how the demand reads now."),
        )
    title, source, source_on, words = (str(one.value) for one in after.fields)
    return TypedDemand(
        title=title,
        summary=after.description or "",
        source=source,
        source_on=source_on,
        keywords="" if words == _NONE else words,
    )


def _typed(interaction: Interaction) -> TypedDemand:
    typed = modal_values(interaction)
    return TypedDemand(
        title=typed.get(TITLE, ""),
        summary=typed.get(SUMMARY, ""),
        source=typed.get(DEMAND_SOURCE, ""),
        source_on=typed.get(SOURCE_ON, ""),
        keywords=typed.get(KEYWORDS, ""),
        wording=typed.get(WORDING, ""),
    )


def _line(
    label: str, custom_id: str, most: int, default: str = "", *, needed: bool = True
) -> discord.ui.Label[Any]:
    text: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id=custom_id, max_length=most, default=default[:most] or None, required=needed
    )
    return discord.ui.Label(text=label, component=text)


def _box(
    label: str, custom_id: str, most: int, default: str = "", *, needed: bool = True
) -> discord.ui.Label[Any]:
    text: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id=custom_id,
        style=discord.TextStyle.paragraph,
        max_length=most,
        default=default[:most] or None,
        required=needed,
    )
    return discord.ui.Label(text=label, component=text)


def _show(key: str) -> discord.ui.Button[Any]:
    return button(say("Show the demand"), route("look", "demand.show", "0", key))
