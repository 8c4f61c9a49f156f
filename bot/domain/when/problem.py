"""How a phrase is refused: what was typed, what is wrong with it, and two examples that would work now."""

import unicodedata
from typing import Final, Self

from bot.domain.problems import BadInput

QUOTE_LIMIT: Final = 60
_UNSAFE: Final = frozenset('`@<>*_~|\\"')


class Refusal(Exception):
    """A reader found why a phrase cannot be used.

    Args:
        reason: what is wrong, a clause without a full stop.
        advice: what would help, a full sentence, put before the examples.
    """

    def __init__(self, reason: str, advice: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.advice = advice


class DateProblem(BadInput):
    """A date, time, repetition or length of time cannot be used as it was typed.

    Args:
        what: what was typed and what is wrong with it, safe to show on Discord.
        examples: two phrases that would be accepted at the same moment.
        advice: a sentence put before the examples in the next step.
    """

    def __init__(self, what: str, *, examples: tuple[str, str], advice: str = "") -> None:
        first, second = examples
        super().__init__(what, next_step=f'{advice} Try "{first}" or "{second}".'.strip())
        self.examples = examples

    @classmethod
    def about(cls, typed: str, purpose: str, refusal: Refusal, examples: tuple[str, str]) -> Self:
        """Turn a reader's refusal of `typed` into the problem that the person is shown."""
        shown = quote(typed)
        subject = f'I cannot read "{shown}" as {purpose}' if shown else f"I cannot read that as {purpose}"
        return cls(f"{subject}: {refusal.reason}.", examples=examples, advice=refusal.advice)


def quote(typed: str, limit: int = QUOTE_LIMIT) -> str:
    """Make what a person typed safe to repeat.

    Control and invisible characters go, and so does what Discord would read as a mention or as formatting.

    Args:
        typed: any text.
        limit: the most characters to keep, the ellipsis included.
    """
    visible = "".join(_visible(character) for character in typed[: 10 * limit])
    flat = " ".join(visible.split())
    return flat if len(flat) <= limit else f"{flat[: limit - 1].rstrip()}…"


def _visible(character: str) -> str:
    if character in _UNSAFE:
        return ""
    if character.isspace():
        return " "
    return "" if unicodedata.category(character).startswith("C") else character
