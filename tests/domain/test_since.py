"""From when on somebody wants to see something, as people write it."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.problems import BadInput
from bot.domain.since import parse_since

# Just past midnight in London, where it is Tuesday 1 April 2025 already.
NOW = datetime(2025, 3, 31, 23, 30, tzinfo=UTC)


def since(phrase: str) -> date:
    return parse_since(phrase, now=NOW, zone="Europe/London")


@pytest.mark.parametrize(
    ("phrase", "day"),
    [
        ("1 March", date(2025, 3, 1)),
        ("Since 1 March", date(2025, 3, 1)),
        ("2025-02-03", date(2025, 2, 3)),
        ("03/02/2025", date(2025, 2, 3)),
        ("today", date(2025, 4, 1)),
        ("yesterday", date(2025, 3, 31)),
        ("this week", date(2025, 3, 31)),
        ("last week", date(2025, 3, 24)),
        ("this month", date(2025, 4, 1)),
        ("Last  month", date(2025, 3, 1)),
        ("last year", date(2024, 1, 1)),
        ("two weeks ago", date(2025, 3, 18)),
        ("a month ago", date(2025, 3, 1)),
        ("the last 30 days", date(2025, 3, 2)),
        ("6 months", date(2024, 10, 1)),
        ("Monday", date(2025, 3, 31)),
        ("tuesday", date(2025, 3, 25)),
        ("last fri", date(2025, 3, 28)),
        ("March", date(2025, 3, 1)),
        ("december", date(2024, 12, 1)),
        ("January 2024", date(2024, 1, 1)),
        ("2024", date(2024, 1, 1)),
    ],
)
def test_what_people_write(phrase: str, day: date) -> None:
    assert since(phrase) == day


@pytest.mark.parametrize(
    "phrase",
    ["", "soon", "next month", "2 April 2025", "May 2025", "2026", "umpteen days ago", "9999 years ago"],
)
def test_what_is_no_past_day_is_refused_with_examples(phrase: str) -> None:
    with pytest.raises(BadInput) as caught:
        since(phrase)
    assert "last month" in caught.value.next_step
    assert caught.value.what


@given(
    st.text(max_size=30)
    | st.from_regex(r"(last|this|\d{1,3}) (day|week|month|year)s?( ago)?", fullmatch=True)
)
def test_whatever_is_typed_is_a_past_day_or_refused(phrase: str) -> None:
    try:
        found = since(phrase)
    except BadInput:
        return
    assert found <= date(2025, 4, 1)
