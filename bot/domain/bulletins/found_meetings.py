"""What a document says about when: its meetings, and the weekday of an action."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.bulletins.model import FoundTime, Item
from bot.domain.bulletins.naming import meeting_title
from bot.domain.bulletins.proposals import DEFAULT_MINUTES, MeetingTime, Proposal, Standing
from bot.domain.joining_links import is_joining_link
from bot.domain.language import later
from bot.domain.when import LocalMoment, told_in
from bot.domain.when.words import WEEKDAYS

PAST = later("It is past, so it is only recorded, without reminders.")
NO_LENGTH = later("No length is given; one hour is assumed.")
NO_TIME = later(
    "The date or the time is missing, so it cannot go into the diary. Edit it once they are known."
)

_LONGEST = timedelta(hours=24)
_SHORTEST = timedelta(minutes=5)
_USUAL_DAY, _HOUR = "Friday", "8am"
_WEEKDAY = re.compile(rf"\b({'|'.join(WEEKDAYS)})s?\b", re.IGNORECASE)


def meeting_proposal(proposal: Proposal, item: Item, now: datetime, zone: str) -> Proposal:
    """The proposal for a meeting: its name, its time in a zone as far as it is known, and what is missing."""
    found = item.time or FoundTime("", zone)
    link = next((one for one in item.links if is_joining_link(one.url)), None)
    named = replace(
        proposal,
        title=meeting_title(item.heading, item.text, found.phrase),
        links=(link,) if link else (),
    )
    if found.starts_wall is None:
        return replace(
            named,
            standing=Standing.LACKING,
            ticked=False,
            doubts=(*named.doubts, NO_TIME),
            meeting=MeetingTime(found.phrase, found.zone, None, None),
        )
    length = found.ends_wall - found.starts_wall if found.ends_wall else timedelta()
    has_length = _SHORTEST <= length <= _LONGEST
    minutes = int(length.total_seconds()) // 60 if has_length else DEFAULT_MINUTES
    moment = told_in(LocalMoment(found.starts_wall, found.zone), zone)
    timed = at(named, moment, minutes, now, phrase=found.phrase)
    return timed if has_length else replace(timed, doubts=(*timed.doubts, NO_LENGTH))


def at(proposal: Proposal, moment: LocalMoment, minutes: int, now: datetime, *, phrase: str) -> Proposal:
    """The proposal for a meeting at a time that is known."""
    starts_at = moment.instant
    doubts = [doubt for doubt in proposal.doubts if doubt not in {PAST, NO_TIME}]
    if starts_at <= now:
        doubts.append(PAST)
    lacked = proposal.standing is Standing.LACKING
    return replace(
        proposal,
        standing=Standing.NEW if lacked else proposal.standing,
        ticked=True if lacked else proposal.ticked,
        doubts=tuple(doubts),
        meeting=MeetingTime(phrase, moment.zone, moment.wall, starts_at, minutes),
    )


def nudge_rhythm(text: str) -> tuple[str, bool]:
    """How often to nudge for an action, and whether the text names the day itself."""
    named = list(_weekdays(text))
    if not named:
        return f"every {_USUAL_DAY} {_HOUR}", False
    return f"every {' and '.join(named)} {_HOUR}", True


def _weekdays(text: str) -> Iterable[str]:
    return dict.fromkeys(day.capitalize() for day in _WEEKDAY.findall(text))
