"""What a member can do with a receipt: see how things stand, add something, take it all back.

A receipt is typed into a form, which nobody else in the channel sees. The buttons under the private answers carry it
along, so that it need not be typed again.
"""

from collections.abc import Callable
from typing import Any

import discord

from bot.domain.drafts import Draft
from bot.domain.feedback import STATES, TEXT_LIMIT, TOPICS, FeedbackState, cleaned
from bot.domain.feedback_threads import FeedbackThread, ThreadMessage
from bot.domain.language import later, say, say_count
from bot.domain.receipts import normalise_receipt
from bot.domain.scrub import scrub
from bot.services import feedback_receipts
from cogs import _scrub_question as question
from cogs._answers import answer
from cogs._bot import Interaction, context_of, guild_id_of
from cogs._render import Page, button
from cogs._routes import modal_values, route, show_modal

CHECK, ADD, WITHDRAW = "feedback.check", "feedback.add", "feedback.withdraw"
PAGE, ADD_FORM, ADD_ANSWER, WITHDRAW_YES = (
    "feedback.page",
    "feedback.add.form",
    "feedback.add.answer",
    "feedback.withdraw.yes",
)
RECEIPT, TEXT = "receipt", "text"
RECEIPT_ROOM = 60
PAGE_ROOM, LONGEST_WORD = 3_500, 200

WAITING = later("Waiting for the day's batch. No moderator has seen it yet.")
SEALED = later(
    "*It was encrypted when it came in, for the holders of the campaign's key, so I cannot show it to you.*"
)
ADD_NOTICE = later(
    "What you add is kept with your feedback, confidentially as that is. Moderators see "
    "it with the next daily batch. Leave out names, case numbers, and whatever only you "
    "could know."
)
WRITTEN = later("What you wrote")
KEPT_FOR_YOU = later("Only you see this. Nothing records that you looked.")


async def show_receipt_form(interaction: Interaction, name: str, title: str) -> None:
    """Asks for a receipt."""
    modal = discord.ui.Modal(title=title, custom_id=route(name, ""))
    modal.add_item(_receipt_label())
    await show_modal(interaction, modal)


async def show_adding_form(interaction: Interaction, receipt: str = "", text: str = "") -> None:
    """Asks for what is to be added, and for the receipt if that is not known yet."""
    modal = discord.ui.Modal(title=say("Add to your feedback"), custom_id=route(ADD, receipt))
    modal.add_item(discord.ui.TextDisplay(say(ADD_NOTICE)))
    if not receipt:
        modal.add_item(_receipt_label())
    box = question.text_box(TEXT, text, TEXT_LIMIT)
    modal.add_item(discord.ui.Label(text=say("What do you want to add?"), component=box))
    await show_modal(interaction, modal)


def _receipt_label() -> discord.ui.Label[Any]:
    return discord.ui.Label(
        text=say("Your receipt"),
        description=say(
            "16 letters and digits, such as 7K3M-Q0ZD-9XW2-H5TA. Capitals and hyphens do not matter."
        ),
        component=discord.ui.TextInput(custom_id=RECEIPT, max_length=RECEIPT_ROOM),
    )


async def check(interaction: Interaction, argument: str) -> None:
    """Shows how the feedback stands to which the receipt belongs."""
    await _show(interaction, argument or modal_values(interaction).get(RECEIPT, ""))


async def turn_page(interaction: Interaction, argument: str) -> None:
    """Shows another page of a long thread."""
    receipt, _, number = argument.partition("|")
    await _show(interaction, receipt, int(number) if number.isdecimal() else 0, replace=True)


async def _show(interaction: Interaction, typed: str, number: int = 0, *, replace: bool = False) -> None:
    context, guild_id = context_of(interaction), guild_id_of(interaction)
    thread = await feedback_receipts.check(context, guild_id, interaction.user.id, typed)
    receipt = normalise_receipt(typed)
    bodies = _bodies(thread)
    number = min(number, len(bodies) - 1)
    turns = [
        button(label, route(PAGE, receipt, str(other)))
        for label, other in ((say("Previous page"), number - 1), (say("Next page"), number + 1))
        if 0 <= other < len(bodies)
    ]
    foot = say(KEPT_FOR_YOU)
    if len(bodies) > 1:
        page_of = say("Page {page} of {pages}", page=number + 1, pages=len(bodies))
        foot = f"{page_of} · {foot}"
    page = Page(_headline(thread), bodies[number], (), foot)
    steps = [
        button(say("Add something"), route(ADD_FORM, receipt)),
        button(say("Take it back"), route(WITHDRAW, receipt)),
    ]
    await answer(interaction, page, buttons=[*turns, *steps], replace=replace)


def _headline(thread: FeedbackThread) -> str:
    state = thread.feedback.state
    return (
        say(WAITING)
        if state is FeedbackState.WAITING
        else say("How your feedback stands: {state}", state=say(STATES[state]))
    )


def _bodies(thread: FeedbackThread) -> list[str]:
    """The thread in as few pages as hold it, oldest first."""
    given = thread.feedback
    replies = sum(one.from_moderators for one in thread.messages)
    about = say(
        "Topic: {topic}. Given in the week {week}.",
        topic=say(TOPICS.get(given.topic, given.topic)),
        week=given.iso_week,
    )
    answered_by = (
        say("Replies from the moderators: {number}.", number=replies) if replies else say("No reply yet.")
    )
    parts = [
        f"{about} {answered_by}",
        f"**{say(WRITTEN)}**\n{_shown(given.text, sealed=given.sealed is not None)}",
        *(
            f"**{_author(one)}**\n{_shown(one.text, sealed=one.sealed is not None)}"
            for one in thread.messages
        ),
    ]
    return _cut("\n\n".join(parts))


def _cut(text: str) -> list[str]:
    """The text in pages, cut between two words where there are any near the end of a page."""
    pages: list[str] = []
    while len(text) > PAGE_ROOM:
        end = max(text.rfind(gap, PAGE_ROOM - LONGEST_WORD, PAGE_ROOM) for gap in " \n")
        end = end if end > 0 else PAGE_ROOM
        pages.append(text[:end])
        text = text[end:]
    return [*pages, text]


def _author(message: ThreadMessage) -> str:
    if message.from_moderators:
        return say("The moderators replied, week {week}", week=message.iso_week)
    if message.waiting:
        return say("You added, week {week} (waiting for the day's batch)", week=message.iso_week)
    return say("You added, week {week}", week=message.iso_week)


def _shown(text: str, *, sealed: bool) -> str:
    return say(SEALED) if sealed else text


async def open_adding_form(interaction: Interaction, argument: str) -> None:
    """Shows the form for adding to somebody who has typed the receipt already."""
    await show_adding_form(interaction, argument)


async def add(interaction: Interaction, argument: str) -> None:
    """Adds what was typed, or asks first."""
    typed = modal_values(interaction)
    receipt = normalise_receipt(argument or typed.get(RECEIPT, ""))
    draft = Draft("", cleaned(typed.get(TEXT, "")))
    scrubbed = scrub(draft.text)
    if not scrubbed.found:
        await _add(interaction, receipt, draft.text)
        return
    # Whoever holds a wrong receipt should learn it before they look through their text.
    await feedback_receipts.check(
        context_of(interaction), guild_id_of(interaction), interaction.user.id, receipt
    )
    await question.ask(interaction, draft, scrubbed, ADD_ANSWER, receipt)


async def answered(interaction: Interaction, argument: str) -> None:
    """Does what the member decided about what was found in an addition."""
    with question.one_answer(interaction, argument) as stored:
        await _do_as_decided(interaction, argument, stored)


async def _do_as_decided(interaction: Interaction, argument: str, stored: Callable[[], None]) -> None:
    choice, mark, receipt = question.split_answer(argument)
    written = Draft("", question.text_asked_about(interaction, "/feedback add"))
    decision = question.decided(choice, mark, written)
    if choice == question.CHANGE:
        await show_adding_form(interaction, receipt, question.text_to_change(decision, TEXT_LIMIT))
        return
    await _add(interaction, receipt, decision.chosen.text, stored)


async def _add(
    interaction: Interaction, receipt: str, text: str, stored: Callable[[], None] | None = None
) -> None:
    """Adds a text; `stored` is told so, where a question was asked about it."""
    context, guild_id = context_of(interaction), guild_id_of(interaction)
    await feedback_receipts.add(context, guild_id, interaction.user.id, receipt, text)
    if stored is not None:
        stored()
    page = Page(
        say("Thank you. It is added to your feedback."),
        say("Moderators see it with the next daily batch. Your receipt stays the same."),
    )
    look = button(say("See how it stands"), route(CHECK, receipt))
    await answer(interaction, page, buttons=[look], replace=stored is not None)


async def ask_to_withdraw(interaction: Interaction, argument: str) -> None:
    """Says what would be deleted, and asks."""
    receipt = normalise_receipt(argument or modal_values(interaction).get(RECEIPT, ""))
    context, guild_id = context_of(interaction), guild_id_of(interaction)
    thread = await feedback_receipts.check(context, guild_id, interaction.user.id, receipt)
    followed, week = len(thread.messages), thread.feedback.iso_week
    deleted = (
        say_count(
            followed,
            "Your words from the week {week} would be deleted for good, with the {number} message that followed.",
            "Your words from the week {week} would be deleted for good, with the {number} messages that followed.",
            week=week,
        )
        if followed
        else say("Your words from the week {week} would be deleted for good.", week=week)
    )
    lost = say(
        "Nobody can bring them back, and the receipt opens nothing any more. What moderators exported "
        "before is not in my hands."
    )
    page = Page(say("Take this feedback back?"), f"{deleted} {lost}")
    buttons = [
        button(say("Delete it for good"), route(WITHDRAW_YES, receipt), main=True),
        button(say("Keep it"), route(CHECK, receipt)),
    ]
    await answer(interaction, page, buttons=buttons)


async def withdraw(interaction: Interaction, argument: str) -> None:
    """Deletes the feedback to which the receipt belongs."""
    context, guild_id = context_of(interaction), guild_id_of(interaction)
    await feedback_receipts.withdraw(context, guild_id, interaction.user.id, argument)
    page = Page(
        say("Your feedback is deleted."),
        say(
            "Your words, and all that followed, are gone from the database. The receipt opens "
            "nothing any more."
        ),
    )
    await answer(interaction, page, replace=True)
