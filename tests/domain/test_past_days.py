"""Days on which something happened, day first."""

from datetime import UTC, date, datetime

import pytest

from bot.domain.past_days import parse_past_day
from bot.domain.problems import BadInput

NOW = datetime(2025, 3, 31, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("today", date(2025, 3, 31)),
        ("Yesterday", date(2025, 3, 30)),
        ("28 March", date(2025, 3, 28)),
        ("28th March 2025", date(2025, 3, 28)),
        ("3 April", date(2024, 4, 3)),
        ("03/02/2025", date(2025, 2, 3)),
        ("3/2", date(2025, 2, 3)),
        ("2025-02-03", date(2025, 2, 3)),
        ("29 February", date(2024, 2, 29)),
        ("1 Mar 25", date(2025, 3, 1)),
        ("March 1", date(2025, 3, 1)),
    ],
)
def test_the_latest_such_day_is_meant(typed: str, day: date) -> None:
    assert parse_past_day(typed, now=NOW, zone="Europe/London") == day


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "3",
        "March",
        "soon",
        "31/02/2025",
        "99/99",
        "1 April 2025",
        "2026-01-01",
        "x" * 500,
        "👍",
        "٣",
        "-1 25:61999999999999999999999999999999yesterday",
    ],
)
def test_anything_else_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_past_day(typed, now=NOW, zone="Europe/London")
    assert "31 March 2025" in caught.value.next_step


def test_just_after_midnight_it_is_the_next_day_in_london() -> None:
    late = datetime(2025, 3, 31, 23, 30, tzinfo=UTC)
    assert parse_past_day("today", now=late, zone="Europe/London") == date(2025, 4, 1)
