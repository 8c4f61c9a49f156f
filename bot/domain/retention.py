"""How long feedback and the audit log are kept, and when their time is over. Feedback knows its week, nothing finer."""

from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.feedback import iso_week
from bot.domain.language import say, say_count
from bot.domain.problems import BadInput

LEAST_WEEKS, MOST_WEEKS = 4, 520
WARNED_BEFORE = timedelta(weeks=1)
"""The moderators have this long to export feedback that is about to be deleted, or to keep it for longer."""


@dataclass(frozen=True, slots=True)
class Periods:
    """For how many weeks a guild keeps feedback and its audit log."""

    feedback_weeks: int
    audit_weeks: int

    def first_week_kept(self, today: date) -> str:
        """The ISO week whose feedback, and all later, is still kept."""
        return iso_week(today - timedelta(weeks=self.feedback_weeks))


@dataclass(frozen=True, slots=True)
class Warned:
    """What the moderators were warned of: feedback of the weeks before `before`, on the day `on`."""

    before: str
    on: date

    def is_over(self, today: date) -> bool:
        """Whether they have had their time."""
        return today >= self.on + WARNED_BEFORE

    def __str__(self) -> str:
        return f"{self.before} {self.on}"

    @classmethod
    def due(cls, kept: Periods, today: date) -> "Warned":
        """What is to be warned of today, because it is deleted once the time for that is over."""
        return cls(kept.first_week_kept(today + WARNED_BEFORE), today)

    @classmethod
    def read(cls, text: str) -> "Warned":
        """Reads what `str` has written."""
        before, _, on = text.partition(" ")
        return cls(before, date.fromisoformat(on))


def known_weeks(weeks: int) -> int:
    """A number of weeks for which things may be kept.

    Raises:
        BadInput: it is less or more than is allowed.
    """
    if not LEAST_WEEKS <= weeks <= MOST_WEEKS:
        raise BadInput(
            say_count(weeks, "{number} week cannot be set.", "{number} weeks cannot be set."),
            next_step=say(
                "Choose from {least} to {most} weeks; 52 are a year.", least=LEAST_WEEKS, most=MOST_WEEKS
            ),
            kept=say("Nothing was changed."),
        )
    return weeks
