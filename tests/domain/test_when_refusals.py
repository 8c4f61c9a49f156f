"""What is refused, and that every refusal says what is wrong and shows two phrases that work."""

import unicodedata
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.problems import Problem
from bot.domain.when import DateProblem, parse_duration, parse_lead_times, parse_moment

LONDON = "Europe/London"
NOW = datetime(2025, 3, 31, 9, 0, tzinfo=UTC)  # Monday, 10am in London

EMPTY = [
    ("", "nothing in it"),
    ("   ", "nothing in it"),
    ("\n\t", "nothing in it"),
    ("\u200b\u200d", "nothing in it"),
    (",", "nothing in it"),
    ("...", "nothing in it"),
    ("on the at", "no date or time"),
    ("()", "no date or time"),
    ("@", "no date or time"),
    ("😀", 'understand "😀"'),
    ("✊ solidarity", 'understand "✊"'),
    ("?", 'understand "?"'),
    ("!!!", 'understand "!"'),
    ("-", 'understand "-"'),
    ("#12", 'understand "#"'),
]
NOT_DATES = [
    ("hello", 'understand "hello"'),
    ("soon", 'understand "soon"'),
    ("whenever", 'understand "whenever"'),
    ("asap", 'understand "asap"'),
    ("now", 'understand "now"'),
    ("at some point", 'understand "some"'),
    ("null", 'understand "null"'),
    ("undefined", 'understand "undefined"'),
    ("12345678", 'understand "12345678"'),
    ("20250403", 'understand "20250403"'),
    ("20250403T1230", 'understand "20250403"'),
    ("1743679800", 'understand "1743679800"'),
    ("<t:1743679800:F>", 'understand ""'),
    ("DROP TABLE meetings", 'understand "drop"'),
    ("завтра в полдень", 'understand "завтра"'),
    ("明日", 'understand "明日"'),
    ("demain midi", 'understand "demain"'),
    ("3 avril 12h30", 'understand "avril"'),
    ("2025-W14-4", 'understand "w"'),
    ("Q2 2025", 'understand "q"'),
]
LEFTOVER_WORDS = [
    ("3 April 12.30pm please", 'understand "please"'),
    ("3 April 12.30pm in Leeds", 'understand "leeds"'),
    ("3 April or 4 April 12.30pm", 'understand "or"'),
    ("about 9am tomorrow", 'understand "about"'),
    ("tomorrow 9am sharp", 'understand "sharp"'),
    ("tomorrow 9am!", 'understand "!"'),
    ("tomorrow 9am 😀", 'understand "😀"'),
    ("tomorrow at 9am or so", 'understand "or"'),
    ("not tomorrow 9am", 'understand "not"'),
    ("every Friday 8am", 'understand "every"'),
    ("Friday 8am until July", 'understand "until"'),
    ("Friday 8", 'understand "8"'),
    ("3 April 9", 'understand "9"'),
    ("3–5 April 9am", 'understand "3"'),
    ("2-3pm tomorrow", 'understand "2"'),
    ("3 April 5p", 'understand "5"'),
    ("3 April 12.30xm", 'understand "xm"'),
    ("-3 April 9am", 'understand "-"'),
    ("tomorrow 9 am ish", 'understand "ish"'),
    ("between 2 and 3pm tomorrow", 'understand "between"'),
    ("Friday; 8am", 'understand ";"'),
    ("3 / 4 12.30pm", 'understand "3"'),
    ("3,4,2025 12.30pm", 'understand "3"'),
    ("0x09 tomorrow", 'understand "0"'),
    ("tomorrow 12 : 30", 'understand "12"'),
    ("3 April half", 'understand "half"'),
    ("3 April quarter past", 'understand "quarter"'),
    ("3 April half past 13", 'understand "half"'),
    ("Friday after next 8am", 'understand "after"'),
    ("first thing tomorrow", 'understand "thing"'),
]
MISSPELT = [
    ("tomorow 9am", 'mean "tomorrow"'),
    ("tommorow 9am", 'mean "tomorrow"'),
    ("thrusday 9am", 'mean "Thursday"'),
    ("wensday 9am", 'mean "Wednesday"'),
    ("wednessday 9am", 'mean "Wednesday"'),
    ("3 Febuary 9am", 'mean "February"'),
    ("3 Arpil 9am", 'mean "April"'),
    ("3 Septembre 9am", 'mean "September"'),
    ("3 Agust 9am", 'mean "August"'),
    ("tonihgt 9pm", 'mean "tonight"'),
    ("midngiht", 'mean "midnight"'),
    ("in 2 huors", 'mean "hours"'),
    ("Saterday noon", 'mean "Saturday"'),
    ("frday 8am", 'understand "frday"'),
]
IMPOSSIBLE_DATES = [
    ("31 April 9am", "April has only 30 days"),
    ("31st of June 9am", "June has only 30 days"),
    ("31 September 2025 9am", "September has only 30 days"),
    ("31/11 9am", "November has only 30 days"),
    ("30 February 9am", "February has only"),
    ("30 Feb 2028 9am", "February has only 29 days"),
    ("29 Feb 2026 9am", "2026 is not a leap year"),
    ("29/2/2027 9am", "2027 is not a leap year"),
    ("29 February next year 9am", "2026 is not a leap year"),
    ("32 April 9am", "no month has 32 days"),
    ("99th April 9am", "no month has 99 days"),
    ("the 32nd at 9am", "no month has 32 days"),
    ("April 32 9am", "no month has 32 days"),
    ("0 April 9am", "counted from 1"),
    ("0/4 9am", "counted from 1"),
    ("00.04.2025 9am", "counted from 1"),
    ("3/0 9am", "no month 0"),
    ("3/13 9am", "no month 13"),
    ("4/25/2025 9am", "no month 25"),
    ("12.30.45 9am", "no month 30"),
    ("2025-13-01 09:00", "no month 13"),
    ("2025-04-31 09:00", "April has only 30 days"),
    ("2025-02-29T09:00", "no such date and time"),
    ("2025-04-03T25:00", "no such date and time"),
    ("2025-04-03T12:60", "no such date and time"),
    ("2025-04-03T12:30+25:00", "no such date and time"),
    ("3/4/20255 9am", "not a year"),
    ("3/4/202 9am", "not a year"),
    ("3/4/0000 9am", "not a year"),
    ("3/4/1066 9am", "not a year"),
    ("fifth Monday in February 2026 9am", "no 5th Monday"),
    ("5th Friday of next month 8am", "no 5th Friday"),
    ("31st of next month 9am", "April has only 30 days"),
    ("30.02 at 9am", "February has only"),
    ("31.04 9am", "April has only 30 days"),
    ("12.30 03.30", "no month 30"),
]
IMPOSSIBLE_TIMES = [
    ("25:00", "a day ends at 23:59"),
    ("24:00", "a day ends at 23:59"),
    ("tomorrow 24.30", "a day ends at 23:59"),
    ("tomorrow at 25", "a day ends at 23:59"),
    ("tomorrow 99:99", "only 60 minutes"),
    ("tomorrow 12:60", "only 60 minutes"),
    ("tomorrow 12.75pm", "only 60 minutes"),
    ("tomorrow 0960", "only 60 minutes"),
    ("tomorrow 2400", "a day ends at 23:59"),
    ("tomorrow 1299", "only 60 minutes"),
    ("13pm", "mixes the 12-hour and the 24-hour clock"),
    ("tomorrow 19.30pm", "mixes the 12-hour and the 24-hour clock"),
    ("tomorrow 0am", "mixes the 12-hour and the 24-hour clock"),
    ("tomorrow 00:30am", "mixes the 12-hour and the 24-hour clock"),
    ("tomorrow 1300pm", "mixes the 12-hour and the 24-hour clock"),
    ("tomorrow at 15 o'clock pm", "mixes the 12-hour and the 24-hour clock"),
    ("tomorrow 12:5", "not a time"),
    ("tomorrow 12:300", "not a time"),
    ("tomorrow 7.5pm", "not a time"),
    ("tomorrow 12½", "not a time"),
    ("tomorrow 9:30:15", "seconds"),
    ("2025-04-03T12:30:45", "seconds"),
    ("2025-04-03T12:30:00.5", "seconds"),
    ("9am in the evening", "not in the evening"),
    ("tomorrow 19:30 in the morning", "not in the morning"),
    ("tonight 7am", "not in the night"),
    ("this morning at 8pm", "not in the morning"),
    ("tomorrow noon in the evening", "not in the evening"),
    ("tomorrow 12 in the evening", "not in the evening"),
    ("tomorrow 1² pm", 'sign "²"'),
    ("tomorrow ⑨ am", 'sign "⑨"'),
]
NO_TIME = [
    ("3 April", "at what time"),
    ("Thursday 3 April", "at what time"),
    ("tomorrow", "at what time"),
    ("tonight", "at what time"),
    ("Friday", "at what time"),
    ("next Friday", "at what time"),
    ("Friday week", "at what time"),
    ("3/4/25", "at what time"),
    ("2025-04-03", "at what time"),
    ("in 3 days", "at what time"),
    ("in a week", "at what time"),
    ("tomorrow evening", "at what time"),
    ("the 15th", "at what time"),
    ("last Friday of the month", "at what time"),
    ("April 3", "at what time"),
    ("3 April 2030", "at what time"),
    ("UTC", "at what time"),
]
NO_DAY = [
    ("April 2026 9am", "which day of April"),
    ("May 9.30am", "which day of May"),
    ("2nd Friday 8am", "of which month"),
    ("first Monday 9am", "of which month"),
    ("next week 9am", 'understand "next"'),
    ("next month 9am", 'understand "next"'),
    ("this week 9am", 'understand "this"'),
]
PAST = [
    ("today at 9am", "is past; it is now 10am"),
    ("yesterday 9am", "Sunday 30 March 2025, 9am is past"),
    ("yesterday", "at what time"),
    ("last Friday 8am", "Friday 28 March 2025, 8am is past"),
    ("this morning at 8", "is past"),
    ("30 March 2025 9am", "is past"),
    ("3/4/24 12:30", "Wednesday 3 April 2024, 12.30pm is past"),
    ("3 April 2000 9am", "is past"),
    ("2025-03-31T09:59", "is past; it is now 10am on Monday 31 March 2025 in London"),
    ("2025-03-31T08:59Z", "is past"),
    ("1970-01-01T00:00Z", "is past"),
    ("1 January this year 9am", "is past"),
    ("first Monday of this month 9am", "is past"),
    ("last Friday of this month 8am", "is past"),
    ("today 9.59am", "is past"),
    ("Monday this week 9am", "is past"),
    ("31 March 2025 8.30am UTC", "is past; it is now 9am"),
]
TOO_FAR = [
    ("1 April 2030 9am", "more than 5 years ahead"),
    ("3 April 2031 9am", "more than 5 years ahead"),
    ("3 April 2099 9am", "more than 5 years ahead"),
    ("31/12/9999 23:59", "more than 5 years ahead"),
    ("9999-12-31T23:59", "more than 5 years ahead"),
    ("in 6 years at 9am", "more than 5 years ahead"),
    ("in 61 months at 9am", "more than 5 years ahead"),
    ("in 99999 hours", "more than 5 years ahead"),
    ("in 99999999999 minutes", "longer than I can plan for"),
    ("in 9999999 days at 9am", "longer than I can plan for"),
    ("in 300000 weeks at 9am", "longer than I can plan for"),
    ("in 999999 weeks at 9am", "longer than I can plan for"),
    ("in 99999 months at 9am", "more than 5 years ahead"),
    ("in 999999 days at 9am", "more than 5 years ahead"),
]
CONTRADICTIONS = [
    ("Friday 3 April 12.30pm", "3 April 2025 is a Thursday, not a Friday"),
    ("Thursday 4 April 12.30pm", "4 April 2025 is a Friday, not a Thursday"),
    ("Thursday 3 April 2026 12.30pm", "3 April 2026 is a Friday, not a Thursday"),
    ("Sat 3/4/25 12:30", "is a Thursday, not a Saturday"),
    ("Monday 2025-04-03 12:30", "is a Thursday, not a Monday"),
    ("Friday the 3rd at 9am", "is a Thursday, not a Friday"),
    ("Sunday 30 March 9am", "30 March 2026 is a Monday, not a Sunday"),
    ("tomorrow, Friday, 9am", "is a Tuesday, not a Friday"),
    ("next Friday 18 April 8am", "which is Friday 11 April 2025"),
    ("this Thursday 10 April 9am", "which is Thursday 3 April 2025"),
    ("tomorrow 9am 10am", 'two times, "9am" and "10am"'),
    ("12.30pm - 2pm tomorrow", "two times"),
    ("3 April 12.30 – 14.30", "two times"),
    ("Friday 9.10-10.10", "two times"),
    ("2025-04-03 12:30-14:00", "two times"),
    ("10 to 6", "a time or a span of hours"),
    ("tomorrow 9 to 5", "a time or a span of hours"),
    ("3 April 4 April 9am", "two dates"),
    ("today tomorrow 9am", "two dates"),
    ("3/4 5/6 9am", "two dates"),
    ("Friday Saturday 9am", "two weekdays"),
    ("this evening tomorrow 7pm", "two dates"),
    ("morning evening at 7", "two parts of the day"),
    ("in 2 hours at 9am", "a length of time and a time or date"),
    ("tomorrow in 2 hours", "a length of time and a time or date"),
    ("in 2 hours UTC", "a length of time and a time or date"),
    ("in 2 hours in 3 hours", "two lengths of time"),
    ("in 0 minutes", "no time at all"),
    ("in 0 days at 9am", "no time at all"),
    ("in 1.333 hours", "whole minutes"),
    ("in 1.5 months at 9am", "whole minutes"),
    ("3 April 9am UTC BST", "two time zones"),
]
OTHER_ZONES = [
    ("3 April 12.30pm EST", 'which zone "EST"'),
    ("3 April 12.30pm CET", 'which zone "CET"'),
    ("3 April 12.30pm PT", 'which zone "PT"'),
    ("3 April 12.30pm IST", 'which zone "IST"'),
    ("3 April 12.30pm UTC+25", "no place on earth"),
    ("3 April 12.30pm UTC-99:99", "no place on earth"),
    ("3 April 12.30pm Paris time", 'understand "paris"'),
    ("3 April 12.30pm Europe/London", 'understand "europe"'),
]
TOO_LONG = [
    ("tomorrow 9am " * 30, "longer than 200 characters"),
    ("9" * 201, "longer than 200 characters"),
    ("9" * 200, "understand"),
    ("9" * 100 + ":" + "9" * 50, "not a time"),
    ("9" * 90 + "/" + "9" * 90, "no month 999999"),
    ("1/" * 90 + "1 9am", "not a year"),
    ("a" * 200, "understand"),
    ("\u202e" * 100 + "tomorow", "understand"),
]
ALL = [
    *EMPTY,
    *NOT_DATES,
    *LEFTOVER_WORDS,
    *MISSPELT,
    *IMPOSSIBLE_DATES,
    *IMPOSSIBLE_TIMES,
    *NO_TIME,
    *NO_DAY,
    *PAST,
    *TOO_FAR,
    *CONTRADICTIONS,
    *OTHER_ZONES,
    *TOO_LONG,
]


def test_there_are_many_ways_to_be_wrong():
    assert len({phrase for phrase, _ in ALL}) >= 200


@pytest.mark.parametrize(("phrase", "reason"), ALL)
def test_refused_with_a_reason_and_examples_that_work(phrase: str, reason: str):
    with pytest.raises(DateProblem) as caught:
        parse_moment(phrase, now=NOW, zone=LONDON)
    problem = caught.value
    assert reason in f"{problem.what} {problem.next_step}"
    assert problem.what.endswith(".")
    assert len(problem.examples) == 2
    for each in problem.examples:
        assert each in problem.next_step
        assert parse_moment(each, now=NOW, zone=LONDON).instant > NOW


@pytest.mark.parametrize(("phrase", "reason"), ALL)
def test_what_was_typed_is_repeated_briefly_and_harmlessly(phrase: str, reason: str):
    with pytest.raises(DateProblem) as caught:
        parse_moment(phrase, now=NOW, zone=LONDON)
    shown = caught.value.what + caught.value.next_step
    assert not set("`@<>*_~|") & set(shown)
    assert not any(unicodedata.category(character) in {"Cc", "Cf"} for character in shown)
    assert len(caught.value.what) < 300


def test_a_refusal_is_a_problem_that_people_are_told():
    with pytest.raises(Problem) as caught:
        parse_moment("`@everyone` <@123> hello", now=NOW, zone=LONDON)
    assert '"everyone 123 hello"' in caught.value.what


def test_a_long_phrase_is_shortened_to_sixty_characters():
    with pytest.raises(DateProblem) as caught:
        parse_moment("x" * 150, now=NOW, zone=LONDON)
    quoted = caught.value.what.split('"')[1]
    assert len(quoted) == 60
    assert quoted.endswith("…")


def test_a_weekday_that_does_not_fit_names_the_nearest_that_do():
    now = datetime(2026, 1, 5, 9, tzinfo=UTC)
    with pytest.raises(DateProblem) as caught:
        parse_moment("Thursday 3 April 12.30pm", now=now, zone=LONDON)
    assert "3 April 2026 is a Friday, not a Thursday" in caught.value.what
    for fit in ("Friday 3 April 2026", "Thursday 2 April 2026", "Thursday 3 April 2031"):
        assert fit in caught.value.next_step


def test_the_nearest_that_fit_are_never_past():
    now = datetime(2026, 4, 3, 9, tzinfo=UTC)  # the Friday itself
    with pytest.raises(DateProblem) as caught:
        parse_moment("Thursday 3 April 12.30pm", now=now, zone=LONDON)
    assert "Thursday 9 April 2026" in caught.value.next_step
    assert "Thursday 2 April 2026" not in caught.value.next_step


def test_a_leap_day_on_the_wrong_weekday_names_a_year_that_has_one():
    with pytest.raises(DateProblem) as caught:
        parse_moment("Thursday 29 February 9am", now=NOW, zone=LONDON)
    assert "29 February 2028 is a Tuesday" in caught.value.what
    assert "Thursday 29 February 2052" in caught.value.next_step


def test_part_of_a_day_is_asked_for_in_spite_of_a_default():
    with pytest.raises(DateProblem, match="at what time"):
        parse_moment("tomorrow evening", now=NOW, zone=LONDON, default_time=datetime(2025, 1, 1, 8).time())


def test_present_time_is_told_in_the_persons_zone():
    with pytest.raises(DateProblem, match="it is now 5am on Monday 31 March 2025 in New York"):
        parse_moment("today at 4am", now=NOW, zone="America/New_York")


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
    ("30 seconds", 'understand "30"'),
    ("9" * 150 + " hours", "longer than I can plan for"),
]


@pytest.mark.parametrize(("text", "reason"), DURATIONS)
def test_durations_refused(text: str, reason: str):
    with pytest.raises(DateProblem) as caught:
        parse_duration(text)
    assert reason in caught.value.what
    assert all(parse_duration(each) >= timedelta(minutes=5) for each in caught.value.examples)
