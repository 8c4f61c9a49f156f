"""Clock changes, zones, and what is written reading back as the same."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.when import DateProblem, LocalMoment, format_moment, moment_examples, parse_moment, resolve

LONDON = "Europe/London"
NOW = datetime(2025, 3, 31, 9, 0, tzinfo=UTC)  # Monday, 10am in London, the day after the clocks went forward
ZONES = [LONDON, "Europe/Dublin", "America/New_York", "Asia/Kolkata", "Asia/Riyadh", "Asia/Kathmandu", "UTC"]


@pytest.mark.parametrize(
    ("phrase", "instant"),
    [
        ("29 March 2026 00:59", datetime(2026, 3, 29, 0, 59, tzinfo=UTC)),
        ("29 March 2026 01:00", datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        ("29 March 2026 1.30am", datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        ("29 March 2026 01:59", datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        ("29 March 2026 02:00", datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
    ],
)
def test_nonexistent_time(phrase: str, instant: datetime):
    moment = parse_moment(phrase, now=NOW, zone=LONDON)
    assert moment.instant == instant
    assert moment.wall == instant.astimezone(ZoneInfo(LONDON)).replace(tzinfo=None)


@pytest.mark.parametrize(
    ("phrase", "instant"),
    [
        ("25 October 2026 00:59", datetime(2026, 10, 24, 23, 59, tzinfo=UTC)),
        ("25 October 2026 01:00", datetime(2026, 10, 25, 0, 0, tzinfo=UTC)),
        ("25 October 2026 1.30am", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("25 October 2026 1.30am BST", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("25 October 2026 1.30am GMT", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        ("25 October 2026 01:30 UTC", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        ("25 October 2026 02:00", datetime(2026, 10, 25, 2, 0, tzinfo=UTC)),
    ],
)
def test_repeated_time(phrase: str, instant: datetime):
    assert parse_moment(phrase, now=NOW, zone=LONDON).instant == instant


def test_hours_from_now_across_the_repeated_hour():
    now = datetime(2026, 10, 25, 0, 15, tzinfo=UTC)  # 1.15am, the first time
    moment = parse_moment("in 1 hour", now=now, zone=LONDON)
    assert moment.instant == datetime(2026, 10, 25, 1, 15, tzinfo=UTC)
    assert format_moment(moment) == "Sunday 25 October 2026, 1.15am UTC"


def test_hours_from_now_across_the_gap():
    now = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    assert parse_moment("in 1 hour", now=now, zone=LONDON).wall == datetime(2026, 3, 29, 2, 30)


def test_days_and_hours_from_now_count_days_by_the_calendar():
    now = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
    assert parse_moment("in 1 day and 1 hour", now=now, zone=LONDON).wall == datetime(2026, 3, 29, 13)


def test_resolve_in_a_gap_of_a_whole_day():
    # Samoa left out 30 December 2011 when it moved across the date line.
    skipped = resolve(datetime(2011, 12, 30, 12, 0), "Pacific/Apia")
    assert skipped.astimezone(ZoneInfo("Pacific/Apia")).replace(tzinfo=None) == datetime(2011, 12, 31)


@pytest.mark.parametrize(
    ("wall", "expected"),
    [
        (datetime(2025, 4, 3, 12, 30), "Thursday 3 April 2025, 12.30pm BST"),
        (datetime(2025, 12, 1, 9, 0), "Monday 1 December 2025, 9am GMT"),
        (datetime(2025, 12, 1, 12, 0), "Monday 1 December 2025, 12 noon GMT"),
        (datetime(2025, 12, 1, 0, 0), "Monday 1 December 2025, 00:00 GMT"),
        (datetime(2025, 12, 1, 0, 5), "Monday 1 December 2025, 12.05am GMT"),
        (datetime(2025, 12, 1, 23, 59), "Monday 1 December 2025, 11.59pm GMT"),
    ],
)
def test_format_moment(wall: datetime, expected: str):
    assert format_moment(LocalMoment(wall, LONDON)) == expected


def test_a_zone_without_a_name_of_its_own_is_told_as_an_offset():
    moment = LocalMoment(datetime(2025, 4, 3, 12, 30), "Asia/Kathmandu")
    assert format_moment(moment) == "Thursday 3 April 2025, 12.30pm UTC+5:45"


@settings(deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    minutes=st.integers(min_value=1, max_value=5 * 365 * 24 * 60),
    now=st.datetimes(datetime(2024, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),
)
@example(LONDON, 30, datetime(2026, 10, 25, 0, 0, tzinfo=UTC))
@example(LONDON, 60, datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
def test_what_is_formatted_reads_back_as_the_same(zone: str, minutes: int, now: datetime):
    instant = (now + timedelta(minutes=minutes)).replace(second=0, microsecond=0)
    moment = LocalMoment(instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0), zone)
    if moment.instant < now:
        return  # the second pass of a repeated hour, named by the first, which is gone
    assert parse_moment(format_moment(moment), now=now, zone=zone) == moment


@settings(deadline=None)
@given(
    text=st.one_of(
        st.text(max_size=220),
        st.lists(
            st.sampled_from(
                [
                    "next",
                    "last",
                    "first",
                    "friday",
                    "3",
                    "31",
                    "april",
                    "may",
                    "2026",
                    "12.30",
                    "13",
                    "pm",
                    "at",
                    "on",
                    "the",
                    "of",
                    "in",
                    "half",
                    "past",
                    "week",
                    "month",
                    "tonight",
                    "midnight",
                    "/",
                    "-",
                    "25/13",
                    "½",
                    "²",
                    "😀",
                    "utc",
                    "+3",
                    "99999999999",
                    "an",
                    "hour",
                    "and",
                    "2025-04-03t25:00",
                    "00",
                    "0",
                ]
            ),
            max_size=8,
        ).map(" ".join),
    ),
    zone=st.sampled_from(ZONES),
)
def test_anything_typed_is_read_or_kindly_refused(text: str, zone: str):
    try:
        moment = parse_moment(text, now=NOW, zone=zone)
    except DateProblem as problem:
        assert problem.what
        assert problem.next_step
    else:
        assert moment.instant >= NOW


@settings(deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    now=st.datetimes(datetime(2024, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),
)
@example(LONDON, datetime(2027, 2, 22, 12, tzinfo=UTC))
@example(LONDON, datetime(2028, 2, 22, 12, tzinfo=UTC))
def test_the_examples_always_work(zone: str, now: datetime):
    for phrase in moment_examples(now, zone):
        assert parse_moment(phrase, now=now, zone=zone).instant > now
