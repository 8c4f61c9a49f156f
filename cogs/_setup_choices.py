"""What can be chosen in `/setup start`: each handler stores one setting, or says why not, and shows the step again."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import discord

from bot.domain.language import later, say, say_count
from bot.domain.problems import BadInput
from bot.domain.setup_steps import SetupStep
from bot.services import guilds, onboarding, policy, retention
from cogs._answers import answer
from cogs._bot import Interaction, context_of, guild_id_of
from cogs._render import Page, button
from cogs._routes import chosen_value, modal_values, show_modal
from cogs._setup_making import make_channels, make_roles, usable_channel, usable_role
from cogs._setup_pages import CHANNEL_FIELDS, NO_HOURS, PAGES, ROLE_FIELDS, Situation, step_page, to

ANSWER, FROM, UNTIL = "answer", "from", "until"
_ROLE_STORED = {
    "organiser": later("Stored: {role} are the organisers"),
    "moderator": later("Stored: {role} are the moderators"),
}
_SEEN_BY_ALL = {
    "organisers": later("Everybody on this server can read it: better a channel that only organisers see"),
    "moderators": later("Everybody on this server can read it: better a channel that only moderators see"),
}


async def situation_of(interaction: Interaction) -> Situation:
    """All that the pages speak of."""
    context, guild_id = context_of(interaction), guild_id_of(interaction)
    server = server_of(interaction)
    return Situation(
        guild=await guilds.get(context, guild_id),
        server=server,
        viewer=interaction.user if isinstance(interaction.user, discord.Member) else None,
        kept=await retention.periods(context, guild_id),
        campaigns=onboarding.campaigns(),
        suggested_zone=onboarding.suggested_zone(context, server.preferred_locale.value),
    )


def server_of(interaction: Interaction) -> discord.Guild:
    """The server in which this happens.

    Raises:
        BadInput: Discord does not show it at present.
    """
    if interaction.guild is None:
        raise BadInput(say("I cannot see this server right now."), next_step=say("Try again in a minute."))
    return interaction.guild


async def show_step(interaction: Interaction, step: SetupStep, note: str = "") -> None:
    """Shows a step in the place of the message that was pressed, with what has just happened on top."""
    page, items = step_page(step, PAGES[step](await situation_of(interaction)), note=note)
    await answer(interaction, page, buttons=items, replace=True)


async def _zone(interaction: Interaction, argument: str) -> None:
    typed = modal_values(interaction).get(ANSWER, "") if argument == "form" else chosen_value(interaction)
    zone = await onboarding.choose_zone(context_of(interaction), guild_id_of(interaction), typed)
    await show_step(interaction, SetupStep.ZONE, say("Stored: {zone}", zone=zone))


async def _role(interaction: Interaction, argument: str) -> None:
    role = usable_role(server_of(interaction), _chosen_id(interaction))
    await guilds.change(
        context_of(interaction), guild_id_of(interaction), **{_field(ROLE_FIELDS, argument): role.id}
    )
    await show_step(
        interaction,
        SetupStep.ROLES,
        say(_ROLE_STORED[argument], role=role.mention),
    )


async def _channel(interaction: Interaction, argument: str) -> None:
    channel = usable_channel(server_of(interaction), _chosen_id(interaction))
    await guilds.change(
        context_of(interaction), guild_id_of(interaction), **{_field(CHANNEL_FIELDS, argument): channel.id}
    )
    seen_by_all = channel.permissions_for(channel.guild.default_role).view_channel
    note = say("Stored: {channel}", channel=channel.mention)
    if argument in _SEEN_BY_ALL and seen_by_all:
        note = f"{note}. {say(_SEEN_BY_ALL[argument])}"
    await show_step(interaction, SetupStep.CHANNELS, note)


def _field(fields: Mapping[str, str], name: str) -> str:
    if name not in fields:
        raise BadInput(
            say("That list is from an older version of this bot."),
            next_step=say("Type `/setup start` again."),
        )
    return fields[name]


def _chosen_id(interaction: Interaction) -> int:
    chosen = chosen_value(interaction)
    return int(chosen) if chosen.isdecimal() else 0


async def _make_roles(interaction: Interaction, argument: str) -> None:
    del argument
    note = await make_roles(interaction, server_of(interaction))
    advice = say("Give them to people in Server Settings, Members")
    await show_step(interaction, SetupStep.ROLES, f"{note}. {advice}")


async def _make_channels(interaction: Interaction, argument: str) -> None:
    del argument
    await show_step(interaction, SetupStep.CHANNELS, await make_channels(interaction, server_of(interaction)))


async def _campaign(interaction: Interaction, argument: str) -> None:
    """Takes a campaign; one that takes the place of another is asked about first."""
    context, guild_id = context_of(interaction), guild_id_of(interaction)
    name, situation = argument or chosen_value(interaction), await situation_of(interaction)
    known = {one.name: one.title for one in situation.campaigns}
    if situation.guild.campaign not in {None, name} and name in known and not argument:
        body = say(
            "What came with the present one goes, except what organisers changed and what "
            "members or organisers have worked with. Feedback and the numbers of participation "
            "stay."
        )
        yes = button(say("Change to {campaign}", campaign=known[name]), to("campaign", name), main=True)
        back = button(say("Leave it as it is"), to("step", SetupStep.CAMPAIGN.value))
        headline = say("Change the campaign to {campaign}?", campaign=known[name])
        await answer(interaction, Page(headline, body), buttons=[yes, back], replace=True)
        return
    count, stayed = await onboarding.take_campaign(context, guild_id, name)
    note = (
        say_count(
            count,
            "Stored: {campaign}, with {number} entry; {stayed} of the former campaign stay",
            "Stored: {campaign}, with {number} entries; {stayed} of the former campaign stay",
            campaign=known[name],
            stayed=stayed,
        )
        if stayed
        else say_count(
            count,
            "Stored: {campaign}, with {number} entry",
            "Stored: {campaign}, with {number} entries",
            campaign=known[name],
        )
    )
    await show_step(interaction, SetupStep.CAMPAIGN, note)


async def _quiet(interaction: Interaction, argument: str) -> None:
    if argument == "form":
        typed = modal_values(interaction)
        starts, ends = typed.get(FROM, ""), typed.get(UNTIL, "")
    else:
        chosen = chosen_value(interaction)
        starts, _, ends = chosen.partition("-") if chosen != NO_HOURS else (policy.NONE, "", policy.NONE)
    wanted = policy.PolicyChange(quiet_from=starts, quiet_until=ends)
    await policy.change(context_of(interaction), guild_id_of(interaction), wanted)
    await show_step(interaction, SetupStep.QUIET, say("Stored"))


async def _weeks(interaction: Interaction, argument: str) -> None:
    del argument
    await retention.change_periods(
        context_of(interaction),
        guild_id_of(interaction),
        interaction.user.id,
        feedback=_chosen_id(interaction),
        audit=None,
    )
    await show_step(interaction, SetupStep.PRIVACY, say("Stored"))


async def _contact(interaction: Interaction, argument: str) -> None:
    del argument
    typed = modal_values(interaction).get(ANSWER, "")
    await retention.change_contact(
        context_of(interaction), guild_id_of(interaction), interaction.user.id, typed
    )
    await show_step(interaction, SetupStep.PRIVACY, say("Stored. Members see it in /me data and in /about"))


async def _zone_form(interaction: Interaction, argument: str) -> None:
    del argument
    await _form(
        interaction,
        say("Another time zone"),
        to("zone", "form"),
        {ANSWER: (say("A large city"), say("Lisbon"), 80)},
    )


async def _quiet_form(interaction: Interaction, argument: str) -> None:
    del argument
    fields = {FROM: (say("Nudges wait from"), "9.30pm", 40), UNTIL: (say("They wait until"), "7.30am", 40)}
    await _form(interaction, say("Other quiet hours"), to("quiet", "form"), fields)


async def _contact_form(interaction: Interaction, argument: str) -> None:
    del argument
    example = say("the branch secretary, secretary@example.org")
    fields = {ANSWER: (say("An office, and how to reach it"), example, retention.CONTACT_MOST)}
    await _form(interaction, say("Whom members can ask"), to("contact", "form"), fields)


async def _form(
    interaction: Interaction, title: str, custom_id: str, fields: Mapping[str, tuple[str, str, int]]
) -> None:
    modal = discord.ui.Modal(title=title, custom_id=custom_id)
    for name, (label, example, most) in fields.items():
        box: discord.ui.TextInput[Any] = discord.ui.TextInput(
            custom_id=name, placeholder=say("Such as: {example}", example=example), max_length=most
        )
        modal.add_item(discord.ui.Label(text=label, component=box))
    await show_modal(interaction, modal)


CHOICES: Mapping[str, Callable[[Interaction, str], Awaitable[None]]] = {
    "zone": _zone,
    "zone.form": _zone_form,
    "role": _role,
    "make.roles": _make_roles,
    "channel": _channel,
    "make.channels": _make_channels,
    "campaign": _campaign,
    "quiet": _quiet,
    "quiet.form": _quiet_form,
    "weeks": _weeks,
    "contact": _contact,
    "contact.form": _contact_form,
}
