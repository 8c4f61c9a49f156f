"""Quiet hours: which instants lie within them, also in the two odd nights of 2026."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.domain.problems import BadInput
from bot.domain.quiet import QuietHours, quiet_hours, read_time_of_day

LONDON = "Europe/London"
NIGHT = QuietHours(time(21), time(8))
ZONES = (LONDON, "Europe/Dublin", "America/Sao_Paulo", "Atlantic/Azores", "Australia/Lord_Howe", "UTC")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(LONDON))


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        ("2026-01-10T20:59:59", False),
        ("2026-01-10T21:00", True),
        ("2026-01-11T00:00", True),
        ("2026-01-11T07:59:59", True),
        ("2026-01-11T08:00", False),
        ("2026-07-10T20:59", False),
        ("2026-07-10T21:00", True),
        ("2026-07-11T07:59", True),
        ("2026-07-11T12:00", False),
    ],
)
def test_a_night_spans_midnight(moment: str, quiet: bool) -> None:
    assert NIGHT.cover(london(moment), LONDON) is quiet


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [("12:59", False), ("13:00", True), ("13:59", True), ("14:00", False), ("00:00", False)],
)
def test_quiet_hours_within_a_day(moment: str, quiet: bool) -> None:
    siesta = QuietHours(time(13), time(14))
    assert siesta.cover(london(f"2026-05-05T{moment}"), LONDON) is quiet


def test_their_end_is_the_first_instant_outside() -> None:
    assert NIGHT.end_after(london("2026-07-10T22:30"), LONDON) == london("2026-07-11T08:00")
    assert NIGHT.end_after(london("2026-07-11T03:00"), LONDON) == london("2026-07-11T08:00")
    outside = london("2026-07-11T12:00")
    assert NIGHT.end_after(outside, LONDON) == outside


# The clocks go forward on 29 March 2026 at 01:00 UTC, and back on 25 October 2026 at 01:00 UTC.


def test_the_night_of_the_spring_change_is_an_hour_shorter() -> None:
    start, end = utc("2026-03-28T21:00"), utc("2026-03-29T07:00")
    assert not NIGHT.cover(start - timedelta(seconds=1), LONDON)
    assert NIGHT.cover(start, LONDON)
    assert NIGHT.cover(utc("2026-03-29T01:00"), LONDON)
    assert NIGHT.end_after(start, LONDON) == end
    assert not NIGHT.cover(end, LONDON)


def test_the_night_of_the_autumn_change_is_an_hour_longer() -> None:
    start, end = utc("2026-10-24T20:00"), utc("2026-10-25T08:00")
    assert not NIGHT.cover(start - timedelta(seconds=1), LONDON)
    assert NIGHT.cover(start, LONDON)
    assert NIGHT.end_after(start, LONDON) == end
    assert not NIGHT.cover(end, LONDON)


def test_an_end_that_the_clocks_skip_is_the_end_of_the_gap() -> None:
    until_half_past_one = QuietHours(time(22), time(1, 30))
    assert until_half_past_one.end_after(utc("2026-03-29T00:59"), LONDON) == utc("2026-03-29T01:00")


def test_an_end_that_comes_twice_is_the_first_of_them() -> None:
    until_half_past_one = QuietHours(time(22), time(1, 30))
    assert until_half_past_one.end_after(utc("2026-10-24T23:00"), LONDON) == utc("2026-10-25T00:30")
    assert not until_half_past_one.cover(utc("2026-10-25T01:15"), LONDON), "the night is not torn in two"


def test_a_start_that_comes_twice_holds_through_both() -> None:
    from_half_past_one = QuietHours(time(1, 30), time(8))
    assert from_half_past_one.cover(utc("2026-10-25T00:30"), LONDON)
    assert from_half_past_one.cover(utc("2026-10-25T01:15"), LONDON)


def test_a_stretch_that_the_clocks_skip_is_not_there() -> None:
    skipped = QuietHours(time(1), time(2))
    for minute in range(120):
        assert not skipped.cover(utc("2026-03-29T00:00") + timedelta(minutes=minute), LONDON)


def test_two_stretches_that_the_clock_change_joins_end_together() -> None:
    nearly_always = QuietHours(time(1, 45), time(1, 15))
    free = nearly_always.end_after(utc("2026-03-28T12:00"), LONDON)
    assert free == london("2026-03-30T01:15")


TIMES = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))


@given(TIMES, TIMES, INSTANTS, st.sampled_from(ZONES))
@example(time(22), time(7), datetime(2026, 3, 28, 23, tzinfo=UTC), LONDON)
@example(time(22), time(7), datetime(2026, 10, 24, 23, tzinfo=UTC), LONDON)
@example(time(1, 45), time(1, 15), datetime(2026, 3, 28, 12, tzinfo=UTC), LONDON)
def test_all_is_quiet_until_the_end_and_then_no_more(
    starts: time, ends: time, instant: datetime, zone: str
) -> None:
    assume(starts != ends)
    hours = QuietHours(starts, ends)
    free = hours.end_after(instant, zone)
    assert free >= instant
    assert not hours.cover(free, zone)
    assert (free == instant) is not hours.cover(instant, zone)
    for tenth in range(10):
        between = instant + (free - instant) * tenth / 10
        assert free == instant or hours.cover(between, zone)


@given(TIMES, TIMES, INSTANTS)
def test_without_clock_changes_it_is_the_clock_on_the_wall(
    starts: time, ends: time, instant: datetime
) -> None:
    assume(starts != ends)
    now = instant.time()
    by_the_wall = starts <= now < ends if starts < ends else now >= starts or now < ends
    assert QuietHours(starts, ends).cover(instant, "UTC") is by_the_wall


def test_quiet_for_ever_is_refused() -> None:
    with pytest.raises(ValueError, match="two different"):
        QuietHours(time(9), time(9))


def test_the_settings_of_a_guild() -> None:
    assert quiet_hours(None, None) is None
    assert quiet_hours("21:00", None) is None
    assert quiet_hours("21:00", "08:00") == NIGHT
    assert str(NIGHT) == "9pm to 8am"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("9pm", time(21)),
        ("9.30 pm", time(21, 30)),
        ("21:00", time(21)),
        ("2130", time(21, 30)),
        ("6:30", time(6, 30)),
        ("07:15", time(7, 15)),
        (" 8AM ", time(8)),
        ("midnight", time(0)),
        ("noon", time(12)),
    ],
)
def test_times_of_day_as_people_write_them(typed: str, expected: time) -> None:
    assert read_time_of_day(typed) == expected


@pytest.mark.parametrize(
    "typed",
    ["", "9", "half past nine", "9.30", "25:00", "13pm", "Friday 9pm", "late", "9pm\u202e9", "x" * 300],
)
def test_what_is_no_time_of_day_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_time_of_day(typed)
    assert "9pm" in caught.value.next_step
    assert "\u202e" not in caught.value.what
