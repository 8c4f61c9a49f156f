"""A document's text as clean lines that know their number: what pages, mail programs and word processors left is gone.

Line numbers are those of the text as it came, so that a person finds the place again.
"""

import html
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bot.domain.bulletins.links import read_references, take_links
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
_PAGE_NUMBER: Final = re.compile(
    r"\W{0,3}(page|p\.|pg)?\s?\d{1,3}(\s?(of|/)\s?\d{1,3})?\W{0,3}", re.IGNORECASE
)
_PAGE_WORDS: Final = re.compile(
    r"\bpage\s\d{1,3}(\s?(of|/)\s?\d{1,3})?\W{0,3}$|^\W{0,3}page\s\d{1,3}\b(\s(of|/)\s\d{1,3})?\s?[|–—-]",
    re.IGNORECASE,
)
_CAPTION_END: Final = "description automatically generated"
_CAPTION_START: Final = re.compile(r"(An?|The) [a-z][\w -]{2,80}$")
_PICTURE: Final = re.compile(
    r"\[?(cid:|image:|logo|photo|picture)[^\]]{0,80}\]|\(?(image|photo|picture) (credit|caption|by)\b.{0,80}",
    re.IGNORECASE,
)
_FURNITURE: Final = frozenset(
    ["share this", "share this page", "share", "back to all motions", "back to top", "view this email in your browser", "view in browser", "view online", "skip to content", "skip to main content", "print", "print this page", "download", "download pdf", "read more", "click here", "menu", "home", "please share", "please circulate", "continued overleaf", "continued", "continued over", "please turn over", "pto", "p.t.o.", "p.t.o", "tweet", "facebook", "twitter", "x", "email this", "please display on all notice boards", "please display", "for display on noticeboards"]
)
_RULE: Final = re.compile(r"[-=_*~.·•#+\s]{3,}")
_RUNNING_HEAD: Final = 90
_NEAR_A_PAGE: Final = 3
_MARKDOWN_HEADING: Final = re.compile(r"\s{0,3}(#{1,6})\s+(.{1,300}?)\s*#*\s*$")
_BOLD_LINE: Final = re.compile(r"\s{0,3}(?:\*\*|__)([^*_\n]{1,200})(?:\*\*|__)\s*(:?)\s*$")
_BOLD: Final = re.compile(r"(\*\*|__|~~)(?=\S)([^*_~]{1,400}?)(?<=\S)\1")
_EMPHASIS: Final = re.compile(
    r"(?<![\w*\\])\*(?=[^\s*])([^*\n]{1,300}?)(?<=[^\s*])\*(?![\w*])|(?<![\w\\])_(?=[^\s_])([^_\n]{1,300}?)(?<=[^\s_])_(?!\w)"
)
_QUOTED: Final = re.compile(r"\s{0,3}(?:>\s?)+")
_ESCAPED: Final = re.compile(r"\\([\\`*_{}\[\]()#+.!|>~-])")
_SETEXT: Final = re.compile(r"\s{0,3}(=+|-{3,})\s*")
_BOLD_LEVEL: Final = 15
_SETEXT_LEVELS: Final = {"=": 1, "-": 2}


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


def read_lines(text: str) -> list[Line]:
    """The document's lines without captions, page numbers, running heads and other furniture."""
    numbered: list[tuple[int, str, bool]] = []
    page_ended = False
    for number, raw in enumerate(split_lines(text), start=1):
        page_ended = page_ended or "\f" in raw
        shown = clean(raw.replace("\f", " ")).rstrip()
        numbered.append((number, shown, page_ended))
        page_ended = page_ended and not shown
    kept = _without_pages(_without_captions(numbered))
    references = read_references(shown for _, shown, _ in kept)
    pointed = _pointed([(number, shown) for number, shown, _ in kept])
    marked = (_marked(number, shown if number in pointed else _unquoted(shown), page, references) for number, shown, page in kept)
    return _with_setext_headings(marked)


def _without_captions(lines: list[tuple[int, str, bool]]) -> list[tuple[int, str, bool]]:
    kept: list[tuple[int, str, bool]] = []
    for number, shown, page in lines:
        caption = _CAPTION_END in shown.casefold()
        if caption and kept and _CAPTION_START.fullmatch(kept[-1][1].strip()):
            kept[-1] = (kept[-1][0], "", kept[-1][2])
        furniture = squash(shown).casefold().strip("<>|»«:.") in _FURNITURE or _PICTURE.fullmatch(
            shown.strip()
        )
        kept.append((number, "" if caption or furniture else shown, page))
    return kept


def _without_pages(lines: list[tuple[int, str, bool]]) -> list[tuple[int, str, bool]]:
    """Drop page numbers and what stands again and again beside them, and the blank lines around."""
    written = [index for index, (_, shown, _) in enumerate(lines) if shown.strip()]
    marks = [_is_page_mark(lines[index][1]) for index in written]
    near: set[int] = set()
    for place, index in enumerate(written):
        if marks[place] or lines[index][2]:
            near.update(range(place - _NEAR_A_PAGE, place + _NEAR_A_PAGE + 1))
    heads = Counter(_head_of(lines[index][1]) for index in written)
    dropped: set[int] = set()
    seen: set[str] = set()
    for place, index in enumerate(written):
        shown = lines[index][1]
        head = _head_of(shown)
        running = heads[head] > 1 and place in near and len(shown) <= _RUNNING_HEAD and head in seen
        if marks[place] or running:
            dropped.add(index)
        seen.add(head)
    return _close_gaps(lines, dropped)


def _close_gaps(lines: list[tuple[int, str, bool]], dropped: set[int]) -> list[tuple[int, str, bool]]:
    kept: list[tuple[int, str, bool]] = []
    in_gap = False
    for index, (number, shown, page) in enumerate(lines):
        if index in dropped:
            in_gap = True
            while kept and not kept[-1][1].strip():
                kept.pop()
        elif shown.strip() or not in_gap:
            kept.append((number, shown, page or in_gap))
            in_gap = False
    return kept


def _is_page_mark(shown: str) -> bool:
    stripped = shown.strip()
    return len(stripped) <= _RUNNING_HEAD and bool(
        _PAGE_NUMBER.fullmatch(stripped) or _PAGE_WORDS.search(stripped)
    )


def _head_of(shown: str) -> str:
    return re.sub(r"\d+", "#", squash(shown).casefold())


def _unquoted(shown: str) -> str:
    return _QUOTED.sub("", shown) if shown.lstrip().startswith(">") else shown


def _pointed(lines: list[tuple[int, str]]) -> frozenset[int]:
    """The lines where ">" is a bullet: every line of the run begins anew, as no quoted paragraph does."""
    pointed: set[int] = set()
    run: list[tuple[int, str]] = []
    for number, shown in [*lines, (0, "")]:
        if shown.lstrip().startswith("> "):
            run.append((number, shown))
            continue
        if len(run) > 1 and all(one.lstrip("> ")[:1].isupper() for _, one in run):
            pointed.update(place for place, _ in run)
        run = []
    return frozenset(pointed)


def _marked(number: int, shown: str, page: bool, references: dict[str, str]) -> Line:
    """Read the line's markdown: what it links to, whether it is a heading, and its words without the marks."""
    text, links = take_links(shown, references)
    heading = 0
    if found := _MARKDOWN_HEADING.match(text):
        heading, text = len(found[1]), found[2]
    elif found := _BOLD_LINE.match(text):
        heading, text = _BOLD_LEVEL, found[1] + found[2]
    if "*" in text or "_" in text or "~" in text:
        text = _without_emphasis(text)
    if _RULE.fullmatch(text) and not _SETEXT.fullmatch(text):
        text = ""
    return Line(number, _ESCAPED.sub(r"\1", text), heading, links, page)


def _without_emphasis(text: str) -> str:
    text = _BOLD.sub(r"\2", text)
    if "://" in text or "|" in text:
        return text
    return _EMPHASIS.sub(lambda found: found[1] or found[2], text)


def _with_setext_headings(lines: Iterable[Line]) -> list[Line]:
    kept: list[Line] = []
    for line in lines:
        if not _SETEXT.fullmatch(line.text):
            kept.append(line)
            continue
        before = kept[-1] if kept else None
        if (
            before
            and not before.is_blank
            and before.number == line.number - 1
            and len(before.text) <= _RUNNING_HEAD
            and "|" not in before.text
        ):
            level = _SETEXT_LEVELS[line.text.strip()[0]]
            kept[-1] = Line(
                before.number, before.text, before.heading or level, before.links, before.after_page
            )
        kept.append(Line(line.number, ""))
    return kept
