"""The things that the campaign is made of, as frozen values.

Services return these; nothing above the database layer sees a row. Times: `datetime` fields named `…_at` are instants,
aware and in UTC; fields named `…_wall` are naive local wall time, always beside a `zone` (an IANA name).
"""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.language import ENGLISH, later


class DemandStatus(StrEnum):
    """How far the employer has come towards a demand."""

    NO_RESPONSE = "no_response"
    REFUSED = "refused"
    PARTLY_MET = "partly_met"
    AGREED = "agreed"
    MET = "met"
    OVERTAKEN = "overtaken"


STATUS_NAMES = {
    DemandStatus.NO_RESPONSE: later("No response yet"),
    DemandStatus.REFUSED: later("Refused"),
    DemandStatus.PARTLY_MET: later("Partly met"),
    DemandStatus.AGREED: later("Agreed but not yet done"),
    DemandStatus.MET: later("Met"),
    DemandStatus.OVERTAKEN: later("Overtaken by events"),
}
"""What each status is called, wherever people read it."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from, and the date of that document."""

    title: str
    on: date


@dataclass(frozen=True, slots=True)
class DemandResponse:
    """One dated answer of the employer, never overwritten.

    A wrong one stays; another one then `corrects` it, by its `response_id`.
    """

    on: date
    status: DemandStatus
    text: str
    source: str
    response_id: str = field(default="", compare=False)
    corrects: str | None = None


KEYWORDS_LIMIT = 300
"""Characters of a demand's search words with a comma and a space between them: what the field of its form holds."""


@dataclass(frozen=True, slots=True)
class Demand:
    """One of the campaign's demands on the employer."""

    key: str
    position: int
    title: str
    summary: str
    source: Source
    keywords: tuple[str, ...] = ()
    responses: tuple[DemandResponse, ...] = ()
    wording: str | None = None
    wording_source: Source | None = None
    retired_on: date | None = None
    retired_reason: str | None = None

    @property
    def corrected(self) -> frozenset[str]:
        """The responses of which a later entry says that they were wrong."""
        return frozenset(one.corrects for one in self.responses if one.corrects)

    @property
    def standing(self) -> tuple[DemandResponse, ...]:
        """The responses that nobody has corrected, from the oldest to the latest."""
        corrected = self.corrected
        return tuple(one for one in self.responses if one.response_id not in corrected)

    @property
    def status(self) -> DemandStatus:
        """The status of the latest response that stands, or "no response"."""
        return self.standing[-1].status if self.standing else DemandStatus.NO_RESPONSE


@dataclass(frozen=True, slots=True)
class Aim:
    """One of the campaign's aims."""

    key: str
    position: int
    title: str
    summary: str
    source: Source


MARK_LIMIT = 8


class PointKind(StrEnum):
    """What a paragraph of a motion does."""

    NOTE = "note"
    CONCERN = "concern"
    RESOLUTION = "resolution"


@dataclass(frozen=True, slots=True)
class MotionPoint:
    """One numbered or lettered paragraph of a motion, in our words; `wording` is the motion's own, where it is known."""

    kind: PointKind
    label: str
    text: str
    wording: str | None = None


@dataclass(frozen=True, slots=True)
class MotionProgress:
    """What was done about one resolution on one day, never overwritten. `label` is the resolution's `mark`."""

    label: str
    on: date
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """One resolution of a motion, and what was done about it, from the oldest to the latest.

    `mark` is the same for as long as the motion has the resolution: its label without punctuation, such as "a".
    """

    mark: str
    point: MotionPoint
    progress: tuple[MotionProgress, ...] = ()


@dataclass(frozen=True, slots=True)
class Motion:
    """A conference motion, its notes, concerns and resolutions."""

    key: str
    position: int
    title: str
    summary: str
    conference: str
    decision: str
    calls_on: str
    points: tuple[MotionPoint, ...]
    source: Source
    wording: str | None = None
    progress: tuple[MotionProgress, ...] = ()

    def of_kind(self, kind: PointKind) -> tuple[MotionPoint, ...]:
        """The points of one kind, in the motion's order."""
        return tuple(point for point in self.points if point.kind is kind)

    def resolutions(self) -> tuple[Resolution, ...]:
        """What the motion resolves, in its order, each with what was done about it."""
        found: dict[str, Resolution] = {}
        for number, point in enumerate(self.of_kind(PointKind.RESOLUTION), start=1):
            mark = re.sub(r"[^a-z0-9.]", "", point.label.casefold()).strip(".")[:MARK_LIMIT]
            if not mark or mark in found:
                mark = f"no {number}"
            found[mark] = Resolution(mark, point, tuple(one for one in self.progress if one.label == mark))
        return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Link:
    """A web address with the words that stand for it."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class ActionPicture:
    """A picture by its web address, and what it shows in words."""

    url: str
    alt: str


@dataclass(frozen=True, slots=True)
class Action:
    """Something that members can do now.

    `button` is what the button says by which they are counted, `goal` how many are hoped for each week.
    """

    key: str
    position: int
    title: str
    summary: str
    links: tuple[Link, ...]
    source: Source
    button: str | None = None
    goal: int | None = None
    picture: ActionPicture | None = None
    retired_on: date | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the trade, explained."""

    key: str
    position: int
    title: str
    summary: str
    expansion: str
    source: Source


@dataclass(frozen=True, slots=True)
class ImportedDocument:
    """One of the union's documents, in its own words. `kind` is "bulletin" or "motion"."""

    key: str
    kind: str
    title: str
    on: date | None
    summary: str


class MeetingState(StrEnum):
    """Whether a meeting is on."""

    PLANNED = "planned"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting in the campaign's diary. `link` is sensitive: never posted, only shown to one person at a time.

    `skipped` and `moved` are days of the rule, as in `bot.domain.recurrence.Recurrence`. `cap` is the number of seats.
    """

    key: str
    title: str
    summary: str
    starts_wall: datetime
    zone: str
    starts_at: datetime
    duration: timedelta
    source: str
    link: str | None = None
    channel_id: int | None = None
    state: MeetingState = MeetingState.PLANNED
    sequence: int = 0
    repeat: str | None = None
    skipped: frozenset[date] = frozenset()
    moved: tuple[tuple[date, datetime], ...] = ()
    cap: int | None = None
    notes: str = ""
    occurrence_day: date | None = None
    """The day on which the rule puts the occurrence that is meant, where that is not the day on which it starts."""

    @property
    def day(self) -> date:
        """The day by which this occurrence is known, wherever it was moved."""
        return self.occurrence_day or self.starts_wall.date()

    @property
    def ends_at(self) -> datetime:
        """The instant at which it is planned to end."""
        return self.starts_at + self.duration


@dataclass(frozen=True, slots=True)
class Guild:
    """What the administrators have set for one guild."""

    guild_id: int
    zone: str
    organiser_role_id: int | None = None
    moderator_role_id: int | None = None
    announcements_channel_id: int | None = None
    organisers_channel_id: int | None = None
    moderators_channel_id: int | None = None
    fallback_channel_id: int | None = None
    ping_role_ids: tuple[int, ...] = ()
    quiet_from: str | None = None
    quiet_until: str | None = None
    weekly_cap: int | None = None
    feedback_weeks: int | None = None
    audit_weeks: int | None = None
    privacy_contact: str | None = None
    attendance_names: bool = False
    attendance_days: int | None = None
    feed_epoch: int | None = None
    member_role_id: int | None = None
    campaign: str | None = None
    language: str = ENGLISH
