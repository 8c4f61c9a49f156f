"""What happens again and again: RFC 5545 rules on wall time plus zone, read, stepped through and told in plain English."""

from bot.domain.recurrence.phrases import parse_recurrence, parse_repeat
from bot.domain.recurrence.stepping import Occurrence, Recurrence, next_occurrences, occurrences
from bot.domain.recurrence.text import describe

__all__ = [
    "Occurrence",
    "Recurrence",
    "describe",
    "next_occurrences",
    "occurrences",
    "parse_recurrence",
    "parse_repeat",
]
