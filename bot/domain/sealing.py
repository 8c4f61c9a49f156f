"""How a text is laid out before it is sealed, so that the sealed size does not tell how much was written.

The layout: four bytes with the text's length in bytes, the highest first; the text as UTF-8; zero bytes up to 1, 4 or
16 KiB in all. The longest text that feedback can be, 4,000 characters of four bytes each, fits into the last.
"""

from bot.domain.language import say
from bot.domain.problems import BadInput

SIZES = (1_024, 4_096, 16_384)
"""What a text is padded to: the first of these that holds it."""

_PREFIX = 4


def padded(text: str) -> bytes:
    """The text in the layout above.

    Raises:
        BadInput: it is longer than the largest size holds.
    """
    data = text.encode("utf-8", errors="replace")
    size = next((size for size in SIZES if len(data) + _PREFIX <= size), None)
    if size is None:
        raise BadInput(
            say("That text is too long to be sealed."), next_step=say("Shorten it, or send it in two parts.")
        )
    return (len(data).to_bytes(_PREFIX, "big") + data).ljust(size, b"\0")


def unpadded(data: bytes) -> str:
    """The text that was laid out by `padded`.

    Raises:
        ValueError: these bytes were not laid out so.
    """
    length = int.from_bytes(data[:_PREFIX], "big")
    text, rest = data[_PREFIX : _PREFIX + length], data[_PREFIX + length :]
    if len(data) not in SIZES or len(text) != length or rest.strip(b"\0"):
        raise ValueError("not laid out as a sealed text")
    return text.decode("utf-8")
