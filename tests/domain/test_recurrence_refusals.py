"""Repetitions that are refused, each with a reason and examples that work."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.recurrence import describe, next_occurrences, parse_recurrence, parse_repeat
from bot.domain.when import DateProblem, LocalMoment

LONDON = "Europe/London"
NOW = datetime(2025, 3, 31, 9, 0, tzinfo=UTC)  # Monday, 10am in London
MEETING = LocalMoment(datetime(2025, 4, 3, 12, 30), LONDON)  # a Thursday


@pytest.mark.parametrize(
    ("phrase", "reason"),
    [
        ("", "nothing in it"),
        ("😀", 'understand "😀"'),
        ("never", 'understand "never"'),
        ("hello", 'understand "hello"'),
        ("Friday 8am", "how often"),
        ("8am", "how often"),
        ("until July", "how often"),
        ("every", "how often"),
        ("every 8am", 'understand "8"'),
        ("every Fiday 8am", 'mean "Friday"'),
        ("every Friday", "at what time"),
        ("every Friday evening", "at what time"),
        ("weekly 9am", "on which weekday"),
        ("every other week 9am", "on which weekday"),
        ("monthly 9am", "on which day of the month"),
        ("yearly 9am", "on which date"),
        ("every minute", "more often than once an hour"),
        ("every 30 minutes", "more often than once an hour"),
        ("secondly", "more often than once an hour"),
        ("every 90 seconds", "more often than once an hour"),
        ("FREQ=MINUTELY;INTERVAL=90 8am", "more than once an hour"),
        ("FREQ=SECONDLY", "more than once an hour"),
        ("every second Friday 8am", "can mean one in each month"),
        ("every third Friday 8am", "can mean one in each month"),
        ("biweekly on Friday 8am", "can mean twice in one"),
        ("bimonthly on the 1st 8am", "can mean twice in one"),
        ("every 0 days 9am", "never happen"),
        ("every Friday 8am 0 times", "never happen"),
        ("every 9999 weeks on Friday 8am", "from 1 to 104"),
        ("every 100 years on 3 May 9am", "from 1 to 5"),
        ("every Friday 8am 100000 times", "from 1 to 1000"),
        ("every Friday 8am 9am", "two times"),
        ("every Friday 8am until 30 March 2025", "is past"),
        ("every Friday 8am until March 2025", "is past"),
        ("every Friday 8am until 2 April", "before the first one"),
        ("every Friday 8am until Thursday 27 June", "is a Friday, not a Thursday"),
        ("every Friday 8am until July until August", "two ends"),
        ("every Friday 8am until", "no date"),
        ("every Friday 8am until whenever", 'understand "whenever"'),
        ("every Friday 8am starting", "no date"),
        ("every Friday 8am from 1 May from 2 May", "two dates to start on"),
        ("every 30 February 9am", "never has so many days"),
        ("every 31st of June 9am", "never has so many days"),
        ("the 32nd of every month 9am", "no month has a 32nd day"),
        ("the sixth Friday of every month 9am", "no month has a 6th"),
        ("monthly on Friday 9am", "which one of the month"),
        ("daily on Friday 9am", "a weekday cannot go with what is daily"),
        ("hourly on Friday", "a weekday cannot go with what is hourly"),
        ("every Friday and 26 June 9am", "two ways that do not agree"),
        ("every day every week 9am", "two ways that do not agree"),
        ("every 26 June and 3 May 9am", "days of two months"),
        ("yearly on 26 June 2026 9am", "only once"),
        ("yearly on 25 December 9am except bank holidays", "never happen"),
        ("every Friday 8am except Good Friday", "only bank holidays can be left out"),
        ("every Friday 8am EST", 'which zone "EST"'),
        ("every Friday 8am UTC", "the clock in London"),
        ("every Friday 25:00", "a day ends at 23:59"),
        ("every Friday 8am 😀", 'understand "😀"'),
        ("FREQ=WEEKLY;BYDAY=XX 8am", "not a weekday"),
        ("FREQ=WEEKLY;BYDAY=1FR 8am", "cannot count weekdays"),
        ("FREQ=MONTHLY;BYDAY=FR 8am", "which one of the month"),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30 8am", "cannot go with what is daily"),
        ("FREQ=YEARLY;BYWEEKNO=20 8am", "cannot go with what is yearly"),
        ("FREQ=YEARLY;BYDAY=1MO 8am", "in which month"),
        ("FREQ=WEEKLY;INTERVAL=0 8am", "from 1 to 104"),
        ("FREQ=WEEKLY;COUNT=5;UNTIL=20260101;BYDAY=FR 8am", "a last day and a number of times"),
        ("FREQ=WEEKLY;UNTIL=tomorrow;BYDAY=FR 8am", "no such end"),
        ("FREQ=WEEKLY;BYDAY=FR;UNTIL=20200101 8am", "before the first one"),
        ("FREQ=WEEKLY;FREQ=DAILY 8am", "not a part"),
        ("FREQ=WEEKLY;WKST=SU;BYDAY=FR 8am", "begin on Monday"),
        ("FREQ=WEEKLY;BYDAY=FR;BYHOUR=8,9", "one time of day"),
        ("FREQ=WEEKLY;BYDAY=FR;BYHOUR=25", "no time of day 25:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=0 8am", "not a day of the month"),
        ("FREQ=MONTHLY;BYMONTHDAY=15;BYDAY=1MO 8am", "both weekdays and days"),
        ("FREQ=MONTHLY;BYDAY=1MO;BYSETPOS=1 8am", "in two ways"),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=9 8am", "1 to 5"),
        ("FREQ= 8am", "not a part"),
        ("FREQ=SOMETIMES 8am", "how often"),
        ("FREQ=WEEKLY;BYDAY=FR;UNTIL=20250630 8am until July", "two ends"),
        ("FREQ=WEEKLY;BYDAY=FR;BYHOUR=8;BYSECOND=5", "to the minute"),
        ("first and last working day of the month 8am", "in more than one way"),
        ("FREQ=WEEKLY every Friday 8am", "two ways"),
        ("every Friday 8am " * 20, "longer than 200 characters"),
        ("FREQ=" * 60, "longer than 200 characters"),
    ],
)
def test_refused_with_a_reason_and_examples_that_work(phrase: str, reason: str):
    with pytest.raises(DateProblem) as caught:
        parse_recurrence(phrase, now=NOW, zone=LONDON)
    assert reason in f"{caught.value.what} {caught.value.next_step}"
    for each in caught.value.examples:
        assert each in caught.value.next_step
        assert parse_recurrence(each, now=NOW, zone=LONDON)


@pytest.mark.parametrize(
    ("repeat", "reason"),
    [
        ("every Tuesday", "Thursday 3 April 2025, does not fall on every Tuesday"),
        ("last Thursday of the month", "does not fall on the last Thursday"),
        ("monthly on the 15th", "does not fall on the 15th"),
        ("every day at 9am", "another time"),
        ("weekly starting 10 April", "given already"),
        ("weekly until 2 April 2025", "is past"),
        ("sometimes", 'understand "sometimes"'),
        ("", "nothing in it"),
    ],
)
def test_repeats_that_do_not_fit_the_first(repeat: str, reason: str):
    with pytest.raises(DateProblem) as caught:
        parse_repeat(repeat, first=MEETING)
    assert reason in caught.value.what
    assert all(parse_repeat(each, first=MEETING) for each in caught.value.examples)


def test_an_unknown_nation_is_a_defect():
    with pytest.raises(ValueError, match="cornwall"):
        parse_recurrence("every Friday 8am", now=NOW, zone=LONDON, holidays="cornwall")


def test_a_naive_now_is_a_defect():
    with pytest.raises(ValueError, match="aware"):
        parse_recurrence("every Friday 8am", now=datetime(2025, 3, 31), zone=LONDON)


@settings(deadline=None)
@given(
    st.one_of(
        st.text(max_size=220),
        st.lists(
            st.sampled_from(
                [
                    "every",
                    "other",
                    "each",
                    "first",
                    "last",
                    "third",
                    "friday",
                    "weekday",
                    "month",
                    "of",
                    "the",
                    "and",
                    "until",
                    "july",
                    "31",
                    "february",
                    "8am",
                    "hourly",
                    "monthly",
                    "15th",
                    "2",
                    "weeks",
                    "except",
                    "bank",
                    "holidays",
                    "times",
                    "starting",
                    "FREQ=WEEKLY",
                    "FREQ=YEARLY;BYMONTH=2",
                    "end",
                    "-",
                    ",",
                    "0",
                    "99999999",
                ]
            ),
            max_size=9,
        ).map(" ".join),
        st.lists(
            st.sampled_from(
                [
                    "FREQ=HOURLY",
                    "FREQ=DAILY",
                    "FREQ=WEEKLY",
                    "FREQ=MONTHLY",
                    "FREQ=YEARLY",
                    "BYDAY=FR",
                    "BYDAY=-1FR",
                    "BYMONTHDAY=31,-1",
                    "BYMONTH=2",
                    "BYSETPOS=-1",
                    "INTERVAL=12",
                    "COUNT=3",
                    "UNTIL=20260101",
                    "UNTIL=99991231T235959Z",
                    "BYHOUR=8",
                    "BYHOUR=x",
                ]
            ),
            max_size=6,
        ).map(";".join),
    )
)
def test_anything_typed_is_read_or_kindly_refused(text: str):
    for parse in (
        lambda: parse_recurrence(text, now=NOW, zone=LONDON, default_time=time(8)),
        lambda: parse_repeat(text, first=MEETING),
    ):
        try:
            recurrence = parse()
        except DateProblem as problem:
            assert problem.what
            assert problem.next_step
        else:
            assert next_occurrences(recurrence, after=NOW - timedelta(hours=1), count=1)
            assert describe(recurrence)
