"""Keys of entries: short, made of a title's first words, and kept when the title changes."""

import re
import unicodedata
from collections.abc import Collection
from itertools import count
from typing import Final

KEY_LIMIT: Final = 50
_NUMBER_ROOM = 6
_APOSTROPHES = re.compile("['\u2019]")
_WORD = re.compile(r"[a-z0-9]+")


def free_key(title: str, taken: Collection[str], *, otherwise: str) -> str:
    """A key made of a title's first words, which no entry has yet.

    Args:
        title: the entry's title.
        taken: the keys of its kind.
        otherwise: the key of a title without a letter or digit that can stand in one.
    """
    plain = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", title))
    words = _WORD.findall(plain.encode("ascii", "ignore").decode().casefold())
    stem = _joined(words) or otherwise
    names = (stem if number == 1 else f"{stem}-{number}" for number in count(1))
    return next(name for name in names if name not in taken)


def _joined(words: list[str]) -> str:
    """As many whole words as leave room for a number; of a first word that is longer, its beginning."""
    most = KEY_LIMIT - _NUMBER_ROOM
    key = "-".join(words)
    if len(key) <= most:
        return key
    return key[:most].rpartition("-")[0] if "-" in key[:most] and key[most] != "-" else key[:most]
