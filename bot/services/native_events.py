"""Keeps Discord's own events as the meetings say: one for each occurrence, made, changed and taken away with it.

What should be there is compared with what Discord was told, so a change, a restart and a look once a day all end the same
way. A row is written before an event is asked for; where its id is not known afterwards, the event is found by the
reference in its last line. So there is one, wherever the process was killed.
"""

import logging
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Protocol

from bot.domain.language import speaking
from bot.domain.models import Meeting
from bot.domain.native_events import EventText, event_text, occurrences_to_show, reference_of
from bot.services import languages
from bot.services.context import Context
from bot.services.sending import NotSent, Refused, TargetGone
from db import meetings as meeting_queries
from db import native_events as queries
from db.native_events import NativeEvent

log = logging.getLogger(__name__)

MADE_ANEW = 1
"""So often is an event made anew that somebody deleted; then it is left alone."""
_TOO_SOON = timedelta(minutes=1)
"""Discord takes no event that begins in the past."""
_LATELY = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Shown:
    """One of the bot's own events as Discord has it."""

    event_id: int
    text: EventText
    is_running: bool = False


class GuildEvents(Protocol):
    """The bot's events in a guild, as Discord has just listed them. Its methods raise NotSent, Refused or TargetGone."""

    @property
    def events(self) -> tuple[Shown, ...]:
        """Those that are to come or are on."""
        ...

    async def create(self, text: EventText) -> Shown:
        """Makes an event."""
        ...

    async def edit(self, event: Shown, text: EventText) -> Shown:
        """Lets an event say something else."""
        ...

    async def delete(self, event: Shown) -> None:
        """Takes an event away; one that is gone already is no failure."""
        ...


class Calendar(Protocol):
    """The way to the events of guilds."""

    def may_create(self, guild_id: int) -> bool:
        """Whether the bot may make events there. Raises NotSent while Discord has not shown the guild."""
        ...

    def remembered(self, guild_id: int) -> tuple[Shown, ...]:
        """The bot's events as Discord last told of them, without asking."""
        ...

    def channel_name(self, guild_id: int, channel_id: int) -> str | None:
        """What a channel is called; `None` where that is not for everybody's eyes."""
        ...

    async def look(self, guild_id: int) -> GuildEvents:
        """Asks Discord which events there are. Raises NotSent or TargetGone."""
        ...


@dataclass(frozen=True, slots=True)
class Meddled:
    """Somebody changed or deleted an event. `said` is what it said then; `None` says that it was deleted."""

    meeting: Meeting
    text: EventText
    said: EventText | None = None
    left: bool = False


@dataclass(slots=True)
class Outcome:
    """What came of a look: whom to tell of what, and whether to look again soon."""

    meddled: list[Meddled] = field(default_factory=list[Meddled])
    again: bool = False


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An occurrence, what its event is to say, and what is known of that event."""

    meeting: Meeting
    text: EventText
    reference: str
    row: NativeEvent | None


@dataclass(frozen=True, slots=True)
class _Plan:
    now: datetime
    wanted: tuple[_Wanted, ...]
    unwanted: tuple[NativeEvent, ...]

    @property
    def references(self) -> frozenset[str]:
        return frozenset(one.reference for one in self.wanted)


async def reconcile(context: Context, calendar: Calendar, guild_id: int) -> Outcome:
    """Brings a guild's events to what its meetings say. Never raises what may pass: the outcome says to look again."""
    outcome = Outcome()
    try:
        plan = await _plan(context, calendar, guild_id)
        if not _has_work(plan, calendar.remembered(guild_id)) or not calendar.may_create(guild_id):
            return outcome
        turn = _Turn(context, guild_id, plan, await calendar.look(guild_id), outcome)
        await turn.take_away()
        for wanted in plan.wanted:
            if not context.pulse.leads:
                break
            await turn.bring_up_to_date(wanted)
    except NotSent:
        outcome.again = True
    except TargetGone:
        log.info("no events may be made", extra={"guild": guild_id})
    return outcome


async def _plan(context: Context, calendar: Calendar, guild_id: int) -> _Plan:
    now, horizon = context.now(), timedelta(days=context.settings.delivery.horizon_days)
    async with context.database.read() as connection:
        meetings = await meeting_queries.fetch_meetings(connection, guild_id)
        rows = {
            (row.meeting_key, row.local_date): row for row in await queries.fetch_events(connection, guild_id)
        }
    language = await languages.of_guild(context, guild_id)
    wanted: list[_Wanted] = []
    for meeting in occurrences_to_show(meetings, now, horizon):
        row = rows.pop((meeting.key, meeting.day), None)
        if row is None and meeting.repeat is None:
            row = await _moved_row(context, guild_id, rows, meeting)
        name = calendar.channel_name(guild_id, meeting.channel_id) if meeting.channel_id else None
        with speaking(language):
            text = event_text(guild_id, meeting, name)
        wanted.append(_Wanted(meeting, text, reference_of(guild_id, meeting), row))
    return _Plan(now, tuple(wanted), tuple(rows.values()))


async def _moved_row(
    context: Context, guild_id: int, rows: dict[tuple[str, date], NativeEvent], meeting: Meeting
) -> NativeEvent | None:
    """What is known of the event of a meeting that happens once, and was moved to another day."""
    key = next((key for key in rows if key[0] == meeting.key), None)
    if key is None:
        return None
    async with context.database.write() as connection:
        return await queries.rename_day(connection, guild_id, rows.pop(key), meeting.day)


def _has_work(plan: _Plan, remembered: tuple[Shown, ...]) -> bool:
    """Whether anything differs, as far as can be told without asking Discord."""
    by_id = {event.event_id: event for event in remembered}
    ids = {one.row.event_id for one in plan.wanted if one.row}
    lately = (plan.now - _LATELY).date()
    return (
        any(_differs(one, by_id, plan.now) for one in plan.wanted)
        or any(row.event_id in by_id or row.local_date >= lately for row in plan.unwanted)
        or any(event.text.reference and event.event_id not in ids for event in remembered)
    )


def _differs(wanted: _Wanted, by_id: dict[int, Shown], now: datetime) -> bool:
    row = wanted.row
    if row is not None and row.deletions > MADE_ANEW:
        return False
    is_to_come = wanted.meeting.starts_at > now + _TOO_SOON
    if row is None or row.event_id is None or row.event_id not in by_id:
        return is_to_come
    return row.told != wanted.text.digest() or row.shown != by_id[row.event_id].text.digest()


class _Turn:
    """One look at a guild's events, and what follows from it."""

    def __init__(
        self, context: Context, guild_id: int, plan: _Plan, board: GuildEvents, outcome: Outcome
    ) -> None:
        self._context, self._guild_id, self._plan = context, guild_id, plan
        self._board, self._outcome = board, outcome

    async def take_away(self) -> None:
        """Deletes the events of what was called off or left out, and any that was made twice."""
        unwanted = {row.event_id for row in self._plan.unwanted}
        for event in self._board.events:
            reference = event.text.reference
            if event.event_id in unwanted or (reference and reference not in self._plan.references):
                await self._board.delete(event)
        for wanted in self._plan.wanted:
            for double in self._events_of(wanted)[1:]:
                await self._board.delete(double)
        async with self._context.database.write() as connection:
            await queries.delete_events(connection, self._guild_id, self._plan.unwanted)

    async def bring_up_to_date(self, wanted: _Wanted) -> None:
        """Makes the event of an occurrence, or lets it say what is true now."""
        try:
            if wanted.row is not None and wanted.row.deletions > MADE_ANEW:
                return
            if found := self._events_of(wanted):
                await self._correct(wanted, found[0])
            elif wanted.meeting.starts_at > self._plan.now + _TOO_SOON:
                await self._make(wanted)
        except Refused as error:
            log.warning("Discord refuses an event", extra={"guild": self._guild_id, "why": str(error)})

    async def _make(self, wanted: _Wanted) -> None:
        row = wanted.row or NativeEvent(wanted.meeting.key, wanted.meeting.day)
        was_deleted = row.event_id is not None
        if was_deleted:
            row = replace(row, event_id=None, told=None, shown=None, deletions=row.deletions + 1)
        await self._store(row)
        is_left = row.deletions > MADE_ANEW
        if not is_left:
            await self._create(row, wanted.text)
        if was_deleted:
            self._outcome.meddled.append(Meddled(wanted.meeting, wanted.text, left=is_left))

    async def _correct(self, wanted: _Wanted, event: Shown) -> None:
        row = wanted.row or NativeEvent(wanted.meeting.key, wanted.meeting.day)
        told, shown = wanted.text.digest(), event.text.digest()
        if (row.event_id, row.told, row.shown) == (event.event_id, told, shown):
            return
        if event.is_running and wanted.meeting.starts_at > self._plan.now + _TOO_SOON:
            await self._begin_anew(row, wanted, event)
            return
        after = event if shown == told else await self._board.edit(event, wanted.text)
        await self._store(replace(row, event_id=after.event_id, told=told, shown=after.text.digest()))
        if row.shown is not None and shown not in {row.shown, told}:
            self._outcome.meddled.append(Meddled(wanted.meeting, wanted.text, event.text))

    async def _begin_anew(self, row: NativeEvent, wanted: _Wanted, event: Shown) -> None:
        """An event that has begun cannot begin again, so a meeting that was moved meanwhile gets another."""
        row = replace(row, event_id=None, told=None, shown=None)
        await self._store(row)
        await self._board.delete(event)
        await self._create(row, wanted.text)

    async def _create(self, row: NativeEvent, text: EventText) -> None:
        made = await self._board.create(text)
        await self._store(replace(row, event_id=made.event_id, told=text.digest(), shown=made.text.digest()))

    async def _store(self, row: NativeEvent) -> None:
        async with self._context.database.write() as connection:
            await queries.put_event(connection, self._guild_id, row)

    def _events_of(self, wanted: _Wanted) -> list[Shown]:
        """The events that stand for an occurrence, the one that is known first."""
        known = wanted.row.event_id if wanted.row else None
        found = [
            event
            for event in self._board.events
            if event.event_id == known or event.text.reference == wanted.reference
        ]
        return sorted(found, key=lambda event: (event.event_id != known, event.event_id))
