"""Weeks, streaks and links of actions."""

from datetime import date, timedelta

import pytest

from bot.domain.actions import (
    expires,
    is_https,
    last_weeks,
    read_links,
    read_picture,
    streak,
    write_links,
    write_picture,
)
from bot.domain.feedback import iso_week
from bot.domain.models import ActionPicture, Link

TODAY = date(2025, 1, 8)  # a Wednesday in 2025-W02


def by_week(*members: int) -> dict[str, int]:
    """So many members by week; the last is the current one."""
    return {iso_week(TODAY - timedelta(weeks=back)): count for back, count in enumerate(reversed(members))}


@pytest.mark.parametrize(
    ("members", "length"),
    [
        ((), 0),
        ((4,), 0),
        ((5,), 1),
        ((9, 9, 9, 0), 3),  # the current week is not over
        ((9, 9, 9, 5), 4),
        ((9, 9, 4, 9), 1),
        ((9, 4, 4), 0),
    ],
)
def test_a_streak_is_broken_by_a_week_with_too_few_but_not_by_the_one_that_goes_on(members, length):
    assert streak(by_week(*members), TODAY, least=5) == length


def test_the_weeks_begin_where_there_is_something_to_tell_and_go_over_the_new_year():
    shown = last_weeks(by_week(3, 6, 2, 8), TODAY, weeks=12, least=5)
    assert [(week.iso_week, week.members) for week in shown] == [
        ("2024-W52", 6),
        ("2025-W01", None),
        ("2025-W02", 8),
    ]
    assert last_weeks(by_week(4, 4), TODAY, weeks=12, least=5) == ()
    assert len(last_weeks(by_week(*[9] * 30), TODAY, weeks=12, least=5)) == 12


def test_links_and_pictures_are_read_as_they_are_written():
    links = (Link("Map", "https://example.org/map?a=1"), Link("Sign it: now", "https://example.org"))
    assert read_links(write_links(links)) == links
    picture = ActionPicture("https://example.org/p.png", "Two people.")
    assert read_picture(write_picture(picture)) == picture
    assert read_picture("  \n") is None


@pytest.mark.parametrize(
    "url", ["http://example.org", "https://", "https://[", "javascript:alert(1)", "https://a b"]
)
def test_an_address_that_cannot_be_opened_safely_is_none(url):
    assert not is_https(url)
    assert not expires(url)
