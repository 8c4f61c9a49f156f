"""A line of a document, clean: without what cannot be seen, tags and entities.

Line numbers are those of the text as it came, so that a person finds the place again.
"""

import html
import re
from dataclasses import dataclass
from typing import Final

from bot.domain.bulletins.model import FoundLink

_SPACES: Final = dict.fromkeys(
    map(
        ord,
        "\u00a0\u1680\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\u2028\u2029\x85\x0b",
    ),
    " ",
)
_NOTHING: Final = dict.fromkeys(
    [
        *range(0x09),
        *range(0x0E, 0x20),
        0x7F,
        *map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\ufffe"),
    ]
)
_LIGATURES: Final = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl"}
_CLEAN: Final = {**_SPACES, **_NOTHING, **_LIGATURES}
_TAG: Final = re.compile(r"</?(?!https?:|mailto:|www\.)[a-zA-Z][^<>@]{0,300}>|<!--[^<>]{0,300}-->")
_ANCHOR: Final = re.compile(
    r"<a\s[^<>]{0,200}?href=[\"']([^\"'<>\s]{1,500})[\"'][^<>]{0,200}>([^<>]{0,300})</a>", re.IGNORECASE
)
_ENTITY: Final = re.compile(r"&(#\d{1,6}|#x[0-9a-fA-F]{1,5}|[a-zA-Z]{2,8});")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its number in the document counted from 1, its clean words, and what its marks said.

    `heading` is 0 where nothing marks the line as one, or how deep the heading is. `after_page` says that a page ended
    before it.
    """

    number: int
    text: str
    heading: int = 0
    links: tuple[FoundLink, ...] = ()
    after_page: bool = False

    @property
    def indent(self) -> int:
        """How far its first word stands from the margin."""
        return len(self.text) - len(self.text.lstrip())

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands on it."""
        return not self.text.strip()


def split_lines(text: str) -> list[str]:
    """The lines of a document, of any line endings. Their numbers are what `Place` counts."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def clean(text: str) -> str:
    """The words of a line without what cannot be seen, tags and entities."""
    text = text.translate(_CLEAN)
    if "<" in text:
        text = _TAG.sub(" ", _ANCHOR.sub(r"[\2](\1)", text))
    return (
        _ENTITY.sub(lambda found: html.unescape(found.group()).translate(_CLEAN), text)
        if "&" in text
        else text
    )


def squash(text: str) -> str:
    """The text with single spaces."""
    return " ".join(text.split())
