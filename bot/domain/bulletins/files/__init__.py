"""The text of a document's file: plain text and markdown in any usual encoding, Word documents, PDF.

Pure, but not cheap: what `needs_a_process` names may be built to eat time and memory, and is read in a process of its
own (see `bot.services.documents`).
"""

from bot.domain.bulletins.files.kinds import FileKind, kind_of
from bot.domain.bulletins.files.refusals import Unreadable
from bot.domain.language import later

MOST_BYTES = 5_000_000
"""More than this is not read at all."""

MOST_CHARACTERS = 500_000
"""A text longer than this is no bulletin, and would only keep people waiting."""

MOST_BYTES_OF_TEXT = 2 * MOST_CHARACTERS
"""So much plain text is too long in every encoding, and is not even decoded."""

__all__ = [
    "MOST_BYTES",
    "MOST_CHARACTERS",
    "FileKind",
    "check_size",
    "kind_of",
    "needs_a_process",
    "text_from",
]


def check_size(size: int) -> None:
    """Raises `Unreadable` if a file of this size is not worth fetching."""
    if size > MOST_BYTES:
        raise Unreadable(
            later("That file is too large: {size} MB. The most that I read is {most} MB."),
            later("Save it without its pictures, or send its text as a .txt file."),
            {"size": f"{size / 1e6:.1f}", "most": f"{MOST_BYTES / 1e6:.0f}"},
        )


def needs_a_process(kind: FileKind) -> bool:
    """Whether files of this kind are to be read apart from the bot."""
    return kind is not FileKind.PLAIN


def text_from(kind: FileKind, data: bytes) -> str:
    """The text of a file, in which every line ends with a newline; pages are parted by a line with a form feed.

    Raises:
        Unreadable: it cannot be read, or there is no text in it, and the reason is known.
    """
    if kind is FileKind.PLAIN and len(data) > MOST_BYTES_OF_TEXT:
        raise _too_long()
    text = _READERS[kind](data)
    if not text.strip():
        raise Unreadable(
            later("There is no text in that file."), later("Send another file, or paste the text.")
        )
    if len(text) > MOST_CHARACTERS:
        raise _too_long()
    return text


def _too_long() -> Unreadable:
    return Unreadable(
        later("That text is too long. The most that I read is {most} characters, which is a book."),
        later("Send only the pages that matter."),
        {"most": f"{MOST_CHARACTERS:,}"},
    )


def _plain(data: bytes) -> str:
    from bot.domain.bulletins.files.plain import plain_text  # noqa: PLC0415

    return plain_text(data)


def _word(data: bytes) -> str:
    from bot.domain.bulletins.files.word import word_text  # noqa: PLC0415 - its library is needed only here

    return word_text(data)


def _pdf(data: bytes) -> str:
    from bot.domain.bulletins.files.pdf import pdf_text  # noqa: PLC0415 - its library is needed only here

    return pdf_text(data)


_READERS = {FileKind.PLAIN: _plain, FileKind.WORD: _word, FileKind.PDF: _pdf}
