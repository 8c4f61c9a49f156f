"""Meetings in a document: announced with a date in a heading, a sentence, a list or a table, or promised without one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final

from bot.domain.bulletins.blocks import Block, Shape
from bot.domain.bulletins.clocks import TimeMention, find_times, find_zone
from bot.domain.bulletins.dates import DayMention, find_days
from bot.domain.bulletins.model import FoundLink, FoundTime, Item, ItemKind, Place
from bot.domain.bulletins.years import Calendar, SettledDay

_MEETING: Final = re.compile(
    r"\b(?:meetings?|briefings?|webinars?|drop[- ]?ins?|rall(?:y|ies)|roadshows?|q ?& ?as?|agm|egm|workshops?|"
    r"assembl(?:y|ies)|vigils?|lobb(?:y|ies)(?: of)?|demonstrations?|demos?|march(?:es)?(?! \d)|town halls?|hustings|"
    r"training|conferences?|conventions?|members[’'] calls?|zoom calls?|teams calls?|calls?(?= (?:on|at|with))|"
    r"picket(?: line)?s?|open days?|day of action|days of action|protests?|surger(?:y|ies)|social|events?|sessions?|forums?|"
    r"summits?|festivals?|seminars?|launch(?:es)?(?= (?:event|meeting))|phone ?banks?|walkabouts?|stalls?|coffee mornings?|learn at lunch|lunch(?:time)? (?:and|&) learn)\b",
    re.IGNORECASE,
)
_NOT_A_MEETING: Final = re.compile(
    r"\b(?:deadlines?|clos(?:e|es|ing)|ballots?(?: papers?)?(?! rall| meet| briefing| event)|(?:by|before|until|since|from) (?:noon|midday|\d|[A-Z])|no later than|expires?|"
    r"strik(?:e|es|ing)(?! (?:rall|meet|committee meet|briefing))|launched|dated|published|letter of|effective|backdated|with effect|nominations|return(?:ed)?|submit|reply|respond|published on)\b"
)
_PAST: Final = re.compile(
    r"\b(?:met|was|were|took place|held (?:on|at|in)|attended|heard|told (?:us|you|members)|agreed|said|wrote|last (?:week|month|year|meeting)|"
    r"previous|(?:following|after|since|at) (?:the|our|a) (?:\w+ )?meeting (?:on|of|with)|discussed|launched|voted|announced|(?:has|have|had) (?:been|taken|met|agreed|held)|passed|carried|adopted|minutes of|decided|raised|resumed|began|started|received|reported|confirmed)\b",
    re.IGNORECASE,
)
_AHEAD: Final = re.compile(
    r"\b(?:will|next|join|come|invited?|attend|urged|hope|see you|please|are (?:holding|meeting|organising|hosting)|register|rsvp|book|upcoming|forthcoming|diary)\b",
    re.IGNORECASE,
)
_PROMISE: Final = re.compile(
    r"\b(?:plan(?:ning|s|ned)?|arrang(?:e|ing)|organis(?:e|ing)|set(?:ting)? up|will (?:be )?(?:hold(?:ing)?|organis\w+|arrang\w+|host(?:ing)?|call(?:ing)?|run(?:ning)?|set up)|"
    r"(?:to be|being) (?:arranged|organised|held|confirmed|announced)|will (?:follow|be (?:held|announced|arranged|organised|confirmed))|look out for|tbc|t\.b\.c|tba|coming soon|date to follow|details to follow|(?:details|dates?) (?:and \w+ )?(?:will|to) (?:follow|be))\b",
    re.IGNORECASE,
)
_MEMBERS: Final = re.compile(
    r"\b(?:members?|all|branch|online|on-line|mass|open|joint|reps|workplace|urgent|emergency|regional|national|everyone|public|briefings?|webinars?|rall(?:y|ies))\b",
    re.IGNORECASE,
)
_LINK_PROMISED: Final = re.compile(
    r"\b(?:links?|joining (?:details|instructions|information)|zoom|teams|login|log-in|register|online)\b",
    re.IGNORECASE,
)
_ONLINE: Final = re.compile(r"\b(?:links?|zoom|teams|on-?line|webinars?|virtual(?:ly)?|joining (?:details|instructions)|log ?in|dial in)\b", re.IGNORECASE)
_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+(?=[A-Z‘“\"'])")
_DETAILS_AFTER: Final = 6
_NEAR: Final = 60
_MOST_SENTENCE: Final = 400
_JOINED: Final = re.compile(r"\s?(?:,|and|&|or|/|;)\s?(?:on\s)?(?:the\s)?", re.IGNORECASE)

NO_DATE: Final = "There is no date yet: details are to follow."
NO_TIME: Final = "The text gives no time of day."
NO_LINK: Final = "The link is not in the text: add it when you have it."
LINK_FOLLOWS: Final = "The link is still to come: add it when you have it."


@dataclass(slots=True)
class _Draft:
    """A meeting while its details are gathered."""

    text: str
    place: Place
    mention: DayMention
    settled: SettledDay
    clock: TimeMention | None
    phrase: str
    zone: str
    heading: str
    links: list[FoundLink] = field(default_factory=list[FoundLink])
    doubts: list[str] = field(default_factory=list[str])
    around: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """Where in a document a meeting may be announced: the blocks of one section under their heading.

    What is in `actions` may announce a meeting of its own, but says nothing about one above it.
    """

    heading: str
    blocks: Sequence[Block]
    about_meetings: bool
    actions: frozenset[Place] = frozenset()


def find_meetings(scenes: Sequence[Scene], calendar: Calendar, zone: str) -> list[Item]:
    """The meetings that the document announces or promises, each once, in its order."""
    found: list[_Draft] = []
    items: list[Item] = []
    for scene in scenes:
        drafts = _drafts(scene, calendar, zone)
        fresh = [draft for draft in drafts if not _is_told_again(draft, found)]
        found += fresh
        items += [_item(draft) for draft in fresh]
        if not drafts:
            items += _promised(scene, zone, already=bool(found))
    return items


def _drafts(scene: Scene, calendar: Calendar, zone: str) -> list[_Draft]:
    drafts: list[_Draft] = []
    introduced = False
    for block in scene.blocks:
        own = False
        for sentence in _sentences(block):
            if _announced(scene, block, sentence, introduced=introduced):
                drafts += _read(sentence, block, scene, calendar, zone)
                own = True
            elif drafts and (block.place not in scene.actions or drafts[-1].place == block.place):
                _complete(drafts, sentence, block)
        if drafts and (own or block.place not in scene.actions):
            _give_links(drafts, block)
            drafts[-1].around += f" {block.text}"
        introduced = _introduces(block, introduced=introduced and own)
    return drafts


def _introduces(block: Block, *, introduced: bool) -> bool:
    """Whether the lines below are meetings: "Branch meetings will be held:", or one more of them stood here."""
    names = block.introduces and bool(_MEETING.search(block.text)) and not _PAST.search(block.text)
    return names or (introduced and not block.introduces)


def _sentences(block: Block) -> list[str]:
    return _SENTENCE.split(block.text) if block.shape is Shape.PARAGRAPH else [block.text]


def _announced(scene: Scene, block: Block, sentence: str, *, introduced: bool) -> bool:
    """Whether the sentence tells of a meeting to come."""
    timed = bool(find_times(sentence))
    if not any(one.number or (one.weekday is not None and timed) for one in find_days(sentence)):
        return False
    named = introduced or bool(_MEETING.search(sentence))
    if _NOT_A_MEETING.search(sentence) and not (named and timed):
        return False
    if _PAST.search(sentence) and not _AHEAD.search(sentence):
        return False
    listed = block.shape is not Shape.PARAGRAPH or len(sentence) < _MOST_SENTENCE // 2 or timed
    return named or (scene.about_meetings and listed)


def _read(sentence: str, block: Block, scene: Scene, calendar: Calendar, zone: str) -> list[_Draft]:
    days = [one for one in find_days(sentence) if one.number] or find_days(sentence)[:1]
    times = find_times(_without(sentence, days))
    named, doubt = find_zone(sentence, zone)
    drafts: list[_Draft] = []
    for index, mention in enumerate(days):
        clock = _clock_of(index, days, times, sentence)
        settled = calendar.settle(mention)
        start = min(mention.start, clock.start if clock else mention.start)
        end = max(mention.end, clock.end if clock else mention.end)
        phrase = (
            sentence[start:end].strip(" ,;–-")
            if end - start < _NEAR * 2
            else sentence[mention.start : mention.end]
        )
        drafts.append(
            _Draft(
                sentence,
                block.place,
                mention,
                settled,
                clock,
                phrase,
                named,
                scene.heading,
                doubts=[doubt] if doubt else [],
            )
        )
    return drafts


def _without(text: str, days: Sequence[DayMention]) -> str:
    """The text with its days blanked out, so that "14.01" is not read as a time."""
    for day in days:
        text = text[: day.start] + " " * (day.end - day.start) + text[day.end :]
    return text


def _clock_of(
    index: int, days: Sequence[DayMention], times: Sequence[TimeMention], text: str
) -> TimeMention | None:
    """The time that belongs to a day: the first behind it, else the last before it; days that are joined share one."""
    day = days[index]
    limit = days[index + 1].start if index + 1 < len(days) else len(text)
    after = [one for one in times if day.end <= one.start and (one.start < limit or limit <= day.end)]
    if after:
        return after[0]
    earlier = days[index - 1].end if index else 0
    before = [
        one for one in times if earlier <= one.start and one.end <= day.start and day.start - one.end < _NEAR
    ]
    if before:
        return before[-1]
    if index + 1 < len(days) and _JOINED.fullmatch(text[day.end : limit]):
        return _clock_of(index + 1, days, times, text)
    return None


def _complete(drafts: list[_Draft], sentence: str, block: Block) -> None:
    """Give the last meetings a time that stands alone below: "Time: 6pm"."""
    waiting = [draft for draft in drafts if draft.clock is None and draft.settled.last_day is None]
    too_far = not waiting or waiting[-1].place.last_line + _DETAILS_AFTER < block.place.first_line
    if too_far or find_days(sentence) or len(sentence) > _MOST_SENTENCE // 2:
        return
    times = find_times(sentence)
    for draft in waiting if times else ():
        draft.clock = times[0]
        draft.place = Place(draft.place.first_line, block.place.last_line)
        draft.text = f"{draft.text} {sentence}"
        draft.phrase = f"{draft.phrase} {sentence[times[0].start : times[0].end]}"


def _give_links(drafts: list[_Draft], block: Block) -> None:
    own = [draft for draft in drafts if draft.place == block.place]
    for draft in own or drafts[-1:]:
        draft.links += [link for link in block.links if link not in draft.links]


def _is_told_again(draft: _Draft, found: Sequence[_Draft]) -> bool:
    """Whether it is a meeting that was announced before: the same day, and no other time."""
    for other in found:
        same_day = draft.settled.day is not None and draft.settled.day == other.settled.day
        undated = draft.mention.year is None and (draft.mention.number, draft.mention.month) == (
            other.mention.number,
            other.mention.month,
        )
        clocks = (draft.clock.begins if draft.clock else None, other.clock.begins if other.clock else None)
        if (same_day or undated) and (None in clocks or clocks[0] == clocks[1]):
            return True
    return False


def _item(draft: _Draft) -> Item:
    settled, clock = draft.settled, draft.clock
    doubts = [*settled.doubts, *draft.doubts]
    if clock is None:
        doubts.append(NO_TIME)
    elif clock.doubt:
        doubts.append(clock.doubt)
    links = tuple(draft.links)
    if not links and _ONLINE.search(f"{draft.text} {draft.around}"):
        doubts.append(
            LINK_FOLLOWS
            if re.search(
                r"to follow|follows|will be sent|nearer the time|tbc|to be (?:sent|confirmed)",
                draft.around,
                re.IGNORECASE,
            )
            and _LINK_PROMISED.search(draft.around)
            else NO_LINK
        )
    found = FoundTime(
        " ".join(draft.phrase.split()),
        draft.zone,
        settled.day,
        settled.last_day,
        _wall(settled.day, clock.begins if clock else None),
        _wall(settled.last_day or settled.day, clock.ends if clock else None),
        settled.inferred,
    )
    return Item(
        ItemKind.MEETING,
        draft.text,
        draft.place,
        heading=draft.heading if draft.heading != draft.text else "",
        time=found,
        links=links,
        doubts=tuple(doubts),
    )


def _wall(day: date | None, clock: time | None) -> datetime | None:
    return datetime.combine(day, clock) if day and clock else None


def _promised(scene: Scene, zone: str, *, already: bool) -> list[Item]:
    """Meetings that are promised without a date."""
    for block in scene.blocks:
        if block.shape is Shape.HEADING or (already and not scene.about_meetings):
            continue
        for sentence in _SENTENCE.split(block.text):
            promised = _MEETING.search(sentence) and _PROMISE.search(sentence) and _MEMBERS.search(sentence)
            if promised and not _NOT_A_MEETING.search(sentence) and not find_days(sentence):
                return [
                    Item(
                        ItemKind.MEETING,
                        sentence,
                        block.place,
                        heading=scene.heading,
                        time=FoundTime("", zone),
                        links=block.links,
                        doubts=(NO_DATE,),
                    )
                ]
    return []
