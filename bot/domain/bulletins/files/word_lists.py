"""The labels of lists as Word would show them. They are not in a document's text, but follow from its numbering."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from docx.oxml.ns import qn

_MOST_STYLES = 20
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_ALPHABET = 26
_BULLET = "•"
_PRINTABLE_BULLETS = frozenset("•◦▪‣⁃–—-*●○■□➢➔→·")  # noqa: RUF001


@dataclass(frozen=True, slots=True)
class _Level:
    style: str
    text: str
    start: int


@dataclass(slots=True)
class _List:
    """One definition of a list, which several lists may share, and how far it has counted on each level."""

    levels: dict[int, _Level]
    level_of_style: dict[str, int]
    counts: dict[int, int] = field(default_factory=lambda: defaultdict(int))


class Lists:
    """Counts while the paragraphs are read in their order."""

    def __init__(self, numbering: Any | None, styles: Any) -> None:
        """Takes the XML elements of the numbering, if the document has any, and of the styles."""
        self._styles = {style.get(qn("w:styleId")): style for style in styles.iterchildren(qn("w:style"))}
        self._lists: dict[str, _List] = {}
        self._numbers: dict[str, tuple[str, dict[int, int]]] = {}
        if numbering is not None:
            self._define(numbering)
        self._begun: set[str] = set()

    def label(self, properties: Any | None) -> str | None:
        """What stands before a paragraph with these properties, nested points indented; `None` if it is in no list."""
        number, level = self._place(properties)
        if number is None or number not in self._numbers:
            return None
        definition_id, restarts = self._numbers[number]
        definition = self._lists.get(definition_id)
        if definition is None or level not in definition.levels:
            return None
        if number not in self._begun:
            self._begun.add(number)
            for place, start in restarts.items():
                definition.counts[place] = start - 1
        return "  " * level + _count(definition, level)

    def _place(self, properties: Any | None) -> tuple[str | None, int]:
        """Which list, and which level of it: the paragraph's own word, or that of its style, or of what that is based on."""
        number: str | None = None
        level: int | None = None
        style = None
        for _ in range(_MOST_STYLES):
            if properties is not None:
                found = properties.find(qn("w:numPr"))
                if found is not None:
                    number = number or _value(found.find(qn("w:numId")))
                    depth = _value(found.find(qn("w:ilvl")))
                    level = int(depth) if level is None and depth else level
                if style is None and (name := _value(properties.find(qn("w:pStyle")))):
                    style = self._styles.get(name)
                elif style is not None:
                    style = self._styles.get(_value(style.find(qn("w:basedOn"))) or "")
            if number is not None or style is None:
                break
            properties = style.find(qn("w:pPr"))
            level = self._level_of(style, properties) if level is None else level
        return number, level or 0

    def _level_of(self, style: Any, properties: Any | None) -> int | None:
        found = properties.find(qn("w:numPr")) if properties is not None else None
        number = _value(found.find(qn("w:numId"))) if found is not None else None
        definition = self._lists.get(self._numbers.get(number or "", ("", {}))[0])
        return definition.level_of_style.get(style.get(qn("w:styleId"))) if definition else None

    def _define(self, numbering: Any) -> None:
        linked: dict[str, str] = {}
        for abstract in numbering.iterchildren(qn("w:abstractNum")):
            name = abstract.get(qn("w:abstractNumId"))
            if link := _value(abstract.find(qn("w:numStyleLink"))):
                linked[name] = link
            self._lists[name] = _definition(abstract)
        for number in numbering.iterchildren(qn("w:num")):
            restarts = {
                int(change.get(qn("w:ilvl"))): int(start)
                for change in number.iterchildren(qn("w:lvlOverride"))
                if (start := _value(change.find(qn("w:startOverride"))))
            }
            abstract = _value(number.find(qn("w:abstractNumId"))) or ""
            self._numbers[number.get(qn("w:numId"))] = (abstract, restarts)
        for name, link in linked.items():
            self._follow(name, link)

    def _follow(self, name: str, link: str) -> None:
        """A list whose levels stand with a style: the style names a number, and that one the list with the levels."""
        style = self._styles.get(link)
        properties = style.find(qn("w:pPr")) if style is not None else None
        found = properties.find(qn("w:numPr")) if properties is not None else None
        number = _value(found.find(qn("w:numId"))) if found is not None else None
        target = self._numbers.get(number or "", ("", {}))[0]
        if target in self._lists:
            self._lists[name] = self._lists[target]


def _definition(abstract: Any) -> _List:
    levels: dict[int, _Level] = {}
    level_of_style: dict[str, int] = {}
    for level in abstract.iterchildren(qn("w:lvl")):
        place = int(level.get(qn("w:ilvl")))
        levels[place] = _Level(
            style=_value(level.find(qn("w:numFmt"))) or "decimal",
            text=_value(level.find(qn("w:lvlText"))) or "",
            start=int(_value(level.find(qn("w:start"))) or 1),
        )
        if style := _value(level.find(qn("w:pStyle"))):
            level_of_style[style] = place
    return _List(levels, level_of_style)


def _count(definition: _List, level: int) -> str:
    here = definition.levels[level]
    if here.style == "bullet":
        return _bullet(here.text)
    if level not in definition.counts:
        definition.counts[level] = here.start - 1
    definition.counts[level] += 1
    for deeper in [place for place in definition.counts if place > level]:
        del definition.counts[deeper]
    label = here.text
    for place, shown in definition.levels.items():
        count = definition.counts.get(place, shown.start)
        label = label.replace(f"%{place + 1}", _numeral(count, shown.style))
    return label


def _bullet(text: str) -> str:
    if text == "o":  # Courier's letter o, which Word uses as a hollow bullet
        return "◦"
    return text if text in _PRINTABLE_BULLETS else _BULLET


def _numeral(count: int, style: str) -> str:
    if style == "none":
        return ""
    if style in {"lowerLetter", "upperLetter"}:
        letter = chr(ord("a") + (count - 1) % _ALPHABET) * ((count - 1) // _ALPHABET + 1)
        return letter.upper() if style == "upperLetter" else letter
    if style in {"lowerRoman", "upperRoman"}:
        return _roman(count).upper() if style == "upperRoman" else _roman(count)
    return str(count)


def _roman(count: int) -> str:
    numeral = ""
    for value, letters in ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), *_ROMAN):
        numeral += letters * (count // value)
        count %= value
    return numeral


def _value(element: Any | None) -> str | None:
    return None if element is None else element.get(qn("w:val"))
