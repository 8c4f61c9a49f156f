"""Writes the documents that are no plain text, from their sources: `python -m tests.documents.make`."""

import io
import re
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from pathlib import Path

import docx
from docx.document import Document as WordDocument
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.text.paragraph import Paragraph

from tests.documents.pdf import A4, Page, write

HERE = Path(__file__).parent
SOURCES = HERE / "sources"

_LEFT, _TOP, _BOTTOM, _LEADING = 56, A4[1] - 60, 60, 14
_SECOND_COLUMN = 312
_SOFT_HYPHEN = "\u00ad"
_HYPERLINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"


def main() -> None:
    """Writes them all beside this file."""
    for name, encoding in {
        "library-roadshow.txt": "utf-16",
        "congress-composite.txt": "windows-1252",
    }.items():
        text = (SOURCES / name).read_text(encoding="utf-8")
        (HERE / name).write_bytes(text.replace("\n", "\r\n").encode(encoding))
    for name, maker in {
        "bakery-two-column.pdf": two_columns,
        "conference-motion.pdf": motion,
        "care-homes.docx": word,
        "third/prison-circular.pdf": motion,
        "third/rail-claim.docx": word,
        "fourth/fire-charter.docx": word,
    }.items():
        source = (SOURCES / Path(name).name).with_suffix(".txt").read_text(encoding="utf-8")
        (HERE / name).write_bytes(maker(source))


def two_columns(source: str) -> bytes:
    """A page of two columns. The file holds them row by row, as some programs write them."""
    head, rest = source.split("@columns\n")
    left, rest = rest.split("@column\n")
    right, foot = rest.split("@end\n")
    page = Page()
    height = _TOP
    for number, text in enumerate(head.splitlines()):
        page.line(_LEFT, height, text, 10 if number else 26, bold=not number)
        height -= 2 * _LEADING
    for one, other in zip_longest(_wrapped(left, 42), _wrapped(right, 42), fillvalue=""):
        for column, text in ((_LEFT, one), (_SECOND_COLUMN, other)):
            if text:
                page.line(column, height, text, bold=text.isupper())
        height -= _LEADING
    page.line(_LEFT, 40, foot.strip(), 8)
    return write([page])


def motion(source: str) -> bytes:
    """Pages of one column with a running head and page numbers; its lists run over the pages."""
    first, second, text = source.split("\n", 2)
    title, header = first.removeprefix("@title "), second.removeprefix("@header ")
    pages: list[Page] = []
    height = 0.0
    for line in _wrapped(text, 82):
        if height < _BOTTOM + _LEADING:
            pages.append(Page())
            pages[-1].line(_LEFT, A4[1] - 30, header, 8)
            pages[-1].line(_LEFT, 30, title, 8)
            pages[-1].line(A4[0] - 110, 30, f"Page {len(pages)}", 8)
            # A short page, as of a booklet, so that the lists do run over.
            height = _TOP if len(pages) > 1 else 390
        if line:
            pages[-1].line(_LEFT, height, line)
        height -= _LEADING
    return write(pages)


def _wrapped(text: str, width: int) -> Iterator[str]:
    for paragraph in text.rstrip("\n").splitlines():
        line = ""
        for word in re.sub("fi", "ﬁ", re.sub("fl", "ﬂ", paragraph)).split():
            if len(line) + len(word) + 1 <= width or not line:
                line = f"{line} {word}".strip()
                continue
            before, hyphen, after = word.partition(_SOFT_HYPHEN)
            if hyphen and len(line) + len(before) + 2 <= width:
                yield f"{line} {before}{hyphen}"
                line = after
            else:
                yield line.replace(_SOFT_HYPHEN, "")
                line = word
        yield line.replace(_SOFT_HYPHEN, "")


def word(source: str) -> bytes:
    """A document as Word writes it: lists by numbering definitions, a table, a link, something deleted."""
    document = docx.Document()
    lists = define_lists(document)
    rows: list[list[str]] = []
    for line in source.splitlines():
        mark, _, text = line.partition(" ")
        if mark == "@table":
            rows.append([cell.strip() for cell in text.split("|")])
            continue
        _table(document, rows)
        rows = []
        if mark in {"@heading", "@heading2"}:
            document.add_heading(text, level=1 if mark == "@heading" else 2)
        else:
            _paragraph(document, mark.removeprefix("@"), text, lists)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _paragraph(document: WordDocument, mark: str, text: str, lists: dict[str, tuple[int, int]]) -> None:
    paragraph = document.add_paragraph()
    if mark in lists:
        numbering, level = lists[mark]
        paragraph._p.get_or_add_pPr().append(
            parse_xml(
                f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{numbering}"/></w:numPr>'
            )
        )
    for part in re.split(r"(\[[^]]*\])", text):
        if part.startswith("["):
            label, _, address = part.strip("[]").partition("|")
            link(paragraph, label, address)
        else:
            paragraph.add_run(part)


def link(paragraph: Paragraph, label: str, address: str) -> None:
    """Adds words that lead to an address."""
    element = OxmlElement("w:hyperlink")
    element.set(qn("r:id"), paragraph.part.relate_to(address, _HYPERLINK, is_external=True))
    element.append(parse_xml(f"<w:r {nsdecls('w')}><w:t>{label}</w:t></w:r>"))
    paragraph._p.append(element)


def _table(document: WordDocument, rows: list[list[str]]) -> None:
    if not rows:
        return
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text


def define_lists(document: WordDocument) -> dict[str, tuple[int, int]]:
    """A numbered list with lettered points in it, and one with Word's own bullet, by the names of the source."""
    numbering = document.part.numbering_part.element
    numbers = parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90"><w:multiLevelType w:val="multilevel"/>'
        + _level(0, "decimal", "%1.")
        + _level(1, "lowerLetter", "%2)")
        + "</w:abstractNum>"
    )
    bullets = parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="91">{_level(0, "bullet", chr(0xF0B7))}</w:abstractNum>'
    )
    _before_numbers(numbering, (numbers, bullets))
    for number, abstract in ((90, 90), (91, 91)):
        numbering.append(
            parse_xml(
                f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{abstract}"/></w:num>'
            )
        )
    return {"number": (90, 0), "letter": (90, 1), "bullet": (91, 0)}


def _before_numbers(numbering, definitions: Iterable) -> None:
    first = numbering.find(qn("w:num"))
    for definition in definitions:
        first.addprevious(definition)


def _level(level: int, style: str, text: str) -> str:
    return f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{style}"/><w:lvlText w:val="{text}"/></w:lvl>'


if __name__ == "__main__":
    main()
