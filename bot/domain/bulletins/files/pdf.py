"""The text of a PDF file, page by page, as the eye reads it. Addresses behind words are written after them."""

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LAParams, LTChar, LTContainer, LTCurve, LTPage, LTTextLine
from pdfminer.pdfdocument import PDFDocument, PDFEncryptionError
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import resolve1
from pdfminer.psexceptions import PSException

from bot.domain.bulletins.files.package import damaged
from bot.domain.bulletins.files.pdf_gaps import Segment
from bot.domain.bulletins.files.pdf_layout import reading_order
from bot.domain.bulletins.files.refusals import Unreadable
from bot.domain.bulletins.files.tidy import tidy
from bot.domain.language import later

MOST_PAGES = 60
"""A bulletin has a few; an agenda of a conference some dozens."""

_UNMAPPED = re.compile(r"\(cid:\d+\)")
_UNMAPPED_BULLET = re.compile(r"^[ \t]*\(cid:\d+\)(?=\s)", re.MULTILINE)
_MOST_UNMAPPED = 0.2
_LONGEST_ADDRESS = 500
_SMALLEST_DOT, _LARGEST_DOT, _FARTHEST_DOT = 1.0, 8.0, 25.0
_REPEATED_ADDRESS = re.compile(r" \((https?://[^\s()]+)\)(?=[^()]{1,160}\(\1\))")
"""Words that lead somewhere and run over a line's end lead there twice."""


@dataclass(frozen=True, slots=True)
class _Link:
    left: float
    bottom: float
    right: float
    top: float
    address: str

    def covers(self, character: LTChar) -> bool:
        middle, height = (character.x0 + character.x1) / 2, (character.y0 + character.y1) / 2
        return self.left <= middle <= self.right and self.bottom <= height <= self.top


def pdf_text(data: bytes) -> str:
    """The file's text.

    Raises:
        Unreadable: it is damaged, protected, without text, or too long.
    """
    try:
        text = "\n\f\n".join(_pages(data))
    except PDFEncryptionError as error:
        raise Unreadable(
            later("That PDF is protected by a password."),
            later("Save a copy without a password, and send that; or paste the text."),
        ) from error
    except (
        PSException,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        AssertionError,
        RecursionError,
        ArithmeticError,
        NotImplementedError,
        EOFError,
    ) as error:  # fmt: skip - what pdfminer lets through where a file is not what the standard asks for
        raise damaged() from error
    return _checked(text)


def _checked(text: str) -> str:
    words = len(text.split())
    if not words:
        raise Unreadable(
            later("There is no text in that PDF, only pictures of pages: it was scanned or photographed."),
            later("Send the document that was printed, or a PDF saved from it; or paste the text."),
        )
    text = _REPEATED_ADDRESS.sub("", _UNMAPPED_BULLET.sub("•", text))
    if len(_UNMAPPED.findall(text)) > words * _MOST_UNMAPPED:
        raise Unreadable(
            later("The letters in that PDF are stored in a way that only a screen or a printer understands."),
            later("Send the document from which it was made; or paste the text."),
        )
    return tidy(_UNMAPPED.sub("\N{REPLACEMENT CHARACTER}", text))


def _pages(data: bytes) -> Iterator[str]:
    document = PDFDocument(PDFParser(io.BytesIO(data)))
    resources = PDFResourceManager()
    device = PDFPageAggregator(resources, laparams=LAParams(char_margin=1.0, boxes_flow=None, all_texts=True))
    interpreter = PDFPageInterpreter(resources, device)
    for number, page in enumerate(PDFPage.create_pages(document), start=1):
        if number > MOST_PAGES:
            raise Unreadable(
                later("That PDF has more than {pages} pages."),
                later("Send only the pages that matter; or paste the text."),
                {"pages": str(MOST_PAGES)},
            )
        interpreter.process_page(page)
        shown = device.get_result()
        yield "\n".join(reading_order(list(_segments(shown, _links(page, shown)))))


def _segments(page: LTPage, links: list[_Link]) -> Iterator[Segment]:
    elements = list(_within(page))
    dots = [one for one in elements if isinstance(one, LTCurve) and _may_be_bullet(one)]
    for line in elements:
        if isinstance(line, LTTextLine) and (text := " ".join(_with_addresses(line, links).split())):
            is_point = any(_stands_before(dot, line) for dot in dots)
            yield Segment(line.x0, line.y0, line.x1, line.y1, f"• {text}" if is_point else text)


def _within(container: LTContainer[Any]) -> Iterator[Any]:
    """Lines and drawings, also those that stand in boxes and figures."""
    for element in cast("Iterable[Any]", container):
        if isinstance(element, LTContainer) and not isinstance(element, LTTextLine):
            yield from _within(cast("LTContainer[Any]", element))
        else:
            yield element


def _may_be_bullet(shape: LTCurve) -> bool:
    """Some programs draw a list's dots instead of writing them."""
    is_small = all(_SMALLEST_DOT < side < _LARGEST_DOT for side in (shape.width, shape.height))
    return is_small and abs(shape.width - shape.height) < _SMALLEST_DOT


def _stands_before(dot: LTCurve, line: LTTextLine) -> bool:
    return line.y0 < (dot.y0 + dot.y1) / 2 < line.y1 and 0 < line.x0 - dot.x1 < _FARTHEST_DOT


def _with_addresses(line: LTTextLine, links: list[_Link]) -> str:
    near = [link for link in links if link.bottom < line.y1 and line.y0 < link.top]
    if not near:
        return line.get_text()
    written: list[str] = []
    passed: _Link | None = None
    for element in cast("Iterable[Any]", line):
        letter = element.get_text()
        covering = None
        if isinstance(element, LTChar):
            covering = next((link for link in near if link.covers(element)), None)
        if (
            passed is not None and covering is not passed and not letter.isalnum()
        ):  # areas may end within a word
            written.append(_behind(passed, line))
            passed = None
        written.append(letter)
        passed = covering or passed
    if passed is not None:
        written.append(_behind(passed, line))
    return "".join(written)


def _behind(link: _Link, line: LTTextLine) -> str:
    bare = re.sub(r"^https?://(www\.)?|/$", "", link.address)
    return "" if bare in line.get_text().replace(" ", "") else f" ({link.address})"


def _links(page: PDFPage, shown: LTPage) -> list[_Link]:
    """The areas of a page that lead to a web address. Whatever is odd about one, the text is read without it."""
    found: list[_Link] = []
    for reference in cast("list[Any]", resolve1(page.annots) or []):
        annotation = _dictionary(resolve1(reference))
        action = _dictionary(resolve1(annotation.get("A")))
        address, area = resolve1(action.get("URI")), resolve1(annotation.get("Rect"))
        if not isinstance(address, bytes) or not isinstance(area, list):
            continue
        corners = [float(resolve1(number)) for number in cast("list[Any]", area)]
        text = address.decode("utf-8", errors="replace")
        if len(corners) == 4 and text.startswith(("http://", "https://")) and len(text) <= _LONGEST_ADDRESS:  # noqa: PLR2004
            left, bottom = page.mediabox[0], page.mediabox[1]
            xs, ys = sorted(corners[0::2]), sorted(corners[1::2])
            found.append(_Link(xs[0] - left, ys[0] - bottom, xs[1] - left, ys[1] - bottom, text))
    return found if shown.rotate in {0, 360} else []


def _dictionary(value: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}
