"""What stands on pages and is none of a document's words: captions, buttons, page numbers, running heads."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from bot.domain.bulletins.lines import squash

_PAGE_NUMBER: Final = re.compile(
    r"\W{0,3}(page|p\.|pg)?\s?\d{1,3}(\s?(of|/)\s?\d{1,3})?[\s|~\u2013—-]{0,3}", re.IGNORECASE
)
_PAGE_WORDS: Final = re.compile(
    r"\bpage\s\d{1,3}(\s?(of|/)\s?\d{1,3})?\W{0,3}$|^\W{0,3}page\s\d{1,3}\b(\s(of|/)\s\d{1,3})?\s?[|\u2013—-]",
    re.IGNORECASE,
)
_CAPTION_END: Final = "description automatically generated"
_CAPTION_START: Final = re.compile(r"(An?|The) [a-z][\w -]{2,80}$")
_PICTURE: Final = re.compile(
    r"\[?(cid:|image:|logo|photo|picture)[^\]]{0,80}\]|\(?(image|photo|picture) (credit|caption|by)\b.{0,80}",
    re.IGNORECASE,
)
_FURNITURE: Final = frozenset(
    [
        "share this",
        "share this page",
        "share",
        "back to all motions",
        "back to top",
        "view this email in your browser",
        "view in browser",
        "view online",
        "skip to content",
        "skip to main content",
        "print",
        "print this page",
        "download",
        "download pdf",
        "read more",
        "click here",
        "menu",
        "home",
        "please share",
        "please circulate",
        "continued overleaf",
        "continued",
        "continued over",
        "please turn over",
        "pto",
        "p.t.o.",
        "p.t.o",
        "tweet",
        "facebook",
        "twitter",
        "x",
        "email this",
        "please display on all notice boards",
        "please display",
        "for display on noticeboards",
    ]
)
_RUNNING_HEAD: Final = 90
_NEAR_A_PAGE: Final = 3

Raw = tuple[int, str, bool]
"""A line's number, its words, and whether a page ended before it."""


def without_captions(lines: Sequence[Raw]) -> list[Raw]:
    """Drop the captions that word processors give to pictures, and the buttons of web pages."""
    kept: list[Raw] = []
    for number, shown, page in lines:
        caption = _CAPTION_END in shown.casefold()
        if caption and kept and _CAPTION_START.fullmatch(kept[-1][1].strip()):
            kept[-1] = (kept[-1][0], "", kept[-1][2])
        furniture = squash(shown).casefold().strip("<>|»«:.") in _FURNITURE or _PICTURE.fullmatch(
            shown.strip()
        )
        kept.append((number, "" if caption or furniture else shown, page))
    return kept


def without_pages(lines: list[Raw]) -> list[Raw]:
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


def _close_gaps(lines: list[Raw], dropped: set[int]) -> list[Raw]:
    kept: list[Raw] = []
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
