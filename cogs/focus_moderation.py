"""`/moderate focus`: open, change and close a focus round. Its ballot is made in `cogs.focus_ballot`.

Everything behind the command is buttons, lists and forms, and each checks the role again.
"""

from datetime import datetime
from typing import Any

import discord
from discord import app_commands

from bot.domain.focus import TITLE_LIMIT, Phase, Round, SuggestionState
from bot.domain.language import later, say, say_count
from bot.domain.when import format_moment
from bot.domain.when.moment import moment_of
from bot.services import focus, focus_moderation
from bot.services.focus import Overview
from bot.services.focus_moderation import RoundRequest
from cogs._answers import answer
from cogs._bot import CampaignBot, Interaction, context_of, guild_id_of, own_zone
from cogs._permissions import moderator_only, require_moderator
from cogs._render import Page, button, moment, plain
from cogs._routes import modal_values, route, show_modal

ROUND, FORM, PLAN, TURN = "focus.round", "focus.form", "focus.plan", "focus.turn"
SUGGESTIONS = "focus.list"
TITLE, OPENS, CLOSES = "title", "opens", "closes"
EXAMPLE = later("A day and a time, such as: Friday 8am, or next Friday 5pm")
NOT_BEFORE = later("Nobody sees votes or results before the round closes, moderators included.")
FIXED = later("When voting opens, the ballot is fixed: everybody votes on the same one.")
STATE_WORDS = {
    SuggestionState.WAITING: later("Waiting for a moderator"),
    SuggestionState.ON_BALLOT: later("On the ballot"),
    SuggestionState.MERGED: later("Merged into another"),
    SuggestionState.SET_ASIDE: later("Set aside"),
}
PHASE_WORDS = {Phase.SUGGESTING: later("It takes suggestions."), Phase.VOTING: later("Voting is open.")}


@app_commands.command(name="focus", description="The focus round: its times, its suggestions and its ballot")
@moderator_only()
async def focus_round(interaction: Interaction) -> None:
    """Shows the round that is open, or offers to open one."""
    await display_round(interaction)


def focus_command() -> app_commands.Command[Any, ..., Any]:
    """The command, for the group to which it belongs."""
    return focus_round  # pyright: ignore[reportUnknownVariableType]


async def show_round(interaction: Interaction, argument: str) -> None:
    """Goes back to the round."""
    del argument
    await require_moderator(interaction)
    await display_round(interaction, replace=True)


async def display_round(interaction: Interaction, said: str = "", *, replace: bool = False) -> None:
    """Shows the round that is open with its next steps, under what was just done if there is something to say."""
    found = await focus.current(context_of(interaction), guild_id_of(interaction))
    if found is None:
        body = say("A round takes suggestions first, then votes, and shows its results when it has closed.")
        page = Page(said or say("No focus round is open."), body)
        steps = [button(say("Open a round…"), route(FORM, ""), main=True)]
        await answer(interaction, page, buttons=steps, replace=replace)
        return
    round_id = found.round.round_id
    steps = [
        button(say("Suggestions"), route(SUGGESTIONS, SuggestionState.WAITING.value, "0"), main=True),
        button(say("Change the round…"), route(FORM, round_id)),
    ]
    if found.phase is Phase.SUGGESTING:
        steps.append(button(say("Open the voting now…"), route(TURN, round_id, Phase.VOTING.value, "ask")))
    steps.append(button(say("Close the round now…"), route(TURN, round_id, Phase.CLOSED.value, "ask")))
    await answer(interaction, _round_page(found, said), buttons=steps, replace=replace)


def _round_page(found: Overview, said: str) -> Page:
    words = say(PHASE_WORDS[found.phase])
    if found.phase is Phase.VOTING and not found.can_vote:
        words = say(
            "Voting could not open: there are too few suggestions on the ballot. Change the "
            "round to put it off."
        )
    counts = [f"{say(label)}: {len(found.in_state(state))}" for state, label in STATE_WORDS.items()]
    return Page(
        said or plain(found.round.title),
        (f"{plain(found.round.title)}\n" if said else "") + words,
        (
            (say("Voting opens"), moment(found.round.opens_at)),
            (say("It closes"), moment(found.round.closes_at)),
            (say("Suggestions"), "\n".join(counts)),
        ),
        f"{say(NOT_BEFORE)} {say(FIXED)}",
    )


async def show_form(interaction: Interaction, argument: str) -> None:
    """Asks for a round's title and times."""
    await require_moderator(interaction)
    found = await focus.current(context_of(interaction), guild_id_of(interaction))
    asked = found if found is not None and found.round.round_id == argument else None
    await show_modal(interaction, _form(asked, argument, await own_zone(interaction)))


def _form(found: Overview | None, round_id: str, zone: str) -> discord.ui.Modal:
    """The form, filled in with the round as it stands; what cannot be changed any more is left out."""
    heading = say("Open a focus round") if found is None else say("Change the focus round")
    modal = discord.ui.Modal(title=heading, custom_id=route(PLAN, round_id))
    before = found.round if found else None
    if found is None or not found.can_vote:
        title: discord.ui.TextInput[Any] = discord.ui.TextInput(
            custom_id=TITLE, max_length=TITLE_LIMIT, default=before.title if before else None
        )
        modal.add_item(
            discord.ui.Label(
                text=say("What is it about?"),
                description=say("Such as: Our focus this summer"),
                component=title,
            )
        )
        to_come = found is not None and found.phase is Phase.SUGGESTING
        opens = _time_input(OPENS, before.opens_at if before and to_come else None, zone)
        modal.add_item(
            discord.ui.Label(text=say("When does voting open?"), description=say(EXAMPLE), component=opens)
        )
    closes = _time_input(CLOSES, before.closes_at if before else None, zone)
    modal.add_item(
        discord.ui.Label(text=say("When does the round close?"), description=say(EXAMPLE), component=closes)
    )
    return modal


def _time_input(custom_id: str, instant: datetime | None, zone: str) -> discord.ui.TextInput[Any]:
    default = format_moment(moment_of(instant, zone)) if instant is not None else None
    return discord.ui.TextInput(custom_id=custom_id, max_length=200, default=default)


async def plan_round(interaction: Interaction, argument: str) -> None:
    """Opens a round as the form says, or changes the one that is open."""
    await require_moderator(interaction)
    context, guild_id = context_of(interaction), guild_id_of(interaction)
    typed = modal_values(interaction)
    zone = await own_zone(interaction)
    request = RoundRequest(typed.get(CLOSES, ""), typed.get(TITLE), typed.get(OPENS), zone)
    if argument:
        planned = await focus_moderation.change_round(
            context, guild_id, interaction.user.id, argument, request
        )
    else:
        planned = await focus_moderation.open_round(context, guild_id, interaction.user.id, request)
    details = (
        (say("Voting opens"), _time(planned, zone, opens=True)),
        (say("It closes"), _time(planned, zone, opens=False)),
        (
            say("Next"),
            say("Members can use `/focus suggest` until voting opens; `/moderate focus` shows what came."),
        ),
    )
    headline = (
        say("The round is changed.") if argument else say("The round is open. It takes suggestions now.")
    )
    await answer(
        interaction,
        Page(headline, plain(planned.title), details, say(NOT_BEFORE)),
        buttons=[button(say("Show the round"), route(ROUND))],
    )


def _time(planned: Round, zone: str, *, opens: bool) -> str:
    instant = planned.opens_at if opens else planned.closes_at
    return f"{format_moment(moment_of(instant, zone))} · {moment(instant)}"


async def turn_round(interaction: Interaction, argument: str) -> None:
    """Opens the voting or closes the round at once, after asking."""
    await require_moderator(interaction)
    round_id, to, step = (*argument.split("|"), "", "")[:3]
    wanted = Phase.CLOSED if to == Phase.CLOSED.value else Phase.VOTING
    context, guild_id = context_of(interaction), guild_id_of(interaction)
    if step == "yes":
        await focus_moderation.turn(context, guild_id, interaction.user.id, round_id, wanted)
        said = say("The round is closed.") if wanted is Phase.CLOSED else say("Voting is open.")
        await display_round(interaction, said, replace=True)
        return
    found = await focus.current(context, guild_id)
    if found is None or found.round.round_id != round_id:
        await display_round(interaction, replace=True)
        return
    label = say("Close it") if wanted is Phase.CLOSED else say("Open it")
    steps = [
        button(label, route(TURN, round_id, wanted.value, "yes"), main=True),
        button(say("Back"), route(ROUND)),
    ]
    await answer(interaction, _question(found, wanted), buttons=steps, replace=True)


def _question(found: Overview, wanted: Phase) -> Page:
    if wanted is Phase.CLOSED:
        return Page(
            say("Close the round now?"),
            say(
                "Nobody can suggest or vote any more, and the results can be seen at once. It cannot "
                "be opened again."
            ),
        )
    focus_moderation.require_ballot(found)
    lines = [
        say_count(
            len(found.ballot), "On the ballot: {number} suggestion.", "On the ballot: {number} suggestions."
        )
    ]
    if waiting := len(found.in_state(SuggestionState.WAITING)):
        lines.append(
            say_count(
                waiting,
                "Still waiting, and not on it: {number} suggestion.",
                "Still waiting, and not on it: {number} suggestions.",
            )
        )
    return Page(say("Open the voting now?"), " ".join([*lines, say(FIXED)]))


HANDLERS = {ROUND: show_round, FORM: show_form, PLAN: plan_round, TURN: turn_round}


def add_focus(bot: CampaignBot) -> None:
    """Lets the bot answer what is behind the command."""
    for name, handler in HANDLERS.items():
        bot.routes.add(name, handler)
