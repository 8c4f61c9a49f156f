"""Dates and times as British organisers write them: read, checked, and written back."""

from bot.domain.when.moment import LocalMoment, format_moment, moment_of, resolve, told_in
from bot.domain.when.phrases import moment_examples, parse_moment
from bot.domain.when.problem import DateProblem
from bot.domain.when.spans import format_duration, format_lead_time, parse_duration, parse_lead_times

__all__ = [
    "DateProblem",
    "LocalMoment",
    "format_duration",
    "format_lead_time",
    "format_moment",
    "moment_examples",
    "moment_of",
    "parse_duration",
    "parse_lead_times",
    "parse_moment",
    "resolve",
    "told_in",
]
