"""What moderators add to feedback: tags, replies, and the words by which they name one piece."""

import re
import unicodedata
from dataclasses import dataclass

from bot.domain.feedback import FeedbackState
from bot.domain.language import later, say
from bot.domain.problems import BadInput

TAG_LIMIT = 32
MOST_TAGS = 20
REPLY_LIMIT = 2_000
REFERENCE_LENGTH = 8

SEALED_NOTE = later(
    "Sealed: only the holders of the key can read it. Export it and use `solidarity-bot unseal`."
)

_DEMAND_TAG = re.compile(r"(?:demand|gofyniad)[ -]*(\d{1,4})")
"""In English or in Welsh."""
_HEX = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which pieces of feedback a moderator wants to see; what is left out does not narrow."""

    states: frozenset[FeedbackState]
    topic: str | None = None
    tag: str | None = None
    demand_key: str | None = None


def reference(feedback_id: str) -> str:
    """The short form in which moderators see a piece's random id."""
    return feedback_id[:REFERENCE_LENGTH]


def read_reference(typed: str) -> str:
    """The beginning of a random id that somebody typed or chose.

    Raises:
        BadInput: it cannot be one.
    """
    start = typed.strip().strip("`").lower()
    if not (4 <= len(start) <= 32 and _HEX.issuperset(start)):  # noqa: PLR2004 - shorter ones fit too many pieces
        raise BadInput(
            say("That is not the reference of a piece of feedback."),
            next_step=say("Choose one from the list that appears while you type, or open `/moderate queue`."),
        )
    return start


def normalised_tag(typed: str) -> str:
    """A tag in its one form: small letters, digits, single spaces and hyphens.

    Raises:
        BadInput: nothing is left of it, or it is too long.
    """
    composed = unicodedata.normalize("NFKC", typed).casefold()
    tag = " ".join("".join(one if _may_be_in_tag(one) else " " for one in composed).split()).strip(" -")
    if not any(map(str.isalnum, tag)):
        raise BadInput(
            say("That tag is empty."), next_step=say("Use a word or two, such as: overtime, or demand 3.")
        )
    if len(tag) > TAG_LIMIT:
        raise BadInput(
            say("That tag has {length} characters; at most {most} fit.", length=len(tag), most=TAG_LIMIT),
            next_step=say("Use a shorter one; a word or two is enough."),
        )
    return tag


def demand_number(tag: str) -> int | None:
    """The number in a tag such as "demand 3", which says to which demand a piece speaks."""
    found = _DEMAND_TAG.fullmatch(tag)
    return int(found[1]) if found else None


def demand_tag(number: int) -> str:
    """The tag that says to which demand a piece speaks, as `demand_number` reads it."""
    return f"demand {number}"


def _may_be_in_tag(character: str) -> bool:
    return character == "-" or unicodedata.category(character)[0] in "LMN"
