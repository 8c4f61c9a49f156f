"""Plain text in the encodings that union offices produce.

A guesser of encodings by letter statistics was tried (charset-normalizer 3.5) and took five of six short English
texts for Central European or Japanese ones. Here the question is smaller: it is one of a few encodings, and the
text is in a western language.
"""

import codecs
import re
from itertools import islice

from bot.domain.bulletins.files.refusals import Unreadable
from bot.domain.bulletins.files.tidy import tidy
from bot.domain.language import later

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE = 4000
_MOST_CONTROLS = 0.01
_WITH_NEIGHBOURS = re.compile(rb"[^\x80-\xff]?[\x80-\xff]+[^\x80-\xff]?", re.DOTALL)
_PLAUSIBLE = frozenset("‘’“”–—…•·£€°½¼¾©®™éèêëàâäáçïîíôöóòùûüúñÉÈÀÁÂÄÇÎÔÖÙÛÜ\u00a0")  # noqa: RUF001
"""What western texts hold beside ASCII. Under the wrong encoding other characters come out."""

_BETWEEN_LETTERS = frozenset("éèêëàâäáçïîíôöóòùûüúñÉÈÀÁÂÄÇÎÔÖÙÛÜ’")  # noqa: RUF001


def plain_text(data: bytes) -> str:
    """The text, decoded.

    Raises:
        Unreadable: it is not text.
    """
    return tidy(_decoded(data))


def _decoded(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    if encoding := _utf_16_without_mark(data):
        return data.decode(encoding, errors="replace")
    if b"\x00" in data or _controls(data) > _MOST_CONTROLS:
        raise Unreadable(
            later("That file holds no text that I can read."),
            later("Send a .txt, .md, .docx or .pdf file, or paste the text."),
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _western(data)


def _utf_16_without_mark(data: bytes) -> str:
    """Which half of each pair of bytes is empty gives UTF-16 away: in English most are."""
    sample = data[:_SAMPLE]
    half = max(len(sample) // 2, 1)
    if sample[1::2].count(0) > half * 0.6 and not sample[0::2].count(0):
        return "utf-16-le"
    if sample[0::2].count(0) > half * 0.6 and not sample[1::2].count(0):
        return "utf-16-be"
    return ""


def _controls(data: bytes) -> float:
    sample = data[:_SAMPLE]
    return sum(byte < 32 and byte not in b"\t\n\x0b\x0c\r\x1b" for byte in sample) / len(sample)  # noqa: PLR2004


def _western(data: bytes) -> str:
    """Windows-1252, of which Latin-1 is a part but for control characters, or Mac Roman: whichever reads better."""
    sample = b" ".join(match[0] for match in islice(_WITH_NEIGHBOURS.finditer(data), _SAMPLE))
    encodings = ("windows-1252", "mac-roman")  # of two that read as well as each other, the more usual
    best = max(encodings, key=lambda encoding: _plausibility(sample.decode(encoding, errors="replace")))
    return data.decode(best, errors="replace")


def _plausibility(text: str) -> int:
    """Points for what western texts hold, and for accents inside words; points off for what they do not."""
    points = 0
    for before, character, after in zip(" " + text, text, text[1:] + " ", strict=False):
        if character.isascii():
            continue
        points += 1 if character in _PLAUSIBLE else -2
        if character in _BETWEEN_LETTERS:
            points += 1 if before.isalpha() or after.isalpha() else -2
        if character in "£€" and after.isdigit():
            points += 1
    return points
