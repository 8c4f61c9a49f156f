"""Repetitions as organisers write them, and that each description reads back."""

from datetime import UTC, datetime, time, timedelta

import pytest

from bot.domain.recurrence import Recurrence, describe, next_occurrences, parse_recurrence, parse_repeat
from bot.domain.when import DateProblem, LocalMoment

LONDON = "Europe/London"
NOW = datetime(2025, 3, 31, 9, 0, tzinfo=UTC)  # Monday, 10am in London
MEETING = LocalMoment(datetime(2025, 4, 3, 12, 30), LONDON)  # a Thursday


@pytest.mark.parametrize(
    ("phrase", "description", "first"),
    [
        ("every Friday at 08:00", "every Friday at 08:00", "2025-04-04 08:00"),
        ("EVERY FRIDAY – 8AM", "every Friday at 08:00", "2025-04-04 08:00"),
        ("8am each Friday", "every Friday at 08:00", "2025-04-04 08:00"),
        ("Fridays at 8am", "every Friday at 08:00", "2025-04-04 08:00"),
        ("on Fridays, 8am", "every Friday at 08:00", "2025-04-04 08:00"),
        ("weekly on Friday 8am", "every Friday at 08:00", "2025-04-04 08:00"),
        ("every week on Friday 8am", "every Friday at 08:00", "2025-04-04 08:00"),
        ("every Friday 8am BST", "every Friday at 08:00", "2025-04-04 08:00"),
        ("every Friday morning at 8", "every Friday at 08:00", "2025-04-04 08:00"),
        ("every Monday 11am", "every Monday at 11:00", "2025-03-31 11:00"),
        ("every Monday 9am", "every Monday at 09:00", "2025-04-07 09:00"),
        (
            "every other Tuesday 18:00 until July",
            "every other Tuesday at 18:00 until Monday 30 June 2025",
            "2025-04-01 18:00",
        ),
        ("fortnightly on Monday 9am", "every other Monday at 09:00", "2025-04-07 09:00"),
        ("every fortnight on Monday 9am", "every other Monday at 09:00", "2025-04-07 09:00"),
        ("every alternate Monday 9am", "every other Monday at 09:00", "2025-04-07 09:00"),
        (
            "every 2 weeks on Friday 8am until 27 June",
            "every other Friday at 08:00 until Friday 27 June 2025",
            "2025-04-04 08:00",
        ),
        (
            "every other week on Monday and Thursday 9am",
            "every other week on Monday and Thursday at 09:00",
            "2025-04-03 09:00",
        ),
        ("every three weeks on Friday 8am", "every 3 weeks on Friday at 08:00", "2025-04-04 08:00"),
        ("daily at 9am", "every day at 09:00", "2025-04-01 09:00"),
        ("every other day at noon", "every other day at 12:00", "2025-03-31 12:00"),
        ("every weekday 9am", "every weekday at 09:00", "2025-04-01 09:00"),
        ("weekdays at 9am", "every weekday at 09:00", "2025-04-01 09:00"),
        ("every working day 9am", "every weekday at 09:00", "2025-04-01 09:00"),
        ("every Monday and Thursday 10am", "every Monday and Thursday at 10:00", "2025-03-31 10:00"),
        (
            "Mondays, Tuesdays & Thursdays 10.15am",
            "every Monday, Tuesday and Thursday at 10:15",
            "2025-03-31 10:15",
        ),
        ("last Friday of the month 8am", "the last Friday of every month at 08:00", "2025-04-25 08:00"),
        (
            "the last Friday of every month at 8am",
            "the last Friday of every month at 08:00",
            "2025-04-25 08:00",
        ),
        ("monthly on the last Friday 8am", "the last Friday of every month at 08:00", "2025-04-25 08:00"),
        ("every last Friday of the month 8am", "the last Friday of every month at 08:00", "2025-04-25 08:00"),
        (
            "first Monday of every month at 9am",
            "the first Monday of every month at 09:00",
            "2025-04-07 09:00",
        ),
        (
            "first and third Monday of the month 6pm",
            "the first Monday and third Monday of every month at 18:00",
            "2025-04-07 18:00",
        ),
        (
            "the last Friday of every other month 8am",
            "every other month on the last Friday at 08:00",
            "2025-04-25 08:00",
        ),
        (
            "last working day of the month 5pm",
            "the last working day of every month at 17:00",
            "2025-03-31 17:00",
        ),
        ("monthly on the 15th at noon", "the 15th of every month at 12:00", "2025-04-15 12:00"),
        ("every month on the 15th at noon", "the 15th of every month at 12:00", "2025-04-15 12:00"),
        (
            "the 1st and 15th of each month, noon",
            "the 1st and 15th of every month at 12:00",
            "2025-04-01 12:00",
        ),
        ("the 31st of every month 9am", "the 31st of every month that has one at 09:00", "2025-05-31 09:00"),
        ("the last day of every month 9am", "the last day of every month at 09:00", "2025-04-30 09:00"),
        ("quarterly on the 1st 9am", "every 3 months on the 1st at 09:00", "2025-04-01 09:00"),
        ("yearly on 26 June 9am", "every year on 26 June at 09:00", "2025-06-26 09:00"),
        ("every 26th of June 9am", "every year on 26 June at 09:00", "2025-06-26 09:00"),
        ("annually on June 26th 9am", "every year on 26 June at 09:00", "2025-06-26 09:00"),
        ("every 3rd May 9am", "every year on 3 May at 09:00", "2025-05-03 09:00"),
        (
            "every Friday 8am until 27.06",
            "every Friday at 08:00 until Friday 27 June 2025",
            "2025-04-04 08:00",
        ),
        ("every 29 February 9am", "every year on 29 February at 09:00", "2028-02-29 09:00"),
        (
            "every first Monday in May 9am",
            "every year on the first Monday in May at 09:00",
            "2025-05-05 09:00",
        ),
        ("every hour", "every hour", "2025-03-31 10:00"),
        ("hourly", "every hour", "2025-03-31 10:00"),
        ("every 3 hours from 09:30", "every 3 hours from 12:30", "2025-03-31 12:30"),
        ("weekly starting 3 April 12.30pm", "every Thursday at 12:30", "2025-04-03 12:30"),
        ("every Friday from 1 May at 8am", "every Friday at 08:00", "2025-05-02 08:00"),
        ("every Friday 8am 6 times", "every Friday at 08:00, 6 times", "2025-04-04 08:00"),
        (
            "every Friday 8am until the end of July",
            "every Friday at 08:00 until Thursday 31 July 2025",
            "2025-04-04 08:00",
        ),
        (
            "every Friday 8am until Friday 27 June 2025",
            "every Friday at 08:00 until Friday 27 June 2025",
            "2025-04-04 08:00",
        ),
        (
            "every Friday at 8am except bank holidays",
            "every Friday at 08:00, except bank holidays in England and Wales",
            "2025-04-04 08:00",
        ),
        (
            "every Friday at 8am except bank holidays in Northern Ireland",
            "every Friday at 08:00, except bank holidays in Northern Ireland",
            "2025-04-04 08:00",
        ),
        ("FREQ=WEEKLY;BYDAY=FR 8am", "every Friday at 08:00", "2025-04-04 08:00"),
        (
            "RRULE:FREQ=MONTHLY;BYDAY=-1FR;BYHOUR=8;BYMINUTE=0",
            "the last Friday of every month at 08:00",
            "2025-04-25 08:00",
        ),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;UNTIL=20250630T225959Z 18:00",
            "every other Tuesday at 18:00 until Monday 30 June 2025",
            "2025-04-01 18:00",
        ),
    ],
)
def test_phrases(phrase: str, description: str, first: str):
    recurrence = parse_recurrence(phrase, now=NOW, zone=LONDON)
    assert describe(recurrence) == description
    assert f"{recurrence.start:%Y-%m-%d %H:%M}" == first
    found = next_occurrences(recurrence, after=NOW - timedelta(minutes=1), count=1)
    assert [each.wall for each in found] == [recurrence.start]
    again = parse_recurrence(description, now=recurrence_start(recurrence), zone=LONDON)
    assert again.start == recurrence.start
    assert describe(again) == description


def recurrence_start(recurrence: Recurrence) -> datetime:
    return LocalMoment(recurrence.start, recurrence.zone).instant


def test_what_only_an_rrule_can_say_is_described_too():
    recurrence = parse_recurrence("FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1 8am", now=NOW, zone=LONDON)
    assert describe(recurrence) == "the first Monday or Tuesday of every month at 08:00"


def test_a_default_time_fills_in():
    recurrence = parse_recurrence("every Friday", now=NOW, zone=LONDON, default_time=time(8))
    assert recurrence.start == datetime(2025, 4, 4, 8)


def test_an_rrule_needs_a_time_from_somewhere():
    recurrence = parse_recurrence("FREQ=WEEKLY;BYDAY=FR", now=NOW, zone=LONDON, default_time=time(8))
    assert recurrence == Recurrence("FREQ=WEEKLY;BYDAY=FR", datetime(2025, 4, 4, 8), LONDON)
    with pytest.raises(DateProblem, match="at what time"):
        parse_recurrence("FREQ=WEEKLY;BYDAY=FR", now=NOW, zone=LONDON)


@pytest.mark.parametrize(
    ("repeat", "description"),
    [
        ("every week", "every Thursday at 12:30"),
        ("weekly", "every Thursday at 12:30"),
        ("every Thursday", "every Thursday at 12:30"),
        ("Thursdays", "every Thursday at 12:30"),
        ("every Tuesday and Thursday", "every Tuesday and Thursday at 12:30"),
        ("every other week", "every other Thursday at 12:30"),
        ("fortnightly", "every other Thursday at 12:30"),
        ("every 3 weeks until July", "every 3 weeks on Thursday at 12:30 until Monday 30 June 2025"),
        ("monthly", "the 3rd of every month at 12:30"),
        ("every month", "the 3rd of every month at 12:30"),
        ("first Thursday of the month", "the first Thursday of every month at 12:30"),
        ("yearly", "every year on 3 April at 12:30"),
        ("every weekday", "every weekday at 12:30"),
        ("every day at 12.30", "every day at 12:30"),
        ("FREQ=WEEKLY", "every Thursday at 12:30"),
        (
            "weekly except bank holidays in Scotland",
            "every Thursday at 12:30, except bank holidays in Scotland",
        ),
    ],
)
def test_repeats_of_a_known_first(repeat: str, description: str):
    recurrence = parse_repeat(repeat, first=MEETING)
    assert recurrence.start == MEETING.wall
    assert describe(recurrence) == description
    assert next_occurrences(recurrence, after=NOW)[0].instant == MEETING.instant
