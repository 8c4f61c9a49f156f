"""Whether a sentence asks its readers to do something: "Sign the petition", "Reps are asked to display this"."""

import re
from collections.abc import Sequence
from typing import Final

_VERBS: Final = (
    "add answer ask attend book bring call change check choose claim click collect come complete contact count "
    "cut demand discuss display do don\u2019t donate download draw e-mail email encourage fill find follow "
    "forward gather get give go hand hang have hear help hold invite join keep learn leave let like list log "
    "look mail make mark meet never nominate note order organise pass pay phone photograph pick pin place plan "
    "pledge post prepare press print promote propose protect push put raise read record refuse register "
    "remember remind reply report request resist respond return ring save say scan send set share show sign "
    "speak spread stand start stay stick stop submit support swap switch take talk tell text think top turn "
    "update use visit volunteer vote wait walk wear work write"
)
_IMPERATIVES: Final = frozenset(_VERBS.split())
_ASKED: Final = re.compile(
    r"^(?:please\b|(?:all |our |your |branch |union |workplace |local |every )*(?:members?|secretaries|reps|"
    r"representatives|stewards|branches|officers|activists|colleagues|everyone|everybody|"
    r"you)\s(?:are(?! invited)|is|should|must|"
    r"can|need to)\b|we (?:are asking|ask|urge|encourage)\b|all members\b(?! are invited))",
    re.IGNORECASE,
)
_OPENING: Final = re.compile(
    r"^(?:(?:please|then|also|and|next|first|second|finally|lastly|always|kindly|do|just|or|if [^,.]{2,60}|"
    r"when [^,.]{2,60}),?\s)+",
    re.IGNORECASE,
)
_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+(?=[A-Z\u2018“\"'])")
_QUESTION: Final = re.compile(r"([A-Z][^.?!]{3,60}\?|Please do \w+ things\.)\s+(?=[A-Z])")
_LEAD_WORDS: Final = 4


def asks(sentence: str) -> bool:
    """Whether a sentence asks its readers to do something."""
    plain = sentence.replace("'", "\u2019").strip(' \u2018“"*')
    if _ASKED.match(plain):
        return True
    words = _OPENING.sub("", plain).casefold().split(maxsplit=1)
    return bool(words) and words[0].strip(",.:!") in _IMPERATIVES


def says_who_is_asked(sentence: str) -> bool:
    """Whether it names those who are asked: "Members are asked to note the time"."""
    return bool(_ASKED.match(sentence)) and not sentence.casefold().startswith("please")


def mostly_ask(sentences: Sequence[str]) -> bool:
    """Whether most of them ask their readers for something."""
    return 2 * sum(map(asks, sentences)) > len(sentences)


def requests_in(paragraph: str) -> list[str]:
    """What a paragraph asks for, one by one, each with what is said about it.

    A paragraph that begins with a few words ("Report it. Every incident …") is about what they say.
    """
    sentences = _SENTENCE.split(paragraph)
    if not asks(sentences[0]) or len(sentences[0].split()) <= _LEAD_WORDS:
        return [paragraph] if asks(sentences[0]) else []
    found: list[str] = []
    for sentence in sentences:
        if asks(sentence):
            found.append(sentence)
        else:
            found[-1] = f"{found[-1]} {sentence}"
    return found


def question_before(paragraph: str) -> tuple[str, str]:
    """The short question that leads a paragraph, and what comes after it: "Five minutes to spare? Sign …"."""
    found = _QUESTION.match(paragraph)
    return (found[1], paragraph[found.end() :]) if found else ("", "")
