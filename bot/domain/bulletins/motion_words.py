"""The words by which motions say what they note and what they resolve."""

import re
from enum import Enum
from typing import Final


class Mode(Enum):
    """What the lines below a lead are."""

    NOTES = "notes"
    CONCERNS = "concerns"
    RESOLVES = "resolves"


_BODY: Final = (
    r"(?:(?:this|the|our|that|and)\s){0,2}(?:(?:[\w&\u2019'/-]+\s){0,5}?(?:conference|congress|council|"
    r"branch|agm|egm|meeting|committee|executive|union|"
    r"region|section|group|forum|chapel|lodge|assembly|house|delegates?|sector|network)|(?-i:[A-Z]{2,8}))"
)
_ADVERBS: Final = (
    r"(?:(?:further|also|therefore|hereby|accordingly|additionally|furthermore|strongly|firmly|now|"
    r"fully|deeply|again|in addition|consequently|thus|moreover|and|,)\s*)*"
)
_NOTE_VERBS: Final = (
    r"(?:notes?|noting|believes?|believing|recognis(?:es?|ing)|recogniz(?:es?|ing)|recalls?|"
    r"acknowledges?|welcomes?|applauds?|congratulates?|(?:re-?)?affirms?|considers?|"
    r"understands?|observes?|asserts?|remains|regrets?|supports?|opposes?|accepts?|"
    r"rejects?|thanks?|expresses|endorses|is of the (?:view|opinion|belief)|holds|"
    r"is (?:\w+\s){0,2}(?:aware|proud|appalled|dismayed|disappointed|outraged|clear|convinced)|recently|"
    r"shares|commends?|salutes|agrees? that|declares|contends|maintains)"
)
_CONCERN_VERBS: Final = (
    r"(?:notes? with (?:\w+,? ?(?:and )?){0,3}(?:concern|alarm|dismay|anger|regret)|"
    r"deplores?|condemns?|"
    r"is (?:\w+ (?:and )?){0,3}(?:concerned|alarmed|worried|appalled|dismayed|outraged|angered|disappointed)|"
    r"expresses (?:its )?(?:\w+ ){0,2}(?:concern|"
    r"alarm)|has (?:\w+ ){0,2}concerns?|concerns?|concerned)"
)
_RESOLVE_VERBS: Final = (
    r"(?:is (?:hereby |therefore )?(?:instructed|mandated|asked|requested|called upon|urged|"
    r"directed)(?= to)|resolves?|resolved|instructs?|calls? (?:up)?on|calls? for|calling (?:up)?on|"
    r"mandates?|"
    r"agrees? to|agrees?(?=\s?[:;])|agrees?(?= (?:the following|and))|urges?|requests?|asks?|demands?|"
    r"commits?|pledges?|directs?|"
    r"requires?|empowers?|authorises?|undertakes?|recommends?|decides?|determines?|seeks|will(?! (?:be |"
    r"take place|start|begin|meet|open))|proposes?|"
    r"invites?|tasks)"
)
_END: Final = r"(?![\w\u2019'-])"
_LED: Final = [
    (
        mode,
        re.compile(
            rf"(?:\W{{0,3}})(?:(?:and|accordingly|therefore|furthermore|further|additionally|finally|"
            rf"in addition),?\s)?(?:{_BODY}|it|we),?\s{_ADVERBS}(?:{verbs}){_END}",
            re.IGNORECASE,
        ),
    )
    for mode, verbs in (
        (Mode.CONCERNS, _CONCERN_VERBS),
        (Mode.RESOLVES, _RESOLVE_VERBS),
        (Mode.NOTES, _NOTE_VERBS),
    )
]
_BARE: Final = [
    (
        mode,
        re.compile(rf"\W{{0,3}}(?:to\s|and\s|it\s|we\s|this\s)?{_ADVERBS}(?:{verbs}){_END}", re.IGNORECASE),
    )
    for mode, verbs in (
        (Mode.CONCERNS, _CONCERN_VERBS),
        (Mode.RESOLVES, _RESOLVE_VERBS),
        (Mode.NOTES, _NOTE_VERBS),
    )
]
_HEADED: Final = {
    "background": Mode.NOTES,
    "preamble": Mode.NOTES,
    "rationale": Mode.NOTES,
    "action": Mode.RESOLVES,
    "actions": Mode.RESOLVES,
    "resolution": Mode.RESOLVES,
    "resolutions": Mode.RESOLVES,
    "beliefs": Mode.NOTES,
    "concerns": Mode.CONCERNS,
}
_CALLED: Final = re.compile(
    r"\b(?i:calls? (?:up)?on|instructs?|mandates?|urges?|asks?|requests?|directs?|requires?|empowers?|"
    r"authorises?|tasks|invites?)\s+(?P<body>(?:the|our|its|all|each|every|"
    r"[A-Z])[^:;.]{1,140}?)(?=\s?[:;.]|\s+to\b|\s+that\b|$)"
)
_INSTRUCTED: Final = re.compile(
    r"(?P<body>[^:;.]{2,100}?) is (?:hereby |therefore )?"
    r"(?:instructed|mandated|asked|requested|called upon|urged|directed) to\b"
)
_BODIES_LEAD: Final = re.compile(
    r"(?:this|the|our)?\s?(?:\w+\s){0,4}?(?:conference|congress|council|branch|agm|egm|meeting|"
    r"committee|assembly|executive|forum|chapel|lodge|delegate|union)\b",
    re.IGNORECASE,
)
_BODY_ALONE: Final = re.compile(
    r"(?:(?:this|the)\s)?(?:\w+\s){0,3}(?:conference|congress|council|branch|agm|committee|assembly)\s?:|"
    r"(?:this|the) (?:\w+\s){0,3}(?:conference|congress|council|branch|agm|committee|assembly)",
    re.IGNORECASE,
)
_LONGEST_LEAD: Final = 200
_MOST_HEADING_WORDS: Final = 8


def mode_of(text: str, *, heading: bool) -> Mode | None:
    """What a paragraph or heading begins: "Conference notes …", "This branch resolves to:", "Believes"."""
    start = text[:_LONGEST_LEAD]
    for mode, pattern in _LED:
        if pattern.match(start):
            return mode
    if heading or len(text.split()) <= _MOST_HEADING_WORDS or text.endswith(":"):
        known = _HEADED.get(text.casefold().strip(" :."))
        return known or mode_of_item(text)
    return None


def mode_of_item(text: str) -> Mode | None:
    """What a line does that begins with the verb: "notes that …", "Instructs the NEC to …"."""
    start = text[:_LONGEST_LEAD]
    return next((mode for mode, pattern in _BARE if pattern.match(start)), None)


def names_the_body(text: str) -> bool:
    """Whether a line is only the body that speaks in all below: "This conference:"."""
    return bool(_BODY_ALONE.fullmatch(text))


def is_lead(text: str) -> Mode | None:
    """What a paragraph does that begins with a union's body: no bulletin's sentence does."""
    if not _BODIES_LEAD.match(text):
        return None
    return next((mode for mode, pattern in _LED if pattern.match(text[:_LONGEST_LEAD])), None)


def body_called_on(text: str) -> str:
    """Whom a resolution calls on, in its own words: "calls on the NEC to", "The NEC is instructed to"."""
    found = _CALLED.search(text[: _LONGEST_LEAD * 2]) or _INSTRUCTED.match(text[:_LONGEST_LEAD])
    return re.sub(r"^the\s", "", found["body"].strip(" ,"), flags=re.IGNORECASE) if found else ""
