"""A document cut at its headings, without what stands under it: signatures and the foot of the page."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from bot.domain.bulletins.blocks import Block, Shape
from bot.domain.bulletins.headings import ALONE_LEVEL
from bot.domain.bulletins.purposes import Purpose, purpose_of_heading

_CLOSING: Final = re.compile(
    r"^(?:yours\b|in solidarity|in unity|solidarity|with solidarity|best wishes|kind regards|"
    r"best regards|regards|warm regards|with (?:best|kind|warm)(?:est)? (?:wishes|regards)|many thanks|"
    r"fraternally|cheers|all the best|sincerely|"
    r"signed)\b.{0,60}$",
    re.IGNORECASE,
)
_FOOTER: Final = re.compile(
    r"\bunsubscribe\b|\bprinted (?:and|&) (?:published|promoted)|\bprinted by\b|\bpromoted by\b|"
    r"\bpublished (?:and printed )?by\b|"
    r"\bregistered (?:office|charity)|\bfollow us\b|\bview (?:this|in) .{0,20}browser|"
    r"\bprivacy (?:policy|notice)\b|©|\bcopyright\b|"
    r"\ball rights reserved\b|\byou (?:are receiving|have received|received) this\b|"
    r"\bupdate your (?:details|preferences)|"
    r"\bmanage (?:your )?(?:email )?preferences|\bfind us on\b|\bcompany number\b",
    re.IGNORECASE,
)
_LISTED: Final = frozenset({Purpose.DEMANDS, Purpose.AIMS, Purpose.ACTIONS})
_MASTHEAD: Final = re.compile(
    r"\b(?:bulletin|issue|update|newsletter|news|number|no\.|vol|19\d\d|20\d\d)\b", re.IGNORECASE
)
_FEWEST_LINES: Final = 2
_DECIDED: Final = re.compile(
    r":|\b(?:carried|lost|remitted|withdrawn|passed|agreed|defeated|fell|adopted|rejected)\b", re.IGNORECASE
)
_SIGNED_LONGEST: Final = 160
_MAIL_END: Final = "--"


@dataclass(slots=True)
class Section:
    """A heading with the blocks under it, and what they are for. The first section may have no heading."""

    heading: Block | None
    purpose: Purpose | None
    blocks: list[Block] = field(default_factory=list[Block])
    has_list: bool = False

    @property
    def title(self) -> str:
        """The heading's words, empty without one."""
        return self.heading.text.rstrip(":") if self.heading else ""

    @property
    def everything(self) -> list[Block]:
        """The heading and what stands under it."""
        return [*([self.heading] if self.heading else []), *self.blocks]


def without_signatures(blocks: Sequence[Block]) -> list[Block]:
    """The blocks that say something: no greeting's end, no names, no imprint."""
    kept: list[Block] = []
    signed = False
    for block in blocks:
        if block.text == _MAIL_END:
            break
        if block.shape is Shape.HEADING and block.level < ALONE_LEVEL:
            signed = False
        if _CLOSING.match(block.text) and block.shape is not Shape.ITEM:
            signed = True
        if signed and (block.shape is Shape.ITEM or len(block.text) > _SIGNED_LONGEST):
            signed = False
        imprint = _FOOTER.search(block.text) and (
            block.shape is not Shape.ITEM or "unsubscribe" in block.text.casefold()
        )
        if not signed and not imprint:
            kept.append(block)
    while kept and _looks_signed(kept[-1]):
        kept.pop()
    return kept


def read_sections(blocks: Iterable[Block]) -> list[Section]:
    """The document's sections. A section below another shares its purpose unless it has its own."""
    sections = [Section(None, None)]
    above: list[tuple[int, Purpose | None]] = []
    for block in blocks:
        if block.shape is not Shape.HEADING:
            sections[-1].blocks.append(block)
            sections[-1].has_list = sections[-1].has_list or block.shape is Shape.ITEM
            continue
        while above and above[-1][0] >= block.level:
            above.pop()
        own = purpose_of_heading(block.text)
        inherited = above[-1][1] if above else None
        is_title = len(sections) == 1 and not sections[0].blocks
        sections.append(Section(block, own or inherited))
        above.append((block.level, None if is_title else own or inherited))
    return [section for section in sections if section.everything]


def with_plain_lists(blocks: Sequence[Block]) -> list[Block]:
    """The blocks with short lines that stand alone under "Our demands" as what they are: a list without bullets."""
    kept = list(blocks)
    start = 0
    while start < len(kept):
        end = start
        while (
            end < len(kept)
            and kept[end].shape is Shape.HEADING
            and (end == start or kept[end].level == ALONE_LEVEL)
        ):
            end += 1
        names = kept[start:end]
        asking = bool(names) and purpose_of_heading(names[0].text) in _LISTED
        if asking and len(names) > _FEWEST_LINES and not any(_MASTHEAD.search(one.text) for one in names[1:]):
            kept[start + 1 : end] = [
                replace(one, shape=Shape.PARAGRAPH, tight=True, level=0) for one in names[1:]
            ]
        start = max(end, start + 1)
    return kept


def _looks_signed(block: Block) -> bool:
    """Whether a block is nothing but names and offices."""
    if (
        block.shape is Shape.ITEM
        or block.links
        or len(block.text) > _SIGNED_LONGEST
        or _DECIDED.search(block.text)
    ):
        return False
    words = [
        word
        for word in re.findall(r"[^\s/&|,]+", block.text)
        if word.casefold() not in {"of", "and", "the", "for", "to"}
    ]
    named = sum(word[:1].isupper() for word in words)
    return (
        bool(words)
        and not re.search(r"\d|[.!?:;]$", block.text)
        and named == len(words)
        and block.shape is not Shape.HEADING
    )
