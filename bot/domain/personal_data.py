"""Every column that names a person, or by which one can be found again: what it holds, why, how long, how it goes.

`/me data` shows it and `/me forget` erases it from this list, and a test fails when a table gains a column for people that
is not on it. Feedback is not here because nothing in it leads to a person, ours included.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from bot.domain.language import later

DIRECT_NUDGES_KEPT = timedelta(weeks=4)
"""After so long, the record of a direct message that is over is deleted by the daily work, or with the next nudge.

A register and `PERSONAL_COLUMNS` say it in words; a test compares them.
"""


class FoundBy(Enum):
    """How the rows of one person are found."""

    USER_ID = "their Discord id"
    MARK = "a keyed hash of their id, which only this installation can make"


@dataclass(frozen=True, slots=True)
class PersonalColumn:
    """One column, in words for the person whom it is about.

    `only` narrows a column that names other things too. What is not `erasable` says in `erasure` why it stays.
    """

    table: str
    column: str
    title: str
    what: str
    why: str
    kept: str
    erasure: str
    erasable: bool = True
    found_by: FoundBy = FoundBy.USER_ID
    only: tuple[tuple[str, str], ...] = ()


PERSONAL_COLUMNS = (
    PersonalColumn(
        table="members",
        column="user_id",
        title=later("Your choices"),
        what=later("Whether you want nudges as direct messages, your time zone, and your language."),
        why=later("To send you what you asked for, and to read the times that you type."),
        kept=later("Until you switch both off, or erase them."),
        erasure=later("`/me forget` deletes them."),
    ),
    PersonalColumn(
        table="deliveries",
        column="target_id",
        title=later("Direct messages sent to you"),
        what=later("Which ones, when, and whether they arrived."),
        why=later("So that none comes twice."),
        kept=later("28 days after each was sent."),
        erasure=later(
            "`/me forget` deletes them here. What Discord shows in your messages is yours to delete."
        ),
        only=(("target_kind", "member"),),
    ),
    PersonalColumn(
        table="meeting_answers",
        column="user_id",
        title=later("Meetings you answered to"),
        what=later("Whether you come, and how long before you want to be reminded."),
        why=later("To count seats, and to tell you when a meeting changes."),
        kept=later("Until some days after the meeting; `/me data` says how many."),
        erasure=later("`/me forget` deletes your answers."),
    ),
    PersonalColumn(
        table="demand_follows",
        column="user_id",
        title=later("Demands you follow"),
        what=later("Which ones, so that you hear of the employer's answers."),
        why=later("To send you what you asked for."),
        kept=later("Until you stop following them."),
        erasure=later("`/me forget` deletes it."),
    ),
    PersonalColumn(
        table="participation_ledger",
        column="entry_hash",
        title=later("Actions you were counted for"),
        what=later("A scrambled mark for each, without your name; I can find it again only while you ask."),
        why=later("So that nobody counts twice in a week."),
        kept=later("Until the week is over."),
        erasure=later("`/me forget` deletes the marks, and takes you out of the week's numbers."),
        found_by=FoundBy.MARK,
    ),
    PersonalColumn(
        table="focus_ledger",
        column="entry_hash",
        title=later("Focus rounds you voted in"),
        what=later(
            "A scrambled mark for each, without your name and apart from the votes; I can find "
            "it only while you ask."
        ),
        why=later("So that everybody votes once."),
        kept=later("Until the daily work after the round has closed."),
        erasure=later(
            "`/me forget` deletes the mark. Your vote stays counted: nothing shows which one is "
            "yours. Until the round closes I remember in memory, scrambled, that you have voted."
        ),
        found_by=FoundBy.MARK,
    ),
    PersonalColumn(
        table="audit",
        column="actor_id",
        title=later("Your work for the campaign"),
        what=later(
            "As an organiser, moderator or administrator: what you took out or changed, when, and what for."
        ),
        why=later("Members who trust us with feedback have a right to know who handled it."),
        kept=later("As long as this server keeps its audit log; `/me data` says how long that is."),
        erasure=later("`/me forget` keeps it, for that reason."),
        erasable=False,
    ),
)


@dataclass(frozen=True, slots=True)
class Choices:
    """What a member chose about themselves. Where it is all as it was at first, nothing is stored."""

    nudges: bool = False
    zone: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Holding:
    """What one column holds about one person: each row whole, as text."""

    column: PersonalColumn
    rows: tuple[dict[str, str | None], ...]
