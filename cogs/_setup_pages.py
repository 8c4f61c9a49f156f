"""What each step of `/setup start` shows: what it is for, what is set, and what can be chosen."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import discord

from bot.domain.language import say, say_count
from bot.domain.models import Guild
from bot.domain.quiet import quiet_hours
from bot.domain.retention import Periods
from bot.domain.setup_steps import SETUP_STEPS, SetupStep
from bot.domain.when.moment import city
from bot.services.onboarding import Campaign
from cogs._render import Page, button, plain
from cogs._routes import route
from cogs._setup_words import (
    CHANNEL_CHOICES,
    CHANNEL_LABELS,
    CHANNEL_USES,
    GONE,
    NOT_CHOSEN,
    ROLE_CHOICES,
    ROLE_LABELS,
    STOP_ANY_TIME,
    SUGGESTED,
    TITLES,
    USUAL_HOURS,
    USUAL_WEEKS,
)

START = "setup.start"
ROLE_FIELDS = {"organiser": "organiser_role_id", "moderator": "moderator_role_id"}
CHANNEL_FIELDS = {
    "announcements": "announcements_channel_id",
    "organisers": "organisers_channel_id",
    "moderators": "moderators_channel_id",
}
USUAL_ZONES = (
    "Europe/London",
    "Europe/Belfast",
    "Europe/Dublin",
    "Europe/Isle_of_Man",
    "Europe/Jersey",
    "Europe/Guernsey",
    "Europe/Paris",
    "UTC",
)
NO_HOURS = "none"
SUGGESTED_WEEKS = 104
_TOKEN_BYTES = 8


@dataclass(frozen=True, slots=True)
class Situation:
    """All that the pages speak of, read before one is made."""

    guild: Guild
    server: discord.Guild
    viewer: discord.Member | None
    kept: Periods
    campaigns: tuple[Campaign, ...]
    suggested_zone: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A step's body, what is set now, and what can be chosen; the way on is added by `step_page`."""

    body: str
    details: tuple[tuple[str, str], ...] = ()
    items: tuple[discord.ui.Item[Any], ...] = ()


def to(verb: str, *rest: str) -> str:
    """The `custom_id` of a button of the set-up."""
    return route(START, verb, *rest)


def step_page(
    step: SetupStep, shown: Shown, *, note: str = ""
) -> tuple[Page, tuple[discord.ui.Item[Any], ...]]:
    """A step as it is shown, with the buttons that lead on and back."""
    headline = say(
        "Step {number} of {count}: {title}",
        number=step.number,
        count=len(SETUP_STEPS),
        title=say(TITLES[step]),
    )
    body = f"**{note}**\n\n{shown.body}" if note else shown.body
    return Page(headline, body, shown.details, say(STOP_ANY_TIME)), (*shown.items, *_ways(step))


def _ways(step: SetupStep) -> tuple[discord.ui.Button[Any], ...]:
    forward = (
        button(say("Next"), to("step", step.following.value), main=True)
        if step.following
        else button(say("Finish"), to("finish"), main=True)
    )
    back = (button(say("Back"), to("step", step.previous.value)),) if step.previous else ()
    return (forward, *back, button(say("All steps"), to("all")))


def overview(
    situation: Situation, left_off: SetupStep | None
) -> tuple[Page, tuple[discord.ui.Item[Any], ...]]:
    """All steps with what is set; the way in."""
    summary = values(situation)
    details = tuple((f"{step.number}. {say(TITLES[step])}", summary[step]) for step in summary)
    body = say(
        "Eight short steps, about five minutes, also on a phone. You can pass over any of "
        "them and come back; nothing is posted before you say so."
    )
    items = (
        _select(
            "goto",
            say("Go to a step"),
            {step.value: f"{step.number}. {say(TITLES[step])}" for step in SETUP_STEPS},
        ),
        button(_way_in(left_off), to("step", (left_off or SETUP_STEPS[0]).value), main=True),
    )
    return Page(say("Set the bot up"), body, details, say(STOP_ANY_TIME)), items


def _way_in(left_off: SetupStep | None) -> str:
    return (
        say("Go on with step {number}: {title}", number=left_off.number, title=say(TITLES[left_off]))
        if left_off
        else say("Begin with step 1")
    )


def values(situation: Situation) -> dict[SetupStep, str]:
    """What is set at each step that sets something."""
    guild = situation.guild
    quiet = quiet_hours(guild.quiet_from, guild.quiet_until)
    return {
        SetupStep.ZONE: f"{city(guild.zone)} ({guild.zone})",
        SetupStep.ROLES: _roles_in_words(situation),
        SetupStep.CHANNELS: _channels_in_words(situation),
        SetupStep.CAMPAIGN: title_of(situation, guild.campaign),
        SetupStep.QUIET: str(quiet) if quiet else say("None: nudges may come at any hour"),
        SetupStep.PRIVACY: _privacy_in_words(situation),
    }


def _privacy_in_words(situation: Situation) -> str:
    weeks, contact = situation.kept.feedback_weeks, situation.guild.privacy_contact
    if contact:
        return say_count(
            weeks,
            "Feedback is kept {number} week; ask {contact}",
            "Feedback is kept {number} weeks; ask {contact}",
            contact=plain(contact),
        )
    return say_count(
        weeks,
        "Feedback is kept {number} week; nobody is named to ask",
        "Feedback is kept {number} weeks; nobody is named to ask",
    )


def _roles_in_words(situation: Situation) -> str:
    def shown(field: str) -> str:
        chosen = getattr(situation.guild, field)
        return f"<@&{chosen}>" if chosen else say(NOT_CHOSEN)

    return "\n".join(f"{say(ROLE_LABELS[name])}: {shown(field)}" for name, field in ROLE_FIELDS.items())


def _channels_in_words(situation: Situation) -> str:
    """The channels by their names: Discord hides a mention from whoever may not see the channel itself."""

    def shown(field: str) -> str:
        chosen = getattr(situation.guild, field)
        channel = situation.server.get_channel(chosen or 0)
        return f"#{plain(channel.name)}" if channel else say(GONE if chosen else NOT_CHOSEN)

    return "\n".join(f"{say(CHANNEL_LABELS[name])}: {shown(field)}" for name, field in CHANNEL_FIELDS.items())


def title_of(situation: Situation, name: str | None) -> str:
    """A campaign's title, or its name where it does not come with the bot."""
    known = {one.name: one.title for one in situation.campaigns}
    return plain(known.get(name or "", name or say("None")))


def zone_step(situation: Situation) -> Shown:
    """In which zone people type times."""
    suggested = situation.suggested_zone
    names = dict.fromkeys((suggested, *USUAL_ZONES, situation.guild.zone))
    options = {name: f"{city(name)} ({name})" for name in names}
    options[suggested] = say(SUGGESTED, choice=options[suggested])
    return Shown(
        say(
            "When somebody types “Thursday 12.30pm”, I take it in this zone. Each reader sees their own time."
        ),
        ((say("Now"), values(situation)[SetupStep.ZONE]),),
        (
            _select("zone", say("Choose a time zone"), options, chosen=situation.guild.zone),
            button(say("Another zone"), to("zone.form")),
        ),
    )


def roles_step(situation: Situation) -> Shown:
    """Who organises, and who reads feedback."""
    return Shown(
        say(
            "Organisers schedule meetings and nudges, and record what the employer answers. "
            "Moderators read the confidential feedback. Nobody does either before you choose a "
            "role, not even you."
        ),
        ((say("Now"), values(situation)[SetupStep.ROLES]),),
        (
            *(_role_select(situation, name, field) for name, field in ROLE_FIELDS.items()),
            button(say("Make the missing roles for me"), to("make.roles")),
        ),
    )


def channels_step(situation: Situation) -> Shown:
    """Where the bot posts."""
    return Shown(
        "\n".join(say(use) for use in CHANNEL_USES),
        ((say("Now"), values(situation)[SetupStep.CHANNELS]),),
        (
            *(_channel_select(situation, name, field) for name, field in CHANNEL_FIELDS.items()),
            button(say("Make the missing channels for me"), to("make.channels")),
        ),
    )


def _in_short(campaign: Campaign) -> str:
    demands = say_count(campaign.demands, "{number} demand", "{number} demands")
    actions = say_count(campaign.actions, "{number} action", "{number} actions")
    return f"{campaign.title}: {demands}, {actions}"


def campaign_step(situation: Situation) -> Shown:
    """Whose demands, aims, meetings and actions this server has."""
    options = {one.name: _in_short(one) for one in situation.campaigns}
    return Shown(
        say(
            "The campaign brings its demands, aims, motions, actions, meetings and terms. "
            "Organisers add to them and change them; what they changed is kept. Yours is not "
            "here? Whoever runs the bot can load it from text files."
        ),
        ((say("Now"), title_of(situation, situation.guild.campaign)),),
        (_select("campaign", say("Choose a campaign"), options, chosen=situation.guild.campaign or ""),),
    )


def quiet_step(situation: Situation) -> Shown:
    """When nudges wait."""
    guild = situation.guild
    chosen = f"{guild.quiet_from}-{guild.quiet_until}" if guild.quiet_from else NO_HOURS
    first, *others = USUAL_HOURS
    options = {
        first: say(SUGGESTED, choice=say(USUAL_HOURS[first])),
        **{hours: say(USUAL_HOURS[hours]) for hours in others},
        NO_HOURS: say("No quiet hours"),
    }
    return Shown(
        say(
            "Nudges that fall due in the quiet hours wait until they are over. Reminders of "
            "meetings always come on time."
        ),
        ((say("Now"), values(situation)[SetupStep.QUIET]),),
        (
            _select("quiet", say("Choose quiet hours"), options, chosen=chosen),
            button(say("Other hours"), to("quiet.form")),
        ),
    )


def privacy_step(situation: Situation) -> Shown:
    """How long feedback is kept, and whom members can ask."""
    weeks = situation.kept.feedback_weeks
    options = {
        str(number): say("{number} weeks: {period}", number=number, period=say(period))
        for number, period in USUAL_WEEKS.items()
    }
    options[str(SUGGESTED_WEEKS)] = say(SUGGESTED, choice=options[str(SUGGESTED_WEEKS)])
    contact = situation.guild.privacy_contact
    return Shown(
        say(
            "Feedback is deleted after this time; the moderators are told a week before. Members "
            "see in `/me data` whom they can ask about their data: name an office, such as the "
            "branch secretary, and how to reach it."
        ),
        (
            (
                say("Feedback is kept"),
                say_count(
                    weeks,
                    "{number} week after the week in which it was given",
                    "{number} weeks after the week in which it was given",
                ),
            ),
            (say("Questions about data"), plain(contact) if contact else say("Nobody is named yet")),
        ),
        (
            _select("weeks", say("Choose how long feedback is kept"), options, chosen=str(weeks)),
            button(say("Name the contact"), to("contact.form")),
        ),
    )


def post_step(situation: Situation, *, again: bool = False) -> Shown:
    """A post that shows whether all is well; its button is another each time it is shown, and each posts once."""
    channel_id = situation.guild.announcements_channel_id
    body = (
        say(
            "I post a test into {channel}. It pings nobody, says that it is a test, and has a "
            "button by which you delete it.",
            channel=f"<#{channel_id}>",
        )
        if channel_id
        else say(
            "I post a test into your announcements channel, which you choose in step 3. It pings nobody, says that "
            "it is a test, and has a button by which you delete it."
        )
    )
    label = say("Post another test") if again else say("Post the test")
    return Shown(
        body,
        items=(button(label, to("post", secrets.token_hex(_TOKEN_BYTES))),),
    )


PAGES: Mapping[SetupStep, Callable[[Situation], Shown]] = {
    SetupStep.ZONE: zone_step,
    SetupStep.ROLES: roles_step,
    SetupStep.CHANNELS: channels_step,
    SetupStep.CAMPAIGN: campaign_step,
    SetupStep.QUIET: quiet_step,
    SetupStep.PRIVACY: privacy_step,
    SetupStep.POST: post_step,
}


def _select(
    verb: str, placeholder: str, options: Mapping[str, str], *, chosen: str = ""
) -> discord.ui.Select[Any]:
    return discord.ui.Select(
        custom_id=to(verb),
        placeholder=placeholder,
        options=[
            discord.SelectOption(label=label[:100], value=value, default=value == chosen)
            for value, label in options.items()
        ],
    )


def _role_select(situation: Situation, name: str, field: str) -> discord.ui.RoleSelect[Any]:
    role = situation.server.get_role(getattr(situation.guild, field) or 0)
    return discord.ui.RoleSelect(
        custom_id=to("role", name),
        placeholder=say(ROLE_CHOICES[name]),
        default_values=[role] if role else [],
    )


def _channel_select(situation: Situation, name: str, field: str) -> discord.ui.ChannelSelect[Any]:
    channel = situation.server.get_channel(getattr(situation.guild, field) or 0)
    viewer = situation.viewer
    may_see = channel is not None and viewer is not None and channel.permissions_for(viewer).view_channel
    return discord.ui.ChannelSelect(
        custom_id=to("channel", name),
        placeholder=say(CHANNEL_CHOICES[name]),
        channel_types=[discord.ChannelType.text, discord.ChannelType.news],
        default_values=[channel] if may_see and isinstance(channel, discord.TextChannel) else [],
    )
