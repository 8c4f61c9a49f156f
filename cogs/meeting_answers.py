"""Coming, Maybe, Can't: the buttons under a meeting, and a reminder for those who want one."""

from datetime import date, timedelta
from typing import Any

import discord

from bot.domain.attendance import Answer, counts_in_words
from bot.domain.language import later, say
from bot.domain.problems import BadInput
from bot.domain.when import format_duration
from bot.services import meeting_answers
from bot.services.meeting_answers import Given
from cogs._answers import answer
from cogs._bot import CampaignBot, Interaction, context_of, guild_id_of
from cogs._render import Page, button, plain, when_of
from cogs._routes import chosen_value, guild_in, reading_argument, route

LEADS = (timedelta(days=1), timedelta(hours=3), timedelta(hours=1), timedelta(minutes=15))
NO_REMINDER = "none"
SAID = {
    Answer.COMING: later("You are coming"),
    Answer.MAYBE: later("You may be coming"),
    Answer.NOT_COMING: later("You can't come"),
    None: later("Your answer is taken back"),
}


async def give_answer(interaction: Interaction, argument: str) -> None:
    """Takes the answer of the person who pressed."""
    said, key, day = _parts(argument)
    with reading_argument():
        answered = Answer(said)
    given = await meeting_answers.give(
        context_of(interaction), guild_id_of(interaction), interaction.user.id, key, day, answered
    )
    await _show(interaction, given)


async def take_back(interaction: Interaction, argument: str) -> None:
    """Deletes the answer of the person who pressed."""
    _, key, day = _parts(argument)
    given = await meeting_answers.take_back(
        context_of(interaction), guild_id_of(interaction), interaction.user.id, key, day
    )
    await _show(interaction, given, replace=True)


async def choose_reminder(interaction: Interaction, argument: str) -> None:
    """Sets when the person who chose is reminded."""
    _, key, day = _parts(argument)
    chosen = chosen_value(interaction)
    offered = {_value_of(lead): lead for lead in LEADS}
    if chosen != NO_REMINDER and chosen not in offered:
        raise BadInput(say("Nothing was chosen."), next_step=say("Choose a time from the list."))
    lead = offered.get(chosen)
    given = await meeting_answers.remind(
        context_of(interaction), guild_id_of(interaction), interaction.user.id, key, day, lead
    )
    await _show(interaction, given, replace=True)


async def stop_messages(interaction: Interaction, argument: str) -> None:
    """Ends the messages about one meeting for the person who pressed, wherever they pressed."""
    guild_id, delivery_id = guild_in(argument), argument.partition("|")[2]
    title = await meeting_answers.stop(context_of(interaction), guild_id, interaction.user.id, delivery_id)
    body = say(
        "Your answer to it is deleted too. Press “Coming” under the meeting to be told of changes again."
    )
    await answer(interaction, Page(say("No more messages about: {title}", title=plain(title)), body))


def _parts(argument: str) -> tuple[str, str, date]:
    """What was said, the meeting's key, and the day of the occurrence.

    Raises:
        BadInput: the button is from another version.
    """
    try:
        said, key, day = argument.split("|")
        return said, key, date.fromisoformat(day)
    except ValueError:
        raise BadInput(
            say("That button is from an older version of this bot."),
            next_step=say("`/meeting next` shows the meeting with new ones."),
        ) from None


async def _show(interaction: Interaction, given: Given, *, replace: bool = False) -> None:
    await answer(interaction, _page(given), buttons=_steps(given), replace=replace)


def _page(given: Given) -> Page:
    meeting = given.meeting
    said = say("You are on the waiting list") if given.waits else say(SAID[given.answer])
    body = when_of(meeting)
    details = [
        (
            say("Who comes"),
            say("{counts}. Others see numbers, not names.", counts=counts_in_words(given.counts)),
        )
    ]
    if given.waits:
        details.append(
            (say("When a seat becomes free"), say("You get it in your turn, and a direct message says so."))
        )
    if given.lead is not None:
        details.append(
            (
                say("Your reminder"),
                say("A direct message, {duration} before.", duration=format_duration(given.lead)),
            )
        )
    if given.answer in {Answer.COMING, Answer.MAYBE}:
        details.append(
            (say("If it changes"), say("You are told by direct message. `/me data` shows what is kept."))
        )
    return Page(f"{said}: {plain(meeting.title)}", body, tuple(details))


def _steps(given: Given) -> list[discord.ui.Item[Any]]:
    if given.answer is None:
        return []
    key, day = given.meeting.key, given.meeting.day.isoformat()
    steps: list[discord.ui.Item[Any]] = []
    if given.answer is not Answer.NOT_COMING:
        steps = [
            button(say("Get the link"), route("meeting.link", key), main=True),
            button(say("Add to diary"), route("meeting.diary", key)),
        ]
    steps.append(button(say("Take my answer back"), route("meeting.back", "", key, day)))
    if given.can_remind and given.answer is not Answer.NOT_COMING:
        steps.append(_reminders(given, route("meeting.remind", "", key, day)))
    return steps


def _value_of(lead: timedelta) -> str:
    return str(int(lead.total_seconds()))


def _reminders(given: Given, custom_id: str) -> discord.ui.Select[Any]:
    options = [
        discord.SelectOption(
            label=say("{duration} before", duration=format_duration(lead)),
            value=_value_of(lead),
            default=lead == given.lead,
        )
        for lead in LEADS
    ]
    options.append(discord.SelectOption(label=say("No reminder"), value=NO_REMINDER))
    return discord.ui.Select(
        custom_id=custom_id, options=options, placeholder=say("Remind me by direct message …")
    )


async def setup(bot: CampaignBot) -> None:
    """Adds the feature to the bot."""
    bot.routes.add("meeting.answer", give_answer)
    bot.routes.add("meeting.back", take_back)
    bot.routes.add("meeting.remind", choose_reminder)
    bot.routes.add("meeting.quiet", stop_messages)
