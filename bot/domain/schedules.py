"""Schedules and deliveries: what is to be posted, when, and what became of it.

A schedule holds the rule; each of its occurrences becomes one delivery per lead time and channel. A delivery ends sent,
held, skipped or failed, never in silence.
"""

import hashlib
from base64 import b32encode
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum


class ScheduleKind(StrEnum):
    """What a schedule is for; the kind decides how late a post may be."""

    MEETING = "meeting"
    NUDGE = "nudge"
    REMINDER = "reminder"
    FOLLOW = "follow"
    """The employer's answers, to members who follow a demand; the wordings are the answers' ids."""

    NOTICE = "notice"
    """Word to members who come to a meeting, when it changes."""


ANNOUNCED = "announced"
"""The slot of the post that tells of a new meeting at once."""


class ScheduleState(StrEnum):
    """Whether a schedule makes deliveries."""

    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Schedule:
    """A rule for posts. Without `rule` it happens once, at `starts_wall`."""

    schedule_id: str
    guild_id: int
    kind: ScheduleKind
    title: str
    wordings: tuple[str, ...]
    starts_wall: datetime
    zone: str
    channel_id: int
    lead_times: tuple[timedelta, ...]
    rule: str | None = None
    holidays: str | None = None
    role_id: int | None = None
    meeting_key: str | None = None
    action_key: str | None = None
    skipped: frozenset[date] = frozenset()
    moved: tuple[tuple[date, datetime], ...] = ()
    state: ScheduleState = ScheduleState.ACTIVE
    materialised_until: datetime | None = None


class TargetKind(StrEnum):
    """Where a delivery goes."""

    CHANNEL = "channel"
    MEMBER = "member"


class DeliveryState(StrEnum):
    """Where a delivery stands. Only the last four are ends."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    HELD = "held"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One post that is due at `due_at` for the occurrence at `occurs_at`.

    `fence` rises with every claim, so that only the latest claimant can mark it. `first_attempted_at` is set by the first
    claim and kept. `may_stand` says that an attempt since then ended in a way that is not known.
    """

    delivery_id: str
    guild_id: int
    schedule_id: str
    local_date: date
    slot: str
    target_id: int
    due_at: datetime
    occurs_at: datetime
    target_kind: TargetKind = TargetKind.CHANNEL
    state: DeliveryState = DeliveryState.PENDING
    fence: int = 0
    attempts: int = 0
    first_attempted_at: datetime | None = None
    may_stand: bool = False
    message_id: int | None = None
    reason: str | None = None
    settled_at: datetime | None = None


def delivery_key(schedule_id: str, local_date: date, slot: str, target_id: int) -> str:
    """The identity of a delivery: the same for the same occurrence, on any machine, for ever.

    It serves as primary key, as Discord's nonce (at most 25 characters) and as the marker by which the post is found in
    the channel's history.

    Returns:
        20 characters of base 32, 100 bits of SHA-256.
    """
    text = f"{schedule_id}|{local_date.isoformat()}|{slot}|{target_id}"
    return b32encode(hashlib.sha256(text.encode()).digest()).decode()[:20].lower()


def planned(
    schedule: Schedule,
    *,
    local_date: date,
    slot: str,
    due_at: datetime,
    occurs_at: datetime,
    member: int | None = None,
) -> Delivery:
    """A delivery of a schedule that is still to come: into its channel, or to one member."""
    target_id = schedule.channel_id if member is None else member
    return Delivery(
        delivery_id=delivery_key(schedule.schedule_id, local_date, slot, target_id),
        guild_id=schedule.guild_id,
        schedule_id=schedule.schedule_id,
        local_date=local_date,
        slot=slot,
        target_id=target_id,
        target_kind=TargetKind.CHANNEL if member is None else TargetKind.MEMBER,
        due_at=due_at,
        occurs_at=occurs_at,
    )
