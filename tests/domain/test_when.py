"""Dates and times as organisers write them."""

from datetime import UTC, datetime, time

import pytest

from bot.domain.when import (
    LocalMoment,
    format_moment,
    parse_moment,
)

LONDON = "Europe/London"
NOW = datetime(2025, 3, 31, 9, 0, tzinfo=UTC)  # Monday, 10am in London, the day after the clocks went forward
MEETING = "2025-04-03 12:30"


def read(phrase: str, now: datetime = NOW, zone: str = LONDON) -> str:
    moment = parse_moment(phrase, now=now, zone=zone)
    assert moment.zone == zone
    return f"{moment.wall:%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    "phrase",
    [
        "3 April 12.30pm",
        "3rd April 12.30PM",
        "THURSDAY 3rd APRIL – 12.30PM",
        "THURSDAY 3rd APRIL — 12.30PM",
        "Thursday\u00a03rd\u202fApril\u20091230pm",
        "Thursday 3 April 12.30pm",
        "Thurs 3/4 at half twelve",
        "thu 3/4 12:30",
        "3/4/25 12:30",
        "3/4/2025 12.30pm",
        "3-4-25 12:30",
        "03.04.2025 at 12.30",
        "03.04 at 12.30",
        "12.30pm 03.04",
        "3rd of April, 12.30 p.m.",
        "the 3rd of April at 12.30 P.M.",
        "on Thursday the 3rd at 12.30pm",
        "on the third of April at half past twelve",
        "12.30pm on Thursday 3 April",
        "12.30pm, Thursday, April 3rd, 2025",
        "April 3 12:30",
        "April the 3rd at 12.30pm",
        "Apr. 3 2025 12:30",
        "3-Apr-25 12:30",
        "3 Apr 25 12:30",
        "3 April this year 12.30pm",
        "2025-04-03T12:30",
        "2025-04-03t12:30:00",
        "2025-04-03 12:30",
        "2025/04/03 12:30",
        "2025-04-03T11:30Z",
        "2025-04-03T13:30+02:00",
        "2025-04-03 11:30Z",
        "2025-04-03 17:00 +05:30",
        "2025-04-03 12.30pm",
        "Thursday at half past twelve",
        "this Thursday @ 12.30pm",
        "this coming Thursday 12.30pm",
        "Thursday this week 12.30pm",
        "in 3 days at 12.30pm",
        "in three days' time at 12.30pm",
        "3 days from now at 12.30pm",
        "first Thursday in April 12.30pm",
        "1st Thursday of next month 12.30pm",
        "3 April 12.30pm BST",
        "3 April 12.30pm (London time)",
        "3 April 12.30pm GMT",
        "3 April 11.30am UTC",
        "3 April 13:30 UTC+2",
        "3 April 17:00 UTC+5:30",
        "３ Ａｐｒｉｌ １２：３０",  # as an East Asian keyboard types it
        "3 April\u200b 12.30pm",
        "3 April 12.30pm.",
        "twelve thirty pm on 3 April",
        "thirty minutes past twelve, 3 April",
        "3 April 1230",
        "3 April 1230 hrs",
        "3 April 12:30 hours",
        "3 April 12.30 in the afternoon",
        "2025-04-03 12:30 local time",
    ],
)
def test_the_bulletins_meeting_in_many_spellings(phrase: str):
    assert read(phrase) == MEETING


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("tomorrow noon", "2025-04-01 12:00"),
        ("today at 5pm", "2025-03-31 17:00"),
        ("tonight 7pm", "2025-03-31 19:00"),
        ("tonight at 8", "2025-03-31 20:00"),
        ("tonight at half nine", "2025-03-31 21:30"),
        ("this evening at 7", "2025-03-31 19:00"),
        ("this afternoon at 3", "2025-03-31 15:00"),
        ("tomorrow morning at 6", "2025-04-01 06:00"),
        ("tomorrow evening 7.30", "2025-04-01 19:30"),
        ("tomorrow night at 10", "2025-04-01 22:00"),
        ("day after tomorrow 9am", "2025-04-02 09:00"),
        ("next Friday 8am", "2025-04-11 08:00"),
        ("Friday next week 8am", "2025-04-11 08:00"),
        ("next week on Friday at 8am", "2025-04-11 08:00"),
        ("Friday 08:00", "2025-04-04 08:00"),
        ("this Friday at 8", "2025-04-04 08:00"),
        ("this Friday 4 April 8am", "2025-04-04 08:00"),
        ("next Friday 4 April 8am", "2025-04-04 08:00"),
        ("next Friday 11 April 8am", "2025-04-11 08:00"),
        ("Friday week 8am", "2025-04-11 08:00"),
        ("Friday fortnight 8am", "2025-04-18 08:00"),
        ("Monday 9am", "2025-04-07 09:00"),  # ten in the morning of a Monday: the next one
        ("Monday 11am", "2025-03-31 11:00"),
        ("a week on Tuesday 6pm", "2025-04-08 18:00"),
        ("two weeks on Tuesday 6pm", "2025-04-15 18:00"),
        ("a fortnight on Tuesday 6pm", "2025-04-15 18:00"),
        ("a week today at noon", "2025-04-07 12:00"),
        ("a fortnight tomorrow at noon", "2025-04-15 12:00"),
        ("in 2 hours", "2025-03-31 12:00"),
        ("in 45 minutes", "2025-03-31 10:45"),
        ("in 90 mins", "2025-03-31 11:30"),
        ("in an hour and a half", "2025-03-31 11:30"),
        ("in half an hour", "2025-03-31 10:30"),
        ("in 1h30", "2025-03-31 11:30"),
        ("in 1½ hours", "2025-03-31 11:30"),
        ("in 1 day and 2 hours", "2025-04-01 12:00"),
        ("in 3 days at 9am", "2025-04-03 09:00"),
        ("in a fortnight at 9am", "2025-04-14 09:00"),
        ("in 2 months at 9am", "2025-05-31 09:00"),
        ("in 3 months at 9am", "2025-06-30 09:00"),
        ("in a year at 9am", "2026-03-31 09:00"),
        ("quarter past six pm", "2025-03-31 18:15"),
        ("quarter to six", "2025-03-31 17:45"),
        ("ten to six", "2025-03-31 17:50"),
        ("twenty-five past 6", "2025-03-31 18:25"),
        ("quarter to one", "2025-03-31 12:45"),
        ("half past seven in the evening", "2025-03-31 19:30"),
        ("half seven", "2025-04-01 07:30"),
        ("half six", "2025-03-31 18:30"),
        ("midday", "2025-03-31 12:00"),
        ("12 noon", "2025-03-31 12:00"),
        ("12:00 midday", "2025-03-31 12:00"),
        ("midnight", "2025-04-01 00:00"),
        ("Friday 4 April at midnight", "2025-04-04 00:00"),
        ("Friday 4 April, midnight at night", "2025-04-05 00:00"),
        ("the twenty-first of June at 9am", "2025-06-21 09:00"),
        ("midnight tonight", "2025-04-01 00:00"),
        ("today at midnight", "2025-04-01 00:00"),
        ("tomorrow midnight", "2025-04-01 00:00"),
        ("tomorrow night at midnight", "2025-04-02 00:00"),
        ("9 o'clock", "2025-04-01 09:00"),
        ("9 o’clock in the evening", "2025-03-31 21:00"),
        ("0930", "2025-04-01 09:30"),
        ("930am", "2025-04-01 09:30"),
        ("19.30", "2025-03-31 19:30"),
        ("1930h", "2025-03-31 19:30"),
        ("2.30", "2025-03-31 14:30"),
        ("02:30", "2025-04-01 02:30"),
        ("at 8", "2025-04-01 08:00"),
        ("at 6", "2025-03-31 18:00"),
        ("at 20", "2025-03-31 20:00"),
        ("12am", "2025-04-01 00:00"),
        ("12.30am", "2025-04-01 00:30"),
        ("first Monday in May 9am", "2025-05-05 09:00"),
        ("last Friday of the month 8am", "2025-04-25 08:00"),  # March's is past
        ("last Friday in March 2026 8am", "2026-03-27 08:00"),
        ("the second Tuesday of June at 6pm", "2025-06-10 18:00"),
        ("last day of the month 5pm", "2025-03-31 17:00"),
        ("last day of February 5pm", "2026-02-28 17:00"),
        ("the 15th at noon", "2025-04-15 12:00"),
        ("the 31st at 9am", "2025-05-31 09:00"),  # today's nine o'clock is past, and April has no 31st
        ("15th of next month 9am", "2025-04-15 09:00"),
        ("29 February 9am", "2028-02-29 09:00"),
        ("30 March 9am", "2026-03-30 09:00"),
        ("3 April next year 9am", "2026-04-03 09:00"),
        ("31 December 2029 23:59", "2029-12-31 23:59"),
        ("31 March 2030 9am", "2030-03-31 09:00"),
        ("3 April 1830", "2025-04-03 18:30"),
        ("3 April 12 noon", "2025-04-03 12:00"),
        ("3 April 2026 1830", "2026-04-03 18:30"),
        ("Friday 3rd April 2026 8am", "2026-04-03 08:00"),
        ("Friday the 4th at 9", "2025-04-04 09:00"),
        ("March 31 2025 23:59", "2025-03-31 23:59"),
    ],
)
def test_phrases(phrase: str, expected: str):
    assert read(phrase) == expected


def test_the_meeting_is_a_thursday_in_summer_time():
    moment = parse_moment("3 April 12.30pm", now=NOW, zone=LONDON)
    assert moment == LocalMoment(datetime(2025, 4, 3, 12, 30), LONDON)
    assert moment.instant == datetime(2025, 4, 3, 11, 30, tzinfo=UTC)
    assert format_moment(moment) == "Thursday 3 April 2025, 12.30pm BST"


def test_a_default_time_fills_in():
    moment = parse_moment("Friday", now=NOW, zone=LONDON, default_time=time(8))
    assert moment.wall == datetime(2025, 4, 4, 8)


def test_a_time_in_the_phrase_goes_before_the_default():
    moment = parse_moment("Friday at noon", now=NOW, zone=LONDON, default_time=time(8))
    assert moment.wall == datetime(2025, 4, 4, 12)


def test_next_friday_seen_from_a_sunday():
    assert read("next Friday 8am", now=datetime(2025, 3, 30, 9, tzinfo=UTC)) == "2025-04-04 08:00"


def test_a_weekday_at_this_very_minute_is_not_past():
    assert read("Monday 10am") == "2025-03-31 10:00"


def test_a_date_is_read_in_the_persons_own_zone():
    late = datetime(
        2025, 3, 31, 23, 30, tzinfo=UTC
    )  # half past midnight in London, the evening before in New York
    assert read("tomorrow 9am", now=late) == "2025-04-02 09:00"
    assert read("tomorrow 9am", now=late, zone="America/New_York") == "2025-04-01 09:00"


def test_london_time_for_somebody_elsewhere():
    assert read("3 April 12.30pm London time", zone="America/New_York") == "2025-04-03 07:30"
    assert read("3 April 12.30pm EDT", zone="America/New_York") == "2025-04-03 12:30"


def test_a_naive_now_is_a_defect():
    with pytest.raises(ValueError, match="aware"):
        parse_moment("tomorrow 9am", now=datetime(2025, 3, 31), zone=LONDON)
