"""What the delivery engine and the way into Discord have to say to each other."""

from dataclasses import dataclass
from typing import Protocol

from bot.domain.attendance import Counts
from bot.domain.demand_history import DemandChange
from bot.domain.models import Action, Meeting
from bot.domain.schedules import Delivery, Schedule, ScheduleKind, TargetKind


@dataclass(frozen=True, slots=True)
class Post:
    """All that is needed to write one post into a channel."""

    delivery: Delivery
    schedule: Schedule
    meeting: Meeting | None
    late: bool
    counts: Counts | None = None
    action: Action | None = None
    """Who comes, for a post about a meeting."""

    answers: tuple[DemandChange, ...] = ()

    @property
    def wording(self) -> str:
        """The wording whose turn it is: they rotate with the days."""
        wordings = self.schedule.wordings
        return wordings[self.delivery.local_date.toordinal() // 7 % len(wordings)]

    @property
    def is_for_a_person(self) -> bool:
        """Whether it goes to a member's direct messages."""
        return self.delivery.target_kind is TargetKind.MEMBER

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing left to tell: the member stopped following, or the entries were corrected."""
        return self.schedule.kind is ScheduleKind.FOLLOW and not self.answers

    @property
    def stands_in(self) -> bool:
        """Whether it goes to the fallback channel, because the channel it is meant for is closed."""
        return not self.is_for_a_person and self.delivery.target_id != self.schedule.channel_id


class TargetGone(Exception):
    """The channel is gone or closed to the bot; trying again does not help until somebody mends it."""


class TargetDeleted(TargetGone):
    """The channel no longer exists, nor does anything that stood in it."""


class PersonClosed(TargetGone):
    """The member does not take direct messages from the bot."""


class Refused(Exception):
    """Discord refuses the post itself; trying again does not help."""


class NotSent(Exception):
    """It certainly was not sent, and may be tried again."""


class NotTried(NotSent):
    """It could not even be tried, so it does not count as an attempt."""


class HistoryUnreadable(Exception):
    """The channel's history cannot be read, so whether it was sent cannot be known."""


class Sender(Protocol):
    """The way into Discord. Any other exception, or a timeout, means that the outcome is not known."""

    async def send(self, post: Post) -> int:
        """Sends the post and returns the message's id. Raises TargetGone, Refused or NotSent."""
        ...

    async def find(self, post: Post) -> int | None:
        """Looks for the post in the channel's history. Raises HistoryUnreadable or TargetGone."""
        ...

    async def alert(self, guild_id: int, channel_id: int | None, text: str) -> None:
        """Tells the organisers' channel. Never raises."""
        ...
