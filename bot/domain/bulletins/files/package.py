"""Looks into a ZIP file before anything unpacks it: is it a Word document, and how large is it in truth?"""

import io
import zipfile
import zlib

from bot.domain.bulletins.files.refusals import Unreadable
from bot.domain.language import later

MOST_UNPACKED = 40_000_000
"""Bytes of all parts together. A bulletin with photographs has a few million; they are not read, but unpacked."""

MOST_UNPACKED_XML = 12_000_000
"""Bytes of one part that is parsed. Half a million characters with all their formatting fit."""

_MOST_PARTS = 2_000
_CHUNK = 1 << 16
_BEGINNING = 2_000
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument"
_ENCRYPTED = 0x1


def checked_package(data: bytes) -> io.BytesIO:
    """The file, once it is known to be a Word document of a sane size.

    Raises:
        Unreadable: it is something else, or is built to harm.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _check_kind(package)
            _check_sizes(package)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, KeyError) as error:
        raise damaged() from error
    return io.BytesIO(data)


def damaged() -> Unreadable:
    """The answer to a document whose inside is not what its outside promises."""
    return Unreadable(
        later("That document is damaged, or was not saved to its end."),
        later("Open it, save it again as .docx or .pdf, and send that; or paste the text."),
    )


def _check_kind(package: zipfile.ZipFile) -> None:
    names = set(package.namelist())
    if "mimetype" in names and package.open("mimetype").read(_BEGINNING).startswith(_OPEN_DOCUMENT):
        raise Unreadable(
            later("That is a document in the OpenDocument format (.odt, .ods, .odp)."),
            later("Open it, save it as .docx or .pdf, and send that; or paste the text."),
        )
    folders = {name.partition("/")[0] for name in names if "/" in name}
    if "[Content_Types].xml" in names and "word" in folders:
        return
    if "[Content_Types].xml" in names and folders & {"xl", "ppt"}:
        raise Unreadable(
            later("That is a spreadsheet or a set of slides."),
            later("Save it as .pdf, and send that; or paste the text."),
        )
    raise Unreadable(
        later("That is a ZIP file, not a document."),
        later("Unpack it, and send the document in it. Send the text as a .txt file, or paste it."),
    )


def _check_sizes(package: zipfile.ZipFile) -> None:
    """What the parts say about their sizes, and then, since they may lie, what comes out of them."""
    parts = package.infolist()
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise _too_much()
    left = MOST_UNPACKED
    for part in parts:
        if part.flag_bits & _ENCRYPTED:
            raise Unreadable(
                later("That document is protected by a password."),
                later("Save a copy without a password, and send that; or paste the text."),
            )
        left -= _check_part(package, part, left)


def _check_part(package: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> int:
    is_parsed = part.filename.lower().endswith((".xml", ".rels"))
    allowed = min(left, MOST_UNPACKED_XML) if is_parsed else left
    size = 0
    with package.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            if is_parsed and not size and b"<!DOCTYPE" in chunk[:_BEGINNING]:
                raise damaged()  # Word writes none, and entities that name each other need one
            size += len(chunk)
            if size > allowed:
                raise _too_much()
    return size


def _too_much() -> Unreadable:
    return Unreadable(
        later("That document is far larger unpacked than it looks, so I stopped reading."),
        later("Save it without its pictures and send it again, or paste the text."),
    )
