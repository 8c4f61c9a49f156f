"""What happened on the practice server before a walk begins: members took part, and gave feedback. All of it is invented."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.practice.forward import forward
from bot.practice.session import Practice, practising
from bot.services import feedback, participation

BEGAN = datetime(2025, 3, 10, 9, tzinfo=ZoneInfo("Europe/London"))
TAKING_PART = (("wear-yellow", (14, 9, 21)), ("on-every-agenda", (6, 8, 11)))
SITUATION = (
    "We are two short in our team, and the reports are shared out among the rest.",
    "Nobody has time to show the new starters how anything is done.",
    "Home visits are put off again and again, because nobody can go along.",
    "The overtime of January has still not been paid in full.",
    "People come in ill, because they fear the letters about sickness.",
)
FOCUS = ("Please ask for protected time to write reports.", "Sickness letters first: they frighten people.")
WORDS = (*(("situation", words) for words in SITUATION), *(("focus", words) for words in FOCUS))
BY_WEEK = (11, 8, 6)
REGIONS = ("london",) * 12 + ("wales",) * 8 + ("north_east",) * 5


async def _happen(data: Path) -> None:
    async with practising(data, BEGAN, lambda line: None) as practice:
        await _weeks(practice)


async def _weeks(practice: Practice) -> None:
    context, guild_id = practice.bot.context, practice.world.guild.id
    for week in range(3):
        for key, numbers in TAKING_PART:
            for member in range(numbers[week]):
                await participation.record_done(context, guild_id, member, key)
        for number in range(sum(BY_WEEK[:week]), sum(BY_WEEK[: week + 1])):
            topic, words = WORDS[number % len(WORDS)]
            region = REGIONS[number * 7 % len(REGIONS)]
            await feedback.give(context, guild_id, number, topic, words, region)
        await forward(practice.clock, practice.bot.scheduler, practice.clock.now() + timedelta(weeks=1))


def make_past(data: Path) -> None:
    """Lets three weeks of it happen in a folder that a practice server then starts with."""
    asyncio.run(_happen(data))
