"""The way into the reader: a document's text becomes a typed document."""

from datetime import date

from bot.domain.bulletins.blocks import read_blocks
from bot.domain.bulletins.bulletin import read_bulletin
from bot.domain.bulletins.files import MOST_CHARACTERS
from bot.domain.bulletins.layout import read_lines
from bot.domain.bulletins.model import Document
from bot.domain.bulletins.motion import read_motion
from bot.domain.bulletins.motion_head import is_motion
from bot.domain.language import say
from bot.domain.problems import BadInput


def read_document(text: str, *, today: date, zone: str) -> Document:
    """Reads a document.

    Args:
        text: the document as plain text, of any line endings.
        today: the day on which it is read; where the document does not say in which year something is, this helps.
        zone: IANA name of the zone of times that name none.

    Raises:
        BadInput: there is no text in it, or it is too long.
    """
    if len(text) > MOST_CHARACTERS:
        raise BadInput(
            say(
                "The document has {count:,} characters; at most {most:,} can be read.",
                count=len(text),
                most=MOST_CHARACTERS,
            ),
            next_step=say("Cut it into parts and import them one by one."),
        )
    blocks = read_blocks(read_lines(text))
    if not any(character.isalnum() for block in blocks for character in block.text):
        raise BadInput(
            say("There is no text in the document."),
            next_step=say(
                "Send a document with words in it; a scanned page is a picture, so copy its text out first."
            ),
        )
    if is_motion(blocks):
        return read_motion(blocks, today=today, zone=zone)
    return read_bulletin(blocks, today=today, zone=zone)
