"""How a phrase is refused: what was typed, what is wrong with it, and two examples that would work now."""

import unicodedata
from typing import Final, Self

from bot.domain.language import say
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
        try_these = say('Try "{first}" or "{second}".', first=first, second=second)
        super().__init__(what, next_step=f"{advice} {try_these}".strip())
        self.examples = examples

    @classmethod
    def about(cls, typed: str, purpose: str, refusal: Refusal, examples: tuple[str, str]) -> Self:
        """Turn a reader's refusal of `typed` into the problem that the person is shown."""
        shown = quote(typed)
        reason = refusal.reason
        what = (
            say(
                'I cannot read "{typed}" as {purpose}: {reason}.', typed=shown, purpose=purpose, reason=reason
            )
            if shown
            else say("I cannot read that as {purpose}: {reason}.", purpose=purpose, reason=reason)
        )
        return cls(what, examples=examples, advice=refusal.advice)


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
