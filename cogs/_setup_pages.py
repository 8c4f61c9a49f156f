"""What each step of `/setup start` shows: what it is for, what is set, and what can be chosen."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import discord

from bot.domain.models import Guild
from bot.domain.quiet import quiet_hours
from bot.domain.retention import Periods
from bot.domain.setup_steps import SETUP_STEPS, SetupStep
from bot.domain.when.moment import city
from bot.services.onboarding import Campaign
from cogs._render import Page, button, count_of, plain
from cogs._routes import route

START = "setup.start"
ROLE_FIELDS = {"organiser": "organiser_role_id", "moderator": "moderator_role_id"}
CHANNEL_FIELDS = {
    "announcements": "announcements_channel_id",
    "organisers": "organisers_channel_id",
    "moderators": "moderators_channel_id",
}
CHANNEL_USES = {
    "announcements": "where meetings, reminders and nudges are posted",
    "organisers": "where organisers hear of what could not go out",
    "moderators": "where moderators hear of new feedback",
}
TITLES = {
    SetupStep.ZONE: "Time zone",
    SetupStep.ROLES: "Who is who",
    SetupStep.CHANNELS: "Where I post",
    SetupStep.CAMPAIGN: "Campaign",
    SetupStep.QUIET: "Quiet hours",
    SetupStep.PRIVACY: "Members' data",
    SetupStep.POST: "A test post",
    SetupStep.CHECK: "The check",
}
STOP_ANY_TIME = "Each choice is stored at once. Stop when you like: /setup start goes on where you left off."
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
USUAL_HOURS = {"21:00-08:00": "9pm to 8am", "20:00-08:00": "8pm to 8am", "22:00-07:00": "10pm to 7am"}
NO_HOURS = "none"
USUAL_WEEKS = {26: "half a year", 52: "a year", 104: "two years", 156: "three years"}
SUGGESTED_WEEKS = 104
_TOKEN_BYTES = 8
NOT_CHOSEN, GONE = "not chosen yet", "deleted, or I may not see it"


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
    headline = f"Step {step.number} of {len(SETUP_STEPS)}: {TITLES[step]}"
    body = f"**{note}**\n\n{shown.body}" if note else shown.body
    return Page(headline, body, shown.details, STOP_ANY_TIME), (*shown.items, *_ways(step))


def _ways(step: SetupStep) -> tuple[discord.ui.Button[Any], ...]:
    forward = (
        button("Next", to("step", step.following.value), main=True)
        if step.following
        else button("Finish", to("finish"), main=True)
    )
    back = (button("Back", to("step", step.previous.value)),) if step.previous else ()
    return (forward, *back, button("All steps", to("all")))


def overview(
    situation: Situation, left_off: SetupStep | None
) -> tuple[Page, tuple[discord.ui.Item[Any], ...]]:
    """All steps with what is set; the way in."""
    summary = values(situation)
    details = tuple((f"{step.number}. {TITLES[step]}", summary[step]) for step in summary)
    body = (
        "Eight short steps, about five minutes, also on a phone. You can pass over any of them and come back; "
        "nothing is posted before you say so."
    )
    items = (
        _select(
            "goto", "Go to a step", {step.value: f"{step.number}. {TITLES[step]}" for step in SETUP_STEPS}
        ),
        button(_way_in(left_off), to("step", (left_off or SETUP_STEPS[0]).value), main=True),
    )
    return Page("Set the bot up", body, details, STOP_ANY_TIME), items


def _way_in(left_off: SetupStep | None) -> str:
    return f"Go on with step {left_off.number}: {TITLES[left_off]}" if left_off else "Begin with step 1"


def values(situation: Situation) -> dict[SetupStep, str]:
    """What is set at each step that sets something."""
    guild = situation.guild
    quiet = quiet_hours(guild.quiet_from, guild.quiet_until)
    contact = f"ask {plain(guild.privacy_contact)}" if guild.privacy_contact else "nobody is named to ask"
    return {
        SetupStep.ZONE: f"{city(guild.zone)} ({guild.zone})",
        SetupStep.ROLES: _roles_in_words(situation),
        SetupStep.CHANNELS: _channels_in_words(situation),
        SetupStep.CAMPAIGN: title_of(situation, guild.campaign),
        SetupStep.QUIET: str(quiet) if quiet else "None: nudges may come at any hour",
        SetupStep.PRIVACY: f"Feedback is kept {count_of(situation.kept.feedback_weeks, 'week')}; {contact}",
    }


def _roles_in_words(situation: Situation) -> str:
    def shown(field: str) -> str:
        chosen = getattr(situation.guild, field)
        return f"<@&{chosen}>" if chosen else NOT_CHOSEN

    return "\n".join(f"{name.capitalize()}: {shown(field)}" for name, field in ROLE_FIELDS.items())


def _channels_in_words(situation: Situation) -> str:
    """The channels by their names: Discord hides a mention from whoever may not see the channel itself."""

    def shown(field: str) -> str:
        chosen = getattr(situation.guild, field)
        channel = situation.server.get_channel(chosen or 0)
        return f"#{plain(channel.name)}" if channel else GONE if chosen else NOT_CHOSEN

    return "\n".join(f"{name.capitalize()}: {shown(field)}" for name, field in CHANNEL_FIELDS.items())


def title_of(situation: Situation, name: str | None) -> str:
    """A campaign's title, or its name where it does not come with the bot."""
    known = {one.name: one.title for one in situation.campaigns}
    return plain(known.get(name or "", name or "None"))


def zone_step(situation: Situation) -> Shown:
    """In which zone people type times."""
    suggested = situation.suggested_zone
    names = dict.fromkeys((suggested, *USUAL_ZONES, situation.guild.zone))
    options = {
        name: f"{city(name)} ({name})" + (", suggested" if name == suggested else "") for name in names
    }
    return Shown(
        "When somebody types “Thursday 12.30pm”, I take it in this zone. Each reader sees their own time.",
        (("Now", values(situation)[SetupStep.ZONE]),),
        (
            _select("zone", "Choose a time zone", options, chosen=situation.guild.zone),
            button("Another zone", to("zone.form")),
        ),
    )


def roles_step(situation: Situation) -> Shown:
    """Who organises, and who reads feedback."""
    return Shown(
        "Organisers schedule meetings and nudges, and record what the employer answers. Moderators read the confidential "
        "feedback. Nobody does either before you choose a role, not even you.",
        (("Now", values(situation)[SetupStep.ROLES]),),
        (
            *(_role_select(situation, name, field) for name, field in ROLE_FIELDS.items()),
            button("Make the missing roles for me", to("make.roles")),
        ),
    )


def channels_step(situation: Situation) -> Shown:
    """Where the bot posts."""
    uses = "\n".join(f"**{name.capitalize()}:** {use}." for name, use in CHANNEL_USES.items())
    return Shown(
        uses,
        (("Now", values(situation)[SetupStep.CHANNELS]),),
        (
            *(_channel_select(situation, name, field) for name, field in CHANNEL_FIELDS.items()),
            button("Make the missing channels for me", to("make.channels")),
        ),
    )


def campaign_step(situation: Situation) -> Shown:
    """Whose demands, aims, meetings and actions this server has."""
    options = {
        one.name: f"{one.title}: {count_of(one.demands, 'demand')}, {count_of(one.actions, 'action')}"
        for one in situation.campaigns
    }
    return Shown(
        "The campaign brings its demands, aims, motions, actions, meetings and terms. Organisers add to them and change "
        "them; what they changed is kept. Yours is not here? Whoever runs the bot can load it from text files.",
        (("Now", title_of(situation, situation.guild.campaign)),),
        (_select("campaign", "Choose a campaign", options, chosen=situation.guild.campaign or ""),),
    )


def quiet_step(situation: Situation) -> Shown:
    """When nudges wait."""
    guild = situation.guild
    chosen = f"{guild.quiet_from}-{guild.quiet_until}" if guild.quiet_from else NO_HOURS
    first, *others = USUAL_HOURS
    options = {
        first: f"{USUAL_HOURS[first]}, suggested",
        **{hours: USUAL_HOURS[hours] for hours in others},
        NO_HOURS: "No quiet hours",
    }
    return Shown(
        "Nudges that fall due in the quiet hours wait until they are over. Reminders of meetings always come on time.",
        (("Now", values(situation)[SetupStep.QUIET]),),
        (
            _select("quiet", "Choose quiet hours", options, chosen=chosen),
            button("Other hours", to("quiet.form")),
        ),
    )


def privacy_step(situation: Situation) -> Shown:
    """How long feedback is kept, and whom members can ask."""
    weeks = situation.kept.feedback_weeks
    options = {
        str(number): f"{number} weeks: {words}" + (", suggested" if number == SUGGESTED_WEEKS else "")
        for number, words in USUAL_WEEKS.items()
    }
    contact = situation.guild.privacy_contact
    return Shown(
        "Feedback is deleted after this time; the moderators are told a week before. Members see in `/me data` whom they "
        "can ask about their data: name an office, such as the branch secretary, and how to reach it.",
        (
            ("Feedback is kept", f"{count_of(weeks, 'week')} after the week in which it was given"),
            ("Questions about data", plain(contact) if contact else "Nobody is named yet"),
        ),
        (
            _select("weeks", "Choose how long feedback is kept", options, chosen=str(weeks)),
            button("Name the contact", to("contact.form")),
        ),
    )


def post_step(situation: Situation, *, again: bool = False) -> Shown:
    """A post that shows whether all is well; its button is another each time it is shown, and each posts once."""
    channel_id = situation.guild.announcements_channel_id
    where = f"<#{channel_id}>" if channel_id else "your announcements channel, which you choose in step 3"
    label = "Post another test" if again else "Post the test"
    return Shown(
        f"I post a test into {where}. It pings nobody, says that it is a test, and has a button by which you delete it.",
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
        placeholder=f"Choose the {name} role",
        default_values=[role] if role else [],
    )


def _channel_select(situation: Situation, name: str, field: str) -> discord.ui.ChannelSelect[Any]:
    channel = situation.server.get_channel(getattr(situation.guild, field) or 0)
    viewer = situation.viewer
    may_see = channel is not None and viewer is not None and channel.permissions_for(viewer).view_channel
    return discord.ui.ChannelSelect(
        custom_id=to("channel", name),
        placeholder=f"Choose the {name} channel",
        channel_types=[discord.ChannelType.text, discord.ChannelType.news],
        default_values=[channel] if may_see and isinstance(channel, discord.TextChannel) else [],
    )
