"""A document's text as lines: what pages, mail programs and word processors left is gone, what markdown says is read."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.domain.bulletins.furniture import without_captions, without_pages
from bot.domain.bulletins.lines import Line, clean, split_lines
from bot.domain.bulletins.links import read_references
from bot.domain.bulletins.markdown import marked, pointed, unquoted, with_setext_headings
from bot.domain.bulletins.markers import read_marker

_LABEL: Final = re.compile(r"\s*(?:[•·●▪■◦○‣\u2013-]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)])\s*")


def read_lines(text: str) -> list[Line]:
    """The document's lines without captions, page numbers, running heads and other furniture."""
    numbered: list[tuple[int, str, bool]] = []
    page_ended = False
    for number, raw in enumerate(split_lines(text), start=1):
        page_ended = page_ended or "\f" in raw
        shown = clean(raw.replace("\f", " ")).rstrip()
        numbered.append((number, shown, page_ended))
        page_ended = page_ended and not shown
    kept = without_pages(without_captions(numbered))
    references = read_references(shown for _, shown, _ in kept)
    arrows = pointed([(number, shown) for number, shown, _ in kept])
    lines = (
        marked(number, shown if number in arrows else unquoted(shown), page, references)
        for number, shown, page in kept
    )
    return _with_labels(with_setext_headings(lines))


def _with_labels(lines: Sequence[Line]) -> list[Line]:
    """Put a bullet or number that stands alone on a line before the words on the next."""
    kept = list(lines)
    for index, line in enumerate(kept):
        if not _LABEL.fullmatch(line.text):
            continue
        ahead = next(
            (one for one in range(index + 1, min(index + 3, len(kept))) if not kept[one].is_blank), None
        )
        if ahead is not None and read_marker(kept[ahead].text) is None and not kept[ahead].heading:
            following = kept[ahead]
            kept[ahead] = replace(following, text=f"{line.text.rstrip()} {following.text.strip()}")
            kept[index] = replace(line, text="")
    return kept
