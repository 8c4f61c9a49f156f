"""Dates that are written in Welsh are read as what they are."""

from datetime import UTC, datetime

import pytest

from bot.domain.when import parse_moment

NOW = datetime(2025, 3, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("welsh", "english"),
    [
        ("dydd Iau 3 Ebrill 2025, 12.30pm", "Thursday 3 April 2025, 12.30pm"),
        ("Dydd Mawrth 4 Mawrth 2025, 9am", "Tuesday 4 March 2025, 9am"),
        ("3 Ebrill 12 canol dydd", "3 April 12 noon"),
        ("dydd Gwener nesaf 8am", "next Friday 8am"),
        ("yfory 6pm", "tomorrow 6pm"),
        ("1 Fai 10:00", "1 May 10:00"),
        ("31 Rhagfyr 2025 18:00", "31 December 2025 18:00"),
    ],
)
def test_welsh_phrases_mean_what_the_english_ones_mean(welsh: str, english: str) -> None:
    zone = "Europe/London"
    assert parse_moment(welsh, now=NOW, zone=zone) == parse_moment(english, now=NOW, zone=zone)
