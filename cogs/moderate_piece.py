"""`/moderate show`, `tag`, `state` and `reply`: one piece of feedback, and what moderators do with it."""

from collections.abc import Sequence
from typing import Any, cast

import discord
from discord import app_commands

from bot.domain.feedback import GRADES, REGIONS, STATES, TOPICS, FeedbackState
from bot.domain.language import later, say
from bot.domain.moderating import REPLY_LIMIT, SEALED_NOTE, TAG_LIMIT, demand_tag
from bot.domain.problems import BadInput
from bot.services import moderation_changes as changes
from bot.services import moderation_queue as work
from bot.services.moderation_queue import Piece
from cogs._answers import answer
from cogs._bot import CampaignBot, Interaction, context_of, guild_id_of
from cogs._permissions import is_moderator, moderator_only, require_moderator
from cogs._render import Page, as_typed, button, shorten
from cogs._routes import modal_values, route, show_modal
from cogs._suggestions import choices, suggesting

PAGE, STATE, SET, TAG, TAGGED, REPLY, REPLIED = (
    f"piece.{name}" for name in ("page", "state", "set", "tag", "tagged", "reply", "replied")
)
QUEUE_PAGE = "queue.page"
ADD, REMOVE, TEXT = "add", "remove", "text"
BODY = 3_400
"""So much of a text fits on a page beside what else is said there."""

SUPPRESSED = later("Region and grade are left out where fewer than 5 pieces of feedback share them.")
REPLY_NOTE = later(
    "The member reads this with the receipt; they are not told that it is there. Do not "
    "repeat their words, and name nobody: a reply is kept readable on the server, also "
    "where feedback is sealed."
)
ITEM = suggesting(work.suggest_pieces, only=is_moderator)
ABOUT_ITEM = "start typing: its reference, or words from the text"


@app_commands.command(name="show", description="One piece of feedback in full, and what was replied")
@app_commands.describe(item=ABOUT_ITEM)
@app_commands.autocomplete(item=ITEM)
@moderator_only()
async def show(interaction: Interaction, item: str) -> None:
    """Shows a piece of feedback."""
    piece = await work.show(context_of(interaction), guild_id_of(interaction), item)
    await answer_with_piece(interaction, piece)


@app_commands.command(name="tag", description="Tag a piece of feedback, such as: overtime, or demand 3")
@app_commands.describe(
    item=ABOUT_ITEM,
    tag="a word or two; “demand 3” says that it speaks to demand 3",
    remove="take the tag off instead",
)
@app_commands.autocomplete(item=ITEM, tag=suggesting(work.suggest_tags, only=is_moderator))
@moderator_only()
async def tag_(
    interaction: Interaction, item: str, tag: app_commands.Range[str, 1, 60], remove: bool = False
) -> None:
    """Adds a tag, or takes it off."""
    piece = await _tag(interaction, item, tag, remove=remove)
    await answer_with_piece(interaction, piece, done=say("Tag taken off") if remove else say("Tagged"))


@app_commands.command(name="state", description="Say how far a piece of feedback has come")
@app_commands.describe(item=ABOUT_ITEM, state="how far it has come")
@app_commands.autocomplete(item=ITEM)
@app_commands.choices(state=choices({state.value: label for state, label in STATES.items()}))
@moderator_only()
async def state_(interaction: Interaction, item: str, state: str) -> None:
    """Changes the state."""
    await _set_state(interaction, item, state)


@app_commands.command(name="reply", description="Reply to whoever gave a piece of feedback, by its receipt")
@app_commands.describe(item=ABOUT_ITEM)
@app_commands.autocomplete(item=ITEM)
@moderator_only()
async def reply(interaction: Interaction, item: str) -> None:
    """Asks for the text of the reply."""
    await _ask_for_reply(interaction, item)


def piece_commands() -> tuple[app_commands.Command[Any, ..., Any], ...]:
    """The commands, for the group to which they belong."""
    return (show, tag_, state_, reply)  # pyright: ignore[reportUnknownVariableType]


async def answer_with_piece(
    interaction: Interaction, piece: Piece, number: int = 0, *, done: str = "", back: str = ""
) -> None:
    """Shows a piece with what can be done about it.

    Args:
        interaction: what is answered.
        piece: the piece.
        number: which page of it.
        done: what has just been done, for the first line.
        back: where the button back to the queue leads; without it, where it led before.
    """
    bodies = _in_pages(_sections(piece))
    number = min(max(number, 0), len(bodies) - 1)
    headline = say("Feedback {reference}", reference=piece.reference)
    foot = say(SUPPRESSED)
    if len(bodies) > 1:
        page_of = say("Page {page} of {pages}.", page=number + 1, pages=len(bodies))
        foot = f"{page_of} {foot}"
    page = Page(f"{done}. {headline}" if done else headline, bodies[number], _details(piece), foot)
    steps = _steps(piece, number, len(bodies), back or _way_back(interaction))
    is_private = interaction.message is not None and interaction.message.flags.ephemeral
    await answer(interaction, page, buttons=steps, replace=is_private)


def _sections(piece: Piece) -> list[tuple[str, str]]:
    one = piece.feedback
    sections = [("", say(SEALED_NOTE) if one.sealed is not None else as_typed(one.text))]
    for said in piece.thread:
        heading = (
            say("The moderators replied, {week}", week=said.iso_week)
            if said.from_moderators
            else say("The member added, {week}", week=said.iso_week)
        )
        text = say(SEALED_NOTE) if said.sealed is not None else as_typed(said.text)
        sections.append((f"**{heading}**\n", text))
    return sections


def _in_pages(sections: Sequence[tuple[str, str]]) -> list[str]:
    """The sections one after the other, as many to a page as fit; a long one goes on on the next page."""
    pages = [""]
    for heading, text in sections:
        rest = heading + text
        while rest:
            space = BODY - len(pages[-1])
            if len(rest) > space and pages[-1]:
                pages.append("")
                continue
            part, rest = (rest, "") if len(rest) <= BODY else _cut(rest)
            pages[-1] += f"{part}\n\n"
    return pages


def _cut(text: str) -> tuple[str, str]:
    """The text in two, between words if there is a space, and never between a backslash and what it guards."""
    at = max(text.rfind(" ", BODY // 2, BODY), text.rfind("\n", BODY // 2, BODY))
    at = at if at > 0 else BODY
    backslashes = at - len(text[:at].rstrip("\\"))
    at -= backslashes % 2
    return text[:at].rstrip(), text[at:].lstrip()


def _details(piece: Piece) -> tuple[tuple[str, str], ...]:
    one = piece.feedback
    shown = [
        (say("State"), say(STATES.get(one.state, one.state.value))),
        (
            say("About"),
            say(
                "{topic}, given in week {week}",
                topic=say(TOPICS.get(one.topic, one.topic)),
                week=one.iso_week,
            ),
        ),
        (say("Region"), say(REGIONS.get(piece.region, piece.region)) if piece.region else ""),
        (say("Grade"), say(GRADES.get(piece.grade, piece.grade)) if piece.grade else ""),
        (
            say("Speaks to"),
            say(
                "Demand {number}: {title}",
                number=piece.demand.position,
                title=piece.demand.title,
            )
            if piece.demand
            else "",
        ),
        (say("Tags"), ", ".join(piece.tags)),
    ]
    return tuple((name, value) for name, value in shown if value)


def _steps(piece: Piece, number: int, pages: int, back: str) -> list[discord.ui.Item[Any]]:
    one = piece.feedback
    steps: list[discord.ui.Item[Any]] = [
        discord.ui.Select(
            placeholder=say("Change the state…"),
            custom_id=route(STATE, one.feedback_id),
            options=[
                discord.SelectOption(label=say(label), value=state.value) for state, label in STATES.items()
            ],
        ),
        button(say("Reply"), route(REPLY, one.feedback_id), main=True),
        button(say("Tags"), route(TAG, one.feedback_id)),
        button(say("Said already"), route(SET, one.feedback_id, FeedbackState.DUPLICATE.value)),
        button(say("Not feedback"), route(SET, one.feedback_id, FeedbackState.SPAM.value)),
    ]
    if number > 0:
        steps.append(button(say("Previous page"), route(PAGE, one.feedback_id, str(number - 1))))
    if number < pages - 1:
        steps.append(button(say("Next page"), route(PAGE, one.feedback_id, str(number + 1))))
    return [*steps, button(say("Back to the queue"), back)]


def _way_back(interaction: Interaction) -> str:
    """Where the button back to the queue led in the message that was pressed: nothing else remembers the page."""
    rows = interaction.message.components if interaction.message else []
    for row in rows:
        for one in row.children if isinstance(row, discord.ActionRow) else []:
            if (one.custom_id or "").startswith(f"{QUEUE_PAGE}|"):
                return str(one.custom_id)
    return route(QUEUE_PAGE, "")


async def turn_page(interaction: Interaction, argument: str) -> None:
    """Shows another page of a piece."""
    await require_moderator(interaction)
    item, _, number = argument.partition("|")
    piece = await work.show(context_of(interaction), guild_id_of(interaction), item)
    await answer_with_piece(interaction, piece, int(number) if number.isdecimal() else 0)


async def choose_state(interaction: Interaction, argument: str) -> None:
    """Gives a piece the state that was chosen from the menu."""
    await require_moderator(interaction)
    data = cast("dict[str, Any]", interaction.data or {})
    await _set_state(interaction, argument, next(iter(data.get("values") or []), ""))


async def set_state(interaction: Interaction, argument: str) -> None:
    """Gives a piece the state of the button."""
    await require_moderator(interaction)
    item, _, state = argument.partition("|")
    await _set_state(interaction, item, state)


async def _set_state(interaction: Interaction, item: str, state: str) -> None:
    context, guild_id = context_of(interaction), guild_id_of(interaction)
    await changes.set_states(context, guild_id, interaction.user.id, [item], state)
    piece = await work.show(context, guild_id, item)
    await answer_with_piece(
        interaction, piece, done=say("Marked: {state}", state=say(STATES[piece.feedback.state]))
    )


async def ask_for_tags(interaction: Interaction, argument: str) -> None:
    """Asks which tag to add or to take off."""
    await require_moderator(interaction)
    piece = await work.show(context_of(interaction), guild_id_of(interaction), argument)
    there = [(tag, tag) for tag in piece.tags]
    if piece.demand:
        number = piece.demand.position
        there.append((say("demand {number}", number=number), demand_tag(number)))
    modal = discord.ui.Modal(
        title=say("Tags of {reference}", reference=piece.reference),
        custom_id=route(TAGGED, piece.feedback.feedback_id),
    )
    modal.add_item(
        discord.ui.Label(
            text=say("Add a tag"),
            description=say("A word or two. “demand 3” says that it speaks to demand 3."),
            component=discord.ui.TextInput(custom_id=ADD, required=False, max_length=TAG_LIMIT),
        )
    )
    if there:
        options = [discord.SelectOption(label=label, value=tag) for label, tag in there[:25]]
        menu: discord.ui.Select[Any] = discord.ui.Select(
            custom_id=REMOVE, options=options, required=False, min_values=0
        )
        modal.add_item(discord.ui.Label(text=say("Take one off"), component=menu))
    await show_modal(interaction, modal)


async def store_tags(interaction: Interaction, argument: str) -> None:
    """Adds and takes off what was asked for in the form."""
    await require_moderator(interaction)
    typed = modal_values(interaction)
    added, removed = typed.get(ADD, "").strip(), typed.get(REMOVE, "")
    if not added and not removed:
        raise BadInput(
            say("No tag was given, so nothing was changed."), next_step=say("Press Tags again and type one.")
        )
    # What is to be added may be refused, and then nothing is to be taken off either.
    for tag, remove in ((added, False), (removed, True)):
        if not tag:
            continue
        await _tag(interaction, argument, tag, remove=remove)
    piece = await work.show(context_of(interaction), guild_id_of(interaction), argument)
    await answer_with_piece(interaction, piece, done=say("Tagged") if added else say("Tag taken off"))


async def _tag(interaction: Interaction, item: str, tag: str, *, remove: bool) -> Piece:
    return await changes.tag(
        context_of(interaction), guild_id_of(interaction), interaction.user.id, item, tag, remove=remove
    )


async def ask_for_reply(interaction: Interaction, argument: str) -> None:
    """Asks for the text of a reply."""
    await require_moderator(interaction)
    await _ask_for_reply(interaction, argument)


async def _ask_for_reply(interaction: Interaction, item: str) -> None:
    piece = await work.show(context_of(interaction), guild_id_of(interaction), item)
    modal = discord.ui.Modal(
        title=say("Reply to {reference}", reference=piece.reference),
        custom_id=route(REPLIED, piece.feedback.feedback_id),
    )
    said = (
        say(SEALED_NOTE) if piece.feedback.sealed is not None else as_typed(shorten(piece.feedback.text, 500))
    )
    modal.add_item(discord.ui.TextDisplay(f"{said}\n\n{say(REPLY_NOTE)}"))
    text: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id=TEXT, style=discord.TextStyle.paragraph, max_length=REPLY_LIMIT
    )
    modal.add_item(discord.ui.Label(text=say("Your reply"), component=text))
    await show_modal(interaction, modal)


async def store_reply(interaction: Interaction, argument: str) -> None:
    """Stores a reply."""
    await require_moderator(interaction)
    piece = await changes.reply(
        context_of(interaction),
        guild_id_of(interaction),
        interaction.user.id,
        argument,
        modal_values(interaction).get(TEXT, ""),
    )
    await answer_with_piece(interaction, piece, done=say("Your reply is stored"))


def add_pieces(bot: CampaignBot) -> None:
    """Adds the buttons, menus and forms of a piece."""
    for name, handler in (
        (PAGE, turn_page),
        (STATE, choose_state),
        (SET, set_state),
        (TAG, ask_for_tags),
        (TAGGED, store_tags),
        (REPLY, ask_for_reply),
        (REPLIED, store_reply),
    ):
        bot.routes.add(name, handler)
