"""Meetings in a document: announced with a date in a heading, a sentence, a list or a table, or promised without one."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Final

from bot.domain.bulletins.blocks import Block, Shape
from bot.domain.bulletins.clocks import TimeMention, find_times, find_zone
from bot.domain.bulletins.dates import DayMention, find_days
from bot.domain.bulletins.meeting_times import end_in, joined_days, paired, phrase_of
from bot.domain.bulletins.meeting_words import (
    is_about_the_same,
    is_no_meeting,
    is_online,
    is_over,
    is_promised,
    names_a_meeting,
    promises_a_link,
    waits_for_its_date,
)
from bot.domain.bulletins.model import FoundLink, FoundTime, Item, ItemKind, Place
from bot.domain.bulletins.years import Calendar, SettledDay
from bot.domain.language import later

_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+(?=[A-Z\u2018“\"'])")
_DETAILS_AFTER: Final = 6

_MOST_SENTENCE: Final = 400
_MOST_AROUND: Final = 2_000
_MOST_TOGETHER: Final = 12


NO_DATE: Final = later("There is no date yet: details are to follow.")
NO_TIME: Final = later("The text gives no time of day.")
NO_LINK: Final = later("The link is not in the text: add it when you have it.")
LINK_FOLLOWS: Final = later("The link is still to come: add it when you have it.")


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
    listed: bool = False
    day_only: str = ""
    day_phrase: str = ""


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
    found: dict[tuple[int, int], list[_Draft]] = {}
    fresh: list[_Draft] = []
    promised: list[Item] = []
    for scene in scenes:
        drafts = _drafts(scene, calendar, zone)
        for draft in drafts:
            if not _is_told_again(draft, found):
                found.setdefault(_day_of(draft), []).append(draft)
                fresh.append(draft)
        promised += _waiting(scene, zone) if drafts else _promised(scene, zone, already=bool(fresh))
    return [*(_item(draft) for draft in fresh), *promised]


def _day_of(draft: _Draft) -> tuple[int, int]:
    day = draft.settled.day
    return (day.month, day.day) if day else (draft.mention.month, draft.mention.number)


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
            drafts[-1].around = f"{drafts[-1].around} {block.text}"[:_MOST_AROUND]
        introduced = _introduces(block, introduced=introduced and own)
    return drafts


def _introduces(block: Block, *, introduced: bool) -> bool:
    """Whether the lines below are meetings: "Branch meetings will be held:", or one more of them stood here."""
    names = block.introduces and names_a_meeting(block.text) and not is_over(block.text)
    return names or (introduced and not block.introduces)


def _sentences(block: Block) -> list[str]:
    return _SENTENCE.split(block.text) if block.shape is Shape.PARAGRAPH else [block.text]


def _announced(scene: Scene, block: Block, sentence: str, *, introduced: bool) -> bool:
    """Whether the sentence tells of a meeting to come."""
    timed = bool(find_times(sentence))
    if not any(one.number or (one.weekday is not None and timed) for one in find_days(sentence)):
        return False
    named = introduced or names_a_meeting(sentence)
    if is_over(sentence) or (is_no_meeting(sentence) and not (named and timed)):
        return False
    listed = block.shape is not Shape.PARAGRAPH or len(sentence) < _MOST_SENTENCE // 2 or timed
    return named or (scene.about_meetings and listed)


def _read(sentence: str, block: Block, scene: Scene, calendar: Calendar, zone: str) -> list[_Draft]:
    days = [one for one in find_days(sentence) if one.number] or find_days(sentence)[:1]
    days = joined_days(sentence, days)
    named, doubt = find_zone(sentence, zone)
    drafts: list[_Draft] = []
    for day, clock in paired(sentence, days):
        phrase = phrase_of(sentence, day, clock)
        draft = _Draft(sentence, block.place, day, calendar.settle(day), clock, phrase, named, scene.heading)
        draft.listed = block.shape in {Shape.ITEM, Shape.ROW}
        draft.doubts += [doubt] if doubt else []
        drafts.append(draft)
    return drafts


def _complete(drafts: list[_Draft], sentence: str, block: Block) -> None:
    """Give the last meetings a time that stands alone below: "Time: 6pm"; a further such line is a further meeting."""
    last = drafts[-1]
    too_far = last.place.last_line + _DETAILS_AFTER < block.place.first_line
    if too_far or find_days(sentence) or len(sentence) > _MOST_SENTENCE // 2:
        return
    if last.clock and last.clock.ends is None and (ends := end_in(sentence, last.clock.begins)):
        last.clock = replace(last.clock, ends=ends)
        last.text = f"{last.text} {sentence}"
        last.place = Place(last.place.first_line, block.place.last_line)
        return
    times = find_times(sentence)
    waiting = [
        draft for draft in drafts[-_MOST_TOGETHER:] if draft.clock is None and draft.settled.last_day is None
    ]
    further = last.day_only and block.tight and block.place != last.place and not is_about_the_same(sentence)
    if times and not waiting and further:
        waiting = [
            replace(last, text=last.day_only, phrase=last.day_phrase, doubts=[], links=[], listed=True)
        ]
        drafts += waiting
    for draft in waiting if times else ():
        draft.day_only, draft.day_phrase = draft.text, draft.phrase
        draft.clock = times[0]
        draft.place = Place(draft.place.first_line, block.place.last_line)
        draft.text = f"{draft.text} {sentence}"
        draft.phrase = f"{draft.phrase} {sentence[times[0].start : times[0].end]}"


def _give_links(drafts: list[_Draft], block: Block) -> None:
    own = [draft for draft in drafts[-_MOST_TOGETHER:] if draft.place == block.place]
    for draft in own or drafts[-1:]:
        draft.links += [link for link in block.links if link not in draft.links]


def _is_told_again(draft: _Draft, found: Mapping[tuple[int, int], Sequence[_Draft]]) -> bool:
    """Whether it is a meeting that was announced before: the same day, and no other time.

    What the earlier words lacked, the later ones give it. Two lines of lists are two meetings.
    """
    for other in found.get(_day_of(draft), ())[-_MOST_TOGETHER:]:
        year = draft.mention.year is not None and draft.settled.day != other.settled.day
        clocks = (draft.clock.begins if draft.clock else None, other.clock.begins if other.clock else None)
        apart = draft.listed and other.listed and draft.place != other.place
        if not year and not apart and (None in clocks or clocks[0] == clocks[1]):
            if other.clock is None and draft.clock:
                other.clock, other.phrase = draft.clock, f"{other.phrase}, {draft.phrase}"
                other.place = Place(other.place.first_line, max(other.place.last_line, draft.place.last_line))
                other.text = f"{other.text} {draft.text}"
            other.links += [link for link in draft.links if not other.links]
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
    if not links and is_online(f"{draft.text} {draft.around}"):
        doubts.append(LINK_FOLLOWS if promises_a_link(draft.around) else NO_LINK)
    found = FoundTime(
        " ".join(draft.phrase.split()),
        draft.zone,
        settled.day,
        settled.last_day,
        _wall(settled.day, clock.begins if clock else None),
        _wall(settled.last_day or settled.day, clock.ends if clock else None),
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


def _waiting(scene: Scene, zone: str) -> list[Item]:
    """Lines among the meetings of a list whose day is still to come."""
    return [
        _undated(block.text, block, scene, zone)
        for block in scene.blocks
        if block.shape in {Shape.ITEM, Shape.ROW}
        and not find_days(block.text)
        and waits_for_its_date(block.text)
    ]


def _undated(words: str, block: Block, scene: Scene, zone: str) -> Item:
    return Item(
        ItemKind.MEETING,
        words,
        block.place,
        heading=scene.heading,
        time=FoundTime("", zone),
        links=block.links,
        doubts=(NO_DATE,),
    )


def _promised(scene: Scene, zone: str, *, already: bool) -> list[Item]:
    """Meetings that are promised without a date."""
    for block in scene.blocks:
        if block.shape is Shape.HEADING or (already and not scene.about_meetings):
            continue
        for sentence in _SENTENCE.split(block.text):
            if is_promised(sentence) and not find_days(sentence):
                return [_undated(sentence, block, scene, zone)]
    return []
