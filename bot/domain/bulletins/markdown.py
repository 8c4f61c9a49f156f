"""Markdown in a line: headings, emphasis, links, quotations, escapes."""

import re
from collections.abc import Iterable
from typing import Final

from bot.domain.bulletins.lines import Line
from bot.domain.bulletins.links import take_links

_MARKDOWN_HEADING: Final = re.compile(r"\s{0,3}(#{1,6})\s+(.{1,300}?)\s*#*\s*$")
_BOLD_LINE: Final = re.compile(r"\s{0,3}(?:\*\*|__)([^*_\n]{1,200})(?:\*\*|__)\s*(:?)\s*$")
_BOLD: Final = re.compile(r"(\*\*|__|~~)(?=\S)([^*_~]{1,400}?)(?<=\S)\1")
_EMPHASIS: Final = re.compile(
    r"(?<![\w*\\])\*(?=[^\s*])([^*\n]{1,300}?)(?<=[^\s*])\*(?![\w*])|"
    r"(?<![\w\\])_(?=[^\s_])([^_\n]{1,300}?)(?<=[^\s_])_(?!\w)"
)
_QUOTED: Final = re.compile(r"\s{0,3}(?:>\s?)+")
_ESCAPED: Final = re.compile(r"\\([\\`*_{}\[\]()#+.!|>~-])")
_SETEXT: Final = re.compile(r"\s{0,3}(=+|-{3,})\s*")
_BOLD_LEVEL: Final = 15
_SETEXT_LEVELS: Final = {"=": 1, "-": 2}
_RULE: Final = re.compile(r"[-=_*~.·•#+\s]{3,}")
_LONGEST_HEADING: Final = 90


def unquoted(shown: str) -> str:
    """The line without the marks of a quotation."""
    return _QUOTED.sub("", shown) if shown.lstrip().startswith(">") else shown


def pointed(lines: list[tuple[int, str]]) -> frozenset[int]:
    """The lines where ">" is a bullet: every line of the run begins anew, as no quoted paragraph does."""
    found: set[int] = set()
    run: list[tuple[int, str]] = []
    introduced, above = False, ""
    for number, shown in [*lines, (0, "")]:
        introduced = above.endswith(":") if not run else introduced
        above = shown.strip() or above
        if shown.lstrip().startswith("> "):
            run.append((number, shown))
            continue
        if len(run) > 1 and (introduced or all(one.lstrip("> ")[:1].isupper() for _, one in run)):
            found.update(place for place, _ in run)
        run = []
    return frozenset(found)


def marked(number: int, shown: str, page: bool, references: dict[str, str]) -> Line:
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


def with_setext_headings(lines: Iterable[Line]) -> list[Line]:
    """Make a heading of a line that is underlined with "===" or "---"."""
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
            and len(before.text) <= _LONGEST_HEADING
            and "|" not in before.text
        ):
            level = _SETEXT_LEVELS[line.text.strip()[0]]
            kept[-1] = Line(
                before.number, before.text, before.heading or level, before.links, before.after_page
            )
        kept.append(Line(line.number, ""))
    return kept
