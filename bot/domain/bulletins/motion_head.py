"""The head of a motion: title, conference, date, decision; and without them what is left is its body."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from bot.domain.bulletins.blocks import Block, Shape
from bot.domain.bulletins.bulletin_head import is_sender
from bot.domain.bulletins.dates import find_days
from bot.domain.bulletins.motion_words import is_lead, mode_of, mode_of_item, names_the_body
from bot.domain.bulletins.years import Calendar
from bot.domain.language import later

_KEYS: Final = {
    "conference": "conference", "event": "conference", "meeting": "conference", "congress": "conference",
    "date": "date", "dated": "date", "date carried": "date",
    "date of debate": "date", "date of conference": "date", "conference date": "date",
    "decision": "decision", "status": "decision", "outcome": "decision", "result": "decision", "vote": "decision",
    "title": "title", "motion title": "title", "subject": "title", "motion": "title", "topic": "title",
}  # fmt: skip
_PAIR: Final = re.compile(r"([A-Z][A-Za-z ]{2,20}?)\s?[:|\u2013—]\s*(\S.*)")
_PEOPLE: Final = re.compile(
    r"^\W{0,3}(?:moved|mover|proposed|proposer|proposing|seconded|seconder|seconding|submitted|"
    r"sponsored|supported|supporting|supporters?|received from|tabled|from|branch)\b(?:\s(?:by|branch|"
    r"region|from)\b)?\s?[:\u2013—-]?\s?\S{0,20}",
    re.IGNORECASE,
)
_DECISION: Final = re.compile(
    r"\W{0,3}(?:(?:motion|composite|decision|status|result|outcome|this motion)\s?(?:was\s?|"
    r"[:\u2013—-]\s?)?)?((?:(?:as )?amended,? (?:and )?carried|not carried|carried|lost|remitted|withdrawn|fell|"
    r"fallen|defeated|passed|"
    r"rejected|agreed|adopted|approved|referred)\b[^.:;]{0,60})[.\W]{0,3}",
    re.IGNORECASE,
)
_VOTED: Final = re.compile(
    r"((?:(?:as )?amended,? (?:and )?)?(?:not )?(?:carried|lost|remitted|defeated|passed|rejected|adopted)\b"
    r"(?=.*(?:\bvotes?\b|unanimous|nem\.? ?con|\bmajority\b|\bagainst\b)).{1,110}?)[.\s]*",
    re.IGNORECASE,
)
_DECIDED_LAST: Final = re.compile(
    r"\s((?:Carried|CARRIED|Agreed|AGREED|Lost|LOST|Passed|PASSED|Remitted|REMITTED)(?: as amended| unanimously|"
    r" nem\.? con\.?| overwhelmingly)?)\.?$"
)
_SENTENCE_END: Final = re.compile(r"(?<=\.)\s+(?=[A-Z])")
_BRANCH_ALONE: Final = re.compile(
    r"(?:(?:and|the)\s)?(?:[A-Z][\w&\u2019'-]*,?\s(?:(?:and|of|&)\s)?){1,5}(?:[Bb]ranch|[Rr]egion|[Cc]hapel|[Ll]odge)"
    r"(?:\s\((?:moving|seconding|proposing|mover|seconder|proposer)\))?"
)
_PAPER: Final = re.compile(r"(?:final |preliminary )?(?:order paper|agenda)", re.IGNORECASE)
_ADDRESSED: Final = re.compile(r"(?:emergency |urgent )?motion (?:to|for|from|submitted)\b.*", re.IGNORECASE)
_DASHES: Final = re.compile(r"\s[-\u2013—|]\s")
_DATED: Final = re.compile(r"\W{0,3}date\b[^:]{0,30}:", re.IGNORECASE)
_CONFERENCE: Final = re.compile(
    r"\b(?:conference|congress|agm|annual general meeting|delegate meeting|delegates[\u2019'] meeting|"
    r"assembly|general council|branch meeting|sector meeting|council meeting|general meeting|(?-i:A?DM))\b",
    re.IGNORECASE,
)
_NUMBER_ONLY: Final = re.compile(
    r"(?:emergency |late |urgent |composite |amended |draft )*(?:motion|composite|resolution|amendment|"
    r"proposition)s?\s?(?:no\.?\s?|number\s)?[\w/.()-]{0,8}",
    re.IGNORECASE,
)
_MOTIONS: Final = re.compile(
    r"^(?:emergency |composite )*(?:motion|composite|proposition)\s?(?:no\.?\s?)?\d{1,3}\b", re.IGNORECASE
)
_REMARK: Final = re.compile(
    r"(?:[\w/]+ )?(?:recommendation|position|costs?|contact|implications|category|theme|source|"
    r"reference)s?\s?[:\u2013-].*|(?:[a-z][\w ]{1,20}:\s?\d[\d,]*\s*)+",
    re.IGNORECASE,
)
_WORDS: Final = re.compile(r"\W?(?:word count|words)?:?\s?\d+(?:\swords)?\W{0,2}", re.IGNORECASE)
_AMENDMENT: Final = re.compile(r"\W*(?:amendments?|amendment (?:no\.? ?)?\w{1,3})\W*", re.IGNORECASE)
_SHORT: Final = 120


@dataclass(slots=True)
class Head:
    """What stands above a motion's words."""

    title: str = ""
    conference: str = ""
    decision: str = ""
    dated: date | None = None
    doubts: list[str] = field(default_factory=list[str])


def is_motion(blocks: Sequence[Block]) -> bool:
    """Whether a document is a motion rather than a bulletin."""
    keys = {block.text.casefold().rstrip(": ") for block in blocks[:8]}
    if {"conference", "decision"} <= keys:
        return True
    modes = [mode for block in blocks if (mode := is_lead(block.text))]
    speaks = next((index for index, block in enumerate(blocks) if names_the_body(block.text)), None)
    if speaks is not None:
        modes += [mode for block in blocks[speaks + 1 :] if (mode := mode_of_item(block.text))]
    named = any(_NUMBER_ONLY.match(block.text) and _is_named(block) for block in blocks[:6])
    return len({mode.value for mode in modes}) > 1 or (bool(modes) and named)


def _is_named(block: Block) -> bool:
    return len(block.text) <= _SHORT and bool(
        re.match(
            r"(?:emergency |late |urgent |composite |draft )*(?:motion|composite|resolution|amendment|proposition)\b",
            block.text,
            re.IGNORECASE,
        )
    )


def read_head(blocks: Sequence[Block], *, today: date) -> tuple[Head, list[Block]]:
    """The motion's head, and the blocks of its body."""
    head = Head()
    rest: list[Block] = []
    titles: list[str] = []
    others = 0
    begun = False
    index = 0
    while index < len(blocks):
        block = blocks[index]
        key, value, used = _pair(blocks, index)
        if key and (not begun or key != "title"):
            _take(head, titles, key, value, today)
            index += used
            continue
        index += 1
        if _AMENDMENT.fullmatch(block.text) and begun:
            head.doubts.append(
                later(
                    "An amendment stands below the motion: it is not read, so check whether it was carried."
                )
            )
            head.decision = head.decision or _decision_in(blocks[index:])
            head.dated = head.dated or _date_in(blocks[index:], today)
            break
        if begun and len(block.text) <= _SHORT and _REMARK.fullmatch(block.text):
            continue
        if (
            _WORDS.fullmatch(block.text)
            or names_people(block)
            or (begun and _BRANCH_ALONE.fullmatch(block.text))
        ):
            head.decision = head.decision or _decision_below(block.text)
            continue
        if (
            block.shape is not Shape.ITEM
            and len(block.text) <= _SHORT
            and (found := _DECISION.fullmatch(block.text) or _VOTED.fullmatch(block.text))
        ):
            head.decision = head.decision or _without_day(found[1]).rstrip(" .")
            head.dated = head.dated or _day_in(found[1], today)
            continue
        others += begun and len(block.text) <= _SHORT and bool(_MOTIONS.match(block.text))
        begun = begun or _begins(block, blocks[index] if index < len(blocks) else None)
        if begun:
            rest.append(block)
        else:
            for part in _parts(block.text):
                _take_free(head, titles, part, today)
    _finish(head, titles)
    if others:
        head.doubts.append(
            later("There seem to be several motions in this document: import them one by one.")
        )
    return head, rest


def names_a_motion(block: Block) -> bool:
    """Whether a line is a motion's number, with or without its title: "Motion A1 - Office attendance"."""
    return len(block.text) <= _SHORT and bool(_NUMBER_ONLY.match(block.text)) and _is_named(block)


def names_people(block: Block) -> bool:
    """Whether a line says who moved or seconded the motion."""
    short = len(block.text) <= _SHORT
    return short and bool(_PEOPLE.match(block.text)) and not mode_of(block.text, heading=False)


def _decision_below(text: str) -> str:
    """What was decided, where it stands on the line of those who moved it."""
    if found := _DECIDED_LAST.search(text):
        return found[1]
    parts = _SENTENCE_END.split(text)[1:]
    found = (_DECISION.fullmatch(part) or _VOTED.fullmatch(part) for part in parts)
    return next((match[1].strip(" .") for match in found if match), "")


def _decision_in(blocks: Sequence[Block]) -> str:
    """What was decided, where it stands under the amendments."""
    found = (_DECISION.fullmatch(block.text) for block in blocks if len(block.text) <= _SHORT)
    return next((match[1].strip(" .()[]*") for match in found if match), "")


def _date_in(blocks: Sequence[Block], today: date) -> date | None:
    """The day of the debate, where it stands under the amendments."""
    dates = (_day_in(block.text, today) for block in blocks if _DATED.match(block.text))
    return next((day for day in dates if day), None)


def _pair(blocks: Sequence[Block], index: int) -> tuple[str, str, int]:
    """A key with its value: "Decision: Carried" on one line, or one below the other."""
    text = blocks[index].text
    key = _KEYS.get(text.casefold().rstrip(": "))
    if (
        key
        and index + 1 < len(blocks)
        and len(blocks[index + 1].text) <= _SHORT
        and (blocks[index].shape is Shape.ITEM or text.endswith(":"))
        and not mode_of(blocks[index + 1].text, heading=False)
    ):
        return key, blocks[index + 1].text, 2
    if (
        len(text) <= _SHORT
        and (found := _PAIR.fullmatch(text))
        and (key := _KEYS.get(found[1].casefold().strip()))
    ):
        return key, found[2], 1
    return "", "", 0


def _take(head: Head, titles: list[str], key: str, value: str, today: date) -> None:
    if key == "conference":
        head.conference = head.conference or _without_day(value)
        head.dated = head.dated or _day_in(value, today)
    elif key == "decision":
        head.decision = value
    elif key == "title":
        titles.append(value)
    else:
        head.dated = _day_in(value, today) or head.dated


def _begins(block: Block, following: Block | None) -> bool:
    """Whether the motion's own words begin here."""
    if names_the_body(block.text):
        return True
    if mode_of(block.text, heading=block.shape is Shape.HEADING) and not _NUMBER_ONLY.fullmatch(block.text):
        return True
    return (
        len(block.text) > _SHORT
        or (block.shape is Shape.ITEM)
        or (
            block.shape is Shape.PARAGRAPH
            and block.text.endswith(".")
            and following is not None
            and len(block.text.split()) > _SHORT // 10
        )
    )


def _parts(text: str) -> list[str]:
    """The parts of "AGM 2026 - Motion 3 - Facility time", and any other line as it is."""
    parts = _DASHES.split(text)
    split = len(parts) > 1 and any(_CONFERENCE.search(part) or _NUMBER_ONLY.fullmatch(part) for part in parts)
    return parts if split else [text]


def _take_free(head: Head, titles: list[str], text: str, today: date) -> None:
    """Read a line of the head that says by itself what it is."""
    day = _day_in(text, today)
    if day:
        head.dated = head.dated or day
        without = _without_day(text)
        if _CONFERENCE.search(without):
            head.conference = head.conference or without
        elif len(without.split()) > 1 and not titles:
            titles.append(without)
    elif _ADDRESSED.fullmatch(text) or (
        _CONFERENCE.search(text) and not head.conference and not _NUMBER_ONLY.match(text)
    ):
        head.conference = head.conference or text
    elif _PAPER.fullmatch(text) or any(one.number for one in find_days(text)):
        return
    else:
        titles.append(text.rstrip(":"))


def _finish(head: Head, titles: list[str]) -> None:
    named = [title for title in titles if not _NUMBER_ONLY.fullmatch(title)]
    own = [title for title in named if not is_sender(title)]
    if titles:
        head.title = (own or named or titles)[0]
    else:
        head.title = head.conference
        head.doubts.append(later("The text has no title: please give the motion one."))
    if not head.decision:
        head.doubts.append(later("The text does not say what was decided."))
    if head.dated is None:
        head.doubts.append(later("The text bears no date."))


def _without_day(text: str) -> str:
    for day in reversed(find_days(text)):
        if day.number:
            text = text[: day.start] + text[day.end :]
    return " ".join(text.split()).strip(" ,\u2013—-|()")


def _day_in(text: str, today: date) -> date | None:
    days = [one for one in find_days(text) if one.number and one.year is not None]
    return Calendar(today).settle(days[0]).day if days else None
