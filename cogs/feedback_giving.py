"""Giving feedback: the form, the question about what should not be in it, and the receipt."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import aiohttp
import discord

from bot.domain.drafts import Draft, choices_code, read_choices, read_subject, subject_code
from bot.domain.feedback import GRADES, REGIONS, TEXT_LIMIT, TOPICS, cleaned, known_topic
from bot.domain.language import later, say, say_count
from bot.domain.scrub import scrub
from bot.services import feedback, guilds, retention
from bot.services.sealing import is_sealed
from cogs import _scrub_question as question
from cogs._answers import answer
from cogs._bot import Interaction, context_of, guild_id_of
from cogs._render import Page, plain, shorten
from cogs._routes import modal_values, reading_argument, route, show_modal

GIVE, STORE, OPEN = "feedback.give", "feedback.store", "feedback.open"
TOPIC, TEXT, REGION, GRADE = "topic", "text", "region", "grade"

NOTICE = later(
    "**Confidential: not linked to you in our database.** We keep your words and the "
    "week, not your name. Discord itself sees that you use this bot and what you send, "
    "and the moderators read your words: leave out names, case numbers, and whatever "
    "only you could know. If I find a number, an address or a name, I show it to you "
    "before anything is stored."
)
RECEIPT_USE = later(
    "**This is your receipt. Save it now: it is shown only this once, and nobody can "
    "look it up for you.**\nIt is the only thing that ties this feedback to you. "
    "`/feedback check` shows with it what became of your words and what the moderators "
    "reply, `/feedback add` adds to them, `/feedback withdraw` takes them back."
)
STORED = later(
    "Your words, the topic, what else you chose in the form, the week (not the day or the "
    "time), and a scrambled form of the receipt. Not your name, your Discord account, or "
    "this message.\nModerators see it with the next daily batch, in no particular order."
)
STORED_SEALED = later(
    "Your words, encrypted so that only the holders of the campaign's key can read them, "
    "the topic, what else you chose in the form, the week (not the day or the "
    "time), and a scrambled form of the receipt. Not your name, your Discord account, or "
    "this message.\nModerators see it with the next daily batch, in no particular order."
)
MEETING = "meeting"
TITLE_ROOM, CONTACT_ROOM = 100, 300


async def show_form(interaction: Interaction, draft: Draft, about: str = "") -> None:
    """Shows the form, filled in as far as something is known; `about` names the demand to which it speaks."""
    context = context_of(interaction)
    guild = await guilds.get(context, guild_id_of(interaction))
    contact = guild.privacy_contact
    notice = [
        say(NOTICE),
        say_count(
            retention.periods_of(context, guild).feedback_weeks,
            "It is deleted after {number} week, or when you take it back with your receipt.",
            "It is deleted after {number} weeks, or when you take it back with your receipt.",
        ),
    ]
    if about:
        notice.append(
            say("It will be kept with the demand “{title}”.", title=plain(shorten(about, TITLE_ROOM)))
        )
    if contact:
        notice.append(
            say("Questions about your data: {contact}", contact=plain(shorten(contact, CONTACT_ROOM)))
        )
    await show_modal(interaction, _form(draft, "\n".join(notice)))


def _form(draft: Draft, notice: str) -> discord.ui.Modal:
    """The form. It carries what was chosen before, and asks for the topic if that was not."""
    modal = discord.ui.Modal(title=say("Feedback, in confidence"), custom_id=_form_id(draft))
    modal.add_item(discord.ui.TextDisplay(notice))
    if _asks_topic(draft):
        topic = _select(TOPIC, TOPICS, chosen=draft.topic, required=True)
        modal.add_item(discord.ui.Label(text=say("What is it about?"), component=topic))
    text = question.text_box(TEXT, draft.text, TEXT_LIMIT)
    modal.add_item(discord.ui.Label(text=say("What do you want to say?"), component=text))
    for name, title, options, chosen in (
        (REGION, say("Your region"), REGIONS, draft.region),
        (GRADE, say("Your grade"), GRADES, draft.grade),
    ):
        label = discord.ui.Label(
            text=title,
            description=say("If you like. It is left out of exports where fewer than 5 share it."),
            component=_select(name, options, chosen=chosen, required=False),
        )
        modal.add_item(label)
    return modal


def _asks_topic(draft: Draft) -> bool:
    return not draft.topic or bool(draft.text)


def _form_id(draft: Draft) -> str:
    topic, subject = "" if _asks_topic(draft) else draft.topic, subject_code(draft)
    return route(GIVE, topic, subject) if subject else route(GIVE, topic)


def _select(
    custom_id: str, options: Mapping[str, str], *, chosen: str, required: bool
) -> discord.ui.Select[Any]:
    return discord.ui.Select(
        custom_id=custom_id,
        required=required,
        min_values=1 if required else 0,
        options=[
            discord.SelectOption(label=say(label), value=key, default=key == chosen)
            for key, label in options.items()
        ],
    )


async def open_form(interaction: Interaction, argument: str) -> None:
    """Shows the form to somebody who pressed the button of a post that asks how a meeting was."""
    draft = Draft(MEETING, "", meeting_key=argument.partition("|")[0])
    with reading_argument():
        _form_id(draft)  # no form can carry a key that is longer than ours are
    await show_form(interaction, draft)


async def submit(interaction: Interaction, argument: str) -> None:
    """Stores what was typed into the form and shows the receipt, or asks first."""
    typed = modal_values(interaction)
    topic, _, subject = argument.partition("|")
    demand_key, meeting_key = read_subject(subject)
    draft = Draft(
        topic=known_topic(topic or typed.get(TOPIC)),
        text=cleaned(typed.get(TEXT, "")),
        region=typed.get(REGION, ""),
        grade=typed.get(GRADE, ""),
        demand_key=demand_key,
        meeting_key=meeting_key,
    )
    scrubbed = scrub(draft.text)
    if scrubbed.found:
        await question.ask(interaction, draft, scrubbed, STORE, choices_code(draft))
        return
    await _store(interaction, draft)


async def answered(interaction: Interaction, argument: str) -> None:
    """Does what the member decided about what was found."""
    with question.one_answer(interaction, argument):
        await _do_as_decided(interaction, argument)


async def _do_as_decided(interaction: Interaction, argument: str) -> None:
    choice, mark, code = question.split_answer(argument)
    written = read_choices(code, question.text_asked_about(interaction))
    decision = question.decided(choice, mark, written)
    if choice == question.CHANGE:
        await show_form(interaction, replace(written, text=question.text_to_change(decision, TEXT_LIMIT)))
        return
    await _store(interaction, decision.chosen, over_question=True)


async def _store(interaction: Interaction, draft: Draft, *, over_question: bool = False) -> None:
    context, guild_id = context_of(interaction), guild_id_of(interaction)
    receipt = await feedback.give_draft(context, guild_id, interaction.user.id, draft)
    page = Page(
        say("Thank you. Your feedback is stored."),
        f"```\n{receipt}\n```\n{say(RECEIPT_USE)}",
        ((say("What is stored"), say(STORED_SEALED if is_sealed(context) else STORED)),),
    )
    try:
        await answer(interaction, page, replace=over_question)
    except (discord.HTTPException, aiohttp.ClientError, OSError):
        # Nobody can look the receipt up, so showing it is worth a second try.
        await answer(interaction, page)
