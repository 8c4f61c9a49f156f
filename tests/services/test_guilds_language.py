"""What is stored for all members is in their server's language; what one person is told, in that person's."""

import asyncio
from dataclasses import replace
from datetime import date
from gettext import NullTranslations

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.language import ENGLISH, WELSH, say, speaking
from bot.domain.native_events import event_text, reference_of
from bot.domain.problems import BadInput
from bot.domain.schedules import ScheduleKind
from bot.domain.when import short
from bot.services import guilds, languages, meeting_answers, meeting_changes
from bot.services.context import Context
from bot.services.meeting_changes import Edits
from db.tables import schedules
from tests.services.meetings import ANA, BEN, CALL, GUILD, coming, schedule


class Marked(NullTranslations):
    """A language that is easily told from English."""

    def gettext(self, message: str) -> str:
        return f"«{message}»"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"«{msgid1 if n == 1 else msgid2}»"


MARKED, PLAIN = Marked(), NullTranslations()


@pytest.fixture(autouse=True)
def marked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languages, "catalogue", {ENGLISH: PLAIN, WELSH: MARKED}.__getitem__)


async def test_a_notice_to_members_is_in_the_servers_language_whoever_causes_it(context: Context) -> None:
    await guilds.change(context, GUILD, language=WELSH)
    meeting = await schedule(context, replace(CALL, seats="1"))
    await coming(context, meeting, ANA, BEN)
    await meeting_answers.take_back(context, GUILD, ANA, meeting.key, meeting.day)
    await meeting_changes.move(context, GUILD, meeting.key, "Friday 11 April 2pm")
    await meeting_changes.cancel(context, GUILD, meeting.key, "The hall has no heating.")
    seat, moved, cancelled = sorted(await _notices(context))
    assert seat == "«A seat has become free, and it is yours.»"
    assert cancelled.startswith("«It is cancelled. It would have been on ")
    assert cancelled.endswith("» The hall has no heating.")
    assert moved.startswith("«It has moved. It was on ")


async def _notices(context: Context) -> list[str]:
    query = select(schedules.c.wordings).where(schedules.c.kind == ScheduleKind.NOTICE.value)
    async with context.database.read() as connection:
        return [words[0] for (words,) in await connection.execute(query)]


async def test_what_is_shown_later_is_stored_in_english(context: Context) -> None:
    await guilds.change(context, GUILD, language=WELSH)
    with speaking(MARKED):
        meeting = await schedule(context)
        assert meeting.source == "Scheduled by the campaign's organisers"
        with pytest.raises(BadInput, match="«{title} takes place once".replace("{title}", meeting.title)):
            await meeting_changes.skip(context, GUILD, meeting.key)
        change = await meeting_changes.edit(context, GUILD, meeting.key, Edits(duration="2 hours"))
        assert not change.already


async def test_presses_that_share_a_transaction_are_each_answered_in_their_own_language(
    context: Context,
) -> None:
    async def answer(connection: AsyncConnection) -> str:
        await connection.execute(select(1))
        return say("Saved.")

    async def refuse(connection: AsyncConnection) -> str:
        raise BadInput(say("Not saved."), next_step="Try again.")

    async def press(language: NullTranslations, *, refused: bool = False) -> str:
        with speaking(language):
            return await context.together.write(context.database, refuse if refused else answer)

    told = await asyncio.gather(
        press(PLAIN), press(MARKED), press(MARKED, refused=True), press(PLAIN), return_exceptions=True
    )
    assert [str(one) for one in told] == ["Saved.", "«Saved.»", "«Not saved.»", "Saved."]


async def test_an_event_is_known_again_after_the_server_has_changed_its_language(context: Context) -> None:
    meeting = await schedule(context)
    with speaking(MARKED):
        assert event_text(GUILD, meeting, "news").description.startswith("«The campaign's bot keeps this")
    text = event_text(GUILD, meeting, None)
    in_welsh = replace(text, description=text.description.replace("Reference: ", "Cyfeirnod: "))
    assert in_welsh.reference == text.reference == reference_of(GUILD, meeting)
    assert replace(text, description="A talk\nWith: tea and cake").reference is None


def test_days_in_few_letters() -> None:
    day = date(2025, 4, 3)
    assert (short.weekday(day), short.day_and_month(day), short.day_month_year(day)) == (
        "Thu",
        "3 Apr",
        "3 Apr 2025",
    )
    with speaking(MARKED):
        assert (short.weekday(day), short.day_month_year(day)) == ("«Thu»", "3 «Apr» 2025")
