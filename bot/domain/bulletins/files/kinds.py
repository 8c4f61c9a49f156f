"""What a file is, by its first bytes. Its name is not believed."""

from enum import StrEnum

from bot.domain.bulletins.files.refusals import PASTE, Unreadable
from bot.domain.language import later


class FileKind(StrEnum):
    """What can be read. A `.docx` is a ZIP file; whether a ZIP file is one, its reader finds out."""

    PLAIN = "plain"
    WORD = "word"
    PDF = "pdf"


_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*", b"8BPS")
_PACKED = (b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!\x1a", b"\xfd7zXZ", b"BZh")
_SOUND_OR_FILM = (b"ID3", b"OggS", b"fLaC", b"\x1aE\xdf\xa3", b"\xff\xfb")
_PROGRAMS = (b"\x7fELF", b"MZ\x90\x00")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WHERE_PDF_MAY_BEGIN = 1024


def kind_of(data: bytes) -> FileKind:
    """What sort of file it is.

    Raises:
        Unreadable: one that cannot be read, with the reason and what to do instead.
    """
    if not data.strip(b"\x00\t\n\r \xef\xbb\xbf"):
        raise Unreadable(later("That file is empty."), later("Choose the file again, or paste the text."))
    if b"%PDF-" in data[:_WHERE_PDF_MAY_BEGIN]:
        return FileKind.PDF
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return FileKind.WORD
    _refuse_what_is_no_document(data)
    _refuse_other_documents(data)
    return FileKind.PLAIN


def _refuse_what_is_no_document(data: bytes) -> None:
    if _is_picture(data):
        raise Unreadable(
            later("That is a picture, and what is written in it I cannot see."),
            later(
                "Send the text as a .txt file, or paste it. Or send the document from which the picture was made."
            ),
        )
    if data.startswith(_PACKED):
        raise Unreadable(
            later("That is a packed file."), later("Unpack it, and send the document that is in it.")
        )
    if data.startswith(_SOUND_OR_FILM) or data[4:8] == b"ftyp" or data[:4] + data[8:12] == b"RIFFWAVE":
        raise Unreadable(later("That is a recording, not a document."), PASTE)
    if data.startswith(_PROGRAMS):
        raise Unreadable(later("That is a program, not a document."), PASTE)


def _is_picture(data: bytes) -> bool:
    is_bitmap = data.startswith(b"BM") and data[6:10] == bytes(4)
    is_webp = data[:4] + data[8:12] == b"RIFFWEBP"
    is_phone_photograph = data[4:12] in {b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif"}
    is_drawing = data[:5] in {b"<?xml", b"<svg "} and b"<svg" in data[:2000]
    return data.startswith(_PICTURES) or is_bitmap or is_webp or is_phone_photograph or is_drawing


def _refuse_other_documents(data: bytes) -> None:
    if data.startswith(_OLD_OFFICE):
        if _ENCRYPTED in data:
            raise Unreadable(
                later("That document is protected by a password."),
                later("Save a copy without a password, and send that; or paste the text."),
            )
        raise Unreadable(
            later("That is a document in Word's old format (.doc), or another old office file."),
            later("Open it, save it as .docx or .pdf, and send that; or paste the text."),
        )
    if data.startswith(b"{\\rtf"):
        raise Unreadable(
            later("That is a document in rich text format (.rtf)."),
            later("Open it, save it as .docx or .pdf, and send that; or paste the text."),
        )
    beginning = data[:2000].lower()
    if b"<html" in beginning or b"<!doctype html" in beginning:
        raise Unreadable(
            later("That is a web page."), later("Print it into a .pdf, and send that; or paste its text.")
        )
