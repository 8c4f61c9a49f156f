"""Writes what an organiser confirmed of a document: entries with their provenance, reminders, nudges."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.bulletins.naming import cut_text
from bot.domain.bulletins.proposals import Draft, Kind, MeetingTime, Posts, Proposal
from bot.domain.bulletins.records import Deed, EntryChange
from bot.domain.keys import free_key
from bot.domain.language import later, say
from bot.domain.meeting_days import next_of
from bot.domain.models import Meeting
from bot.domain.problems import BadInput
from bot.domain.recurrence import parse_recurrence
from bot.domain.schedules import Schedule
from bot.domain.when import parse_lead_times
from bot.services.context import Context
from bot.services.entry_posts import nudge_of, reminders_of
from bot.services.import_drafts import KINDS
from bot.services.schedules import add_schedule
from db import imports as queries
from db.campaign import EntryKind, insert_entries, update_entry
from db.meetings import fetch_meeting

SOURCE_LIMIT, SHORT_TEXT = 300, 200
DECISION_LIMIT = 100
_WITHOUT_CHANNEL = {
    Kind.REMINDERS: later("No channel is chosen for reminders: “{title}”. Nothing was applied."),
    Kind.NUDGE: later("No channel is chosen for nudge: “{title}”. Nothing was applied."),
}
_KEPT_BY_THE_BOT = frozenset({"guild_id", "key", "position", "sequence", "seed_digest"})


@dataclass(slots=True)
class Writing:
    """One import in the making: all of it happens in the transaction of `connection`."""

    context: Context
    connection: AsyncConnection
    guild_id: int
    draft: Draft
    today: date
    zone: str
    changes: list[EntryChange] = field(default_factory=list[EntryChange])
    _positions: dict[EntryKind, dict[str, int]] = field(default_factory=dict[EntryKind, dict[str, int]])

    async def apply(self) -> tuple[EntryChange, ...]:
        """Writes all that is chosen: the entries, then the posts that go with them."""
        keys: dict[int, str] = {one.number: one.key for one in self.draft.proposals if not one.adds}
        chosen = self.draft.chosen
        for proposal in chosen:
            if proposal.posts is None:
                keys[proposal.number] = await self._entry(proposal)
        for proposal in chosen:
            if proposal.posts is not None:
                await self._posts(proposal, proposal.posts, keys[proposal.posts.of])
        return tuple(self.changes)

    async def _entry(self, proposal: Proposal) -> str:
        if proposal.adds:
            return await self._added(proposal)
        await self._change(
            Deed.CHANGED, proposal.kind, proposal.key, proposal.known, await self._gains(proposal)
        )
        return proposal.key

    async def _added(self, proposal: Proposal) -> str:
        kind = KINDS[proposal.kind]
        positions = await self._positions_of(kind)
        key = free_key(proposal.title, positions, otherwise=proposal.kind.value)
        positions[key] = max(positions.values(), default=0) + 1
        origin = self.draft.origin
        columns = {
            "position": positions[key],
            "title": proposal.title,
            "summary": proposal.summary,
            "source": cut_text(origin.title, SOURCE_LIMIT),
            "source_on": origin.dated or self.today,
            "wording": proposal.wording or None,
            "import_id": self.draft.draft_id,
            **self._own_columns(proposal),
        }
        await insert_entries(self.connection, self.guild_id, kind, [{"key": key, **columns}])
        written = entry_columns(await self._row(kind, key))
        self.changes.append(EntryChange(Deed.ADDED, proposal.kind, key, proposal.title, after=written))
        return key

    async def _positions_of(self, kind: EntryKind) -> dict[str, int]:
        """Where the entries of a kind stand, by key; read once, as nobody else adds any meanwhile."""
        if kind not in self._positions:
            self._positions[kind] = await queries.fetch_positions(self.connection, self.guild_id, kind)
        return self._positions[kind]

    def _own_columns(self, proposal: Proposal) -> dict[str, Any]:
        match proposal.kind:
            case Kind.DEMAND:
                return {"keywords": []}
            case Kind.ACTION:
                return {"links": [{"label": link.label, "url": link.url} for link in proposal.links]}
            case Kind.MOTION:
                return _motion_columns(proposal)
            case Kind.MEETING if proposal.meeting is not None:
                return {**_meeting_columns(proposal, proposal.meeting), "channel_id": self._channel(proposal)}
            case _:
                return {}

    def _channel(self, meeting: Proposal) -> int | None:
        """The channel of the reminders that go with a new meeting."""
        posts = [one.posts for one in self.draft.chosen if one.posts and one.posts.of == meeting.number]
        return posts[0].channel_id if posts else None

    async def _gains(self, proposal: Proposal) -> dict[str, Any]:
        """What an entry that is there gains: the document's words, and resolutions that it lacks."""
        row = await self._row(KINDS[proposal.kind], proposal.key)
        changed: dict[str, Any] = {"import_id": self.draft.draft_id}
        if proposal.wording:
            changed["wording"] = proposal.wording
            if row["wording"] and row["summary"] == row["wording"]:
                # An earlier import made the summary from those words, and nobody has written another since.
                changed["summary"] = proposal.summary
        if proposal.meeting is not None and proposal.links:
            changed["link"] = proposal.links[0].url
        if proposal.motion is not None and proposal.motion.points:
            changed["points"] = [*row["points"], *_points(proposal)]
        return changed

    async def _change(self, deed: Deed, kind: Kind, key: str, title: str, changed: Mapping[str, Any]) -> None:
        row = await self._row(KINDS[kind], key)
        await update_entry(self.connection, self.guild_id, KINDS[kind], key, changed)
        before = {name: row[name] for name in changed}
        self.changes.append(EntryChange(deed, kind, key, title, encoded(before), encoded(changed)))

    async def _row(self, kind: EntryKind, key: str) -> dict[str, Any]:
        row = await queries.fetch_row(self.connection, self.guild_id, kind, key)
        if row is None:
            raise BadInput(
                say("Something that the document speaks of was deleted meanwhile, so nothing was applied."),
                next_step=say("Import the document again."),
            )
        return row

    async def _posts(self, proposal: Proposal, posts: Posts, key: str) -> None:
        if posts.channel_id is None:
            raise BadInput(
                say(_WITHOUT_CHANNEL[proposal.kind], title=proposal.title),
                next_step=say("Choose one under “Edit”, or untick it."),
            )
        make = self._reminders if proposal.kind is Kind.REMINDERS else self._nudge
        schedule = await make(posts.phrase, key, posts.channel_id)
        if schedule is None:
            return
        await add_schedule(self.context, self.connection, schedule)
        self.changes.append(
            EntryChange(
                Deed.SCHEDULED,
                proposal.kind,
                schedule.schedule_id,
                proposal.title,
                before={"of": key},
                after=schedule_columns(schedule),
            )
        )

    async def _reminders(self, phrase: str, key: str, channel_id: int) -> Schedule | None:
        meeting = await fetch_meeting(self.connection, self.guild_id, key)
        if meeting is None or not self._is_ahead(meeting):
            return None
        if meeting.channel_id != channel_id:
            await self._change(Deed.CHANGED, Kind.MEETING, key, meeting.title, {"channel_id": channel_id})
        return reminders_of(self.guild_id, meeting, channel_id=channel_id, leads=parse_lead_times(phrase))

    def _is_ahead(self, meeting: Meeting) -> bool:
        """Whether there is something to be reminded of: of a meeting that repeats, the first one may be long past."""
        now = self.context.now()
        return next_of(meeting, now) is not None if meeting.repeat else meeting.starts_at > now

    async def _nudge(self, phrase: str, key: str, channel_id: int) -> Schedule | None:
        row = await self._row(EntryKind.ACTION, key)
        recurrence = parse_recurrence(phrase, now=self.context.now(), zone=self.zone)
        return nudge_of(
            self.guild_id,
            key,
            row["title"],
            recurrence,
            wordings=(row["summary"],),
            channel_id=channel_id,
        )


def encoded(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Columns as JSON can hold them."""
    return {
        name: value.isoformat() if isinstance(value, date | datetime) else value
        for name, value in columns.items()
    }


def entry_columns(row: Mapping[str, Any]) -> dict[str, Any]:
    """All that people can change of an entry, as JSON can hold it."""
    return encoded({name: value for name, value in row.items() if name not in _KEPT_BY_THE_BOT})


def schedule_columns(schedule: Schedule) -> dict[str, Any]:
    """What an organiser can change of a schedule, as JSON can hold it."""
    return {
        "title": schedule.title,
        "wordings": list(schedule.wordings),
        "starts_wall": schedule.starts_wall.isoformat(),
        "channel_id": schedule.channel_id,
        "lead_seconds": [int(lead.total_seconds()) for lead in schedule.lead_times],
        "rule": schedule.rule,
        "holidays": schedule.holidays,
        "role_id": schedule.role_id,
        "skipped": sorted(day.isoformat() for day in schedule.skipped),
        "moved": [[day.isoformat(), wall.isoformat()] for day, wall in schedule.moved],
        "state": schedule.state.value,
    }


def _meeting_columns(proposal: Proposal, time: MeetingTime) -> dict[str, Any]:
    return {
        "starts_wall": time.starts_wall,
        "zone": time.zone,
        "starts_at": time.starts_at,
        "duration_minutes": time.minutes,
        "link": proposal.links[0].url if proposal.links else None,
    }


def _motion_columns(proposal: Proposal) -> dict[str, Any]:
    if proposal.motion is None:
        return {"conference": "", "decision": "", "calls_on": "", "points": []}
    return {
        "conference": cut_text(proposal.motion.conference, SHORT_TEXT),
        "decision": cut_text(proposal.motion.decision, DECISION_LIMIT),
        "calls_on": cut_text(proposal.motion.calls_on, SHORT_TEXT),
        "points": _points(proposal),
    }


def _points(proposal: Proposal) -> list[dict[str, str]]:
    points = proposal.motion.points if proposal.motion else ()
    return [{"kind": point.kind, "label": point.label, "text": point.text} for point in points]
