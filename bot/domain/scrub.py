"""Finds in a text what could lead to a person, and proposes the text without it.

Nothing is changed behind anybody's back: what is found here is shown to the member, who decides. Numbers and addresses
have forms that can be told from ordinary writing. Names have none, so only those are found that stand after a title or
after words such as "service user", and pairs of capitalised words that are not known terms: some names will be missed.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache

from bot.domain.known_words import KNOWN_WORDS, NOT_BEFORE_NAMES


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that could lead to a person, and the word that would stand in its place."""

    word: str
    snippet: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """A text with what was found replaced by words in brackets."""

    text: str = field(repr=False)
    found: tuple[Finding, ...]


def _always(found: re.Match[str]) -> bool:
    del found
    return True


@dataclass(frozen=True, slots=True)
class _Rule:
    """What to look for. Only the group `hit` is replaced, if there is one, and only where `holds` agrees."""

    word: str
    pattern: re.Pattern[str]
    holds: Callable[[re.Match[str]], bool] = _always


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    word: str | None
    """The word to put there; `None` for what is left alone, such as an ordinary web address."""


EMAIL, PHONE, ADDRESS, POSTCODE = "e-mail address", "telephone number", "address", "postcode"
INSURANCE, NHS, CASE, REFERENCE = "National Insurance number", "NHS number", "case number", "reference number"
BIRTH, WEB, NAME = "date of birth", "web address", "name"

WORDS = (EMAIL, PHONE, ADDRESS, POSTCODE, INSURANCE, NHS, CASE, REFERENCE, BIRTH, WEB, NAME)
"""English in every language: they stand in what is stored, and are found there again."""

_PLACEHOLDER = re.compile("(" + "|".join(re.escape(f"[{word}]") for word in WORDS) + ")")

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DATE = (
    r"(?:\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?[ ](?:of[ ])?{_MONTH}(?:,?[ ](?:\d{{4}}|\d{{2}}))?"
    rf"|{_MONTH}[ ]\d{{1,2}}(?:st|nd|rd|th)?(?:,?[ ]\d{{4}})?)\b"
)
_ROAD = (
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Close|Drive|Court|Crescent|Gardens|Grove|Terrace|Way|Place|Square|Hill"
    r"|Row|Walk|Mews|Rise|Parade)"
)
_AREA_CODE = r"(?:\(?(?:\+|00)44\)?[ .-]?(?:\(0\)[ ]?)?\(?|\(?0)"
_GAP = r"\)?[ .-]{0,2}"
_NATIONAL = (
    rf"(?:\d{{4}}{_GAP}\d{{3}}{_GAP}\d{{2,3}}|\d{{3}}{_GAP}\d{{3}}{_GAP}\d{{3,4}}"
    rf"|\d{{2}}{_GAP}\d{{4}}{_GAP}\d{{4}}|\d{{2}}{_GAP}\d{{3}}{_GAP}\d{{5}})"
)
_NAME_WORD = r"[A-Z][a-z]*['\u2019]?[A-Z]?[a-z]+(?:-[A-Z][a-z]+)?"
_SPACES = r"[^\S\n]{1,2}"
_NAME = rf"(?P<hit>{_NAME_WORD}(?:{_SPACES}{_NAME_WORD}){{0,2}})(?![\w@])"
_BEFORE_NAMES = (
    r"(?:(?i:service[ ]user|client|person[ ]on[ ]probation|offender|probationer|prisoner|my[ ]case"
    r"|line[ ]manager|manager|colleague)|SU|PoP|POP)"
)


def _digits(found: re.Match[str]) -> str:
    return re.sub(r"\D", "", found[0])


def _is_nhs_number(found: re.Match[str]) -> bool:
    """Its last digit is a check on the others; ten digits that fail it are something else."""
    digits = [int(one) for one in _digits(found)]
    check = 11 - sum(weight * digit for weight, digit in zip(range(10, 1, -1), digits, strict=False)) % 11
    return check % 11 == digits[9]


def _is_no_court(found: re.Match[str]) -> bool:
    return not re.search(
        r"\b(?:Crown|High|County|Supreme|Youth|Family|Magistrates['\u2019]?)\s+Court$", found[0]
    )


def _leads_to_somebody(found: re.Match[str]) -> bool:
    return re.search(r"\d{5,}|[?&;](?:id|user|case|crn|ref|token)=", found[0], re.IGNORECASE) is not None


def _is_name(found: re.Match[str]) -> bool:
    return KNOWN_WORDS.isdisjoint(found["hit"].lower().split())


def _is_name_in_passing(found: re.Match[str]) -> bool:
    return found["before"].lower() not in NOT_BEFORE_NAMES and _is_name(found)


@cache
def _rules() -> tuple[_Rule, ...]:
    """Made when a text is first looked at: so many patterns would take a hundredth of every start."""
    return (
        _Rule(
            EMAIL,
            re.compile(r"(?<![\w.+'%-])[\w.+'%-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,5}[A-Za-z]{2,24}(?![\w-])"),
        ),
        _Rule(WEB, re.compile(r"(?:https?://|www\.)[^\s<>]+[^\s<>.,;:!?)'\"]", re.IGNORECASE)),
        _Rule(
            INSURANCE,
            re.compile(
                r"\b[A-Z]{2}[ -]?\d{2}[ -]?\d{2}[ -]?\d{2}[ -]?[A-D]\b",
                re.IGNORECASE,
            ),
        ),
        _Rule(
            NHS,
            re.compile(
                r"\bNHS(?:[ ](?:no\.?|number))?[ :.]{1,3}(?P<hit>\d{3}[ -]?\d{3}[ -]?\d{4})\b", re.IGNORECASE
            ),
        ),
        _Rule(
            BIRTH,
            re.compile(
                rf"\b(?:d\.?o\.?b\.?|date[ ]of[ ]birth|birthday|born)(?:[ ](?:is|was|on))?[ :.-]{{1,3}}"
                rf"(?P<hit>{_DATE})",
                re.IGNORECASE,
            ),
        ),
        _Rule(PHONE, re.compile(rf"(?<![\w£$€.,/]){_AREA_CODE}{_NATIONAL}(?![\w/%])")),
        _Rule(PHONE, re.compile(r"(?<![\w£$€.,/])0(?:[ -]\d){9,10}(?![\w/%])")),
        _Rule(PHONE, re.compile(r"(?<![\w£$€.,/])\+[1-9]\d{0,2}(?:[ .-]?\d){7,12}(?![\w/%])")),
        _Rule(
            PHONE,
            re.compile(
                r"\b(?:tel|telephone|phone|mobile)\.?(?:[ ](?:no\.?|number))?(?:[ ]is)?[ :.]{1,3}"
                r"(?P<hit>\d(?:[ -]?\d){4,10})\b",
                re.IGNORECASE,
            ),
        ),
        _Rule(NHS, re.compile(r"(?<![\w£$€.,/-])\d{3}[ -]\d{3}[ -]\d{4}(?![\w/%-])"), _is_nhs_number),
        _Rule(
            CASE,
            re.compile(
                r"\b(?:CRN|PNC(?:[ ]?ID)?|CRO|NOMS|URN"
                r"|(?:case|ref(?:erence)?|prison(?:er)?|file|warrant|staff|employee|payroll|Delius)"
                r"(?=[ ]?(?:no\b|num|id\b|ref|[:#])|[ ]?\.[ ]?(?:no\b|\d)))"
                r"(?:[ ]?(?:no\.?|number|id|ref(?:erence)?|is)\b\.?){0,2}[ :.#]{0,3}"
                r"(?P<hit>(?=[A-Z/-]{0,6}\d)[A-Z0-9][A-Z0-9/-]{2,18}[A-Z0-9])\b",
                re.IGNORECASE,
            ),
        ),
        _Rule(
            CASE,
            re.compile(
                r"(?<![\w/])(?:[A-Z]\d{6}|[A-Z]\d{4}[A-Z]{2}|(?:\d{4}|\d{2})/\d{4,7}[A-Z]|\d{3,6}/\d{2}[A-Z]"
                r"|SF\d{2}/\d{1,6}[A-Z])(?![\w/])"
            ),
        ),
        _Rule(REFERENCE, re.compile(r"(?<![\w£$€.,/])\d{9,30}(?![\w%])")),
        _Rule(
            ADDRESS,
            re.compile(
                r"\b(?:(?:Flat|Unit|Apartment)[ ]\w{1,5},?[ ])?\d{1,4}[A-Za-z]?,?[ ]"
                rf"(?:[A-Z][a-z'\u2019]+[ ]){{1,3}}{_ROAD}\b"
            ),
            _is_no_court,
        ),
        _Rule(
            POSTCODE,
            re.compile(
                r"\b(?!\w{2,4}[ ]?\d(?:st|nd|rd|th)\b)[A-Z]{1,2}\d[A-Z\d]?[ ]?\d[ABD-HJLNP-UW-Z]{2}\b",
                re.IGNORECASE,
            ),
        ),
        _Rule(NAME, re.compile(rf"\b(?:Mr|Mrs|Ms|Mx)\b\.?{_SPACES}{_NAME}")),
        _Rule(NAME, re.compile(rf"\b(?:Miss|Dr|Sir|Dame|Judge)\b\.?{_SPACES}{_NAME}"), _is_name),
        _Rule(
            NAME,
            re.compile(
                rf"\b{_BEFORE_NAMES}(?:,|:)?{_SPACES}(?:(?:is|was)?{_SPACES}?(?:called|named){_SPACES})?(?:\(|[\"“])?{_NAME}"
            ),
            _is_name,
        ),
        _Rule(NAME, re.compile(rf"\b(?:called|named){_SPACES}{_NAME}"), _is_name),
        _Rule(
            NAME,
            re.compile(
                rf"\b(?P<before>[a-z\u2019']+),?{_SPACES}(?P<hit>{_NAME_WORD}{_SPACES}{_NAME_WORD})(?!{_SPACES}[A-Z]|[\w@])"
            ),
            _is_name_in_passing,
        ),
    )


def scrub(text: str) -> Scrubbed:
    """The text without what could lead to a person, and what that was, in the order of the text.

    Scrubbing a text that was scrubbed changes nothing, so a proposal that was accepted is not questioned again.
    """
    found: list[tuple[int, Finding]] = []
    while True:
        proposed, more = _once(text)
        if not more:
            return Scrubbed(text, tuple(one for _, one in sorted(found, key=lambda pair: pair[0])))
        found += more
        text = proposed


def _once(text: str) -> tuple[str, list[tuple[int, Finding]]]:
    """One pass. What stands in brackets already is passed over, and so cannot become part of something else."""
    parts: list[str] = []
    found: list[tuple[int, Finding]] = []
    place = 0
    for part in _PLACEHOLDER.split(text):
        if _PLACEHOLDER.fullmatch(part):
            parts.append(part)
        else:
            last = 0
            for span in _spans(part):
                parts += [part[last : span.start], f"[{span.word}]"]
                found.append((place + span.start, Finding(span.word or "", part[span.start : span.end])))
                last = span.end
            parts.append(part[last:])
        place += len(part)
    return "".join(parts), found


def _spans(part: str) -> list[_Span]:
    """What is to be replaced, without overlaps: where two rules want the same place, the earlier rule has it."""
    taken: list[_Span] = []
    for rule in _rules():
        for span in _matches(rule, part):
            if all(span.end <= other.start or span.start >= other.end for other in taken):
                taken.append(span)
    return sorted((span for span in taken if span.word), key=lambda span: span.start)


def _matches(rule: _Rule, part: str) -> Iterator[_Span]:
    for match in rule.pattern.finditer(part):
        if rule.word == WEB and not _leads_to_somebody(match):
            yield _Span(*match.span(), None)
        elif rule.holds(match):
            yield _Span(*match.span("hit" if "hit" in rule.pattern.groupindex else 0), rule.word)
