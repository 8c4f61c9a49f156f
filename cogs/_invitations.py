"""The buttons by which members say whether they come."""

from datetime import date
from typing import Any

import discord

from bot.domain.attendance import Answer
from bot.domain.language import later, say
from bot.domain.models import Meeting, MeetingState
from cogs._render import button
from cogs._routes import route

ANSWER_WORDS = {
    Answer.COMING: later("Coming"),
    Answer.MAYBE: later("Maybe"),
    Answer.NOT_COMING: later("Can't"),
}


def invitation_buttons(meeting: Meeting) -> list[discord.ui.Button[Any]]:
    """Coming, Maybe, Can't, for this occurrence of a meeting."""
    return [
        button(
            say(words),
            route("meeting.answer", answer.value, meeting.key, meeting.day.isoformat()),
            main=answer is Answer.COMING,
        )
        for answer, words in ANSWER_WORDS.items()
    ]


def takes_place(meeting: Meeting, day: date) -> bool:
    """Whether the occurrence of a day is still on."""
    return meeting.state is MeetingState.PLANNED and day not in meeting.skipped
