"""`/setup calendar`: whether members' phones can subscribe to the meetings, and under which secret address."""

from typing import Any

from discord import app_commands

from bot.domain.language import say
from bot.domain.problems import NotFound
from bot.services import calendar_feed
from bot.services.calendar_feed import FeedAddress
from cogs._answers import answer
from cogs._bot import Interaction, context_of, guild_id_of
from cogs._permissions import administrator_only
from cogs._render import Page
from cogs._suggestions import choices
from cogs.meeting_diary import NOT_FOR_OTHERS, address_details

ON, OFF, NEW_ADDRESS = "on", "off", "new-address"
TURNS = choices({ON: "on", OFF: "off", NEW_ADDRESS: "new-address"})


@app_commands.command(
    name="calendar", description="Offer a calendar of all meetings to which phones subscribe, or stop that"
)
@app_commands.describe(turn="leave it out to see how it stands")
@app_commands.choices(turn=TURNS)
@administrator_only()
async def _calendar(interaction: Interaction, turn: str | None = None) -> None:
    context, guild_id = context_of(interaction), guild_id_of(interaction)
    if turn == OFF:
        await calendar_feed.turn_off(context, guild_id, interaction.user.id)
        body = say(
            "Its address leads nowhere any more, and what is in members' diaries is no longer "
            "kept up to date."
        )
        await answer(interaction, Page(say("The calendar is switched off."), body))
    elif turn == ON:
        address = await calendar_feed.turn_on(context, guild_id, interaction.user.id)
        await answer(interaction, _page(say("The calendar is on."), address))
    elif turn == NEW_ADDRESS:
        address = await calendar_feed.give_new_address(context, guild_id, interaction.user.id)
        body = say(
            "The old address leads nowhere any more. Whoever subscribed to it has to subscribe to this one."
        )
        await answer(interaction, _page(say("The calendar has a new address."), address, body))
    else:
        await _show(interaction)


async def _show(interaction: Interaction) -> None:
    context, guild_id = context_of(interaction), guild_id_of(interaction)
    try:
        address = await calendar_feed.address(context, guild_id)
    except NotFound:
        calendar_feed.require_switched_on(context)
        body = say("`/setup calendar turn:on` offers members a calendar to which their phones subscribe.")
        await answer(interaction, Page(say("There is no calendar to subscribe to."), body))
        return
    await answer(interaction, _page(say("The calendar is on."), address))


def _for_members() -> tuple[str, str]:
    return say("For members"), say(
        "`/meeting calendar` shows it to them. If it gets into wrong hands: `/setup calendar turn:new-address`."
    )


def _page(headline: str, address: FeedAddress, body: str = "") -> Page:
    return Page(headline, body, (_for_members(), *address_details(address)), say(NOT_FOR_OTHERS))


def calendar_setting() -> app_commands.Command[Any, ..., Any]:
    """The command, for the group to which it belongs."""
    return _calendar  # pyright: ignore[reportUnknownVariableType]
