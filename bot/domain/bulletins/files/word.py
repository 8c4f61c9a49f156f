"""The text of a Word document: paragraphs, the labels of lists, tables as rows, links with their addresses.

What was deleted with the changes tracked, hidden text, footnotes and pictures are left out. The page's head is taken
once, since mastheads and dates stand there; its foot is not.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

import docx
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn

from bot.domain.bulletins.files.package import checked_package, damaged
from bot.domain.bulletins.files.tidy import tidy
from bot.domain.bulletins.files.word_lists import Lists

if TYPE_CHECKING:
    from docx.opc.part import Part

_NESTED_ALTERNATIVE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_SYMBOL_FONT_OFFSET = 0xF000
_HYPERLINK_FIELD = re.compile(r'HYPERLINK\s+"([^"]+)"')
_MUCH_AIR = re.compile(r"\n{3,}")
_WRAPPERS = frozenset(
    qn(name)
    for name in ("w:ins", "w:moveTo", "w:smartTag", "w:sdt", "w:sdtContent", "w:fldSimple", "w:customXml")
) | {f"{_NESTED_ALTERNATIVE}AlternateContent", f"{_NESTED_ALTERNATIVE}Choice"}
_BREAKS = {
    qn("w:tab"): "\t",
    qn("w:br"): "\n",
    qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "-",
}


def word_text(data: bytes) -> str:
    """The document's text.

    Raises:
        BadInput: it is no Word document, is damaged, or is built to harm.
    """
    package = checked_package(data)
    try:
        document = docx.Document(package)
        return tidy(_MUCH_AIR.sub("\n\n", "\n".join(_Text(document).lines())))
    except (OpcError, SyntaxError, KeyError, ValueError, AttributeError, TypeError, RecursionError) as error:
        raise damaged() from error


class _Text:
    """Walks through a document in its order."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._part: Part = document.part
        self._lists = Lists(_numbering(document), cast("Any", document.styles.element))
        self._boxes: list[Any] = []
        self._field: list[str] = []

    def lines(self) -> Iterator[str]:
        for head in self._heads():
            yield from self._blocks(head)
            yield ""
        self._part = self._document.part
        yield from self._blocks(cast("Any", self._document.element.body))

    def _heads(self) -> Iterator[Any]:
        section = self._document.sections[0] if len(self._document.sections) else None
        if section is None:
            return
        heads = [section.header]
        if section.different_first_page_header_footer:
            heads.insert(0, section.first_page_header)
        for head in heads:
            if not head.is_linked_to_previous:
                self._part = head.part
                yield head._element  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - it has no public name

    def _blocks(self, parent: Any) -> Iterator[str]:
        """The lines of a body, a cell or a text box. Points of a list stand close, all else has air around it."""
        was_point = False
        for block in parent.iterchildren():
            if block.tag == qn("w:tbl"):
                yield ""
                yield from self._rows(block)
                yield ""
            elif block.tag in _WRAPPERS:
                yield from self._blocks(block)
            elif block.tag == qn("w:p"):
                label = self._lists.label(block.find(qn("w:pPr")))
                text = self._paragraph(block)
                if label is None or not text.strip():
                    label = None
                    if was_point:
                        yield ""
                was_point = label is not None
                yield text if label is None else f"{label} {text}".rstrip()
                if text.strip() and label is None:
                    yield ""
                yield from self._from_boxes()

    def _from_boxes(self) -> Iterator[str]:
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            yield ""
            yield from self._blocks(box)

    def _rows(self, table: Any) -> Iterator[str]:
        for row in table.iterchildren(qn("w:tr")):
            cells = [
                " ".join(" ".join(self._blocks(cell)).split()) for cell in self._children(row, qn("w:tc"))
            ]
            if any(cells):
                yield " | ".join(cells)

    def _children(self, parent: Any, tag: str) -> Iterator[Any]:
        for child in parent.iterchildren():
            if child.tag == tag:
                yield child
            elif child.tag in _WRAPPERS:
                yield from self._children(child, tag)

    def _paragraph(self, paragraph: Any) -> str:
        self._field = []
        return "".join(self._inline(paragraph))

    def _inline(self, parent: Any) -> Iterator[str]:
        for child in parent.iterchildren():
            if child.tag == qn("w:r"):
                yield from self._run(child)
            elif child.tag == qn("w:hyperlink"):
                yield self._link("".join(self._inline(child)), child.get(qn("r:id")))
            elif child.tag in _WRAPPERS:
                yield from self._inline(child)

    def _link(self, text: str, relation: str | None) -> str:
        known = self._part.rels.get(relation) if relation else None
        if known is None or known.reltype != RELATIONSHIP_TYPE.HYPERLINK or not known.is_external:
            return text
        return with_address(text, known.target_ref)

    def _run(self, run: Any) -> Iterator[str]:
        properties = run.find(qn("w:rPr"))
        if properties is not None and properties.find(qn("w:vanish")) is not None:
            return
        for child in run.iterchildren():
            if child.tag == qn("w:t"):
                yield child.text or ""
            elif child.tag in _BREAKS:
                yield "\n\f\n" if child.get(qn("w:type")) == "page" else _BREAKS[child.tag]
            elif child.tag == qn("w:sym"):
                yield _symbol(child.get(qn("w:char")))
            elif child.tag == qn("w:instrText"):
                self._field.append(child.text or "")
            elif child.tag == qn("w:fldChar"):
                yield self._end_of_field(child.get(qn("w:fldCharType")))
            else:
                self._keep_boxes(child)

    def _end_of_field(self, kind: str | None) -> str:
        """An older way of writing a link: the address is an instruction, and the words are its result."""
        if kind != "end" or not self._field:
            return ""
        found = _HYPERLINK_FIELD.search("".join(self._field))
        self._field = []
        return f" ({found[1]})" if found and found[1].startswith("http") else ""

    def _keep_boxes(self, element: Any) -> None:
        """A text box is anchored within a sentence; its text comes after that paragraph, and once."""
        if element.tag.startswith(_NESTED_ALTERNATIVE):
            element = element.find(f"{_NESTED_ALTERNATIVE}Choice")
        if element is not None:
            self._boxes.extend(
                box for box in element.iter(qn("w:txbxContent")) if not _is_within_another(box, element)
            )


def with_address(text: str, address: str) -> str:
    """A link's words with its address behind, unless the words are the address, or it is a letter box."""
    bare = address.removeprefix("https://").removeprefix("http://").rstrip("/")
    if not address.startswith(("http://", "https://")) or bare in text:
        return text
    return f"{text} ({address})"


def _is_within_another(box: Any, limit: Any) -> bool:
    for above in box.iterancestors():
        if above is limit:
            return False
        if above.tag == qn("w:txbxContent"):
            return True
    return False


def _symbol(code: str | None) -> str:
    """A character of a symbol font, where Word keeps them: in Unicode's private area."""
    if not code:
        return ""
    number = int(code, 16)
    return chr(number if number >= _SYMBOL_FONT_OFFSET else number + _SYMBOL_FONT_OFFSET)


def _numbering(document: Document) -> Any | None:
    for relation in document.part.rels.values():
        if relation.reltype == RELATIONSHIP_TYPE.NUMBERING and not relation.is_external:
            return cast("Any", relation.target_part).element
    return None
