"""Who comes to a meeting, in numbers; names stay where organisers are allowed to see them."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.language import say_count


class Answer(StrEnum):
    """What a member says to an invitation."""

    COMING = "yes"
    MAYBE = "maybe"
    NOT_COMING = "no"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many gave which answer to one occurrence of a meeting with `cap` seats, or any number of them."""

    coming: int = 0
    maybe: int = 0
    not_coming: int = 0
    cap: int | None = None

    @property
    def seated(self) -> int:
        """How many of those who come have a seat."""
        return self.coming if self.cap is None else min(self.coming, self.cap)

    @property
    def waiting(self) -> int:
        """How many of those who want to come wait for a seat."""
        return self.coming - self.seated


def counts_in_words(counts: Counts) -> str:
    """The counts on one line, for everybody to read."""
    seats = (
        say_count(counts.seated, "{number} coming", "{number} coming")
        if counts.cap is None
        else say_count(
            counts.seated, "{number} of {cap} seats taken", "{number} of {cap} seats taken", cap=counts.cap
        )
    )
    parts = [seats]
    if counts.waiting:
        parts.append(
            say_count(counts.waiting, "{number} on the waiting list", "{number} on the waiting list")
        )
    return " · ".join(
        [
            *parts,
            say_count(counts.maybe, "{number} maybe", "{number} maybe"),
            say_count(counts.not_coming, "{number} can't come", "{number} can't come"),
        ]
    )
