"""`/moderate queue`: what is open, in pages, to read one piece or to set several aside together.

Nothing here has a "Share here" button: what members said in confidence stays with the moderators.
"""

from collections.abc import Sequence
from typing import Any, cast

import discord
from discord import app_commands

from bot.domain.feedback import STATES, TOPICS, FeedbackState
from bot.domain.language import say, say_count
from bot.domain.moderating import SEALED_NOTE
from bot.services import campaign
from bot.services import moderation_changes as changes
from bot.services import moderation_queue as work
from bot.services.moderation_queue import EVERY_STATE, Asked, Piece, QueuePage
from cogs._answers import answer
from cogs._bot import CampaignBot, Interaction, context_of, guild_id_of
from cogs._permissions import is_moderator, moderator_only, require_moderator
from cogs._render import Page, button, plain, shorten
from cogs._routes import route
from cogs._suggestions import choices, suggesting
from cogs.moderate_piece import answer_with_piece

PAGE, READ, SAID, SPAM = "queue.page", "queue.read", "queue.said", "queue.spam"
EXCERPT, MARKS, OPTION = 260, 200, 90
STATE_CHOICES = choices(
    {EVERY_STATE: "Every state", **{state.value: label for state, label in STATES.items()}}
)


@app_commands.command(
    name="queue", description="Feedback that is open, to read it, answer it and set it aside"
)
@app_commands.describe(
    state="only what has come this far; without it, all that is open",
    topic="only this topic",
    tag="only what carries this tag",
    demand="only what speaks to this demand",
)
@app_commands.choices(state=STATE_CHOICES, topic=choices(dict(TOPICS)))
@app_commands.autocomplete(
    tag=suggesting(work.suggest_tags, only=is_moderator), demand=suggesting(campaign.suggest_demands)
)
@moderator_only()
async def queue(
    interaction: Interaction,
    state: str = "",
    topic: str = "",
    tag: app_commands.Range[str, 1, 60] = "",
    demand: app_commands.Range[str, 1, 100] = "",
) -> None:
    """Shows the first page."""
    asked = await work.ask(context_of(interaction), guild_id_of(interaction), state, topic, demand, tag)
    await _show(interaction, asked, 0)


def queue_command() -> app_commands.Command[Any, ..., Any]:
    """The command, for the group to which it belongs."""
    return queue  # pyright: ignore[reportUnknownVariableType]


async def turn_page(interaction: Interaction, argument: str) -> None:
    """Shows another page."""
    await require_moderator(interaction)
    asked, page = _read(argument)
    await _show(interaction, asked, page)


async def read_piece(interaction: Interaction, argument: str) -> None:
    """Shows the piece that was chosen, with the way back to this page."""
    await require_moderator(interaction)
    piece = await work.show(context_of(interaction), guild_id_of(interaction), _chosen(interaction)[0])
    await answer_with_piece(interaction, piece, back=route(PAGE, argument))


async def set_aside_as_said(interaction: Interaction, argument: str) -> None:
    """Marks the chosen pieces as said already."""
    await _set_aside(interaction, argument, FeedbackState.DUPLICATE)


async def set_aside_as_spam(interaction: Interaction, argument: str) -> None:
    """Marks the chosen pieces as not feedback."""
    await _set_aside(interaction, argument, FeedbackState.SPAM)


async def _set_aside(interaction: Interaction, argument: str, state: FeedbackState) -> None:
    await require_moderator(interaction)
    number = await changes.set_states(
        context_of(interaction),
        guild_id_of(interaction),
        interaction.user.id,
        _chosen(interaction),
        state.value,
    )
    asked, page = _read(argument)
    await _show(
        interaction,
        asked,
        page,
        done=say_count(
            number,
            "{number} piece marked: {state}",
            "{number} pieces marked: {state}",
            state=say(STATES[state]),
        ),
    )


async def _show(interaction: Interaction, asked: Asked, page: int, *, done: str = "") -> None:
    found = await work.queue(context_of(interaction), guild_id_of(interaction), asked, page)
    argument = _written(asked, found.page)
    # Under the day's digest, which everybody in the channel sees, the button opens a private answer.
    is_private = interaction.message is not None and interaction.message.flags.ephemeral
    await answer(
        interaction, _page(found, asked, done), buttons=_steps(found, asked, argument), replace=is_private
    )


def _page(found: QueuePage, asked: Asked, done: str) -> Page:
    which = _in_words(asked)
    headline = (
        say_count(
            found.total,
            "More than {number} piece of feedback: {which}",
            "More than {number} pieces of feedback: {which}",
            which=which,
        )
        if found.more
        else say_count(
            found.total,
            "{number} piece of feedback: {which}",
            "{number} pieces of feedback: {which}",
            which=which,
        )
    )
    if done:
        headline = f"{done}. {headline}"
    body = ""
    if not found.total:
        body = say("`/moderate queue state:Every state` shows all there is. New feedback comes once a day.")
    details = tuple(_summary(number, piece) for number, piece in enumerate(found.pieces, start=1))
    foot = [
        say("Page {page} of {pages}.", page=found.page + 1, pages=found.pages),
        say("The order is random: it does not tell who came first."),
    ]
    if found.more:
        foot.append(
            say(
                "The others follow when some of these are dealt with; a topic, tag or demand narrows it down."
            )
        )
    return Page(headline, body, details, " ".join(foot))


def _in_words(asked: Asked) -> str:
    states = {"": say("open"), EVERY_STATE: say("every state")} | {
        state.value: say(label) for state, label in STATES.items()
    }
    parts = [states[asked.state], say(TOPICS.get(asked.topic, ""))]
    parts += [
        say("demand {number}", number=asked.demand) if asked.demand else "",
        say("tag “{tag}”", tag=asked.tag) if asked.tag else "",
    ]
    return ", ".join(part for part in parts if part)


def _summary(number: int, piece: Piece) -> tuple[str, str]:
    one = piece.feedback
    marks = [
        say(TOPICS.get(one.topic, one.topic)),
        one.iso_week,
        say("demand {number}", number=piece.demand.position) if piece.demand else "",
        *piece.tags,
    ]
    name = f"{number}. {say(STATES.get(one.state, one.state.value))} · {piece.reference}"
    about = say("About: {marks}", marks=shorten(", ".join(mark for mark in marks if mark), MARKS))
    return name, f"{_excerpt(piece, EXCERPT)}\n{about}"


def _excerpt(piece: Piece, most: int) -> str:
    if piece.feedback.sealed is not None:
        return say(SEALED_NOTE)
    return shorten(plain(shorten(piece.feedback.text, most)), 2 * most)


def _steps(found: QueuePage, asked: Asked, argument: str) -> Sequence[discord.ui.Item[Any]]:
    steps: list[discord.ui.Item[Any]] = []
    if found.pieces:
        several = len(found.pieces)
        steps.append(_menu(say("Read one…"), route(READ, argument), found.pieces))
        if asked.state != FeedbackState.DUPLICATE:
            steps.append(_menu(say("Mark as said already…"), route(SAID, argument), found.pieces, several))
        if asked.state != FeedbackState.SPAM:
            steps.append(_menu(say("Mark as not feedback…"), route(SPAM, argument), found.pieces, several))
    if found.page > 0:
        steps.append(button(say("Previous page"), route(PAGE, _written(asked, found.page - 1))))
    if found.page < found.pages - 1:
        steps.append(button(say("Next page"), route(PAGE, _written(asked, found.page + 1))))
    return steps


def _menu(placeholder: str, custom_id: str, pieces: Sequence[Piece], most: int = 1) -> discord.ui.Select[Any]:
    options = [
        discord.SelectOption(
            label=f"{number}. {piece.reference}",
            value=piece.feedback.feedback_id,
            description=shorten(_said(piece), OPTION),
        )
        for number, piece in enumerate(pieces, start=1)
    ]
    return discord.ui.Select(
        placeholder=placeholder, custom_id=custom_id, options=options, min_values=1, max_values=most
    )


def _said(piece: Piece) -> str:
    return say("Sealed") if piece.feedback.sealed is not None else " ".join(piece.feedback.text.split())


def _chosen(interaction: Interaction) -> list[str]:
    data = cast("dict[str, Any]", interaction.data or {})
    return list(data.get("values") or [""])


def _written(asked: Asked, page: int) -> str:
    return "|".join((str(page), asked.state, asked.topic, asked.demand, asked.tag))


def _read(argument: str) -> tuple[Asked, int]:
    page, state, topic, demand, tag = (argument.split("|") + [""] * 5)[:5]
    return Asked(state, topic, demand if demand.isdecimal() else "", tag), int(
        page
    ) if page.isdecimal() else 0


def add_queue(bot: CampaignBot) -> None:
    """Adds the buttons and menus under the queue."""
    bot.routes.add(PAGE, turn_page)
    bot.routes.add(READ, read_piece)
    bot.routes.add(SAID, set_aside_as_said)
    bot.routes.add(SPAM, set_aside_as_spam)
