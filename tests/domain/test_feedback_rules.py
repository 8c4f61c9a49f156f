"""Feedback: what is kept of a text, and in which week it was given."""

import unicodedata
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.feedback import (
    GRADES,
    REGIONS,
    TEXT_LIMIT,
    TOPICS,
    Feedback,
    cleaned,
    iso_week,
    known_choice,
    known_topic,
    monday_of,
    read_week,
)
from bot.domain.problems import BadInput

NOW = datetime(2025, 4, 3, 11, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Caseloads are too high.\n", "Caseloads are too high."),
        ("one\r\ntwo\rthree\tfour", "one\ntwo\nthree\tfour"),
        ("a\0b\x07c\x1b[31md\x7fe\x85f", "abc[31mdef"),
        ("half a \ud83d pair", "half a \N{REPLACEMENT CHARACTER} pair"),
        ("cafe\u0301", "caf\u00e9"),
        ("👩🏽‍⚖️ \U0001fae8 🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👩🏽‍⚖️ \U0001fae8 🏴󠁧󠁢󠁥󠁮󠁧󠁿"),
        ("\U0001fae8", "\U0001fae8"),
        ("שלום עליכם \u200f!", "שלום עליכם \u200f!"),
        ("مرحبا", "مرحبا"),
        ("z\u0335\u0336\u0337\u0338algo", "z\u0335\u0336\u0337\u0338algo"),
    ],
)
def test_a_text_is_kept_as_it_was_typed_but_for_what_cannot_be_stored(typed, kept):
    assert cleaned(typed) == unicodedata.normalize("NFC", kept)


@pytest.mark.parametrize(
    "typed",
    ["", "   \n\t ", "\0\0", "\u200b\u200d\ufeff", "\u3164\u2800", "\u0301\u0301", "\ud800", "\u2028"],
)
def test_a_text_without_anything_to_read_is_refused(typed):
    with pytest.raises(BadInput, match="nothing to read"):
        cleaned(typed)


def test_4000_characters_fit_and_one_more_does_not():
    assert len(cleaned(" " + "x" * TEXT_LIMIT + " ")) == TEXT_LIMIT
    assert len(cleaned("\U0001f4a5" * TEXT_LIMIT)) == TEXT_LIMIT
    with pytest.raises(BadInput, match="4,001 characters; at most 4,000"):
        cleaned("x" * (TEXT_LIMIT + 1))


def test_nobody_who_kept_to_the_limit_is_refused_because_of_composition():
    grows = "\u0958"  # its composed form is two characters
    assert len(unicodedata.normalize("NFC", grows)) == 2
    assert len(cleaned(grows * TEXT_LIMIT)) == TEXT_LIMIT


@given(st.text(st.characters(), max_size=200))
def test_every_text_is_refused_or_can_be_stored(typed):
    try:
        kept = cleaned(typed)
    except BadInput:
        return
    kept.encode()
    assert kept == kept.strip() != ""
    assert not any(unicodedata.category(one) == "Cc" and one not in "\n\t" for one in kept)
    assert cleaned(kept) == kept


def test_the_text_is_not_in_the_representation():
    entry = Feedback("id", "other", None, None, "2025-W14", "canary")
    assert "canary" not in repr(entry)


@pytest.mark.parametrize(
    ("day", "week"),
    [
        (date(2025, 4, 3), "2025-W14"),
        (date(2024, 12, 29), "2024-W52"),
        (date(2024, 12, 30), "2025-W01"),
        (date(2027, 1, 3), "2026-W53"),
        (date(2025, 3, 3), "2025-W10"),
    ],
)
def test_iso_weeks(day, week):
    assert iso_week(day) == week
    assert monday_of(week) == day - timedelta(days=day.weekday())


@pytest.mark.parametrize(
    ("typed", "week"),
    [
        ("2025-W14", "2025-W14"),
        ("2025w14", "2025-W14"),
        (" 2025 W9 ", "2025-W09"),
        ("week 14", "2025-W14"),
        ("Wythnos 14", "2025-W14"),
        ("W15", "2024-W15"),
        ("week 53, 2020", "2020-W53"),
        ("3 April 2025", "2025-W14"),
        ("1/3/2025", "2025-W09"),
        ("2025-03-01", "2025-W09"),
        ("yesterday", "2025-W14"),
        ("30 December 2024", "2025-W01"),
    ],
)
def test_a_week_is_typed_as_a_week_or_as_a_day_in_it(typed, week):
    assert read_week(typed, now=NOW, zone="Europe/London") == week


@pytest.mark.parametrize(
    "typed", ["", "soon", "2025-W54", "2025-W00", "W99", "31/02/2025", "0000-W01", "\0", "W14'"]
)
def test_what_is_no_week_is_refused_with_an_example(typed):
    with pytest.raises(BadInput) as caught:
        read_week(typed, now=NOW, zone="Europe/London")
    assert "such as" in caught.value.next_step


def test_topics_regions_and_grades():
    assert known_topic("meeting") == "meeting"
    assert known_choice("wales", REGIONS, "region") == "wales"
    assert known_choice("", GRADES, "grade") is None
    assert known_choice(None, GRADES, "grade") is None
    for wrong in ("", None, "Meeting", "' OR 1=1 --"):
        with pytest.raises(BadInput):
            known_topic(wrong)
    with pytest.raises(BadInput):
        known_choice("atlantis", REGIONS, "region")


def test_the_choices_fit_their_columns_and_discords_menus():
    assert len(REGIONS) == 12
    for choices, width in ((TOPICS, 32), (REGIONS, 64), (GRADES, 64)):
        assert len(choices) <= 25
        assert all(key and len(key) <= width and 0 < len(label) <= 100 for key, label in choices.items())
