"""The way into the reader: a document's text becomes a typed document."""

from datetime import date

from bot.domain.bulletins.model import Document


def read_document(text: str, *, today: date, zone: str) -> Document:
    """Reads a document.

    Args:
        text: the document as plain text, of any line endings.
        today: the day on which it is read; where the document does not say in which year something is, this helps.
        zone: IANA name of the zone of times that name none.

    Raises:
        BadInput: there is no text in it, or it is too long.
    """
    raise NotImplementedError
