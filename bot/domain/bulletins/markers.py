"""What stands before an item of a list: bullets, numbers and letters of every sort."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from bot.domain.when.words import NUMBERS_TO_TWELVE

_DOTS: Final = "•·●∙▪■◼⬛❖◆♦⚫\uf0b7\uf0a7\uf0a8\uf0d8\uf076\uf0fc"
_RINGS: Final = "○◦⚪□❑❏☐◻\u2043‣"
_ARROWS: Final = "➢➤►▶▸→»✓✔☑✗✦★☆"
_BULLET: Final = re.compile(
    rf"\s*(?:([{_DOTS}{_RINGS}{_ARROWS}])\s*|([-\u2013—*+>])\s+|"
    rf"([o§Øüq])\s{{1,8}}(?=[A-Z\u2018“'\"]))(?:\[[ xX]?\]\s+)?(?=\S)"
)
_SIGN: Final = re.compile(r"\s*([^\w\s])[\ufe0f\U0001f3fb-\U0001f3ff]*\s*(?=\S)")
_NUMBERED: Final = re.compile(
    r"\s*(?:\(\s?(\d{1,3}|[ivxlIVXL]{1,5}|[a-zA-Z])\s?\)\s*|"
    r"(\d{1,3}|[ivxl]{1,5}|[a-zA-Z])\)\s*|"
    r"(\d{1,2}(?:\.(?!00|15|30|45)\d{1,2}){1,3})[.):]?\s+|"
    r"(\d{1,3})(?:[.:](?:\s+|(?=[A-Z\u2018“]))|/\s+)|"
    r"([ivxl]{1,5}|[IVX]{1,5}|[a-zA-Z])[.:]\s+|"
    r"(\d{1,2})(?:\t\s*|\s{2,}|\s[-\u2013—]\s)(?=[A-Z\u2018“]))(?=\S)"
)
_NAMED: Final = re.compile(
    r"\s*(?:demand|aim|ask|claim|action|step|priority|point|objective|goal|number|no\.?|#)\s?"
    r"(\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\s?(?:[:.)]|\s[-\u2013—])\s+(?=\S)",
    re.IGNORECASE,
)
_DOTTED_LETTER: Final = 5
_HASH: Final = re.compile(r"\s*#(\d{1,2})\s+(?=\S)")
_ROMAN: Final = re.compile(r"x{0,3}(ix|iv|v?i{0,3})")
_ROMAN_VALUES: Final = {"i": 1, "v": 5, "x": 10}
_MONTH_AHEAD: Final = re.compile(r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b", re.IGNORECASE)
_INITIAL: Final = re.compile(r"[A-Z][\w\u2019'-]+(\s[A-Z][\w\u2019'-]+)?\W*$")


@dataclass(frozen=True, slots=True)
class Marker:
    """What an item begins with.

    `style` tells one sort from another; items of one list share it. `label` is a number or letter, empty for a bullet.
    `values` are what the label may count: "i" is the ninth letter and the first Roman number.
    """

    style: str
    label: str
    rest: str
    indent: int
    column: int
    values: frozenset[int] = frozenset()

    @property
    def may_begin(self) -> bool:
        """Whether a list may begin with it."""
        return not self.label or 1 in self.values

    def may_follow(self, other: "Marker | None") -> bool:
        """Whether it is the item after that one."""
        if not self.label:
            return True
        if other is None or not other.label:
            return self.may_begin
        return (
            self.may_begin
            or any(value - 1 in other.values for value in self.values)
            or self.label.startswith(other.label)
        )


def read_marker(line: str) -> Marker | None:
    """What stands before an item, or `None` where the line begins otherwise."""
    indent = len(line) - len(line.lstrip())
    if found := _NAMED.match(line) or _HASH.match(line):
        label = found[1].casefold()
        label = str(NUMBERS_TO_TWELVE.index(label) + 1) if label in NUMBERS_TO_TWELVE else label
        return _marker("number:", label, line, found.end(), indent)
    if found := _BULLET.match(line):
        sign = found[1] or found[2] or found[3]
        inner = _NUMBERED.match(line[found.end() :])
        if inner and inner[2]:
            return _labelled(inner, line, found.end(), indent)
        return Marker(_bullet_style(sign), "", line[found.end() :].strip(), indent, found.end())
    if found := _picture(line):
        return Marker(f"sign{found[1]}", "", line[found.end() :].strip(), indent, found.end())
    if (found := _NUMBERED.match(line)) and not _is_something_else(found, line[found.end() :]):
        return _labelled(found, line, 0, indent)
    return None


def _picture(line: str) -> re.Match[str] | None:
    """A small picture that stands for a bullet."""
    found = _SIGN.match(line)
    return found if found and unicodedata.category(found[1]) == "So" else None


def _labelled(found: re.Match[str], line: str, start: int, indent: int) -> Marker:
    label = next(group for group in found.groups() if group)
    sign = {1: "()", 2: ")", 3: "1.1", 4: ".", 5: ".", 6: ""}[found.lastindex or 6]
    return _marker(sign, label, line, start + found.end(), indent)


def _marker(sign: str, label: str, line: str, end: int, indent: int) -> Marker:
    values = _values(label)
    sort = "number" if label[0].isdigit() else "letter"
    depth = label.count(".")
    return Marker(
        f"{sort}{depth or ''}{sign}{label[0].isupper()}", label, line[end:].strip(), indent, end, values
    )


def _values(label: str) -> frozenset[int]:
    if label[0].isdigit():
        return frozenset({int(label.rsplit(".", 1)[-1])})
    low = label.casefold()
    values = {ord(low) - ord("a") + 1} if len(low) == 1 else set[int]()
    if _ROMAN.fullmatch(low):
        numbers = [_ROMAN_VALUES[letter] for letter in low]
        following = [*numbers[1:], 0]
        values.add(sum(-one if one < after else one for one, after in zip(numbers, following, strict=True)))
    return frozenset(values)


def _bullet_style(sign: str) -> str:
    if sign in _DOTS:
        return "dot"
    if sign in _RINGS or sign == "o":
        return "ring"
    return "dash" if sign in "-\u2013—" else f"sign{sign}"


def _is_something_else(found: re.Match[str], rest: str) -> bool:
    """Whether it is a date ("12. May"), a person's initial ("J. Smith") or a word of Roman letters."""
    label = next(group for group in found.groups() if group)
    if label[0].isdigit():
        return bool(_MONTH_AHEAD.match(rest)) and not found[2]
    if len(label) > 1 and not _values(label):
        return True
    return found.lastindex == _DOTTED_LETTER and label.isupper() and bool(_INITIAL.match(rest))
