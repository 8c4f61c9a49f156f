"""Feedback between being typed and being stored: what a member chose for it, in a form that a button can carry.

Nothing is stored until the member has accepted what was proposed, and nothing is remembered meanwhile. So the text stands
in the question that the member sees, and what was chosen stands in its buttons, where there is room for 100 characters.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.feedback import GRADES, REGIONS, TOPICS

_NOTHING, _FIRST = "-", "a"
_CHOICES = (TOPICS, REGIONS, GRADES)
_SEAL_LENGTH = 8
_DEMAND, _MEETING = "d", "m"


@dataclass(frozen=True, slots=True)
class Draft:
    """What a member typed and chose. The keys are checked when it is stored."""

    topic: str
    text: str = field(repr=False)
    region: str = ""
    grade: str = ""
    demand_key: str = ""
    meeting_key: str = ""


def subject_code(draft: Draft) -> str:
    """What it speaks to: a demand, a meeting or nothing."""
    if draft.demand_key:
        return _DEMAND + draft.demand_key
    return _MEETING + draft.meeting_key if draft.meeting_key else ""


def read_subject(code: str) -> tuple[str, str]:
    """The keys of the demand and the meeting in a code; one of them is empty, or both."""
    return (code[1:] if code[:1] == _DEMAND else "", code[1:] if code[:1] == _MEETING else "")


def choices_code(draft: Draft) -> str:
    """What was chosen, as short as possible. Read it with `read_choices`."""
    chosen = (draft.topic, draft.region, draft.grade)
    return "".join(
        _letter(key, options) for key, options in zip(chosen, _CHOICES, strict=True)
    ) + subject_code(draft)


def read_choices(code: str, text: str) -> Draft:
    """The draft of which `choices_code` made this code; what it does not know is left empty."""
    letters = code[: len(_CHOICES)].ljust(len(_CHOICES), _NOTHING)
    topic, region, grade = (_key(one, options) for one, options in zip(letters, _CHOICES, strict=True))
    demand_key, meeting_key = read_subject(code[len(_CHOICES) :])
    return Draft(topic, text, region, grade, demand_key, meeting_key)


def fingerprint(draft: Draft) -> str:
    """A short mark of everything in a draft.

    A button carries that of the draft that was shown, so that another version of this program, which would propose
    another text or read the letters in another way, notices it instead of storing what nobody has seen.
    """
    whole = (draft.topic, draft.region, draft.grade, draft.demand_key, draft.meeting_key, draft.text)
    return hashlib.sha256("\0".join(whole).encode(errors="replace")).hexdigest()[:_SEAL_LENGTH]


def _letter(key: str, options: Mapping[str, str]) -> str:
    return chr(ord(_FIRST) + list(options).index(key)) if key in options else _NOTHING


def _key(letter: str, options: Mapping[str, str]) -> str:
    place = ord(letter) - ord(_FIRST)
    return list(options)[place] if 0 <= place < len(options) else ""
