"""Reminder times and lengths of meetings."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.when import (
    DateProblem,
    format_duration,
    format_lead_time,
    parse_duration,
    parse_lead_times,
)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("7 d, 1 d, 1 h, start", [168, 24, 1, 0]),
        ("1 week, 1 day, 1 hour, at the start", [168, 24, 1, 0]),
        ("1 hour before, 1 day before and at the start", [24, 1, 0]),
        ("1h;1d;1h", [24, 1]),
        ("start", [0]),
        ("0 minutes", [0]),
        ("1 day 2 hours", [26]),
        ("60 days", [1440]),
        ("two weeks & 3 hrs", [336, 3]),
        ("90m", [1.5]),
        ("a fortnight", [336]),
        ("none", []),
        ("No reminders", []),
    ],
)
def test_lead_times(text: str, hours: list[float]):
    assert parse_lead_times(text) == tuple(timedelta(hours=each) for each in hours)


@pytest.mark.parametrize(
    ("lead", "expected"),
    [
        (timedelta(days=7), "7 days before"),
        (timedelta(hours=1), "1 hour before"),
        (timedelta(hours=26, minutes=30), "1 day 2 hours 30 minutes before"),
        (timedelta(), "at the start"),
    ],
)
def test_format_lead_time(lead: timedelta, expected: str):
    assert format_lead_time(lead) == expected


@given(st.sets(st.integers(min_value=0, max_value=60 * 24 * 60), min_size=1, max_size=10))
def test_lead_times_read_back(minutes: set[int]):
    leads = tuple(timedelta(minutes=each) for each in sorted(minutes, reverse=True))
    assert parse_lead_times(", ".join(map(format_lead_time, leads))) == leads


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("1 hour", 60),
        ("90 minutes", 90),
        ("1h30", 90),
        ("1h 30m", 90),
        ("1.5 hours", 90),
        ("1½ hours", 90),
        ("an hour and a half", 90),
        ("half an hour", 30),
        ("five minutes", 5),
        ("1 hour, 20 minutes", 80),
        ("24 hours", 1440),
        ("1 day", 1440),
    ],
)
def test_durations(text: str, minutes: int):
    assert parse_duration(text) == timedelta(minutes=minutes)


@given(st.integers(min_value=5, max_value=24 * 60))
def test_durations_read_back(minutes: int):
    assert parse_duration(format_duration(timedelta(minutes=minutes))) == timedelta(minutes=minutes)


@given(st.text(max_size=220))
def test_any_lead_times_or_duration_are_read_or_kindly_refused(text: str):
    for parse in (parse_lead_times, parse_duration):
        try:
            parse(text)
        except DateProblem as problem:
            assert problem.what
            assert all(parse(each) for each in problem.examples)


LEADS = [
    ("", "nothing in it"),
    (",", "nothing in it"),
    ("; ;", "no length of time"),
    ("soon", 'understand "soon"'),
    ("7", "has no unit"),
    ("1, 2, 3", "has no unit"),
    ("7 x", 'understand "7"'),
    ("-1 h", 'understand "-"'),
    ("1 month", "no fixed length"),
    ("1 year", "no fixed length"),
    ("61 days", "at most 60 days"),
    ("9 weeks", "at most 60 days"),
    ("9999999 h", "longer than I can plan for"),
    ("1.001 h", "whole minutes"),
    ("none, 1 h", 'understand "none"'),
    ("1 h after", 'understand "after"'),
    ("start 1 h", "understand"),
    ("1m,2m,3m,4m,5m,6m,7m,8m,9m,10m,11m", "11 reminders"),
    ("1 h, " * 120, "longer than 500 characters"),
    ("😀", 'understand "😀"'),
]


@pytest.mark.parametrize(("text", "reason"), LEADS)
def test_lead_times_refused(text: str, reason: str):
    with pytest.raises(DateProblem) as caught:
        parse_lead_times(text)
    assert reason in caught.value.what
    assert all(parse_lead_times(each) for each in caught.value.examples)


DURATIONS = [
    ("", "nothing in it"),
    ("long", 'understand "long"'),
    ("90", "has no unit"),
    ("1:30", 'understand "1:30"'),
    ("4 minutes", "shorter than 5 minutes"),
    ("0 hours", "shorter than 5 minutes"),
    ("25 hours", "longer than 24 hours"),
    ("2 days", "longer than 24 hours"),
    ("1 month", "no fixed length"),
    ("1 hour or so", 'understand "or"'),
    ("1.01 hours", "whole minutes"),
    ("-1 hour", 'understand "-"'),
    ("one two hours", 'understand "one"'),
    ("30 seconds", 'understand "seconds"'),
    ("9" * 150 + " hours", "longer than I can plan for"),
]


@pytest.mark.parametrize(("text", "reason"), DURATIONS)
def test_durations_refused(text: str, reason: str):
    with pytest.raises(DateProblem) as caught:
        parse_duration(text)
    assert reason in caught.value.what
    assert all(parse_duration(each) >= timedelta(minutes=5) for each in caught.value.examples)
