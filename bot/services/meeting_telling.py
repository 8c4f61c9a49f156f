"""Whom a change of a meeting concerns, and telling them: once each, however many of its days they come to."""

from collections.abc import Iterable
from dataclasses import dataclass
from gettext import NullTranslations

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.attendance import Answer
from bot.domain.language import later, say, speaking
from bot.domain.meeting_days import at_day
from bot.domain.models import Meeting
from bot.domain.when import format_moment, moment_of
from bot.services import languages
from bot.services.context import Context
from bot.services.meeting_notices import notify
from db import meeting_answers as queries
from db.meeting_answers import Occasion

SEAT = later("A seat has become free, and it is yours.")


@dataclass(frozen=True, slots=True)
class Telling:
    """The transaction of a change, in which those whom it concerns are told."""

    context: Context
    connection: AsyncConnection
    guild_id: int

    async def answered_to(self, stored: Meeting) -> tuple[Meeting, ...]:
        """The occurrences that are on or to come and to which somebody has answered, earliest first."""
        days = await queries.fetch_days(self.connection, self.guild_id, stored.key)
        found = [meeting for meeting in (at_day(stored, day) for day in days) if meeting]
        to_come = [meeting for meeting in found if meeting.ends_at > self.context.now()]
        return tuple(sorted(to_come, key=lambda meeting: meeting.starts_at))

    async def comers(self, meeting: Meeting, text: str) -> int:
        """Tells those who said that they come, or may, to one occurrence; returns how many they are."""
        people = await self._coming_to(meeting)
        await self._notify(meeting, text, people)
        return len(people)

    async def called_off(self, meetings: Iterable[Meeting], reason: str) -> int:
        """Tells those who come to any of these occurrences, each of the first to which they come."""
        told: set[int] = set()
        language = await self._language()
        for meeting in meetings:
            with speaking(language):
                text = say("It is cancelled. It would have been on {when}.", when=when(meeting)) + reason
            people = [person for person in await self._coming_to(meeting) if person not in told]
            await self._notify(meeting, text, people)
            told.update(people)
        return len(told)

    async def seats(self, meetings: Iterable[Meeting], *, first: int, number: int) -> None:
        """Tells those who waited and have a seat now.

        Args:
            meetings: the occurrences of one meeting that have seats.
            first: how many had a seat before.
            number: how many more have one now, at most.
        """
        won: dict[int, list[Meeting]] = {}
        for meeting in meetings:
            occasion = Occasion(meeting.key, meeting.day)
            for person in await queries.fetch_coming(
                self.connection, self.guild_id, occasion, skip=first, limit=number
            ):
                won.setdefault(person, []).append(meeting)
        together: dict[tuple[Meeting, ...], list[int]] = {}
        for person, theirs in won.items():
            together.setdefault(tuple(theirs), []).append(person)
        for theirs, people in together.items():
            with speaking(await self._language()):
                text = _seat_on(theirs)
            await self._notify(theirs[0], text, people)

    async def _language(self) -> NullTranslations:
        """A notice is stored once for all whom it concerns: in the guild's language."""
        return await languages.of_guild_in(self.context, self.connection, self.guild_id)

    async def _coming_to(self, meeting: Meeting) -> list[int]:
        occasion = Occasion(meeting.key, meeting.day)
        answers = await queries.fetch_answers(self.connection, self.guild_id, occasion)
        return [one.user_id for one in answers if one.answer is not Answer.NOT_COMING]

    async def _notify(self, meeting: Meeting, text: str, people: list[int]) -> None:
        await notify(self.context, self.connection, self.guild_id, meeting, text, people)


def when(meeting: Meeting) -> str:
    """When a meeting is, as messages put it."""
    return format_moment(moment_of(meeting.starts_at, meeting.zone))


def _seat_on(meetings: tuple[Meeting, ...]) -> str:
    """What is said of seats; at a meeting that repeats, at which of its days they are."""
    if meetings[0].repeat is None:
        return say(SEAT)
    return "\n".join((say(SEAT), *(f"- {when(meeting)}" for meeting in meetings)))
