"""What members propose for a meeting's agenda, what organisers make of it, and the notes afterwards."""

from typing import Any

import discord
from discord import app_commands

from bot.domain.language import later, say, say_count
from bot.services import agenda, meetings
from bot.services.agenda import NOTES_LIMIT, PROPOSAL_LIMIT, Agenda
from cogs._answers import answer
from cogs._bot import Interaction, context_of, guild_id_of
from cogs._permissions import is_organiser, organiser_only, require_organiser
from cogs._render import Page, as_typed, button, plain, shorten
from cogs._routes import chosen_value, modal_values, route, show_modal
from cogs._suggestions import suggesting

PROPOSE, OPEN, SETTLE, NOTES, NOTES_FORM = (
    "agenda.propose",
    "agenda.open",
    "agenda.settle",
    "agenda.notes",
    "agenda.notes.form",
)
TEXT = "text"
NOT_YOURS = later("Nothing is kept of who proposed it, and organisers see it without a name.")


async def open_proposal(interaction: Interaction, argument: str) -> None:
    """Shows the form for a proposal."""
    found = await meetings.get_meeting(context_of(interaction), guild_id_of(interaction), argument)
    await show_modal(interaction, proposal_form(found.key, found.title))


def proposal_form(key: str, title: str) -> discord.ui.Modal:
    """The form for one thing to put on a meeting's agenda."""
    modal = discord.ui.Modal(title=say("For the agenda"), custom_id=route(PROPOSE, key))
    modal.add_item(discord.ui.TextDisplay(f"{plain(title)}\n{say(NOT_YOURS)}"))
    box: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id=TEXT, max_length=PROPOSAL_LIMIT, style=discord.TextStyle.paragraph
    )
    label: discord.ui.Label[Any] = discord.ui.Label(
        text=say("What should be on the agenda?"), description=say("One thing."), component=box
    )
    modal.add_item(label)
    return modal


async def submit_proposal(interaction: Interaction, argument: str) -> None:
    """Stores what a member proposes."""
    found = await agenda.propose(
        context_of(interaction),
        guild_id_of(interaction),
        interaction.user.id,
        argument,
        modal_values(interaction).get(TEXT, ""),
    )
    page = Page(
        say("Proposed. Thank you."),
        say(
            "An organiser decides whether it goes on the agenda of {title}.",
            title=plain(found.title),
        ),
        ((say("What is stored"), say(NOT_YOURS)),),
    )
    await answer(interaction, page)


@app_commands.command(
    name="agenda", description="What members propose for a meeting, its agenda and its notes"
)
@app_commands.describe(meeting="start typing; a word from its title is enough")
@app_commands.autocomplete(meeting=suggesting(meetings.suggest_meetings, only=is_organiser))
@organiser_only()
async def _agenda(interaction: Interaction, meeting: app_commands.Range[str, 1, 200]) -> None:
    found = await agenda.agenda(context_of(interaction), guild_id_of(interaction), meeting)
    await _show(interaction, found)


def agenda_command() -> app_commands.Command[Any, ..., Any]:
    """The command, for the group to which it belongs."""
    return _agenda  # pyright: ignore[reportUnknownVariableType]


async def settle(interaction: Interaction, argument: str) -> None:
    """Puts the chosen proposal on the agenda, or sets it aside."""
    await require_organiser(interaction)
    context, guild_id = context_of(interaction), guild_id_of(interaction)
    stored = await agenda.settle(context, guild_id, chosen_value(interaction), accept=argument == "accept")
    await _show(interaction, await agenda.agenda(context, guild_id, stored.key), replace=True)


async def open_notes(interaction: Interaction, argument: str) -> None:
    """Shows the form for a meeting's notes, with what they say so far."""
    await require_organiser(interaction)
    found = await meetings.get_meeting(context_of(interaction), guild_id_of(interaction), argument)
    modal = discord.ui.Modal(title=say("Notes of the meeting"), custom_id=route(NOTES_FORM, found.key))
    box: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id=TEXT,
        default=found.notes,
        max_length=NOTES_LIMIT,
        style=discord.TextStyle.paragraph,
        required=False,
    )
    description = say(
        "Everybody in the server can read them with /meeting show. No names of members, please."
    )
    label: discord.ui.Label[Any] = discord.ui.Label(
        text=say("What came of it"), description=description, component=box
    )
    modal.add_item(label)
    await show_modal(interaction, modal)


async def submit_notes(interaction: Interaction, argument: str) -> None:
    """Keeps the notes."""
    await require_organiser(interaction)
    context, guild_id = context_of(interaction), guild_id_of(interaction)
    text = modal_values(interaction).get(TEXT, "")
    stored = await agenda.write_notes(context, guild_id, argument, text)
    headline = say("The notes are kept") if stored.notes else say("The notes are taken away")
    page = Page(f"{headline}: {plain(stored.title)}", as_typed(stored.notes))
    steps = [button(say("Show it as members see it"), route("look", "meeting.show", "0", stored.key))]
    await answer(interaction, page, buttons=steps)


async def _show(interaction: Interaction, found: Agenda, *, replace: bool = False) -> None:
    details = [(say("On the agenda"), as_typed(found.meeting.summary) or say("Nothing yet."))]
    if found.proposals:
        lines = "\n".join(f"{number}. {plain(one.text)}" for number, one in enumerate(found.proposals, 1))
        details.append(
            (
                say_count(found.waiting, "{number} proposal by members", "{number} proposals by members"),
                lines,
            )
        )
    if found.meeting.notes:
        details.append((say("Notes"), as_typed(found.meeting.notes)))
    page = Page(
        say("Agenda: {title}", title=plain(found.meeting.title)),
        "",
        tuple(details),
        say("Proposals come without names."),
    )
    await answer(interaction, page, buttons=_steps(found), replace=replace)


def _steps(found: Agenda) -> list[discord.ui.Item[Any]]:
    steps: list[discord.ui.Item[Any]] = [
        button(say("Write notes"), route(NOTES, found.meeting.key), main=not found.proposals)
    ]
    if found.proposals:
        steps.append(_choice(say("Put on the agenda …"), route(SETTLE, "accept"), found))
        steps.append(_choice(say("Set aside …"), route(SETTLE, "aside"), found))
    return steps


def _choice(words: str, custom_id: str, found: Agenda) -> discord.ui.Select[Any]:
    options = [
        discord.SelectOption(label=shorten(f"{number}. {one.text}", 100), value=one.proposal_id)
        for number, one in enumerate(found.proposals, 1)
    ]
    return discord.ui.Select(custom_id=custom_id, options=options, placeholder=words)


HANDLERS = {
    PROPOSE: submit_proposal,
    OPEN: open_proposal,
    SETTLE: settle,
    NOTES: open_notes,
    NOTES_FORM: submit_notes,
}
