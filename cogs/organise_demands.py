"""`/organise demand`: record what the employer answered, and say which demands are no longer made."""

from datetime import date as date_type
from typing import Any

import discord
from discord import app_commands

from bot.domain.demand_history import changes_of
from bot.domain.language import say
from bot.domain.models import DemandResponse, DemandStatus
from bot.domain.past_days import parse_past_day
from bot.domain.problems import BadInput
from bot.services import campaign, demand_ledger, guilds
from bot.services.context import Context
from bot.services.demand_ledger import Recorded
from cogs._answers import answer
from cogs._bot import Interaction, context_of, guild_id_of
from cogs._permissions import is_organiser, organiser_only, require_organiser
from cogs._render import STATUS_WORDS, Page, button, day, plain, shorten, status_words
from cogs._routes import modal_values, reading_argument, route, show_modal
from cogs._suggestions import choices, suggesting
from cogs.organise_demand_texts import ADD, EDIT, add_typed, confirm_edit, edit_typed, show_add, show_edit

TEXT, SOURCE = "text", "source"
RESPOND, BACK, CONFIRMED = "demand.respond", "demand.back", "demand.edit.yes"
ENTRY = "="
"""Stands before an entry's id, where a form is for the correction of that entry rather than for a demand."""

COMPACT_DAY = "%Y%m%d"
STATUS_CHOICES = choices({status.value: words for status, words in STATUS_WORDS.items()})


async def _complete_entry(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    """Offers the entries of the demand that was chosen, the latest first."""

    async def entries(context: Context, guild_id: int, typed: str) -> list[tuple[str, str]]:
        demand = await campaign.get_demand(context, guild_id, str(interaction.namespace.demand or ""))
        found = [(_label(one), one.response_id) for one in reversed(demand.standing)]
        return [entry for entry in found if typed.casefold() in entry[0].casefold()]

    return await suggesting(entries, only=is_organiser)(interaction, current)


class DemandGroup(app_commands.Group):
    """The commands for demands."""

    def __init__(self) -> None:
        super().__init__(name="demand", description="The demands, and the employer's answers")

    @app_commands.command(description="Record what the employer answered to a demand")
    @app_commands.describe(
        demand="start typing",
        status="how things stand after this answer",
        date="when they answered, such as: 28 March; today unless given",
        source="where the answer can be found, such as: letter to the unions",
        corrects="an earlier entry of this demand that was wrong; it stays, marked as corrected",
    )
    @app_commands.autocomplete(demand=suggesting(campaign.suggest_demands), corrects=_complete_entry)
    @app_commands.choices(status=STATUS_CHOICES)
    @organiser_only()
    async def respond(
        self,
        interaction: Interaction,
        demand: str,
        status: str,
        date: app_commands.Range[str, 1, 60] = "today",
        source: app_commands.Range[str, 1, 200] = "",
        corrects: app_commands.Range[str, 1, 100] = "",
    ) -> None:
        """Asks for the text of the answer."""
        context, guild_id = context_of(interaction), guild_id_of(interaction)
        found = await campaign.get_demand(context, guild_id, demand)
        if corrects:
            about, _ = await demand_ledger.find_entry(context, guild_id, corrects)
            if about.key != found.key:
                raise BadInput(
                    say(
                        "That entry belongs to the demand “{title}”, so nothing was recorded.",
                        title=about.title,
                    ),
                    next_step=say("Choose the demand first; its entries are then offered while you type."),
                )
        zone = (await guilds.get(context, guild_id)).zone
        on = parse_past_day(date, now=context.now(), zone=zone)
        target = ENTRY + corrects if corrects else found.key
        modal = _modal(found.title, source, route(RESPOND, target, status, on.strftime(COMPACT_DAY)))
        await show_modal(interaction, modal)

    @app_commands.command(description="Add a demand")
    @organiser_only()
    async def add(self, interaction: Interaction) -> None:
        """Asks what it says."""
        await show_add(interaction)

    @app_commands.command(description="Change what a demand says; you see both versions before it changes")
    @app_commands.describe(demand="start typing")
    @app_commands.autocomplete(demand=suggesting(campaign.suggest_demands))
    @organiser_only()
    async def edit(self, interaction: Interaction, demand: str) -> None:
        """Shows what it says now, to be changed."""
        found = await campaign.get_demand(context_of(interaction), guild_id_of(interaction), demand)
        await show_edit(interaction, found)

    @app_commands.command(description="Mark a demand as no longer made; its history stays")
    @app_commands.describe(demand="start typing", reason="why, for members to read")
    @app_commands.autocomplete(demand=suggesting(campaign.suggest_demands))
    @organiser_only()
    async def retire(
        self, interaction: Interaction, demand: str, reason: app_commands.Range[str, 1, 300]
    ) -> None:
        """Retires a demand, or offers to bring it back if it is retired."""
        context, guild_id = context_of(interaction), guild_id_of(interaction)
        found = await campaign.get_demand(context, guild_id, demand)
        if found.retired_on is not None:
            why = f"{day(found.retired_on)}: {plain(found.retired_reason or '')}"
            said = "\n".join((why, say("Nothing was changed.")))
            page = Page(say("Retired already: {title}", title=found.title), said)
        else:
            found = await demand_ledger.retire(context, guild_id, interaction.user.id, found.key, reason)
            page = Page(
                say("Retired: {title}", title=found.title),
                "\n".join(
                    (
                        plain(found.retired_reason or ""),
                        say(
                            "`/demand list` leaves it out from now on; `/demand list status:Retired` and "
                            "`/demand show` show it with its history."
                        ),
                    )
                ),
            )
        await answer(
            interaction,
            page,
            buttons=[_show(found.key), button(say("Bring it back"), route(BACK, found.key))],
        )


def _label(response: DemandResponse) -> str:
    return f"{response.on} {status_words(response.status)}: {' '.join(response.text.split())}"


def _modal(title: str, source: str, custom_id: str) -> discord.ui.Modal:
    modal = discord.ui.Modal(title=shorten(say("Answer: {title}", title=title), 45), custom_id=custom_id)
    text: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id=TEXT, style=discord.TextStyle.paragraph, max_length=demand_ledger.RESPONSE_LIMIT
    )
    where: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id=SOURCE, max_length=demand_ledger.SOURCE_LIMIT, default=source or None
    )
    modal.add_item(discord.ui.Label(text=say("What did the employer say or do?"), component=text))
    modal.add_item(discord.ui.Label(text=say("Where can that be found?"), component=where))
    return modal


async def record_response(interaction: Interaction, argument: str) -> None:
    """Stores what was typed into the modal; the history of a demand is only ever added to."""
    await require_organiser(interaction)
    context, guild_id = context_of(interaction), guild_id_of(interaction)
    with reading_argument():
        target, status, on = argument.split("|")
        new_status, day_of_it = DemandStatus(status), date_type.fromisoformat(on)
    corrects = target.removeprefix(ENTRY) if target.startswith(ENTRY) else None
    key = target if corrects is None else (await demand_ledger.find_entry(context, guild_id, corrects))[0].key
    typed = modal_values(interaction)
    recorded = await demand_ledger.record_response(
        context,
        guild_id,
        interaction.user.id,
        key,
        new_status,
        typed.get(TEXT, ""),
        day_of_it,
        typed.get(SOURCE, ""),
        corrects=corrects,
    )
    await answer(interaction, _recorded_page(recorded), buttons=[_show(key)])


def _recorded_page(recorded: Recorded) -> Page:
    demand, response = recorded.demand, recorded.response
    lines = [f"**{demand.title}**", day(response.on), plain(response.text)]
    foot = say("Source: {source}", source=response.source)
    if not recorded.is_new:
        lines.append(say("Nothing was added."))
        return Page(say("That is recorded already."), "\n".join(lines), foot=foot)
    if changes_of(demand)[-1].response != response:
        lines.append(
            say(
                "A later answer stands, so the demand's status is still {status}.",
                status=status_words(demand.status),
            )
        )
    if response.corrects is not None:
        lines.append(say("The wrong entry stays in the history, marked."))
    lines.append(say("Who follows this demand gets a direct message in about a quarter of an hour."))
    status = status_words(response.status)
    headline = (
        say("Corrected: {status}", status=status)
        if response.corrects
        else say("Recorded: {status}", status=status)
    )
    return Page(headline, "\n".join(lines), foot=foot)


async def bring_back(interaction: Interaction, argument: str) -> None:
    """Lets a retired demand be made again."""
    await require_organiser(interaction)
    demand = await demand_ledger.bring_back(
        context_of(interaction), guild_id_of(interaction), interaction.user.id, argument
    )
    page = Page(say("Back on the list: {title}", title=demand.title), say("Its history was kept."))
    await answer(interaction, page, buttons=[_show(demand.key)], replace=True)


def _show(key: str) -> discord.ui.Button[Any]:
    return button(say("Show the demand"), route("look", "demand.show", "0", key))


HANDLERS = {
    RESPOND: record_response,
    BACK: bring_back,
    ADD: add_typed,
    EDIT: edit_typed,
    CONFIRMED: confirm_edit,
}
