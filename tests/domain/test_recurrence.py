"""Repetition on the wall clock, over clock changes and bank holidays."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.easter import easter

from bot.domain.recurrence import (
    Recurrence,
    next_occurrences,
    occurrences,
    parse_recurrence,
)
from bot.domain.when import LocalMoment

LONDON = "Europe/London"
NOW = datetime(2025, 3, 31, 9, 0, tzinfo=UTC)  # Monday, 10am in London


def in_2026(recurrence: Recurrence) -> list[datetime]:
    begin, end = datetime(2025, 12, 31, 23, 59, tzinfo=UTC), datetime(2026, 12, 31, 23, 59, tzinfo=UTC)
    return [each.instant for each in occurrences(recurrence, after=begin, until=end)]


def walls(recurrence: Recurrence, after: datetime = NOW, count: int = 3) -> list[str]:
    return [f"{each.wall:%Y-%m-%d %H:%M}" for each in next_occurrences(recurrence, after=after, count=count)]


def test_a_year_of_fridays_except_bank_holidays():
    recurrence = parse_recurrence(
        "every Friday at 08:00",
        now=datetime(2025, 12, 31, 12, tzinfo=UTC),
        zone=LONDON,
        holidays="england-and-wales",
    )
    good_friday = easter(2026) - timedelta(days=2)
    summer_begins, summer_ends = date(2026, 3, 29), date(2026, 10, 25)
    expected: list[datetime] = []
    day = date(2026, 1, 2)
    while day.year == 2026:
        utc_hour = 7 if summer_begins <= day < summer_ends else 8
        if day not in {good_friday, date(2026, 12, 25)}:
            expected.append(datetime(day.year, day.month, day.day, utc_hour, tzinfo=UTC))
        day += timedelta(days=7)
    assert in_2026(recurrence) == expected
    assert len(expected) == 50


def test_good_friday_2025_is_skipped():
    recurrence = Recurrence("FREQ=WEEKLY;BYDAY=FR", datetime(2025, 4, 4, 8), LONDON, "england-and-wales")
    assert walls(recurrence) == ["2025-04-04 08:00", "2025-04-11 08:00", "2025-04-25 08:00"]


def test_a_date_can_be_skipped_and_another_moved():
    recurrence = Recurrence(
        "FREQ=WEEKLY;BYDAY=FR",
        datetime(2025, 4, 4, 8),
        LONDON,
        "england-and-wales",
        skipped=frozenset({date(2025, 4, 4)}),
        moved=((date(2025, 4, 18), datetime(2025, 4, 17, 9)),),  # Good Friday's is moved, so it does happen
    )
    found = next_occurrences(recurrence, after=NOW)
    assert [each.local_date for each in found] == [date(2025, 4, 11), date(2025, 4, 18), date(2025, 4, 25)]
    assert found[1].wall == datetime(2025, 4, 17, 9)
    assert found[1].instant == datetime(2025, 4, 17, 8, tzinfo=UTC)


def test_a_moved_occurrence_comes_in_its_new_place():
    recurrence = Recurrence(
        "FREQ=WEEKLY;BYDAY=FR",
        datetime(2025, 4, 4, 8),
        LONDON,
        moved=((date(2025, 4, 4), datetime(2025, 4, 12, 8)), (date(2025, 4, 11), datetime(2025, 4, 9, 8))),
    )
    assert walls(recurrence) == ["2025-04-09 08:00", "2025-04-12 08:00", "2025-04-18 08:00"]


def test_a_move_of_a_day_that_is_not_in_the_rule_adds_nothing():
    recurrence = Recurrence(
        "FREQ=WEEKLY;BYDAY=FR",
        datetime(2025, 4, 4, 8),
        LONDON,
        moved=((date(2025, 4, 5), datetime(2025, 4, 6, 8)),),
    )
    assert walls(recurrence, count=2) == ["2025-04-04 08:00", "2025-04-11 08:00"]


def test_skipped_wins_over_moved():
    recurrence = Recurrence(
        "FREQ=WEEKLY;BYDAY=FR",
        datetime(2025, 4, 4, 8),
        LONDON,
        skipped=frozenset({date(2025, 4, 4)}),
        moved=((date(2025, 4, 4), datetime(2025, 4, 3, 8)),),
    )
    assert walls(recurrence, count=1) == ["2025-04-11 08:00"]


def test_the_window_excludes_its_beginning_and_includes_its_end():
    recurrence = Recurrence("FREQ=DAILY", datetime(2025, 4, 1, 8), LONDON)
    first, third = (LocalMoment(datetime(2025, 4, day, 8), LONDON).instant for day in (1, 3))
    found = [each.local_date.day for each in occurrences(recurrence, after=first, until=third)]
    assert found == [2, 3]


def test_nonexistent_time():
    recurrence = Recurrence("FREQ=DAILY", datetime(2026, 3, 28, 1, 30), LONDON)
    found = next_occurrences(recurrence, after=datetime(2026, 3, 27, tzinfo=UTC))
    assert [each.instant for each in found] == [
        datetime(2026, 3, 28, 1, 30, tzinfo=UTC),
        datetime(2026, 3, 29, 1, 0, tzinfo=UTC),  # the first instant after the gap: 2am BST
        datetime(2026, 3, 30, 0, 30, tzinfo=UTC),
    ]
    assert found[1].wall == datetime(2026, 3, 29, 2, 0)


def test_repeated_time():
    recurrence = Recurrence("FREQ=DAILY", datetime(2026, 10, 24, 1, 30), LONDON)
    found = next_occurrences(recurrence, after=datetime(2026, 10, 23, 12, tzinfo=UTC))
    assert [each.instant for each in found] == [
        datetime(2026, 10, 24, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),  # the first half past one, still BST
        datetime(2026, 10, 26, 1, 30, tzinfo=UTC),
    ]


@pytest.mark.parametrize("change", [date(2026, 3, 29), date(2026, 10, 25)])
def test_every_hour_across_a_clock_change_never_twice(change: date):
    recurrence = Recurrence("FREQ=HOURLY", datetime(2026, 1, 1), LONDON)
    begin = datetime(change.year, change.month, change.day, tzinfo=UTC) - timedelta(hours=6)
    found = [each.instant for each in occurrences(recurrence, after=begin, until=begin + timedelta(hours=12))]
    assert found == sorted(set(found))
    local = [instant.astimezone(ZoneInfo(LONDON)) for instant in found]
    assert len({(each.date(), each.hour) for each in local}) == len(local)


def test_every_hour_in_the_gap_happens_once_at_its_end():
    recurrence = Recurrence("FREQ=HOURLY", datetime(2026, 1, 1), LONDON)
    found = next_occurrences(recurrence, after=datetime(2026, 3, 28, 23, 30, tzinfo=UTC))
    assert [each.instant.hour for each in found] == [0, 1, 2]


def test_every_hour_in_the_repeated_hour_happens_the_first_time():
    recurrence = Recurrence("FREQ=HOURLY", datetime(2026, 1, 1), LONDON)
    found = next_occurrences(recurrence, after=datetime(2026, 10, 24, 23, 30, tzinfo=UTC))
    assert [(each.wall.hour, each.instant.hour) for each in found] == [(1, 0), (2, 2), (3, 3)]


def test_a_window_that_begins_in_the_repeated_hour_loses_nothing():
    recurrence = Recurrence("FREQ=DAILY", datetime(2026, 10, 1, 1, 30), LONDON)
    second_pass = datetime(2026, 10, 25, 1, 15, tzinfo=UTC)
    assert next_occurrences(recurrence, after=second_pass)[0].local_date == date(2026, 10, 26)


RULES = [
    ("FREQ=HOURLY", datetime(2025, 2, 28, 7, 45)),
    ("FREQ=HOURLY;INTERVAL=7", datetime(2024, 2, 28, 7, 45)),
    ("FREQ=DAILY;INTERVAL=3", datetime(2019, 2, 28, 7, 45)),
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH", datetime(2019, 2, 28, 7, 45)),
    ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", datetime(2019, 3, 1, 7, 45)),
    ("FREQ=MONTHLY;INTERVAL=5;BYMONTHDAY=31", datetime(2019, 3, 31, 7, 45)),
    ("FREQ=MONTHLY;BYDAY=-1FR", datetime(2019, 3, 29, 7, 45)),
    ("FREQ=MONTHLY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", datetime(2019, 3, 29, 7, 45)),
    ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", datetime(2016, 2, 29, 7, 45)),
    ("FREQ=YEARLY;INTERVAL=3;BYMONTH=5;BYDAY=1MO", datetime(2019, 5, 6, 7, 45)),
    ("FREQ=WEEKLY;BYDAY=FR;COUNT=320", datetime(2019, 3, 1, 7, 45)),
    ("FREQ=WEEKLY;BYDAY=FR;UNTIL=20250410T235959", datetime(2019, 3, 1, 7, 45)),
]


@pytest.mark.parametrize(("rule", "start"), RULES)
def test_starting_near_the_window_finds_the_same_as_starting_at_the_beginning(rule: str, start: datetime):
    recurrence = Recurrence(rule, start, LONDON)
    until = NOW + timedelta(days=700)
    everything = list(occurrences(recurrence, after=datetime(2010, 1, 1, tzinfo=UTC), until=until))
    later = list(occurrences(recurrence, after=NOW, until=until))
    assert later == [each for each in everything if each.instant > NOW]


def test_an_old_hourly_rule_does_not_count_from_its_beginning(monkeypatch: pytest.MonkeyPatch):
    steps: list[datetime] = []

    def counted(wall: datetime, zone: str) -> datetime:
        steps.append(wall)
        return resolve(wall, zone)

    import bot.domain.recurrence.stepping as module

    resolve = module.resolve
    monkeypatch.setattr(module, "resolve", counted)
    recurrence = Recurrence("FREQ=HOURLY", datetime(2020, 1, 1), LONDON)
    assert len(next_occurrences(recurrence, after=NOW)) == 3
    assert len(steps) < 100


def test_a_rule_that_ended_has_nothing_left():
    recurrence = Recurrence("FREQ=WEEKLY;BYDAY=FR;UNTIL=20250101T000000", datetime(2024, 1, 5, 8), LONDON)
    assert next_occurrences(recurrence, after=NOW) == []


def test_a_search_gives_up_after_ten_years():
    every_christmas = Recurrence(
        "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25", datetime(2024, 12, 25, 8), LONDON, "england-and-wales"
    )
    assert next_occurrences(every_christmas, after=NOW) == []


@pytest.mark.parametrize(
    "rule", ["", "FREQ=SECONDLY", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=WEEKLY;BYDAY=FR;BYHOUR=8"]
)
def test_an_unsupported_rule_is_a_defect(rule: str):
    with pytest.raises(ValueError, match="'"):
        Recurrence(rule, datetime(2025, 4, 4, 8), LONDON)
