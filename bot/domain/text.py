"""What people type, made safe to keep: one form of each letter, no invisible controls, within a length."""

import unicodedata

from bot.domain.language import say
from bot.domain.problems import BadInput

_KEPT_CONTROLS = frozenset("\n\t")
_UNWANTED = frozenset({"Cc", "Cs"})
_DIRECTION_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

MOST_MARKS = 3
"""Letters of living languages carry at most this many combining marks; more is a stack that hides its neighbours."""


def clean_text(typed: str, *, name: str, most: int) -> str:
    """A text of several lines as it will be kept.

    Args:
        typed: what came from Discord.
        name: what to call it in an error, in the reader's language, such as "title".
        most: the most characters that may be kept.

    Raises:
        BadInput: nothing readable is left, or it is too long.
    """
    text = "\n".join(line.rstrip() for line in _without_controls(typed).split("\n")).strip()
    if not any(unicodedata.category(character)[0] in "LNPS" for character in text):
        raise BadInput(
            say("The {name} is empty.", name=name),
            next_step=say("Type the {name} again, with at least one word.", name=name),
        )
    if len(text) > most:
        raise BadInput(
            say(
                "The {name} has {count:,} characters; at most {most:,} fit.",
                name=name,
                count=len(text),
                most=most,
            ),
            next_step=say("Shorten the {name} and send it again.", name=name),
        )
    return text


def clean_line(typed: str, *, name: str, most: int) -> str:
    """A text of one line as it will be kept.

    Raises:
        BadInput: nothing readable is left, or it is too long.
    """
    return clean_text(" ".join(typed.split()), name=name, most=most)


def _without_controls(typed: str) -> str:
    text = unicodedata.normalize("NFC", typed.replace("\r\n", "\n").replace("\r", "\n"))
    kept: list[str] = []
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        unwanted = category in _UNWANTED or character in _DIRECTION_OVERRIDES or marks > MOST_MARKS
        if not unwanted or character in _KEPT_CONTROLS:
            kept.append(character)
    return "".join(kept)
