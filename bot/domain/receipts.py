"""Receipts for feedback: 80 random bits that only the member holds.

They are written in Crockford's base 32, which has no letters that are taken for digits, in four groups of
four: `7K3M-Q0ZD-9XW2-H5TA`. That form is also the one that is hashed.
"""

import re
import secrets
import unicodedata

from bot.domain.language import say
from bot.domain.problems import BadInput

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
GROUP = 4

_MISTAKEN = str.maketrans({"O": "0", "I": "1", "L": "1"})
_BETWEEN = re.compile(r"[\s_`*.,:'\"]+")


def new_receipt() -> str:
    """A receipt that nobody has had before and nobody can guess."""
    return _grouped("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)))


def normalise_receipt(text: str) -> str:
    """The receipt that somebody typed, in its one true form.

    Capitals do not matter, nor do spaces and hyphens; O is read as 0, I and L as 1.

    Raises:
        BadInput: it cannot be a receipt.
    """
    unspaced = _BETWEEN.sub("", unicodedata.normalize("NFKC", text))
    # Phones turn a hyphen into a dash, and what is copied brings invisible characters along.
    shown = (one for one in unspaced if unicodedata.category(one) not in {"Pd", "Cf"})
    symbols = "".join(shown).upper().translate(_MISTAKEN)
    if len(symbols) != LENGTH or not set(symbols) <= set(ALPHABET):
        raise BadInput(
            say("That is not a receipt."),
            next_step=say("It has 16 letters and digits, such as 7K3M-Q0ZD-9XW2-H5TA. Copy it once more."),
        )
    return _grouped(symbols)


def _grouped(symbols: str) -> str:
    return "-".join(symbols[start : start + GROUP] for start in range(0, LENGTH, GROUP))
