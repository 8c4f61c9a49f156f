"""Confidential feedback: what may be said about, in which words it is kept, and in which week it was given.

Nothing here, and nothing that is made from it, knows who gave the feedback, or when within the week.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

from bot.domain.language import later, say
from bot.domain.past_days import parse_past_day
from bot.domain.problems import BadInput

TEXT_LIMIT = 4_000

TOPICS: Mapping[str, str] = MappingProxyType(
    {
        "situation": later("The situation on the ground"),
        "focus": later("What to focus on next"),
        "meeting": later("A meeting"),
        "other": later("Something else"),
    }
)

REGIONS: Mapping[str, str] = MappingProxyType(
    {
        "east_midlands": later("East Midlands"),
        "east_of_england": later("East of England"),
        "greater_manchester": later("Greater Manchester"),
        "kent_surrey_sussex": later("Kent, Surrey and Sussex"),
        "london": later("London"),
        "north_east": later("North East"),
        "north_west": later("North West"),
        "south_central": later("South Central"),
        "south_west": later("South West"),
        "wales": later("Wales"),
        "west_midlands": later("West Midlands"),
        "yorkshire_humber": later("Yorkshire and the Humber"),
    }
)

GRADES: Mapping[str, str] = MappingProxyType(
    {
        "po": later("Probation officer (PO)"),
        "pso": later("Probation services officer (PSO)"),
        "pqip": later("Trainee probation officer (PQiP)"),
        "spo": later("Senior probation officer (SPO)"),
        "case_admin": later("Case administrator"),
        "approved_premises": later("Approved premises"),
        "unpaid_work": later("Unpaid work"),
        "programmes": later("Programmes and interventions"),
        "other": later("Another grade or role"),
    }
)


class FeedbackState(StrEnum):
    """How far a piece of feedback has come."""

    WAITING = "waiting"
    NEW = "new"
    OPEN = "open"
    DONE = "done"
    DUPLICATE = "duplicate"
    SPAM = "spam"


STATES: Mapping[FeedbackState, str] = MappingProxyType(
    {
        FeedbackState.NEW: later("New"),
        FeedbackState.OPEN: later("Being looked into"),
        FeedbackState.DONE: later("Dealt with"),
        FeedbackState.DUPLICATE: later("Said already"),
        FeedbackState.SPAM: later("Not feedback"),
    }
)
"""The states that moderators see. What waits for the day's batch is not theirs yet."""

SET_ASIDE = frozenset({FeedbackState.DUPLICATE, FeedbackState.SPAM})
"""What is counted nowhere, and exported only when it is asked for by its state."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """A piece of feedback. Its text is left out of `repr`, which may end up in a log."""

    feedback_id: str
    topic: str
    region: str | None
    grade: str | None
    iso_week: str
    text: str = field(repr=False)
    state: FeedbackState = FeedbackState.WAITING
    demand_key: str | None = None
    meeting_key: str | None = None
    sealed: bytes | None = field(default=None, repr=False)
    """The text encrypted for the recipients in the configuration; `text` is empty then."""


def iso_week(day: date) -> str:
    """The ISO week of a day, such as "2025-W14"; these sort as time does."""
    year, week, _ = day.isocalendar()
    return f"{year:04}-W{week:02}"


def monday_of(week: str) -> date:
    """The first day of an ISO week such as "2025-W14"."""
    year, _, number = week.partition("-W")
    return date.fromisocalendar(int(year), int(number), 1)


def known_topic(key: str | None) -> str:
    """The topic's key.

    Raises:
        BadInput: there is no such topic.
    """
    if key is None or key not in TOPICS:
        raise BadInput(
            say("Your feedback has no topic that I know."),
            next_step=say("Choose one of these: {listed}.", listed="; ".join(map(say, TOPICS.values()))),
        )
    return key


_NOT_ON_LIST = {
    "region": (
        later("That region is not on my list."),
        later("Choose a region from the list, or leave it out."),
    ),
    "grade": (
        later("That grade is not on my list."),
        later("Choose a grade from the list, or leave it out."),
    ),
}


def known_choice(key: str | None, choices: Mapping[str, str], name: str) -> str | None:
    """The key of an optional choice, or `None` when it was left out.

    Raises:
        BadInput: there is no such choice.
    """
    if not key:
        return None
    if key not in choices:
        raise BadInput(say(_NOT_ON_LIST[name][0]), next_step=say(_NOT_ON_LIST[name][1]))
    return key


def cleaned(typed: str) -> str:
    """The text of a piece of feedback as it is kept.

    It is kept as it was typed, emoji, right-to-left text and all, except for what the databases or a
    moderator's screen cannot hold: control characters and half characters.

    Raises:
        BadInput: there is nothing to read in it, or it is too long.
    """
    text = "".join(map(_storable, typed.replace("\r\n", "\n").replace("\r", "\n"))).strip()
    if not any(map(_is_visible, text)):
        raise BadInput(
            say("There is nothing to read in your feedback."), next_step=say("Write a sentence or two.")
        )
    if len(text) > TEXT_LIMIT:
        raise BadInput(
            say(
                "Your feedback has {length} characters; at most {most} fit.",
                length=f"{len(text):,}",
                most=f"{TEXT_LIMIT:,}",
            ),
            next_step=say("Shorten it, or give it in two parts."),
        )
    composed = unicodedata.normalize("NFC", text)
    # A few Indic and Hebrew letters grow when composed; nobody who kept to the limit is refused for that.
    return composed if len(composed) <= TEXT_LIMIT else text


def _storable(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cs":
        return "\N{REPLACEMENT CHARACTER}"
    return "" if category == "Cc" and character not in "\n\t" else character


_BLANK_CATEGORIES = frozenset({"Cc", "Cf", "Me", "Mn", "Zl", "Zp", "Zs"})
_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0\N{REPLACEMENT CHARACTER}")


def _is_visible(character: str) -> bool:
    return character not in _BLANK_LETTERS and unicodedata.category(character) not in _BLANK_CATEGORIES


_WEEK = re.compile(
    r"(?P<year>\d{4})[ -]?w(?P<week>\d{1,2})|(?:week ?|wythnos ?|w)(?P<only_week>\d{1,2})(?:,? (?P<its_year>\d{4}))?"
)


def read_week(typed: str, *, now: datetime, zone: str) -> str:
    """The ISO week that somebody typed: "2025-W14", "week 14", "wythnos 14", or a day in it, "3 April" or "3/4/2025".

    Without a year it is the latest one that is not in the future.

    Raises:
        BadInput: it is neither a week nor a day that is past.
    """
    found = _WEEK.fullmatch(" ".join(typed.lower().split()))
    if found is None:
        return iso_week(parse_past_day(typed, now=now, zone=zone))
    today = now.astimezone(ZoneInfo(zone)).date()
    week, year = int(found["week"] or found["only_week"]), found["year"] or found["its_year"]
    try:
        return iso_week(date.fromisocalendar(int(year) if year else _latest_year(week, today), week, 1))
    except ValueError:
        raise BadInput(
            say("There is no such week."),
            next_step=say(
                "Write a week such as {week}, or a day in it such as {day}.",
                week=iso_week(today),
                day=f"{today:%d/%m/%Y}",
            ),
        ) from None


def _latest_year(week: int, today: date) -> int:
    this_year, this_week, _ = today.isocalendar()
    return this_year if week <= this_week else this_year - 1
