"""`/me`: what members choose about themselves, and what is held about them."""

import io
import json
from collections.abc import Sequence
from typing import Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.language import LANGUAGES, later, say, say_count, speak
from bot.domain.personal_data import Holding
from bot.domain.when import format_moment
from bot.domain.when.moment import moment_of
from bot.services import attendance, guilds, languages, members, retention
from cogs._answers import answer
from cogs._bot import CampaignBot, Interaction, context_of, guild_id_of
from cogs._direct_messages import HOW_TO_OPEN, reaches
from cogs._language import what_stays
from cogs._render import Page, button, plain
from cogs._routes import guild_in, route
from cogs._suggestions import choices, suggesting

FORGET = "me.forget"
AS_THE_SERVER = "server"
FEEDBACK = later(
    "Feedback: nothing in it leads to you, so I cannot tell whether you gave any, and "
    "can neither show nor erase it for you. While I run, I also count in memory how "
    "often you gave some today, under a scrambled mark."
)


@app_commands.guild_only()
class MeCog(
    commands.GroupCog, group_name="me", group_description="Your own choices, and what is held about you"
):
    """Lets members decide about themselves."""

    @app_commands.command(description="Get the campaign's nudges as direct messages, or stop them")
    @app_commands.describe(turn="on or off; I try a direct message at once, to see whether you get it")
    async def nudges(self, interaction: Interaction, turn: Literal["on", "off"]) -> None:
        """Switches nudges by direct message on or off."""
        context, guild_id, user = context_of(interaction), guild_id_of(interaction), interaction.user
        wanted = turn == "on"
        arrived = await reaches(user, _first_message(interaction.guild)) if wanted else False
        await members.set_nudges(context, guild_id, user.id, on=wanted and arrived)
        await answer(interaction, _nudges_page(wanted=wanted, arrived=arrived))

    @app_commands.command(description="Choose the time zone that you mean when you type a time")
    @app_commands.describe(
        zone="a large city, such as Dublin; start typing. Leave it out to see how it stands"
    )
    @app_commands.autocomplete(zone=suggesting(members.suggest))
    async def timezone(
        self, interaction: Interaction, zone: app_commands.Range[str, 1, 60] | None = None
    ) -> None:
        """Sets or shows the member's own zone."""
        context, guild_id, user_id = context_of(interaction), guild_id_of(interaction), interaction.user.id
        if zone is not None:
            own = None if zone.strip().casefold() == AS_THE_SERVER else zone
            await members.set_zone(context, guild_id, user_id, own)
        mine = await members.zone_for(context, guild_id, user_id)
        servers = (await guilds.get(context, guild_id)).zone
        back = say("`/me timezone zone:server` goes back to it.")
        body = say("There it is now {moment}.", moment=format_moment(moment_of(context.now(), mine)))
        details = (
            (
                say("What it is for"),
                say("The times that you type. Discord shows you times in your own zone in any case."),
            ),
            (
                say("The server's zone"),
                f"{servers}. {back}",
            ),
        )
        await answer(interaction, Page(say("Your time zone: {zone}", zone=mine), body, details))

    @app_commands.command(description="Choose the language in which you are answered")
    @app_commands.describe(wanted="leave it out to see how it stands")
    @app_commands.rename(wanted="language")
    @app_commands.choices(wanted=choices({**LANGUAGES, languages.AS_THE_SERVER: "As this server has it"}))
    async def language(self, interaction: Interaction, wanted: str | None = None) -> None:
        """Sets or shows the language in which the member is answered."""
        context, guild_id, user_id = context_of(interaction), guild_id_of(interaction), interaction.user.id
        if wanted is not None:
            await languages.choose(context, guild_id, user_id, wanted)
            speak(await languages.of_person(context, guild_id, user_id))
        own = (await members.choices(context, guild_id, user_id)).language
        servers = LANGUAGES[(await guilds.get(context, guild_id)).language]
        back = say("`/me language`, “As this server has it”, goes back to it.")
        page = Page(
            say("Your language: {language}", language=LANGUAGES[own] if own else servers),
            say(languages.AWAITING_REVIEW),
            (
                (
                    say("What it is for"),
                    say("My answers to you, and my direct messages. Posts in channels have the server's."),
                ),
                (
                    say("The server's language"),
                    f"{servers}. {back}",
                ),
                what_stays(),
            ),
        )
        await answer(interaction, page)

    @app_commands.command(description="See everything that is held about you here")
    async def data(self, interaction: Interaction) -> None:
        """Shows what is held, with every row of it in a file."""
        holdings = await members.held(context_of(interaction), guild_id_of(interaction), interaction.user.id)
        rows = sum(len(holding.rows) for holding in holdings)
        headline = (
            say_count(rows, "{number} entry about you", "{number} entries about you")
            if rows
            else say("Nothing is held about you here.")
        )
        details = tuple((say(holding.column.title), _explained(holding)) for holding in holdings)
        details += await _kept_here(interaction)
        body = say("The file has each of them in full.") if rows else say("This is what could be, and why.")
        steps = [button(say("Erase it…"), route(FORGET, "ask"))] if _erasable(holdings) else []
        file = _file_of(holdings) if rows else None
        await answer(interaction, Page(headline, body, details, say(FEEDBACK)), buttons=steps, file=file)

    @app_commands.command(description="Erase what is held about you here, after you confirm it")
    async def forget(self, interaction: Interaction) -> None:
        """Says what would be erased, and asks."""
        await _ask(interaction)


def _first_message(guild: discord.Guild | None) -> Page:
    body = (
        say("You asked for them in {server}. `/me nudges turn:off` there stops them.", server=guild.name)
        if guild
        else say("You asked for them in your campaign's server. `/me nudges turn:off` there stops them.")
    )
    return Page(say("Nudges will come to you here."), body)


def _nudges_page(*, wanted: bool, arrived: bool) -> Page:
    if not wanted:
        return Page(
            say("Nudges by direct message are off."),
            say("I send you none. The channels have them as before."),
        )
    if not arrived:
        return Page(
            say("I could not reach you by direct message, so nudges stay off."),
            say(HOW_TO_OPEN, command="/me nudges turn:on"),
        )
    return Page(
        say("Nudges by direct message are on."),
        say(
            "I have just sent you the first message. A nudge comes to you when its channel has "
            "had it.\nYour phone may show direct messages on its lock screen; `/me nudges "
            "turn:off` stops them."
        ),
    )


def _explained(holding: Holding) -> str:
    column = holding.column
    found = (
        say_count(len(holding.rows), "{number} entry", "{number} entries") if holding.rows else say("Nothing")
    )
    return say(
        "**{found}.** {what}\nWhy: {why}\nHow long: {kept}\nErasing: {erasure}",
        found=found,
        what=say(column.what),
        why=say(column.why),
        kept=say(column.kept),
        erasure=say(column.erasure),
    )


async def _kept_here(interaction: Interaction) -> tuple[tuple[str, str], ...]:
    """What administrators have set for all: how long things are kept, and whom to ask."""
    guild = await guilds.get(context_of(interaction), guild_id_of(interaction))
    kept = retention.periods_of(context_of(interaction), guild)
    contact = (
        plain(guild.privacy_contact) if guild.privacy_contact else say("Ask an administrator of this server.")
    )
    return (
        (
            say("How long this server keeps things"),
            say_count(
                attendance.days_of(guild),
                "Feedback {feedback_weeks} weeks, the audit log {audit_weeks}, and who answered to a "
                "meeting until {number} day after each meeting.",
                "Feedback {feedback_weeks} weeks, the audit log {audit_weeks}, and who answered to a "
                "meeting until {number} days after each meeting.",
                feedback_weeks=kept.feedback_weeks,
                audit_weeks=kept.audit_weeks,
            ),
        ),
        (say("Questions about your data"), contact),
    )


def _erasable(holdings: Sequence[Holding]) -> list[Holding]:
    return [holding for holding in holdings if holding.rows and holding.column.erasable]


def _kept(holdings: Sequence[Holding]) -> list[Holding]:
    return [holding for holding in holdings if holding.rows and not holding.column.erasable]


def _file_of(holdings: Sequence[Holding]) -> discord.File:
    held = {say(holding.column.title): holding.rows for holding in holdings if holding.rows}
    text = json.dumps(held, ensure_ascii=False, indent=2)
    return discord.File(io.BytesIO(text.encode()), "held-about-you.json")


def _listed(holdings: Sequence[Holding]) -> str:
    return "\n".join(
        f"{say(holding.column.title)}: {say_count(len(holding.rows), '{number} entry', '{number} entries')}"
        for holding in holdings
    )


def _kept_details(holdings: Sequence[Holding]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (
            say("Kept: {title}", title=say(holding.column.title)),
            f"{say(holding.column.why)} {say(holding.column.erasure)}",
        )
        for holding in _kept(holdings)
    )


async def _ask(interaction: Interaction) -> None:
    holdings = await members.held(context_of(interaction), guild_id_of(interaction), interaction.user.id)
    erasable = _erasable(holdings)
    if not erasable:
        headline = (
            say("There is nothing to erase.") if _kept(holdings) else say("Nothing is held about you here.")
        )
        await answer(interaction, Page(headline, "", _kept_details(holdings), say(FEEDBACK)))
        return
    warning = say("Direct messages from me stop. Nobody can bring it back.")
    page = Page(
        say("Erase this for good?"),
        f"{_listed(erasable)}\n{warning}",
        _kept_details(holdings),
        say(FEEDBACK),
    )
    await answer(interaction, page, buttons=[button(say("Erase it"), route(FORGET, "yes"), main=True)])


async def forget_me(interaction: Interaction, argument: str) -> None:
    """Erases what is held about the person who pressed the button, or asks first."""
    if argument != "yes":
        await _ask(interaction)
        return
    holdings = await members.forget(context_of(interaction), guild_id_of(interaction), interaction.user.id)
    erased = _erasable(holdings)
    headline = say("Erased.") if erased else say("There was nothing left to erase.")
    gone = say("It is gone from the database.")
    body = f"{_listed(erased)}\n{gone}" if erased else ""
    await answer(interaction, Page(headline, body, _kept_details(holdings), say(FEEDBACK)), replace=True)


async def stop_nudges(interaction: Interaction, argument: str) -> None:
    """Switches the nudges of one server off for the person who pressed, wherever they pressed."""
    guild_id = guild_in(argument)
    await members.set_nudges(context_of(interaction), guild_id, interaction.user.id, on=False)
    page = Page(
        say("You get no more nudges by direct message."),
        say("`/me nudges turn:on` in the server brings them back."),
    )
    await answer(interaction, page)


async def setup(bot: CampaignBot) -> None:
    """Adds the feature to the bot."""
    bot.routes.add(FORGET, forget_me)
    bot.routes.add("me.stop", stop_nudges)
    await bot.add_cog(MeCog())
