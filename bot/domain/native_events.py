"""Discord's own events: what the one that stands for a meeting says, and how it is known again.

Anybody in the server sees them, so they never hold the joining link.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.domain.language import later, say
from bot.domain.meeting_days import at_occurrence, recurrence_of
from bot.domain.models import Meeting, MeetingState
from bot.domain.recurrence import next_occurrences

NAME_LIMIT, DESCRIPTION_LIMIT, LOCATION_LIMIT = 100, 1_000, 100
MOST_OF_A_SERIES = 4
MOST_IN_A_GUILD = 80
"""Discord allows 100, and other people make events too."""
OVER_FOR = timedelta(hours=1)
"""So long after its end an event is left to Discord, which closes it itself; clocks differ."""
_REFERENCE = later("Reference: {reference}")
_LAST_LINE = re.compile(r"\w+: ([0-9a-f]{12})")
"""The reference, whatever the language was in which the event was written."""
_KEPT = later("The campaign's bot keeps this as its diary says. Changes are told under the meeting's post.")
_NO_LINK = later("(press “Get the link” under the post)")


@dataclass(frozen=True, slots=True)
class EventText:
    """What an event says."""

    name: str
    description: str
    location: str
    starts_at: datetime
    ends_at: datetime

    def digest(self) -> str:
        """The same for the same content, however Discord has spaced it."""
        words = (" ".join(text.split()) for text in (self.name, self.description, self.location))
        times = (f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%S}" for instant in (self.starts_at, self.ends_at))
        return hashlib.sha256("\n".join((*words, *times)).encode()).hexdigest()

    @property
    def reference(self) -> str | None:
        """The reference in its last line, if it carries one."""
        last = self.description.rstrip().rpartition("\n")[2].strip()
        found = _LAST_LINE.fullmatch(last)
        return found[1] if found else None


def reference_of(guild_id: int, meeting: Meeting) -> str:
    """By what the event of an occurrence is known, wherever it is moved."""
    of_a_series = f"/{meeting.day}" if meeting.repeat else ""
    return hashlib.sha256(f"{guild_id}/{meeting.key}{of_a_series}".encode()).hexdigest()[:12]


def event_text(guild_id: int, meeting: Meeting, channel_name: str | None) -> EventText:
    """What the event of an occurrence is to say."""
    foot = f"{say(_KEPT)}\n{say(_REFERENCE, reference=reference_of(guild_id, meeting))}"
    agenda = _without_link(meeting.summary, meeting)
    room = DESCRIPTION_LIMIT - len(foot) - 2
    return EventText(
        name=_shortened(_without_link(meeting.title, meeting), NAME_LIMIT),
        description=f"{_shortened(agenda, room)}\n\n{foot}" if agenda else foot,
        location=_location(meeting, channel_name),
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
    )


def occurrences_to_show(
    meetings: Sequence[Meeting], now: datetime, horizon: timedelta
) -> tuple[Meeting, ...]:
    """The occurrences that have an event, earliest first: of a series the next few, and what has hardly ended.

    Only meetings with a channel count: somebody has scheduled those, and not only read of them in a document.
    """
    shown = [
        occurrence
        for meeting in meetings
        if meeting.state is MeetingState.PLANNED and meeting.channel_id is not None
        for occurrence in _of_one(meeting, now, horizon)
    ]
    return tuple(sorted(shown, key=lambda one: (one.starts_at, one.key))[:MOST_IN_A_GUILD])


def _of_one(meeting: Meeting, now: datetime, horizon: timedelta) -> list[Meeting]:
    if meeting.repeat is None:
        return [meeting] if meeting.ends_at + OVER_FOR > now else []
    after = now - meeting.duration - OVER_FOR
    found = next_occurrences(recurrence_of(meeting), after=after, count=2 * MOST_OF_A_SERIES)
    near = [at_occurrence(meeting, one) for one in found if one.instant <= now + horizon]
    over = [one for one in near if one.ends_at <= now]
    return [*over, *near[len(over) :][:MOST_OF_A_SERIES]]


def _location(meeting: Meeting, channel_name: str | None) -> str:
    if meeting.link and channel_name:
        where = say("Online: press “Get the link” under the post in #{channel}", channel=channel_name)
    elif meeting.link:
        where = say("Online: press “Get the link” under the post")
    elif channel_name:
        where = say("Look at the post in #{channel}", channel=channel_name)
    else:
        where = say("Look at the post")
    return _shortened(where, LOCATION_LIMIT)


def _without_link(text: str, meeting: Meeting) -> str:
    return text.replace(meeting.link, say(_NO_LINK)) if meeting.link else text


def _shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
